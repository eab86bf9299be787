package notice

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/mail"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func testkitSQLite(t *testing.T) *sqldb.DB { return testkit.SQLite(t) }

func TestACopyGoesByMail(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		n := aNotice(siti, wati)
		n.Due = w.at.Add(72 * time.Hour)
		w.notify(t, n)
		w.round(t)
		if len(w.relay.sent) != 2 {
			t.Fatalf("%d sent", len(w.relay.sent))
		}
		for _, m := range w.relay.sent {
			want := []string{"Kunci akan berakhir", "Kunci k-1 berakhir Sabtu.", "paling lambat 28 November 2026", "\nhttps://hub.go.id/aplikasi/layanan\n", "admin instansi Anda", "https://hub.go.id/kotak-masuk/preferensi"}
			subject := n.Title.ID
			if m.To.Email == string(wati) {
				subject, want = n.Title.EN, []string{"Key k-1 expires", "Act by 28 November 2026", "https://hub.go.id/aplikasi/layanan", "your agency's administrator"}
			}
			for _, part := range want {
				if !strings.Contains(m.Text, part) {
					t.Errorf("%s: the letter lacks %q:\n%s", m.To.Email, part, m.Text)
				}
			}
			if m.Subject != subject || m.ID == "" || m.To.Name == "" {
				t.Errorf("sent %+v", m)
			}
		}
		w.round(t)
		if len(w.relay.sent) != 2 {
			t.Errorf("sent again: %d", len(w.relay.sent))
		}
		for _, l := range w.letters(t) {
			if l.State != stateSent || l.Ended.IsZero() || l.Attempts != 1 {
				t.Errorf("left as %+v", l)
			}
		}
	})
}

// What fails for now is tried again, later each time, and given up after five
// days with the reason in sight.
func TestALetterIsTriedForFiveDays(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti))
		begun, last := w.at, w.at
		var pauses []time.Duration
		for range 200 {
			w.relay.fail = []error{failing(simpul.CodeLimited)}
			w.round(t)
			l := w.letters(t)[0]
			if l.State == stateDead {
				break
			}
			if l.State != stateQueued || l.Reason.EN != "failed limited" {
				t.Fatalf("left as %+v", l)
			}
			w.at = l.next.Add(-time.Millisecond)
			w.round(t)
			if got := w.letters(t)[0].Attempts; got != l.Attempts {
				t.Fatal("tried before its time")
			}
			w.at = l.next
			pauses, last = append(pauses, w.at.Sub(last)), w.at
		}
		l := w.letters(t)[0]
		if l.State != stateDead || w.at.Sub(begun) < 4*24*time.Hour || w.at.Sub(begun) > patience {
			t.Errorf("after %v it is %+v", w.at.Sub(begun), l)
		}
		for i := 1; i < len(pauses); i++ {
			if pauses[i] < pauses[i-1] {
				t.Errorf("pauses %v", pauses)
			}
		}
		if got, ok, err := w.Undelivered(t.Context(), as(siti)); err != nil || !ok || got.Reason.ID != "gagal limited" {
			t.Errorf("the person sees %+v, %v, %v", got, ok, err)
		}
		if len(w.inbox(t, siti)) != 1 {
			t.Error("the inbox lost it")
		}
		w.at = w.at.Add(time.Second)
		w.notify(t, aNotice(siti))
		w.round(t)
		if _, ok, err := w.Undelivered(t.Context(), as(siti)); err != nil || ok {
			t.Errorf("a letter went since: %v, %v", ok, err)
		}
	})
}

func TestGreylistingIsOutwaited(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti))
		w.relay.fail = []error{failing(simpul.CodeLimited)}
		w.round(t)
		w.at = w.at.Add(firstDelay)
		w.round(t)
		if len(w.relay.sent) != 1 || w.state(t) != stateSent {
			t.Errorf("%d sent, %s", len(w.relay.sent), w.state(t))
		}
	})
}

func TestAPermanentRefusalIsNotRepeated(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti))
		w.relay.fail = []error{failing(simpul.CodeInvalid)}
		w.round(t)
		w.at = w.at.Add(time.Hour)
		w.round(t)
		if l := w.letters(t)[0]; l.State != stateDead || l.Attempts != 1 || l.Reason.ID != "gagal invalid" {
			t.Errorf("left as %+v", l)
		}
	})
}

// A relay that serves nobody is left alone with the other letters for a while.
func TestADownRelayEndsTheRound(t *testing.T) {
	for _, code := range []simpul.Code{simpul.CodeUnavailable, simpul.CodeUnauthenticated, simpul.CodeInternal} {
		w := newTown(t, testkitSQLite(t))
		w.notify(t, aNotice(siti, budi))
		w.relay.fail = []error{failing(code), failing(code)}
		if err := w.courier.Round(t.Context()); err == nil {
			t.Errorf("%s: the round went on", code)
		}
		if len(w.relay.fail) != 1 {
			t.Errorf("%s: the relay was asked %d times", code, 2-len(w.relay.fail))
		}
	}
}

// A courier that is killed after the relay took the letter leaves it taken. After
// the lease it goes once more, with the same identity; never a third time, and
// one that was killed before is not lost.
func TestKilledCouriers(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti))
		p, err := w.courier.claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := w.courier.compose(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		w.relay.sent = append(w.relay.sent, m) // and now it is killed
		w.round(t)
		if len(w.relay.sent) != 1 {
			t.Fatal("taken by two at a time")
		}
		w.at = w.at.Add(lease)
		w.round(t)
		w.at = w.at.Add(lease)
		w.round(t)
		if len(w.relay.sent) != 2 || w.relay.sent[0].ID != w.relay.sent[1].ID || w.state(t) != stateSent {
			t.Errorf("sent %+v, %s", w.relay.sent, w.state(t))
		}
		// The first courier was not dead, only slow: it may not undo what the second did.
		if err := w.courier.again(t.Context(), p, failing(simpul.CodeLimited)); err != nil || w.state(t) != stateSent {
			t.Errorf("%v: %s", err, w.state(t))
		}
	})
}

func TestCouriersShareTheWork(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		const people = 20
		for range people {
			w.notify(t, aNotice(siti))
		}
		var work sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			work.Go(func() { errs[i] = w.courier.Round(t.Context()) })
		}
		work.Wait()
		ids := map[string]bool{}
		for _, m := range w.relay.sent {
			ids[m.ID] = true
		}
		// One that lost the race for a letter may end its round early; the next takes the rest.
		w.round(t)
		for _, m := range w.relay.sent {
			ids[m.ID] = true
		}
		if err := errors.Join(errs...); err != nil || len(w.relay.sent) != people || len(ids) != people {
			t.Errorf("%v: %d sent, %d different", err, len(w.relay.sent), len(ids))
		}
	})
}

// The hub that stops lets the letter under way arrive, and keeps what became of
// it.
func TestStoppingKeepsWhatBecameOfALetter(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	w.notify(t, aNotice(siti, budi))
	ctx, stop := context.WithCancel(t.Context())
	w.relay.call = stop
	if err := w.courier.Round(ctx); err != nil {
		t.Fatal(err)
	}
	states := map[string]int{}
	for _, l := range w.letters(t) {
		states[l.State]++
	}
	if states[stateSent] != 1 || states[stateQueued] != 1 {
		t.Errorf("left as %v", states)
	}
}

func TestRunStops(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	w.notify(t, aNotice(siti))
	ctx, stop := context.WithCancel(t.Context())
	w.relay.call = stop
	w.courier.Run(ctx)
	if w.state(t) != stateSent {
		t.Error("not sent")
	}
}

func TestWithoutMailLettersWaitAndSaySo(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.courier.sender = nil
		w.notify(t, aNotice(siti))
		w.round(t)
		if l := w.letters(t)[0]; l.State != stateQueued || !strings.Contains(l.Reason.EN, "not configured") {
			t.Errorf("left as %+v", l)
		}
		w.at = w.at.Add(patience)
		w.round(t)
		if l := w.letters(t)[0]; l.State != stateDead || !strings.Contains(l.Reason.EN, "not configured") {
			t.Errorf("left as %+v", l)
		}
	})
}

func TestPeopleWithoutAddressGetNothing(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.gone[siti] = true
		w.notify(t, aNotice(siti))
		w.round(t)
		if w.state(t) != stateDropped || len(w.relay.sent) != 0 {
			t.Errorf("left as %s", w.state(t))
		}
	})
}

func TestAFaultOfTheHubLosesNothing(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	w.notify(t, aNotice(siti))
	w.wrong = errors.New("database: siti@bandungkota.go.id")
	if err := w.courier.Round(t.Context()); err == nil {
		t.Error("the fault is not told")
	}
	if l := w.letters(t)[0]; l.State != stateQueued || strings.Contains(l.Reason.EN, "siti") {
		t.Errorf("left as %+v", l)
	}
	w.wrong, w.at = nil, w.at.Add(time.Hour)
	w.round(t)
	if w.state(t) != stateSent {
		t.Error("lost")
	}
}

func TestDelays(t *testing.T) {
	for attempts, want := range map[int64]time.Duration{0: time.Minute, 1: time.Minute, 2: 3 * time.Minute, 3: 9 * time.Minute, 6: 243 * time.Minute, 7: lastDelay, 1 << 40: lastDelay} {
		if got := delay(attempts); got != want {
			t.Errorf("%d: %v, want %v", attempts, got, want)
		}
	}
}

// Sent letters are forgotten after a month; those that still wait are not.
func TestOldLettersAreDropped(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		w.notify(t, aNotice(siti))
		w.round(t)
		w.notify(t, aNotice(budi))
		w.at = w.at.Add(keptLetters + time.Hour)
		if err := w.courier.sweep(t.Context(), w.at); err != nil {
			t.Fatal(err)
		}
		if l := w.letters(t); len(l) != 1 || l[0].Account != budi {
			t.Errorf("kept %+v", l)
		}
	})
}

func TestInvitations(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		const link = "https://hub.go.id/undangan#AAAA-BBBB"
		invite := func(purpose string, l simpul.Language, until time.Time) {
			t.Helper()
			err := w.db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
				return w.Invite(t.Context(), tx, "rina@bandungkota.go.id", "Rina Contoh", l, link, purpose, until)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		invite(Join, simpul.Indonesian, w.at.Add(24*time.Hour))
		stored := w.letters(t)[0]
		for _, private := range []string{"rina", "Rina", "AAAA"} {
			if strings.Contains(stored.sealed, private) {
				t.Errorf("%q stands in the outbox", private)
			}
		}
		w.round(t)
		m := w.relay.sent[0]
		for _, want := range []string{"Halo Rina Contoh,", "\n" + link + "\n", "26 November 2026 10.00 WIB", "Abaikan saja", "admin instansi"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("the invitation lacks %q:\n%s", want, m.Text)
			}
		}
		if m.To != (mail.Address{Name: "Rina Contoh", Email: "rina@bandungkota.go.id"}) {
			t.Errorf("sent to %v", m.To)
		}
		if l := w.letters(t)[0]; l.State != stateSent || l.sealed != "" {
			t.Errorf("kept %+v", l)
		}

		w.at = w.at.Add(time.Second)
		invite(Recover, simpul.English, w.at.Add(time.Hour))
		w.relay.fail = []error{failing(simpul.CodeLimited)}
		w.round(t)
		w.at = w.at.Add(2 * time.Hour) // the invitation has ended meanwhile
		w.round(t)
		dead := w.letters(t)[1]
		if dead.State != stateDead || dead.sealed != "" || len(w.relay.sent) != 1 {
			t.Errorf("kept %+v, sent %d", dead, len(w.relay.sent))
		}
		invite(Recover, simpul.English, w.at.Add(time.Hour))
		w.round(t)
		if m := w.relay.sent[1]; m.Subject != "Recovery of your Simpul account" || !strings.Contains(m.Text, "tell your agency's administrator at once") {
			t.Errorf("sent %+v", m)
		}
	})
}

func TestInvitationsMustBeFit(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	for name, c := range map[string][4]string{
		"purpose": {"a@go.id", "A", "https://hub.go.id/undangan#A", "party"},
		"path":    {"a@go.id", "A", "/undangan#A", Join},
		"script":  {"a@go.id", "A", "javascript:alert(1)", Join},
		"name":    {"a@go.id", "A\r\nBcc: x", "https://hub.go.id/undangan#A", Join},
	} {
		err := w.db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			return w.Invite(t.Context(), tx, c[0], c[1], simpul.Indonesian, c[2], c[3], w.at.Add(time.Hour))
		})
		if err == nil || strings.Contains(err.Error(), "undangan#") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
