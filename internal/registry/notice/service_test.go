package notice

import (
	"errors"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// A notice reaches those whom it names and those who hold its permission, each
// once, also in other agencies than the sender's.
func TestANoticeReachesEverybodyItIsFor(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(made, siti, siti, "")
		n.Agency, n.Holding = bandung, simpul.DecideProposals
		w.notify(t, n)
		national := aNotice()
		national.Holding = simpul.DecideProposals
		w.notify(t, national)
		for id, want := range map[simpul.AccountID]int{siti: 1, budi: 1, made: 1, wati: 1, "x@bandungkota.go.id": 0} {
			if got := w.inbox(t, id); len(got) != want {
				t.Errorf("%s has %d notices, want %d", id, len(got), want)
			}
		}
		but := aNotice()
		but.Agency, but.Holding, but.Except = bandung, simpul.DecideProposals, siti
		w.notify(t, but)
		if got := w.inbox(t, siti); len(got) != 1 {
			t.Errorf("who is excepted has %d notices", len(got))
		}
		got := w.inbox(t, made)[0]
		if got.Title != n.Title || got.Body != n.Body || got.Link != n.Link || got.Topic != n.Topic || got.State != Unread || !got.At.Equal(w.at) {
			t.Errorf("arrived as %+v", got)
		}
	})
}

// A notice exists if and only if the change of its transaction does.
func TestANoticeIsStoredWithItsChange(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		failure := errors.New("the change fails")
		err := w.db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
			if err := w.Notify(t.Context(), tx, aNotice(siti)); err != nil {
				return err
			}
			return failure
		})
		if !errors.Is(err, failure) || len(w.inbox(t, siti)) != 0 || len(w.letters(t)) != 0 {
			t.Errorf("%v: %v, %v", err, w.inbox(t, siti), w.letters(t))
		}
	})
}

func TestTheSameKeyIsToldOnce(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti)
		n.Key = "key.expiring:k-1"
		w.notify(t, n)
		n.Accounts = append(n.Accounts, budi) // who has not been told yet
		w.notify(t, n)
		n.Key = ""
		w.notify(t, n)
		w.notify(t, n)
		if a, b := len(w.inbox(t, siti)), len(w.inbox(t, budi)); a != 3 || b != 3 {
			t.Errorf("%d and %d notices, want 1 and 1 with the key and 2 without", a, b)
		}
		if got := len(w.letters(t)); got != 6 {
			t.Errorf("%d letters", got)
		}
	})
}

func TestOncesSomebodyActedNobodyElseWaits(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti, made)
		n.Key, n.Due, n.Topic = "proposal:7", w.at.Add(48*time.Hour), "proposal.new"
		w.notify(t, n)
		for _, id := range n.Accounts {
			if waiting, err := w.Waiting(t.Context(), id); err != nil || len(waiting) != 1 || w.Unread(t.Context(), id) != 1 {
				t.Fatalf("%s waits for %v, %v", id, waiting, err)
			}
		}
		// Bandung closes what also waits in another agency.
		for range 2 {
			if err := w.db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error { return w.Done(t.Context(), tx, n.Key) }); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range n.Accounts {
			if waiting, err := w.Waiting(t.Context(), id); err != nil || len(waiting) != 0 || w.Unread(t.Context(), id) != 0 {
				t.Errorf("%s still waits for %v, %v", id, waiting, err)
			}
			if got := w.inbox(t, id); len(got) != 1 || got[0].State != Done {
				t.Errorf("%s has %+v", id, got)
			}
		}
		w.round(t)
		if len(w.relay.sent) != 0 || w.letters(t)[0].State != stateDropped {
			t.Errorf("a letter went about what was done: %v", w.relay.sent)
		}
	})
}

func TestWaitingComesInTheOrderOfDates(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		for _, days := range []int{5, -1, 2, 0} {
			n := aNotice(siti)
			if days != 0 {
				n.Due = w.at.AddDate(0, 0, days)
			}
			w.notify(t, n)
		}
		waiting, err := w.Waiting(t.Context(), siti)
		if err != nil || len(waiting) != 3 {
			t.Fatalf("%v, %v", waiting, err)
		}
		if !waiting[0].Overdue(w.at) || waiting[1].Overdue(w.at) || !waiting[1].Due.Before(waiting[2].Due) {
			t.Errorf("got %+v", waiting)
		}
		news, _, err := w.List(t.Context(), as(siti), Filter{News: true}, "", 10)
		if err != nil || len(news) != 1 {
			t.Errorf("news: %+v, %v", news, err)
		}
	})
}

func TestMarking(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti)
		w.notify(t, n)
		n.Due = w.at.Add(time.Hour)
		w.notify(t, n)
		for _, state := range []State{Read, Done, Unread} {
			for _, e := range w.inbox(t, siti) {
				if got, err := w.Mark(t.Context(), as(siti), e.ID, state); err != nil || got.State != state || got.Title != n.Title {
					t.Errorf("marked %s: %+v, %v", state, got, err)
				}
			}
		}
		if _, err := w.Mark(t.Context(), as(siti), w.inbox(t, siti)[0].ID, "eaten"); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("got %v", err)
		}
		if err := w.ReadAll(t.Context(), as(siti)); err != nil {
			t.Fatal(err)
		}
		if unread, _, err := w.List(t.Context(), as(siti), Filter{Unread: true}, "", 10); err != nil || len(unread) != 1 || !unread[0].Waits() {
			t.Errorf("what waits stays: %+v, %v", unread, err)
		}
	})
}

func TestTheInboxIsReadPageByPage(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		for range 7 { // several of one moment
			w.notify(t, aNotice(siti))
			w.notify(t, aNotice(siti))
			w.at = w.at.Add(time.Second)
		}
		seen := map[string]bool{}
		cursor, pages := "", 0
		for {
			page, next, err := w.List(t.Context(), as(siti), Filter{}, cursor, 4)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page {
				if seen[e.ID] {
					t.Errorf("%s comes twice", e.ID)
				}
				seen[e.ID] = true
			}
			pages++
			if next == "" {
				break
			}
			cursor = next
		}
		if len(seen) != 14 || pages != 4 {
			t.Errorf("%d entries on %d pages", len(seen), pages)
		}
		if _, _, err := w.List(t.Context(), as(siti), Filter{}, "x", 4); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("a broken cursor: %v", err)
		}
	})
}

func TestANoticeMustBeFit(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	for name, change := range map[string]func(*simpul.Notice){
		"topic":     func(n *simpul.Notice) { n.Topic = "kunci" },
		"title":     func(n *simpul.Notice) { n.Title.ID = "" },
		"two lines": func(n *simpul.Notice) { n.Title.EN = "a\nb" },
		"long":      func(n *simpul.Notice) { n.Body.ID = strings.Repeat("a", maxBody+1) },
		"foreign":   func(n *simpul.Notice) { n.Link = "https://jahat.id" },
		"slashes":   func(n *simpul.Notice) { n.Link = "//jahat.id" },
		"backslash": func(n *simpul.Notice) { n.Link = `/\jahat.id` },
		"control":   func(n *simpul.Notice) { n.Body.EN = "a\x1b[2J" },
		"key":       func(n *simpul.Notice) { n.Key = "a\nb" },
	} {
		n := aNotice(siti)
		change(&n)
		err := w.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error { return w.Notify(t.Context(), tx, n) })
		if err == nil || len(w.inbox(t, siti)) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEveryTopicHasASubject(t *testing.T) {
	for topic, want := range map[string]string{
		"account.new": "security", "session.new": "security", "emergency.begin": "security", "key.expiring": "key", "agency.suspended": "agency",
		"onboarding.sent": "agency", "proposal.new": "approval", "grant.given": "grant", "lid.published": "lid", "moon.full": "other", "": "other",
	} {
		if got := SubjectOf(topic).ID; got != want {
			t.Errorf("%s: %s, want %s", topic, got, want)
		}
	}
}
