package grant_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

// inside is an application of the provider's own, so that who decides can also be
// who asks.
const inside = "dalam@" + kemendagri

// world is an office in which people do whatever comes to their mind.
type world struct {
	*office
	rand     *rand.Rand
	people   []simpul.Principal
	requests []string
	done     map[int]bool // proposals that were carried out
}

func newWorld(t *testing.T, seed uint64) *world {
	w := &world{office: newOffice(t, testkit.SQLite(t)), rand: rand.New(rand.NewPCG(seed, 1)), done: map[int]bool{}}
	exec(t, w.room.db, `INSERT INTO agency_application (id, agency, name, created_at, updated_at) VALUES ('`+inside+`', '`+kemendagri+`', 'A', 0, 0)`)
	w.people = []simpul.Principal{asker, decider, second, of(bandung), of(bps), operator}
	return w
}

func pick[T any](w *world, from []T) T { return from[w.rand.IntN(len(from))] }

func (w *world) terms() grant.Terms {
	until := w.room.now.AddDate(0, 1+w.rand.IntN(20), 0).Truncate(time.Hour)
	t := grant.Terms{RatePerMinute: 1 + w.rand.IntN(3)*40, Until: &until}
	t.Fields = pick(w, [][]string{nil, {"items.kode"}, {"items.nama"}, {"items.kode", "items.nama"}, {"items"}})
	if w.rand.IntN(3) == 0 {
		t.Rows = []grant.Row{{Parameter: "kode", Values: pick(w, [][]string{{"31"}, {"32"}, {"31", "32"}})}}
	}
	return t
}

func (w *world) ask() grant.Ask {
	return grant.Ask{LID: pick(w, []simpul.Address{kota, desa, rahasia}), Application: pick(w, []simpul.ApplicationID{layanan, inside}),
		Purpose: "Memastikan alamat pemohon layanan warga", LegalBasis: "UU 25/2009 pasal 4", Terms: w.terms()}
}

func (w *world) spec() grant.Spec {
	a := w.ask()
	s := grant.Spec{LID: a.LID, Application: a.Application, Purpose: a.Purpose, LegalBasis: a.LegalBasis, Fields: a.Fields, Rows: a.Rows, Until: a.Until, RatePerMinute: a.RatePerMinute}
	s.Suspended = w.rand.IntN(4) == 0
	if w.rand.IntN(3) == 0 {
		s.RatePerMinute = 0
	}
	if s.LID == rahasia {
		s.Agreement = &grant.Agreement{Number: "PKS-12/2026", Date: "2026-11-02"}
	}
	return s
}

// act is something that somebody does; it returns who took part besides them.
func (w *world) act(t *testing.T, who simpul.Principal) (other simpul.Principal) {
	ctx, request := t.Context(), "p-0"
	if len(w.requests) > 0 {
		request = pick(w, w.requests)
	}
	held := w.grants(t)
	id := simpul.GrantID("g-1")
	if len(held) > 0 {
		id = pick(w, held).ID
	}
	switch w.rand.IntN(10) {
	case 0, 1:
		if c, err := w.Submit(ctx, who, w.ask()); err == nil {
			w.requests = append(w.requests, c.ID)
		}
	case 2, 3:
		if c, err := w.Get(ctx, who, request); err == nil {
			d := grant.Decision{Version: c.Version, Verdict: pick(w, []grant.State{grant.Approved, grant.Approved, grant.Returned, grant.Refused}), Reason: "Sudah dibaca", Terms: w.terms()}
			if w.rand.IntN(2) == 0 {
				d.Terms = c.Latest().Ask.Terms
			}
			d.Agreement = grant.Agreement{Number: "PKS-12/2026", Date: "2026-11-02"}
			w.Decide(ctx, who, request, d)
		}
	case 4:
		w.Mend(ctx, who, request, w.ask())
	case 5:
		w.room.Put(ctx, who, pick(w, []string{"g-1", "g-2", string(id)}), w.spec(), false)
	case 6:
		w.Suspend(ctx, who, string(id), "Sedang diperiksa")
	case 7:
		w.Resume(ctx, who, string(id), "Sudah diperiksa")
	case 8:
		pick(w, []func(){func() { w.room.Delete(ctx, who, string(id)) }, func() { w.Withdraw(ctx, who, request) }, func() { w.room.now = w.room.now.AddDate(0, 0, 20) }})()
	case 9:
		return w.approve(t, who)
	}
	return simpul.Principal{}
}

// approve carries a proposal out as the duty room does, and returns who proposed
// it where that succeeded.
func (w *world) approve(t *testing.T, who simpul.Principal) simpul.Principal {
	if len(w.room.post.proposals) == 0 {
		return simpul.Principal{}
	}
	n := w.rand.IntN(len(w.room.post.proposals))
	p := w.room.post.proposals[n]
	if w.done[n] || who.Same(p.by) || !who.Can(simpul.DecideProposals) {
		return simpul.Principal{}
	}
	err := w.room.db.Write(t.Context(), who.Scope(), func(tx *sqldb.Tx) error {
		present, execute := w.room.Present, func() error { return w.room.PutApproved(t.Context(), tx, p.content, p.by) }
		if p.action == grant.ActionApprove {
			present, execute = w.Present, func() error { return w.ApproveProposed(t.Context(), tx, p.content, p.by, who) }
		}
		if now, err := present(t.Context(), tx, p.subject); err != nil || !bytes.Equal(now, p.before) {
			return errors.Join(err, errOutdated)
		}
		return execute()
	})
	if err != nil {
		return simpul.Principal{}
	}
	w.done[n] = true
	return p.by
}

func (w *world) grants(t *testing.T) []simpul.Grant {
	all, err := w.room.All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b simpul.Grant) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// more reports whether a grant lets anything through that another did not. It is
// written apart from the room's own comparison, over the few calls that there are.
func more(now, before simpul.Grant) bool {
	for _, field := range []string{"items.kode", "items.nama"} {
		for _, row := range []string{"31", "32", "33"} {
			for _, day := range []int{0, 10, 40, 100, 200, 400, 800} {
				at := monday.AddDate(0, 0, day)
				if lets(now, field, row, at) && !lets(before, field, row, at) {
					return true
				}
			}
		}
	}
	return !now.Suspended && (now.RatePerMin == 0 && before.RatePerMin != 0 || before.RatePerMin != 0 && now.RatePerMin > before.RatePerMin)
}

func lets(g simpul.Grant, field, row string, at time.Time) bool {
	if g.ID == "" || g.Suspended || !g.Until.IsZero() && !at.Before(g.Until) || at.Before(g.From) {
		return false
	}
	for _, limit := range g.Rows {
		if !slices.Contains(limit.Values, row) {
			return false
		}
	}
	return len(g.Fields) == 0 || slices.ContainsFunc(g.Fields, func(f string) bool { return f == field || strings.HasPrefix(field, f+".") })
}

// Whatever people do, one after the other: nobody decides on their own request,
// nothing is given that was not asked for, and nobody alone widens access to a
// closed LID.
func TestInvariantsOfAnySequence(t *testing.T) {
	widened := 0
	for seed := range uint64(12) {
		w := newWorld(t, seed)
		for step := range 120 {
			who, before := pick(w, w.people), w.grants(t)
			other := w.act(t, who)
			two := other.ID != "" && !other.Same(who)
			for _, g := range w.grants(t) {
				if g.LID != rahasia || g.Consumer == "" {
					continue
				}
				i := slices.IndexFunc(before, func(b simpul.Grant) bool { return b.LID == g.LID && b.Consumer == g.Consumer })
				var was simpul.Grant
				if i >= 0 {
					was = before[i]
				}
				if !more(g, was) {
					continue
				}
				if widened++; !two {
					t.Fatalf("seed %d step %d: %s alone widened\n%+v\nto\n%+v", seed, step, who.ID, was, g)
				}
			}
			w.checkCases(t, seed, step)
		}
	}
	if widened == 0 {
		t.Error("nobody ever got access to the closed LID: the test tests nothing")
	}
}

func (w *world) checkCases(t *testing.T, seed uint64, step int) {
	t.Helper()
	for _, id := range w.requests {
		c, err := w.Get(t.Context(), operator, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.Versions {
			if v.Outcome == "" {
				continue
			}
			if v.DecidedBy == v.Author {
				t.Fatalf("seed %d step %d: %s decided on their own request %s", seed, step, v.Author, id)
			}
			if v.Outcome != grant.Approved {
				continue
			}
			given := simpul.Grant{ID: "g", Fields: v.Given.Fields, RatePerMin: v.Given.RatePerMinute, Until: *v.Given.Until}
			asked := simpul.Grant{ID: "g", Fields: v.Ask.Fields, RatePerMin: v.Ask.RatePerMinute, Until: *v.Ask.Until}
			for _, r := range v.Given.Rows {
				given.Rows = append(given.Rows, simpul.RowLimit(r))
			}
			for _, r := range v.Ask.Rows {
				asked.Rows = append(asked.Rows, simpul.RowLimit(r))
			}
			if more(given, asked) {
				t.Fatalf("seed %d step %d: %s was given\n%+v\nof\n%+v", seed, step, id, v.Given, v.Ask.Terms)
			}
		}
	}
}
