package grant_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/grant"
)

// uses tells when grants were used last.
type uses map[simpul.GrantID]time.Time

func (u uses) LastUse(_ context.Context, id simpul.GrantID) (time.Time, error) { return u[id], nil }

const day = 24 * time.Hour

// passing is a day on which the hub looks at its grants.
func (o *office) passing(t *testing.T, after time.Duration, u uses) {
	t.Helper()
	o.room.now, o.notices = monday.Add(after), nil
	if err := o.EndDisuse(t.Context(), u); err != nil {
		t.Fatal(err)
	}
}

func TestBothPartiesHearOfDisuse(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		id := o.submit(t, ask(kota, nil)).Grant
		for _, c := range []struct {
			name string
			now  time.Duration
			last time.Time
			want int
		}{
			{"too young", 89 * day, time.Time{}, 0},
			{"used lately", 120 * day, monday.Add(60 * day), 0},
			{"never used", 91 * day, time.Time{}, 2},
			{"told already", 92 * day, time.Time{}, 0},
			{"used again, long ago", 220 * day, monday.Add(120 * day), 2},
			{"not in effect", 400 * day, time.Time{}, 0},
		} {
			o.passing(t, c.now, uses{id: c.last})
			if len(o.notices) != c.want {
				t.Errorf("%s: told %d", c.name, len(o.notices))
			}
			if len(o.notices) == 2 && (o.notices[0].Agency != kemendagri || o.notices[1].Agency != bandung || o.notices[0].Key == o.notices[1].Key) {
				t.Errorf("%s: told %+v", c.name, o.notices)
			}
		}
	})
}

func TestTheHubSuspendsWhatNobodyUses(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db), t.Context()
		id := o.submit(t, ask(kota, nil)).Grant
		suspended := func() bool {
			g, _, err := o.room.Find(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			return g.Suspended
		}
		o.passing(t, 91*day, nil)
		o.passing(t, 120*day, nil)
		if suspended() || len(o.notices) != 0 {
			t.Fatalf("suspended within the days of grace, told %+v", o.notices)
		}
		before := lastRevision(t, db)
		o.passing(t, 121*day, nil)
		if !suspended() || lastRevision(t, db) != before+1 {
			t.Fatal("not suspended, or nobody was told to read it again")
		}
		if len(o.notices) != 2 || o.notices[0].Agency != kemendagri || o.notices[1].Agency != bandung || !strings.Contains(o.notices[1].Body.EN, "not used for 120 days") {
			t.Errorf("told %+v", o.notices)
		}
		o.passing(t, 122*day, nil)
		if len(o.notices) != 0 {
			t.Errorf("told once more: %+v", o.notices)
		}

		// A renewal of an open LID gives back what only the hub took.
		later := o.room.now.AddDate(0, 6, 0)
		if c := o.submit(t, ask(kota, func(a *grant.Ask) { a.Until = &later })); c.State != grant.Approved || suspended() {
			t.Errorf("after the renewal: %v, suspended %t", c.State, suspended())
		}
	})
}

func TestDisuseIsInterrupted(t *testing.T) {
	for name, meanwhile := range map[string]func(*testing.T, *office, simpul.GrantID) uses{
		"by a call": func(_ *testing.T, _ *office, id simpul.GrantID) uses { return uses{id: monday.Add(100 * day)} },
		"by a mark of the provider": func(t *testing.T, o *office, id simpul.GrantID) uses {
			o.rewrite(t, id, func(s *grant.Spec) { s.Seldom = "Hanya dipanggil pada masa pemilihan" })
			return nil
		},
		"by a change": func(t *testing.T, o *office, id simpul.GrantID) uses {
			o.rewrite(t, id, func(s *grant.Spec) { s.RatePerMinute = 30 })
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, testkit.SQLite(t))
			id := o.submit(t, ask(kota, nil)).Grant
			o.passing(t, 91*day, nil)
			o.room.now = monday.Add(100 * day)
			u := meanwhile(t, o, id)
			o.passing(t, 125*day, u)
			if g, _, err := o.room.Find(t.Context(), id); err != nil || g.Suspended {
				t.Errorf("got %+v, %v", g, err)
			}
		})
	}
}

// rewrite changes a grant as its provider does, over the API.
func (o *office) rewrite(t *testing.T, id simpul.GrantID, change func(*grant.Spec)) {
	t.Helper()
	stored, err := o.room.Get(t.Context(), decider, string(id))
	if err == nil {
		change(&stored.Spec)
		_, err = o.room.Put(t.Context(), decider, string(id), stored.Spec, false)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What a person took, the hub does not give back: neither by a request that it
// decides by itself, nor after it had suspended the grant before them.
func TestTheHubGivesBackOnlyWhatItTook(t *testing.T) {
	for name, take := range map[string]func(*testing.T, *office, simpul.GrantID){
		"a suspension": func(t *testing.T, o *office, id simpul.GrantID) {
			if err := o.Suspend(t.Context(), decider, string(id), "Sedang diperiksa"); err != nil {
				t.Fatal(err)
			}
		},
		"a suspension in a file, over the hub's": func(t *testing.T, o *office, id simpul.GrantID) {
			o.passing(t, 91*day, nil)
			o.passing(t, 121*day, nil)
			o.rewrite(t, id, func(s *grant.Spec) { s.Suspended = true })
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, testkit.SQLite(t))
			id := o.submit(t, ask(kota, nil)).Grant
			take(t, o, id)
			later := o.room.now.AddDate(0, 6, 0)
			if c := o.submit(t, ask(kota, func(a *grant.Ask) { a.Until = &later })); c.State != grant.Submitted {
				t.Errorf("the hub decided: %v", c.State)
			}
			if g, _, err := o.room.Find(t.Context(), id); err != nil || !g.Suspended {
				t.Errorf("got %+v, %v", g, err)
			}
		})
	}
}
