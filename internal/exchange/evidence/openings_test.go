package evidence

import (
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// Of an exchange under a durable class there are two records. Where both come in
// one batch, the view needs no row of its own for it; where the sealed one is
// late, it replaces the row.
func TestDurableExchangesStandOnPagesOnceTheyAreWhole(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := openTest(t, t.TempDir(), Options{})
		r := NewRecorder(j, nil, nil)
		early, late := delivery(0), delivery(1)
		third := delivery(2)
		for _, x := range []*simpul.Exchange{early, third} {
			if err := r.Open(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if err := r.Seal(t.Context(), x); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Open(t.Context(), late); err != nil {
			t.Fatal(err)
		}
		x, _ := runIndex(t, db, j)
		if err := x.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		expectRows(t, db, 1)
		if got := find(t, db, x, late.ID); got.State != Opened {
			t.Errorf("the exchange that has not ended is %q", got.State)
		}
		if err := r.Seal(t.Context(), late); err != nil {
			t.Fatal(err)
		}
		if err := x.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		expectRows(t, db, 1)
		for _, want := range []*simpul.Exchange{early, late, third} {
			if got := find(t, db, x, want.ID); got.State != Sealed || got.Outcome() != Delivered {
				t.Errorf("%s is %q, %q", want.ID, got.State, got.Outcome())
			}
		}
	})
}

func expectRows(t *testing.T, db *sqldb.DB, want int) {
	t.Helper()
	if rows := dump(t, db, "evidence_exchange", "id"); len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
}

func find(t *testing.T, db *sqldb.DB, x *Index, id simpul.ExchangeID) Indexed {
	t.Helper()
	found, err := NewExchanges(db, x).Get(t.Context(), simpul.NationScope(), id)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
