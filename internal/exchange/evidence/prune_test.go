package evidence

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// What is dropped stays dropped when an index starts again, reads on, and is
// rebuilt; what is left is what it was.
func TestPrunedExchangesDoNotComeBack(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		j := openTest(t, t.TempDir(), Options{SegmentBytes: 16 << 10})
		all := traffic(180, 1)
		floor := all[90].OpenedAt.Truncate(time.Millisecond)
		record(t, j, all[:120])
		x, stop := runIndex(t, db, j)
		caughtUp(t, x)
		e := NewExchanges(db, x)
		if n, err := e.Prune(t.Context(), floor); err != nil || n != int64(len(recorded(all[:90]))) {
			t.Fatalf("dropped %d, %v", n, err)
		}
		if n, err := e.Prune(t.Context(), floor.Add(-time.Hour)); err != nil || n != 0 {
			t.Errorf("dropped %d again, %v", n, err)
		}
		pruned := dumpView(t, db)
		checkFloor(t, db, all[90:120])
		if err := stop(); err != nil {
			t.Fatal(err)
		}

		x, stop = runIndex(t, db, j)
		caughtUp(t, x)
		if diff := cmp.Diff(pruned, dumpView(t, db)); diff != "" {
			t.Errorf("after a restart (-before +after)\n%s", diff)
		}
		record(t, j, all[120:])
		caughtUp(t, x)
		checkFloor(t, db, all[90:])
		incremental := dumpView(t, db)
		if err := x.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		x, _ = runIndex(t, db, j)
		caughtUp(t, x)
		if diff := cmp.Diff(incremental, dumpView(t, db)); diff != "" {
			t.Errorf("rebuilt differs (-incremental +rebuilt)\n%s", diff)
		}
	})
}

func caughtUp(t *testing.T, x *Index) {
	t.Helper()
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// recorded are the identifiers of which there is a record; the first of all is
// the first of ten.
func recorded(all []*simpul.Exchange) (ids []string) {
	for i, x := range all {
		if known(i, x) {
			ids = append(ids, string(x.ID))
		}
	}
	slices.Sort(ids)
	return ids
}

// checkFloor checks that the view has these exchanges alone, and no hour before
// theirs.
func checkFloor(t *testing.T, db *sqldb.DB, all []*simpul.Exchange) {
	t.Helper()
	if diff := cmp.Diff(recorded(all), dump(t, db, "evidence_exchange", "id")); diff != "" {
		t.Errorf("exchanges (-want +got)\n%s", diff)
	}
	hours := dump(t, db, "evidence_traffic", "CAST(hour AS TEXT)")
	if from := strconv.FormatInt(hourOf(all[0].OpenedAt), 10); len(hours) == 0 || hours[0] < from {
		t.Errorf("hours %q, want from %s on", hours, from)
	}
}

func TestWhoeverAsksForAPrunedExchangeIsTold(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		e, all := indexed120(t, db)
		floor := all[60].OpenedAt.Truncate(time.Millisecond)
		if _, err := e.Prune(t.Context(), floor); err != nil {
			t.Fatal(err)
		}
		never := simpul.NewExchangeID(floor.Add(-time.Minute))
		for _, scope := range []simpul.Scope{nation, simpul.AgencyScope(kemendagri), simpul.AgencyScope(bps)} {
			for _, id := range []simpul.ExchangeID{all[0].ID, all[59].ID, never} {
				_, err := e.Get(t.Context(), scope, id)
				if simpul.CodeOf(err) != simpul.CodeNotFound || !strings.Contains(err.Error(), "2026-03-02") {
					t.Errorf("%s in %v: %v", id, scope, err)
				}
			}
		}
		if _, err := e.Get(t.Context(), nation, all[60].ID); err != nil {
			t.Error(err)
		}
		later := simpul.NewExchangeID(floor.Add(time.Minute))
		if _, err := e.Get(t.Context(), nation, later); simpul.CodeOf(err) != simpul.CodeNotFound || strings.Contains(err.Error(), "2026-03-02") {
			t.Errorf("one that never was: %v", err)
		}
	})
}

func TestPruningGoesInBatches(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		_, all := indexed120(t, db)
		drop := func(scope simpul.Scope, want int64, fn func(context.Context, *sqldb.Tx) (int64, error)) {
			t.Helper()
			err := db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
				n, err := fn(t.Context(), tx)
				if n != want {
					t.Errorf("dropped %d, want %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		end := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		some := func(ctx context.Context, tx *sqldb.Tx) (int64, error) { return dropExchanges(ctx, tx, end, 70) }
		counts := func(ctx context.Context, tx *sqldb.Tx) (int64, error) { return dropTraffic(ctx, tx, hourOf(end), 1) }
		drop(simpul.AgencyScope(kemendagri), 0, some)
		drop(simpul.AgencyScope(kemendagri), 0, counts)
		drop(nation, 70, some)
		drop(nation, int64(len(recorded(all)))-70, some)
		drop(nation, 1, counts)
		err := db.Write(t.Context(), simpul.AgencyScope(kemendagri), func(tx *sqldb.Tx) error { return raiseFloor(t.Context(), tx, end) })
		if err == nil {
			t.Error("an agency moved the floor")
		}
	})
}
