package violation

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

const (
	kemendagri = simpul.AgencyID("kemendagri.go.id") // provides
	bandung    = simpul.AgencyID("bandungkota.go.id")
	surabaya   = simpul.AgencyID("surabaya.go.id")
	bps        = simpul.AgencyID("bps.go.id") // has nothing to do with it
	kota       = simpul.Address("master/Kota")
)

var (
	noon     = time.Date(2026, 11, 25, 5, 30, 0, 0, time.UTC) // 12:30 in Jakarta
	operator = simpul.Acting("t-operator", simpul.RoleOperator, "")
	listing  = simpul.Operation{Method: "GET", Path: "/"}
	wrong    = Found{Place: "body/items/*/kode", Keyword: "pattern", Expected: simpul.Text{ID: "pola ^x$", EN: "the pattern ^x$"}}
	missing  = Found{Place: "query.limit", Keyword: "required", Expected: simpul.Text{ID: "ada", EN: "present"}}
)

func of(agency simpul.AgencyID) simpul.Principal {
	return simpul.Acting("t-"+string(agency), simpul.RoleProvider, agency)
}

// letters remembers notices.
type letters struct {
	mu  sync.Mutex
	all []simpul.Notice
}

func (l *letters) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, n)
	return nil
}

// lids is a catalogue of one published LID.
type lids struct{}

func (lids) Find(_ context.Context, p simpul.Principal, address simpul.Address) (LID, error) {
	if address != kota {
		return LID{}, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return LID{Title: "Kota", Owner: kemendagri, Version: "2.0", Checks: simpul.Checks{Response: simpul.CheckEnforce}}, nil
}

// room is the collector and the report, at a time that a test moves.
type room struct {
	*Collector
	*Service
	letters letters
	at      time.Time
}

func newRoom(db *sqldb.DB) *room {
	r := &room{at: noon}
	clock := func() time.Time { return r.at }
	r.Collector = NewCollector(db, &r.letters, clock, slog.New(slog.DiscardHandler))
	r.Service = New(db, lids{}, r.Collector, clock)
	return r
}

func exchangeOf(n int, app simpul.ApplicationID, version string) *simpul.Exchange {
	return &simpul.Exchange{
		ID: simpul.ExchangeID(fmt.Sprintf("01890a5d-ac96-774b-bcce-%012d", n)), Address: kota, Provider: kemendagri, Version: version,
		Operation: listing, Consumer: simpul.Consumer{Application: app},
	}
}

func (r *room) flush(t *testing.T) {
	t.Helper()
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (r *room) report(t *testing.T, p simpul.Principal, days int) Report {
	t.Helper()
	report, err := r.Report(t.Context(), p, kota, days)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestReport(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		r.at = noon.AddDate(0, 0, -3)
		r.Note(exchangeOf(1, "layanan@bandungkota.go.id", "1.0"), Response, false, []Found{wrong})
		r.flush(t)
		r.at = noon
		for i := range 10 {
			r.Note(exchangeOf(10+i, "layanan@bandungkota.go.id", "2.0"), Response, true, []Found{wrong, wrong})
		}
		r.flush(t)
		r.Note(exchangeOf(30, "aplikasi@surabaya.go.id", "2.0"), Request, false, []Found{missing})
		r.Note(exchangeOf(31, "layanan@bandungkota.go.id", "2.0"), Request, false, []Found{missing})
		r.Note(exchangeOf(32, "layanan@bandungkota.go.id", "2.0"), Request, false, []Found{missing})
		r.flush(t)
		r.flush(t) // writes nothing twice

		got := r.report(t, of(kemendagri), 7)
		if got.Total != 14 || len(got.Groups) != 2 || !got.Own || len(got.ByDay) != 7 {
			t.Fatalf("got %+v", got)
		}
		g := got.Groups[0]
		if g.Count != 11 || g.Refused != 10 || g.Direction != Response || g.Place != wrong.Place || g.Expected.EN != wrong.Expected.EN {
			t.Errorf("first group %+v", g)
		}
		if g.FirstVersion != "1.0" || !g.FirstHour.Equal(noon.AddDate(0, 0, -3).Truncate(time.Hour)) {
			t.Errorf("since %q %v", g.FirstVersion, g.FirstHour)
		}
		if len(g.Examples) != 3 || g.Examples[0].Version != "2.0" || g.Examples[0].Application == "" {
			t.Errorf("examples %+v", g.Examples)
		}
		if last := got.ByDay[6]; last != (Day{"2026-11-25", 3, 10}) || got.ByDay[3] != (Day{"2026-11-22", 0, 1}) {
			t.Errorf("days %+v", got.ByDay)
		}
		if len(got.Callers) != 2 || got.Callers[0] != (Caller{"layanan@bandungkota.go.id", 2}) {
			t.Errorf("callers %+v", got.Callers)
		}
		if two := r.report(t, of(kemendagri), 2); two.Total != 13 || two.Groups[0].FirstVersion != "1.0" {
			t.Errorf("two days: %d, first %q", two.Total, two.Groups[0].FirstVersion)
		}
		if nation := r.report(t, operator, 7); nation.Total != 14 || !nation.Own {
			t.Errorf("the operator sees %d", nation.Total)
		}
	})
}

// Who is not the provider sees what its own requests did, and nothing else.
func TestTenants(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		r.Note(exchangeOf(1, "layanan@bandungkota.go.id", "1.0"), Response, true, []Found{wrong})
		r.Note(exchangeOf(2, "layanan@bandungkota.go.id", "1.0"), Request, true, []Found{missing})
		r.Note(exchangeOf(3, "aplikasi@surabaya.go.id", "1.0"), Request, true, []Found{missing})
		r.flush(t)
		for agency, want := range map[simpul.AgencyID]int64{kemendagri: 3, bandung: 1, surabaya: 1, bps: 0} {
			got := r.report(t, of(agency), 7)
			if got.Total != want || got.Own != (agency == kemendagri) {
				t.Errorf("%s sees %d, own %v", agency, got.Total, got.Own)
			}
			if agency == kemendagri {
				continue
			}
			said := fmt.Sprintf("%+v", got)
			for _, other := range []simpul.AgencyID{bandung, surabaya} {
				if other != agency && strings.Contains(said, string(other)) {
					t.Errorf("%s sees %s: %s", agency, other, said)
				}
			}
			for _, g := range got.Groups {
				if g.Direction != Request || g.Count != 1 || g.Applications != 1 {
					t.Errorf("%s sees %+v", agency, g)
				}
			}
		}
		if _, err := r.Report(t.Context(), of(bps), "master/Tiada", 7); simpul.CodeOf(err) != simpul.CodeNotFound {
			t.Errorf("a LID that there is not: %v", err)
		}
	})
}

// Each store function, as somebody who may not.
func TestStoreAsTheWrongTenant(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		r.Note(exchangeOf(1, "layanan@bandungkota.go.id", "1.0"), Response, true, []Found{wrong})
		r.flush(t)
		err := db.Read(t.Context(), simpul.AgencyScope(bps), func(tx *sqldb.Tx) error {
			groups, err1 := groupsSince(t.Context(), tx, kota, time.Time{})
			begun, err2 := firsts(t.Context(), tx, kota)
			counted, err3 := days(t.Context(), tx, kota, time.Time{})
			kept, err4 := examples(t.Context(), tx, kota)
			who, err5 := callers(t.Context(), tx, kota, time.Time{})
			if n := len(groups) + len(begun) + len(counted) + len(kept) + len(who); n != 0 {
				t.Errorf("a stranger reads %d rows", n)
			}
			for _, err := range []error{err1, err2, err3, err4, err5} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		write := func(scope simpul.Scope, what func(*sqldb.Tx) error) error { return db.Write(t.Context(), scope, what) }
		k := key{Kind: Kind{Address: kota, Provider: kemendagri, Direction: Request}, application: "a@bps.go.id"}
		for name, what := range map[string]func(*sqldb.Tx) error{
			"count":  func(tx *sqldb.Tx) error { return addCounts(t.Context(), tx, []row{{key: k, amount: 1}}) },
			"sample": func(tx *sqldb.Tx) error { return putSamples(t.Context(), tx, []sample{{key: k, exchange: "x"}}) },
			"drop": func(tx *sqldb.Tx) error {
				_, err := dropBefore(t.Context(), tx, noon.AddDate(1, 0, 0))
				return err
			},
		} {
			if err := write(simpul.AgencyScope(bps), what); err == nil {
				t.Errorf("%s: a stranger writes", name)
			}
		}
		if got := r.report(t, of(kemendagri), 7); got.Total != 1 {
			t.Errorf("%d are left", got.Total)
		}
	})
}

func TestPrune(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		r.at = noon.AddDate(0, 0, -60)
		r.Note(exchangeOf(1, "layanan@bandungkota.go.id", "1.0"), Response, true, []Found{wrong})
		r.flush(t)
		r.at = noon
		r.Note(exchangeOf(2, "layanan@bandungkota.go.id", "1.0"), Response, true, []Found{wrong})
		r.flush(t)
		if n, err := r.Prune(t.Context(), noon.AddDate(0, 0, -30)); n != 2 || err != nil {
			t.Errorf("dropped %d, %v", n, err)
		}
		if got := r.report(t, of(kemendagri), 90); got.Total != 1 || len(got.Groups[0].Examples) != 1 {
			t.Errorf("%d are left", got.Total)
		}
	})
}

// The provider is told of answers that are refused, by one key for each day.
func TestTheProviderIsTold(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	r.Note(exchangeOf(1, "layanan@bandungkota.go.id", "1.0"), Response, false, []Found{wrong})
	r.Note(exchangeOf(2, "layanan@bandungkota.go.id", "1.0"), Request, true, []Found{missing})
	r.flush(t)
	if len(r.letters.all) != 0 {
		t.Errorf("told of what passes, or of the caller's doing: %+v", r.letters.all)
	}
	r.Note(exchangeOf(3, "layanan@bandungkota.go.id", "1.0"), Response, true, []Found{wrong, missing})
	r.flush(t)
	r.Note(exchangeOf(4, "layanan@bandungkota.go.id", "1.0"), Response, true, []Found{wrong})
	r.flush(t)
	r.at = noon.AddDate(0, 0, 1)
	r.Note(exchangeOf(5, "layanan@bandungkota.go.id", "1.0"), Response, true, []Found{wrong})
	r.flush(t)
	keys := map[string]bool{}
	for _, n := range r.letters.all {
		keys[n.Key] = true
		if n.Agency != kemendagri || n.Holding != simpul.WriteLIDs || n.Link != "/lid/master/Kota/pelanggaran" || n.Title.EN == "" || n.Body.EN == "" {
			t.Errorf("%+v", n)
		}
	}
	if len(keys) != 2 {
		t.Errorf("keys %v", keys)
	}
}

// Whatever comes, what is held is bounded, and every violation is counted once.
func TestWhatIsHeldIsBounded(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	const kinds = 3 * parts * mostOfPart
	for i := range kinds {
		r.Note(exchangeOf(i, "layanan@bandungkota.go.id", "1.0"), Response, false, []Found{{Place: fmt.Sprintf("body/%d", i), Keyword: "type"}})
	}
	held, total := 0, int64(0)
	for i := range r.parts {
		held += len(r.parts[i].counts)
		for _, n := range r.parts[i].counts {
			total += n.amount
		}
	}
	if held > parts*(mostOfPart+1) || total != kinds {
		t.Errorf("holds %d kinds of %d violations, want all of %d", held, total, kinds)
	}
	if len(r.samples) != mostSamples || r.Dropped() == 0 {
		t.Errorf("%d examples wait, %d were dropped", len(r.samples), r.Dropped())
	}
}

// Calls at one time are counted exactly, and of many only some are examples.
func TestNotesAtOneTime(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 1000 {
				r.Note(exchangeOf(worker*1000+i, "layanan@bandungkota.go.id", "1.0"), Response, false, []Found{wrong})
			}
		})
	}
	all.Wait()
	if n := len(r.samples); n != 3+11 { // the first three, and 4, 8, … 4096
		t.Errorf("%d examples", n)
	}
	r.flush(t)
	if got := r.report(t, of(kemendagri), 7); got.Total != 8000 {
		t.Errorf("counted %d", got.Total)
	}
	r.at = noon.Add(2 * time.Hour)
	r.Note(exchangeOf(1, "layanan@bandungkota.go.id", "1.0"), Response, false, []Found{wrong})
	r.flush(t)
	kinds := 0
	for i := range r.parts {
		kinds += len(r.parts[i].counts)
	}
	if kinds != 1 {
		t.Errorf("holds %d kinds of hours that are over", kinds)
	}
}

// What the database refuses is written the next time.
func TestFlushThatFails(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	r.Note(exchangeOf(1, "layanan@bandungkota.go.id", "1.0"), Response, false, []Found{wrong})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Flush(gone); err == nil {
		t.Fatal("wrote without a database")
	}
	r.flush(t)
	if got := r.report(t, of(kemendagri), 7); got.Total != 1 || len(got.Groups[0].Examples) != 1 {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkNote(b *testing.B) {
	r := newRoom(nil)
	x := exchangeOf(1, "layanan@bandungkota.go.id", "1.0")
	found := []Found{wrong}
	b.ReportAllocs()
	for b.Loop() {
		r.Note(x, Response, true, found)
	}
}
