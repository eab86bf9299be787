package catalog_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// marked is a life cycle that knows one step beyond the states, and remembers
// the moves it was asked for.
type marked struct {
	straight
	prepared, followed []catalog.Move
}

func (c *marked) Prepare(_ context.Context, _ simpul.Principal, m catalog.Move) error {
	c.prepared = append(c.prepared, m)
	return nil
}

func (c *marked) Check(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m catalog.Move) (catalog.Place, error) {
	switch m.Step {
	case "closing":
		return catalog.Place{}, &simpul.Error{Code: simpul.CodeConflict, Place: "spec.step"}
	case "retired":
		m.To = catalog.Retired
	}
	return c.straight.Check(ctx, tx, p, m)
}

func (c *marked) Follow(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m catalog.Move) (catalog.Place, error) {
	c.followed = append(c.followed, m)
	return c.Check(ctx, tx, p, m)
}

// moved is what matters of a move here.
type moved struct {
	From    catalog.Place
	Step    string
	To      catalog.State
	Changed bool
}

func movedOf(m catalog.Move) moved { return moved{m.From, m.Step, m.To, m.Changed} }

func TestStoringALIDIsAMoveInItsLife(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, c := newRoom(t, db), &marked{}
		r.Service = catalog.New(db, r, c, r.clock)
		at := func(state catalog.State, step string) catalog.Place { return catalog.Place{State: state, Step: step} }
		for _, one := range []struct {
			name   string
			change func(*catalog.Spec)
			want   moved
		}{
			{"a new one", func(s *catalog.Spec) { s.State, s.Step = catalog.Draft, "testing" }, moved{at("", ""), "testing", catalog.Draft, false}},
			{"nothing new", func(s *catalog.Spec) { s.State = catalog.Draft }, moved{at(catalog.Draft, "testing"), "", catalog.Draft, false}},
			{"the step read back", func(s *catalog.Spec) { s.State, s.Step = catalog.Draft, "testing" }, moved{at(catalog.Draft, "testing"), "", catalog.Draft, false}},
			{"another origin", func(s *catalog.Spec) { s.State, s.Upstream = catalog.Draft, upstream+"/baru" }, moved{at(catalog.Draft, "testing"), "", catalog.Draft, true}},
			{"published", nil, moved{at(catalog.Draft, "testing"), "", catalog.Published, true}},
		} {
			if _, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(one.change), false); err != nil {
				t.Fatalf("%s: %v", one.name, err)
			}
			for _, m := range []catalog.Move{c.prepared[len(c.prepared)-1], c.followed[len(c.followed)-1]} {
				if diff := cmp.Diff(one.want, movedOf(m)); diff != "" {
					t.Errorf("%s (-want +got)\n%s", one.name, diff)
				}
			}
		}
	})
}

func TestAStepTakesALIDToItsState(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r, c := newRoom(t, db), &marked{}
		r.Service = catalog.New(db, r, c, r.clock)
		r.put(t, kota, lid(nil))
		if _, err := r.Advance(t.Context(), providerOf(kemendagri), kota, "closing", "", false); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Fatal("a step that the life cycle refuses:", err)
		}
		if got, err := r.Advance(t.Context(), providerOf(kemendagri), kota, "retired", "selesai", true); err != nil || got.Spec.State != catalog.Retired {
			t.Fatal("a try:", got.Spec.State, err)
		}
		if got, err := r.Get(t.Context(), providerOf(kemendagri), kota); err != nil || got.Spec.State != catalog.Published {
			t.Fatal("a try moved it:", got.Spec.State, err)
		}
		got, err := r.Advance(t.Context(), providerOf(kemendagri), kota, "retired", "selesai", false)
		if err != nil || got.Spec.State != catalog.Retired || got.Spec.Step != "retired" {
			t.Fatal(got.Spec.State, got.Spec.Step, err)
		}
		if last := c.followed[len(c.followed)-1]; last.Note != "selesai" {
			t.Error("the note is lost:", last.Note)
		}
		if _, err := r.Put(t.Context(), providerOf(kemendagri), kota, lid(nil), false); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Error("a retired LID came back:", err)
		}
	})
}
