package grant_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

// seconded carries out the newest proposal as the duty room does.
func (r *room) seconded(t testing.TB) error {
	t.Helper()
	p := r.post.proposals[len(r.post.proposals)-1]
	return r.db.Write(t.Context(), second.Scope(), func(tx *sqldb.Tx) error {
		now, err := r.Present(t.Context(), tx, p.subject)
		if err != nil {
			return err
		}
		if !bytes.Equal(now, p.before) {
			return errOutdated
		}
		return r.PutApproved(t.Context(), tx, p.content, p.by)
	})
}

var errOutdated = errors.New("outdated")

// agreed writes a grant on the closed LID by two people.
func (r *room) agreed(t testing.TB, id string, s grant.Spec) {
	t.Helper()
	if got, err := r.Put(t.Context(), decider, id, s, false); err != nil || !got.Waits {
		t.Fatalf("got %+v, %v", got, err)
	}
	if err := r.seconded(t); err != nil {
		t.Fatal(err)
	}
}

func TestAGrantOnAClosedLIDTakesTwoPeople(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		tried, err := r.Put(ctx, decider, "g-1", closed(nil), true)
		if err != nil || !tried.Waits || tried.Proposal != "" || len(r.post.proposals) != 0 {
			t.Fatalf("tried: %+v, %v", tried, err)
		}
		got, err := r.Put(ctx, decider, "g-1", closed(nil), false)
		if err != nil || !got.Waits || got.Proposal != "u-1" {
			t.Fatalf("got %+v, %v", got, err)
		}
		if all, _ := r.All(ctx); len(all) != 0 {
			t.Fatalf("granted already: %+v", all)
		}
		p := r.post.proposals[0]
		shown, err := grant.ShowWritten(p.content)
		if err != nil || p.action != grant.ActionPut || p.before != nil || !strings.Contains(fmt.Sprint(shown), "PKS-12/2026 of 2 November 2026") {
			t.Errorf("proposed %+v, shown %v, %v", p, shown, err)
		}
		if err := r.seconded(t); err != nil {
			t.Fatal(err)
		}
		g, found, err := r.Find(ctx, "g-1")
		if err != nil || !found || g.LID != rahasia {
			t.Errorf("got %+v, %v", g, err)
		}
		if err := r.seconded(t); !errors.Is(err, errOutdated) {
			t.Errorf("it is carried out twice: %v", err)
		}
	})
}

// What widens takes two people; what narrows takes one.
func TestWhatWidensAClosedGrant(t *testing.T) {
	full := func(s *grant.Spec) {
		from, until := monday.Add(time.Hour), monday.AddDate(0, 6, 0)
		s.Fields, s.Rows, s.RatePerMinute, s.From, s.Until = []string{"items.kode"}, []grant.Row{{Parameter: "kode", Values: []string{"31", "32"}}}, 60, &from, &until
	}
	at := func(when time.Time) *time.Time { return &when }
	for _, c := range []struct {
		name   string
		change func(*grant.Spec)
		second bool
	}{
		{"nothing", func(*grant.Spec) {}, false},
		{"fewer rows", func(s *grant.Spec) { s.Rows = []grant.Row{{Parameter: "kode", Values: []string{"31"}}} }, false},
		{"a further row limit", func(s *grant.Spec) {
			s.Rows = append(s.Rows, grant.Row{Parameter: "tahun", Values: []string{"2026"}})
		}, false},
		{"a lower rate", func(s *grant.Spec) { s.RatePerMinute = 1 }, false},
		{"a later beginning", func(s *grant.Spec) { s.From = at(monday.AddDate(0, 1, 0)) }, false},
		{"an earlier end", func(s *grant.Spec) { s.Until = at(monday.AddDate(0, 1, 0)) }, false},
		{"a suspension", func(s *grant.Spec) { s.Suspended = true }, false},
		{"a mark", func(s *grant.Spec) { s.Seldom = "Dipakai sekali setahun" }, false},
		{"another field", func(s *grant.Spec) { s.Fields = append(s.Fields, "items.nama") }, true},
		{"a field above", func(s *grant.Spec) { s.Fields = []string{"items"} }, true},
		{"more rows", func(s *grant.Spec) { s.Rows[0].Values = append(s.Rows[0].Values, "33") }, true},
		{"all rows", func(s *grant.Spec) { s.Rows = nil }, true},
		{"other rows", func(s *grant.Spec) { s.Rows = []grant.Row{{Parameter: "tahun", Values: []string{"2026"}}} }, true},
		{"a higher rate", func(s *grant.Spec) { s.RatePerMinute = 61 }, true},
		{"no rate", func(s *grant.Spec) { s.RatePerMinute = 0 }, true},
		{"an earlier beginning", func(s *grant.Spec) { s.From = &monday }, true},
		{"a later end", func(s *grant.Spec) { s.Until = at(monday.AddDate(0, 7, 0)) }, true},
		{"another application", func(s *grant.Spec) { s.Application = "lain@" + bandung }, true},
		{"another purpose", func(s *grant.Spec) { s.Purpose = "Menagih pajak" }, true},
		{"another legal basis", func(s *grant.Spec) { s.LegalBasis = "UU 1/2022" }, true},
		{"another agreement", func(s *grant.Spec) { s.Agreement = &grant.Agreement{Number: "PKS-13/2026", Date: "2026-11-03"} }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			r.agreed(t, "g-1", closed(full))
			got, err := r.Put(t.Context(), decider, "g-1", closed(func(s *grant.Spec) { full(s); c.change(s) }), false)
			if err != nil || got.Waits != c.second || (got.Proposal != "") != c.second {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestNoWayAroundTheSecondPerson(t *testing.T) {
	waits := func(t *testing.T, r *room, id string, s grant.Spec) {
		t.Helper()
		if got, err := r.Put(t.Context(), decider, id, s, false); err != nil || !got.Waits {
			t.Errorf("one person did it: %+v, %v", got, err)
		}
	}
	for name, try := range map[string]func(*testing.T, *room){
		"to delete and write anew": func(t *testing.T, r *room) {
			if err := r.Delete(t.Context(), decider, "g-1"); err != nil {
				t.Fatal(err)
			}
			waits(t, r, "g-1", closed(nil))
		},
		"to suspend and resume": func(t *testing.T, r *room) {
			r.put(t, "g-1", closed(func(s *grant.Spec) { s.Suspended = true }))
			waits(t, r, "g-1", closed(nil))
			proposal, err := r.access(r.post).Resume(t.Context(), decider, "g-1", "Sudah diperiksa")
			if err != nil || proposal == "" {
				t.Errorf("one person resumed: %q, %v", proposal, err)
			}
		},
		"a new one that is suspended": func(t *testing.T, r *room) {
			waits(t, r, "g-2", closed(func(s *grant.Spec) { s.Application, s.Suspended = "lain@"+bandung, true }))
		},
		"to move a grant of another LID": func(t *testing.T, r *room) {
			r.put(t, "g-2", spec(func(s *grant.Spec) { s.Application = "lain@" + bandung }))
			waits(t, r, "g-2", closed(func(s *grant.Spec) { s.Application = "lain@" + bandung }))
		},
		"to narrow and widen again": func(t *testing.T, r *room) {
			if got, err := r.Put(t.Context(), decider, "g-1", closed(func(s *grant.Spec) { s.RatePerMinute = 1 }), false); err != nil || got.Waits {
				t.Fatalf("got %+v, %v", got, err)
			}
			waits(t, r, "g-1", closed(nil))
		},
		"as the operator": func(t *testing.T, r *room) {
			got, err := r.Put(t.Context(), operator, "g-1", closed(func(s *grant.Spec) { s.RatePerMinute = 0 }), false)
			if err != nil || !got.Waits {
				t.Errorf("got %+v, %v", got, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			r.agreed(t, "g-1", closed(nil))
			try(t, r)
		})
	}
}

// A LID that is closed later: what was given stays, also where it is more than
// such a LID gives, and nobody widens it alone.
func TestALIDThatIsClosedLater(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		open := spec(func(s *grant.Spec) { s.RatePerMinute = 60 }) // no end, all fields, no agreement
		r.put(t, "g-1", open)
		r.shelf.now[kota] = simpul.Tertutup
		for name, narrower := range map[string]func(*grant.Spec){
			"the same": func(*grant.Spec) {}, "slower": func(s *grant.Spec) { s.RatePerMinute = 6 }, "suspended": func(s *grant.Spec) { s.Suspended = true },
		} {
			next := open
			narrower(&next)
			r.put(t, "g-1", open)
			if got, err := r.Put(ctx, decider, "g-1", next, false); err != nil || got.Waits {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			r.shelf.now[kota] = simpul.Terbuka
			r.put(t, "g-1", open)
			r.shelf.now[kota] = simpul.Tertutup
		}
		wide := open
		wide.RatePerMinute = 0
		_, err := r.Put(ctx, decider, "g-1", wide, false)
		checkRefusal(t, err, simpul.CodeInvalid, "spec.fields") // wider than the class allows
		r.agreed(t, "g-1", closed(func(s *grant.Spec) { s.LID = kota }))
	})
}

func TestWhatAClassAllows(t *testing.T) {
	at := func(years, months, days int) *time.Time { when := monday.AddDate(years, months, days); return &when }
	for _, c := range []struct {
		name  string
		spec  grant.Spec
		place string
	}{
		{"an open LID without end", spec(nil), ""},
		{"a restricted LID for two years", spec(func(s *grant.Spec) { s.LID, s.Until = desa, at(2, 0, 0) }), ""},
		{"a restricted LID without end", spec(func(s *grant.Spec) { s.LID = desa }), "spec.until"},
		{"a restricted LID for longer", spec(func(s *grant.Spec) { s.LID, s.Until = desa, at(2, 0, 3) }), "spec.until"},
		{"a closed LID for a year", closed(func(s *grant.Spec) { s.Until = at(1, 0, 0) }), ""},
		{"a closed LID for longer", closed(func(s *grant.Spec) { s.Until = at(1, 0, 3) }), "spec.until"},
		{"a closed LID without end", closed(func(s *grant.Spec) { s.Until = nil }), "spec.until"},
		{"a closed LID with all fields", closed(func(s *grant.Spec) { s.Fields = nil }), "spec.fields"},
		{"a closed LID without an agreement", closed(func(s *grant.Spec) { s.Agreement = nil }), "spec.agreement.number"},
		{"a closed LID with an agreement to come", closed(func(s *grant.Spec) { s.Agreement = &grant.Agreement{Number: "PKS-1", Date: "2027-01-01"} }), "spec.agreement.date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRoom(t, testkit.SQLite(t))
			got, err := r.Put(t.Context(), decider, "g-1", c.spec, false)
			if c.place != "" {
				checkRefusal(t, err, simpul.CodeInvalid, c.place)
				return
			}
			if err != nil || got.Waits != (c.spec.LID == rahasia) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// What cannot be stored is refused at once, and asks nobody.
func TestNobodyIsAskedInVain(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.agreed(t, "g-1", closed(nil))
		for place, c := range map[string]struct {
			id   string
			code simpul.Code
			app  simpul.ApplicationID
		}{
			"spec.application": {"g-2", simpul.CodeConflict, layanan},
		} {
			_, err := r.Put(ctx, decider, c.id, closed(func(s *grant.Spec) { s.Application = c.app }), false)
			checkRefusal(t, err, c.code, place)
		}
		_, err := r.Put(ctx, decider, "g-2", closed(func(s *grant.Spec) { s.Application = "tiada@" + bandung }), false)
		checkRefusal(t, err, simpul.CodeInvalid, "spec.application")
		if len(r.post.proposals) != 1 {
			t.Errorf("%d proposals", len(r.post.proposals))
		}
	})
}

// An approval finds what it was asked for, or nothing happens.
func TestAnApprovalThatComesTooLate(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, ctx := newRoom(t, db), t.Context()
		r.agreed(t, "g-1", closed(nil))
		wide := closed(func(s *grant.Spec) { s.RatePerMinute = 600 })
		if _, err := r.Put(ctx, decider, "g-1", wide, false); err != nil {
			t.Fatal(err)
		}
		r.put(t, "g-1", closed(func(s *grant.Spec) { s.Suspended = true }))
		if err := r.seconded(t); !errors.Is(err, errOutdated) {
			t.Errorf("it undid the suspension: %v", err)
		}
		if g, _, _ := r.Find(ctx, "g-1"); !g.Suspended || g.RatePerMin != 60 {
			t.Errorf("got %+v", g)
		}
		r.now = monday.AddDate(1, 0, 0) // the limits hold on the day of the approval too
		if _, err := r.Put(ctx, decider, "g-1", wide, false); err != nil {
			t.Fatal(err)
		}
		r.now = monday.AddDate(-1, 0, 0)
		checkRefusal(t, r.seconded(t), simpul.CodeInvalid, "spec.agreement.date")
	})
}

// Two first grants with one name, approved at the same time: one is stored, the
// other is told so.
func TestTwoApprovalsOfOneName(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		for i, app := range []simpul.ApplicationID{layanan, "lain@" + bandung} {
			if _, err := r.Put(t.Context(), decider, "g-1", closed(func(s *grant.Spec) { s.Application = app }), false); err != nil {
				t.Fatal(i, err)
			}
		}
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i, p := range r.post.proposals {
			both.Go(func() {
				errs[i] = db.Write(t.Context(), second.Scope(), func(tx *sqldb.Tx) error {
					if now, err := r.Present(t.Context(), tx, "g-1"); err != nil || now != nil {
						return errors.Join(err, errOutdated)
					}
					return r.PutApproved(t.Context(), tx, p.content, p.by)
				})
			})
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("got %v and %v", errs[0], errs[1])
		}
	})
}
