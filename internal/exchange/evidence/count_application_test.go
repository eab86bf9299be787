package evidence

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// What an application was delivered is counted as a list of all records says,
// also where a page lies across one of the times, and for its parties alone.
func TestDeliveredOfAnApplication(t *testing.T) {
	const application = simpul.ApplicationID("layanan@bandungkota.go.id")
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRandom(7)
		all := r.records(3000, 1)
		x := &Index{db: db, journal: openTest(t, t.TempDir(), Options{}), log: quiet}
		at := uint64(0)
		if _, err := x.resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		for len(all) > 0 {
			n := min(len(all), 1+r.IntN(500))
			batch := all[:n]
			if err := x.write(t.Context(), at, at+uint64(n), batch); err != nil {
				t.Fatal(err)
			}
			at, all = at+uint64(n), all[n:]
		}
		e := NewExchanges(db, nil)
		everything, _, err := e.List(t.Context(), nation, Filter{Application: application}, 100_000, "")
		if err != nil || len(everything) < 100 {
			t.Fatal(len(everything), err)
		}
		begin := everything[len(everything)-1].Exchange.OpenedAt
		span := everything[0].Exchange.OpenedAt.Sub(begin)
		for i := range 40 {
			from := begin.Add(time.Duration(r.Int64N(int64(span)))).Truncate(time.Millisecond)
			until := from.Add(time.Duration(r.Int64N(int64(span)))).Truncate(time.Millisecond)
			scope := []simpul.Scope{nation, simpul.AgencyScope(kemendagri), simpul.AgencyScope(bandung), simpul.AgencyScope(bps)}[i%4]
			want := map[string]int64{}
			for _, x := range everything {
				x, at := x, x.Exchange.OpenedAt
				seen := scope == nation || scope.Covers(bandung) || scope.Covers(x.Exchange.Provider)
				if seen && x.Outcome() == Delivered && x.Exchange.Address != "" && !at.Before(from) && at.Before(until) && !x.Exchange.Rehearsed() {
					want[string(x.Exchange.Address)+string(x.Exchange.Class)]++
				}
			}
			got := map[string]int64{}
			counts, err := e.CountOfApplication(t.Context(), scope, application, from, until)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range counts {
				got[string(c.Address)+string(c.Class)] += c.Delivered
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("%v from %v until %v:\n%s", scope, from, until, diff)
			}
		}
	})
}
