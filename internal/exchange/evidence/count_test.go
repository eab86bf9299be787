package evidence

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestExchangesAreCountedByLID(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		exchanges, all := indexed120(t, db)
		from, until := all[10].OpenedAt, all[100].OpenedAt
		for _, agency := range []simpul.AgencyID{bandung, kemendagri, kemenkeu, bps} {
			type key struct {
				address  simpul.Address
				provided bool
			}
			want := map[key]Count{}
			for i, x := range all {
				if !sealed(i) || x.Address == "" || x.OpenedAt.Before(from) || !x.OpenedAt.Before(until) || !party(agency, x) {
					continue
				}
				k := key{x.Address, x.Provider == agency}
				c := Count{Address: k.address, Provided: k.provided, Sealed: want[k].Sealed + 1, Delivered: want[k].Delivered}
				if x.Outcome == "" {
					c.Delivered++
				}
				want[k] = c
			}
			for _, scope := range []simpul.Scope{nation, simpul.AgencyScope(agency)} {
				counts, err := exchanges.CountByLID(t.Context(), scope, agency, from, until)
				if err != nil {
					t.Fatal(err)
				}
				got := map[key]Count{}
				for _, c := range counts {
					got[key{c.Address, c.Provided}] = c
				}
				if diff := cmp.Diff(want, got); diff != "" || len(counts) != len(got) {
					t.Errorf("%s as %q: %s", agency, scope.Key(), diff)
				}
			}
			for _, scope := range []simpul.Scope{simpul.PublicScope(), simpul.AgencyScope(bps)} {
				if counts, err := exchanges.CountByLID(t.Context(), scope, agency, from, until); err != nil || len(counts) != 0 {
					t.Errorf("%s as a stranger: %v %v", agency, counts, err)
				}
			}
		}
		if at, err := exchanges.Floor(t.Context()); err != nil || at.Unix() != 0 {
			t.Errorf("the floor is %v, %v", at, err)
		}
		if _, err := exchanges.Prune(t.Context(), from); err != nil {
			t.Fatal(err)
		}
		if at, err := exchanges.Floor(t.Context()); err != nil || at.Before(from.Add(-24*time.Hour)) || at.After(from) {
			t.Errorf("after pruning the floor is %v, %v", at, err)
		}
	})
}
