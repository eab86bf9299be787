package evidence

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

const (
	bandung    = simpul.AgencyID("bandungkota.go.id")
	kemendagri = simpul.AgencyID("kemendagri.go.id")
	kemenkeu   = simpul.AgencyID("kemenkeu.go.id")
	bps        = simpul.AgencyID("bps.go.id") // takes part in nothing
)

// indexed120 indexes 120 exchanges, one a minute, and returns them.
func indexed120(t *testing.T, db *sqldb.DB) (*Exchanges, []*simpul.Exchange) {
	t.Helper()
	j := openTest(t, t.TempDir(), Options{})
	all := traffic(120, 6)
	record(t, j, all)
	x, stop := runIndex(t, db, j)
	if err := x.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	return NewExchanges(db, nil), all
}

// sealed reports whether record sealed the exchange at the place.
func sealed(i int) bool { return i%10 != 9 }

// known reports whether record left a record of the exchange.
func known(i int, x *simpul.Exchange) bool {
	return sealed(i) || x.Class.Durable() && x.Outcome == ""
}

func party(id simpul.AgencyID, x *simpul.Exchange) bool {
	return x.Provider == id || x.Consumer.Application.Agency() == id
}

func TestOnlyThePartiesSeeAnExchange(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		exchanges, all := indexed120(t, db)
		for name, scope := range map[string]simpul.Scope{
			"nation": nation, "public": simpul.PublicScope(),
			"consumer": simpul.AgencyScope(bandung), "provider": simpul.AgencyScope(kemendagri),
			"both": simpul.AgencyScope(kemenkeu), "neither": simpul.AgencyScope(bps), "not an agency": simpul.AgencyScope(""),
		} {
			t.Run(name, func(t *testing.T) {
				var want []simpul.ExchangeID
				agencies := map[simpul.AgencyID]bool{}
				var totals Totals
				for i, x := range all {
					sees := known(i, x) && (scope == nation || party(simpul.AgencyID(scope.Key()), x))
					_, err := exchanges.Get(t.Context(), scope, x.ID)
					if sees != (err == nil) || !sees && simpul.CodeOf(err) != simpul.CodeNotFound {
						t.Errorf("exchange %s of %s: visible %v, error %v", x.ID, x.Consumer.Application, sees, err)
					}
					if !sees {
						continue
					}
					want = append(want, x.ID)
					if !sealed(i) {
						continue
					}
					agencies[x.Provider], agencies[x.Consumer.Application.Agency()] = true, true
					totals.Sealed++
					if x.Outcome == "" {
						totals.Delivered++
					}
				}
				slices.Reverse(want)
				if diff := cmp.Diff(want, ids(t, exchanges, scope, Filter{}, 7)); diff != "" {
					t.Errorf("list (-want +got)\n%s", diff)
				}
				totals.Agencies = len(agencies)
				got, err := exchanges.Totals(t.Context(), scope, time.Time{})
				if err != nil {
					t.Fatal(err)
				}
				if (got.Median > 0) != (totals.Delivered > 0) {
					t.Errorf("median %v", got.Median)
				}
				got.Median = 0
				if got != totals {
					t.Errorf("totals %+v, want %+v", got, totals)
				}
			})
		}
	})
}

// ids lists all that match, page by page.
func ids(t *testing.T, e *Exchanges, scope simpul.Scope, f Filter, limit int) []simpul.ExchangeID {
	t.Helper()
	var all []simpul.ExchangeID
	for cursor := ""; ; {
		page, next, err := e.List(t.Context(), scope, f, limit, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > limit || next != "" && len(page) < limit {
			t.Fatalf("%d of %d on a page, next %q", len(page), limit, next)
		}
		for _, i := range page {
			all = append(all, i.Exchange.ID)
		}
		if cursor = next; next == "" {
			return all
		}
	}
}

func TestListFilters(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		exchanges, all := indexed120(t, db)
		since, until := all[30].OpenedAt, all[60].OpenedAt
		for name, c := range map[string]struct {
			filter Filter
			match  func(i int, x *simpul.Exchange) bool
		}{
			"address":     {Filter{Address: "master/Kota"}, func(_ int, x *simpul.Exchange) bool { return x.Address == "master/Kota" }},
			"application": {Filter{Application: "bansos@bandungkota.go.id"}, func(_ int, x *simpul.Exchange) bool { return x.Consumer.Application == "bansos@bandungkota.go.id" }},
			"grant":       {Filter{Grant: "penduduk-bandung"}, func(int, *simpul.Exchange) bool { return true }},
			"no grant":    {Filter{Grant: "x"}, func(int, *simpul.Exchange) bool { return false }},
			"delivered":   {Filter{Outcome: Delivered}, func(i int, x *simpul.Exchange) bool { return sealed(i) && x.Outcome == "" }},
			"failed":      {Filter{Outcome: Failed}, func(_ int, x *simpul.Exchange) bool { return x.Outcome != "" }},
			"denied":      {Filter{Outcome: "denied"}, func(_ int, x *simpul.Exchange) bool { return x.Outcome == simpul.CodeDenied }},
			"limited":     {Filter{Outcome: "limited"}, func(int, *simpul.Exchange) bool { return false }},
			"time":        {Filter{Since: since, Until: until}, func(i int, _ *simpul.Exchange) bool { return 30 <= i && i < 60 }},
			"several": {Filter{Address: "pajak/Npwp", Application: "pajak@kemenkeu.go.id", Outcome: Delivered, Since: since},
				func(i int, x *simpul.Exchange) bool {
					return x.Address == "pajak/Npwp" && x.Consumer.Application == "pajak@kemenkeu.go.id" && sealed(i) && x.Outcome == "" && i >= 30
				}},
		} {
			t.Run(name, func(t *testing.T) {
				for _, scope := range []simpul.Scope{nation, simpul.AgencyScope(kemenkeu)} {
					var want []simpul.ExchangeID
					for i, x := range all {
						if known(i, x) && c.match(i, x) && (scope == nation || party(kemenkeu, x)) {
							want = append(want, x.ID)
						}
					}
					slices.Reverse(want)
					if diff := cmp.Diff(want, ids(t, exchanges, scope, c.filter, 10)); diff != "" {
						t.Errorf("scope %s (-want +got)\n%s", scope.Key(), diff)
					}
				}
			})
		}
	})
}

func TestCursorsThatListDidNotMake(t *testing.T) {
	exchanges := NewExchanges(testkit.SQLite(t), nil)
	id := string(simpul.NewExchangeID(time.Now()))
	for _, cursor := range []string{"%", "x", httpapi.EncodeCursor("a " + id), httpapi.EncodeCursor("1 x"), httpapi.EncodeCursor(id)} {
		if _, _, err := exchanges.List(t.Context(), nation, Filter{}, 10, cursor); simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

func TestTotalsSinceMidnight(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		jakarta := time.FixedZone("WIB", 7*60*60)
		midnight := time.Date(2026, 3, 2, 0, 0, 0, 0, jakarta)
		j := openTest(t, t.TempDir(), Options{})
		r := NewRecorder(j, nil, nil)
		for i, sealedAt := range []time.Duration{-time.Minute, -time.Second, 0, time.Second, 23 * time.Hour} {
			x := delivery(i)
			x.Latency = time.Duration(1+i) * 100 * time.Millisecond
			x.OpenedAt = midnight.Add(sealedAt - x.Latency)
			if err := r.Seal(t.Context(), x); err != nil {
				t.Fatal(err)
			}
		}
		x, _ := runIndex(t, db, j)
		if err := x.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, err := NewExchanges(db, x).Totals(t.Context(), nation, midnight)
		if err != nil {
			t.Fatal(err)
		}
		want := Totals{Sealed: 3, Delivered: 3, Agencies: 2, Median: 300 * time.Millisecond}
		if got != want {
			t.Errorf("totals %+v, want %+v", got, want)
		}
	})
}

// Whoever is not the hub cannot write, whatever the statement says.
func TestAgenciesCannotWriteEvidence(t *testing.T) {
	db := testkit.Postgres(t)
	_, all := indexed120(t, db)
	indexedPages(t, db)
	before := dumpView(t, db)
	for _, statement := range []string{
		`UPDATE evidence_exchange SET purpose = 'x'`, `DELETE FROM evidence_exchange`,
		`UPDATE evidence_page SET entries = ''`, `DELETE FROM evidence_page`,
		`UPDATE evidence_traffic SET sealed = 0`, `UPDATE evidence_floor SET at = 0`, `DELETE FROM evidence_position`,
	} {
		err := db.Write(t.Context(), simpul.AgencyScope(kemendagri), func(tx *sqldb.Tx) error {
			n, err := tx.Exec(t.Context(), statement)
			if n != 0 {
				t.Errorf("%s changed %d rows of %d", statement, n, len(all))
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if diff := cmp.Diff(before, dumpView(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestRowsOfOthersAreHiddenFromAStatementThatForgets(t *testing.T) {
	db := testkit.Postgres(t)
	indexed120(t, db)
	indexedPages(t, db)
	for _, table := range []string{"evidence_exchange", "evidence_page", "evidence_traffic", "evidence_position"} {
		for _, scope := range []simpul.Scope{simpul.AgencyScope(bps), simpul.PublicScope()} {
			err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) error {
				n, err := sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (n int, err error) {
					return n, scan(&n)
				}, `SELECT COUNT(*) FROM `+table)
				if n != 0 {
					t.Errorf("%q sees %d rows of %s", scope.Key(), n, table)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
}
