package evidence

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestPagesAndRowsAnswerAsAListOfAllRecords(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for seed := range uint64(3) {
			t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { answersAsAList(t, db, newRandom(seed)) })
			emptied(t, db)
		}
	})
}

func answersAsAList(t *testing.T, db *sqldb.DB, r *random) {
	v := &view{known: map[simpul.ExchangeID]Indexed{}}
	e := NewExchanges(db, nil)
	indexes := []*Index{NewIndex(db, openTest(t, t.TempDir(), Options{}), quiet), NewIndex(db, openTest(t, t.TempDir(), Options{}), quiet)}
	journals := make([][]indexed, len(indexes))
	ends := make([]uint64, len(indexes))
	for i, x := range indexes {
		resumed(t, x)
		journals[i] = r.records(300, 1)
		ends[i] = r.inBatches(t, x, journals[i], 0)
		v.add(x.journal, journals[i])
	}
	checkPages(t, db)
	v.compare(t, r, e, 4)

	v.floor = r.time(v)
	prune(t, e, v)
	v.compare(t, r, e, 2)

	for i, x := range indexes {
		more := r.records(100, ends[i]+1)
		journals[i] = append(journals[i], more...)
		r.inBatches(t, x, more, ends[i])
		v.add(x.journal, more)
	}
	v.compare(t, r, e, 2)

	x := indexes[0]
	if err := x.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	resumed(t, x)
	without := &view{known: map[simpul.ExchangeID]Indexed{}, floor: v.floor}
	without.add(indexes[1].journal, journals[1])
	without.compare(t, r, e, 1)
	r.inBatches(t, x, journals[0], 0)
	v.compare(t, r, e, 2)
}

func resumed(t *testing.T, x *Index) {
	t.Helper()
	if _, err := x.resume(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// prune drops what is before the floor, and checks what is left in the tables:
// nothing of it but on pages that reach beyond.
func prune(t *testing.T, e *Exchanges, v *view) {
	t.Helper()
	if _, err := e.Prune(t.Context(), v.floor); err != nil {
		t.Fatal(err)
	}
	ms := v.floor.UnixMilli()
	for table, column := range map[string]string{"evidence_exchange": "opened_at", "evidence_page": "until_at"} {
		for _, at := range dump(t, e.db, table, "CAST("+column+" AS TEXT)") {
			if at < strconv.FormatInt(ms, 10) {
				t.Errorf("%s %s in %s is before the floor %d", column, at, table, ms)
			}
		}
	}
}

// checkPages checks that pages keep their limits, and that there are some.
func checkPages(t *testing.T, db *sqldb.DB) {
	t.Helper()
	all := dump(t, db, "evidence_page", `count || ' ' || (until_at - from_at)`)
	most := 0
	for _, p := range all {
		var count, span int
		if _, err := fmt.Sscan(p, &count, &span); err != nil || count < 2 || count > pageEntries || span > pageSpan {
			t.Errorf("a page of %s, %v", p, err)
		}
		most = max(most, count)
	}
	if len(all) < 10 || most < 5 {
		t.Errorf("%d pages, of at most %d exchanges: too few to test with", len(all), most)
	}
}

func emptied(t *testing.T, db *sqldb.DB) {
	t.Helper()
	for _, table := range []string{"evidence_exchange", "evidence_page", "evidence_traffic", "evidence_position", "evidence_floor"} {
		err := db.Write(t.Context(), nation, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM `+table)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPagesAreFull(t *testing.T) {
	var records []*indexed
	for i := range 200 { // within 200 ms
		x := delivery(i)
		x.Class = simpul.Terbuka
		records = append(records, &indexed{sequence: uint64(i + 1), record: Record{Kind: Sealed, Exchange: *x}})
	}
	late := delivery(200 + pageSpan)
	late.Class = simpul.Terbuka
	records = append(records, &indexed{sequence: 201, record: Record{Kind: Sealed, Exchange: *late}})
	pages, rows := paged("j", records)
	var sizes []int
	for _, p := range pages {
		sizes = append(sizes, len(p.entries))
	}
	if want := []int{64, 64, 64, 8}; !slices.Equal(sizes, want) {
		t.Errorf("pages of %v, want %v", sizes, want)
	}
	if len(rows) != 1 || rows[0].sequence != 201 {
		t.Errorf("%d rows", len(rows))
	}
}

// What differs in one of the columns of a page does not share one.
func TestWhatSharesAPage(t *testing.T) {
	for name, c := range map[string]struct {
		change func(x *simpul.Exchange)
		shares bool
	}{
		"status":      {func(x *simpul.Exchange) { x.Status = 404 }, true},
		"answer":      {func(x *simpul.Exchange) { x.ResponseDigest, x.ResponseBytes = "", 0 }, true},
		"latency":     {func(x *simpul.Exchange) { x.Latency, x.Upstream = time.Minute, time.Second }, true},
		"credential":  {func(x *simpul.Exchange) { x.Consumer.Credential = "k-2" }, true},
		"two seconds": {at(2000), true},
		"more":        {at(2001), false},
		"application": {func(x *simpul.Exchange) { x.Consumer.Application = "bansos@bandungkota.go.id" }, false},
		"provider":    {func(x *simpul.Exchange) { x.Provider = kemenkeu }, false},
		"address":     {func(x *simpul.Exchange) { x.Address = "master/Kota" }, false},
		"version":     {func(x *simpul.Exchange) { x.Version = "1.3.0" }, false},
		"class":       {func(x *simpul.Exchange) { x.Class = simpul.Terbatas }, false},
		"method":      {func(x *simpul.Exchange) { x.Operation.Method = "POST" }, false},
		"path":        {func(x *simpul.Exchange) { x.Operation.Path = "/" }, false},
		"grant":       {func(x *simpul.Exchange) { x.Grant = "x" }, false},
		"purpose":     {func(x *simpul.Exchange) { x.Purpose = "Lain" }, false},
		"outcome":     {func(x *simpul.Exchange) { x.Outcome = simpul.CodeUpstream }, false},
	} {
		t.Run(name, func(t *testing.T) {
			one, other := delivery(0), delivery(0)
			one.Class, other.Class = simpul.Terbuka, simpul.Terbuka
			c.change(other)
			pages, rows := paged("j", []*indexed{{sequence: 1, record: Record{Kind: Sealed, Exchange: *one}}, {sequence: 2, record: Record{Kind: Sealed, Exchange: *other}}})
			if shares := len(pages) == 1 && len(rows) == 0; shares != c.shares || !shares && len(rows) != 2 {
				t.Errorf("%d pages, %d rows", len(pages), len(rows))
			}
		})
	}
}

// at moves an exchange by so many ms.
func at(ms int) func(*simpul.Exchange) {
	return func(x *simpul.Exchange) { *x = *delivery(ms); x.Class = simpul.Terbuka }
}

// The gateway records no exchange twice. If one is, it is shown once, and nobody
// else's is lost.
func TestAnExchangeThatIsRecordedTwice(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		x := NewIndex(db, openTest(t, t.TempDir(), Options{}), quiet)
		resumed(t, x)
		var all []indexed
		for i := range 3 {
			d := delivery(i)
			d.Class = simpul.Terbuka
			all = append(all, indexed{sequence: uint64(i + 1), record: Record{Kind: Sealed, Exchange: *d}})
		}
		again := []indexed{all[0], {sequence: 5, record: Record{Kind: Sealed, Exchange: *delivery(3)}}}
		again[0].sequence, again[1].record.Exchange.Class = 4, simpul.Terbuka
		v := &view{known: map[simpul.ExchangeID]Indexed{}}
		for _, batch := range [][]indexed{all, again} {
			if err := x.write(t.Context(), batch[0].sequence-1, batch[len(batch)-1].sequence, batch); err != nil {
				t.Fatal(err)
			}
			v.add(x.journal, batch)
		}
		e := NewExchanges(db, nil)
		v.compareList(t, e, nation, Filter{}, 2)
		v.compareList(t, e, nation, Filter{}, 10)
		v.compareGet(t, nil, e, nation, 10)
	})
}

// indexedPages indexes three pages of 64 exchanges, one a millisecond, between
// Bandung and the ministry of the interior, and returns their times.
func indexedPages(t *testing.T, db *sqldb.DB) (opened []time.Time) {
	t.Helper()
	x := NewIndex(db, openTest(t, t.TempDir(), Options{}), quiet)
	resumed(t, x)
	var all []indexed
	for i := range 3 * pageEntries {
		d := delivery(i)
		d.Class = simpul.Terbuka
		all = append(all, indexed{sequence: uint64(i + 1), record: Record{Kind: Sealed, Exchange: *d}})
		opened = append(opened, d.OpenedAt.Truncate(time.Millisecond))
	}
	if err := x.write(t.Context(), 0, uint64(len(all)), all); err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestPagesAreDroppedWholeAndInBatches(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		opened := indexedPages(t, db)
		drop := func(scope simpul.Scope, before time.Time, want int64) {
			t.Helper()
			err := db.Write(t.Context(), scope, func(tx *sqldb.Tx) error {
				n, err := dropPages(t.Context(), tx, before, 1)
				if n != want {
					t.Errorf("dropped %d, want %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		second := opened[pageEntries]
		end := opened[len(opened)-1].Add(time.Hour)
		for _, scope := range []simpul.Scope{simpul.AgencyScope(kemendagri), simpul.AgencyScope(bandung), simpul.PublicScope()} {
			drop(scope, end, 0)
		}
		drop(nation, second.Add(-time.Millisecond), 0) // its last one is not before
		drop(nation, second, pageEntries)
		drop(nation, second, 0)
		drop(nation, end, pageEntries)
		drop(nation, end, pageEntries)
		drop(nation, end, 0)
	})
}

// What is older than the floor on a page that reaches beyond is hidden, and does
// not count as dropped.
func TestAPageAcrossTheFloor(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		opened := indexedPages(t, db)
		e := NewExchanges(db, nil)
		floor := opened[pageEntries+10]
		if n, err := e.Prune(t.Context(), floor); err != nil || n != pageEntries {
			t.Errorf("dropped %d, %v", n, err)
		}
		want := len(opened) - pageEntries - 10
		if got := ids(t, e, nation, Filter{}, 50); len(got) != want {
			t.Errorf("%d listed, want %d", len(got), want)
		}
		counts, err := e.CountByLID(t.Context(), nation, kemendagri, time.Time{}, floor.Add(time.Hour))
		if err != nil || len(counts) != 1 || counts[0].Sealed != int64(want) {
			t.Errorf("counted %+v, %v; want %d", counts, err, want)
		}
	})
}

func TestBordersOfPages(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		opened := indexedPages(t, db)
		e := NewExchanges(db, nil)
		all := len(opened)
		for _, limit := range []int{1, pageEntries - 1, pageEntries, pageEntries + 1, all - 1, all} {
			if n := len(ids(t, e, nation, Filter{}, limit)); n != all {
				t.Errorf("%d of %d listed by %d", n, all, limit)
			}
		}
		borders := []int{0, 1, pageEntries - 1, pageEntries, pageEntries + 1, pageEntries + 6, 2*pageEntries - 1, 2 * pageEntries, all - 1}
		for _, from := range borders {
			for _, until := range borders {
				counts, err := e.CountByLID(t.Context(), nation, kemendagri, opened[from], opened[until])
				if err != nil {
					t.Fatal(err)
				}
				n := 0
				if len(counts) > 0 {
					n = int(counts[0].Delivered)
				}
				if want := max(until-from, 0); n != want {
					t.Errorf("%d counted from the %dth until the %dth", n, from, until)
				}
			}
		}
	})
}

// The newest of all can be on a page that begins before others that end in the
// same millisecond.
func TestPagesThatEndTogether(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		x := NewIndex(db, openTest(t, t.TempDir(), Options{}), quiet)
		resumed(t, x)
		var all []indexed
		end := time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC)
		for i := range 2 * fewPages {
			for place, opened := range []time.Time{end.Add(time.Duration(i-100) * time.Millisecond), end} {
				d := delivery(0)
				d.Class, d.Grant, d.OpenedAt = simpul.Terbuka, simpul.GrantID(strconv.Itoa(i)), opened
				d.ID = simpul.NewExchangeID(opened)[:24] + simpul.ExchangeID(fmt.Sprintf("%012x", 100-10*i+place))
				d.ID = d.ID[:14] + "7000-8000" + d.ID[23:]
				all = append(all, indexed{sequence: uint64(len(all) + 1), record: Record{Kind: Sealed, Exchange: *d}})
			}
		}
		if err := x.write(t.Context(), 0, uint64(len(all)), all); err != nil {
			t.Fatal(err)
		}
		v := &view{known: map[simpul.ExchangeID]Indexed{}}
		v.add(x.journal, all)
		for limit := 1; limit <= len(all); limit++ {
			v.compareList(t, NewExchanges(db, nil), nation, Filter{}, limit)
		}
	})
}

// A page that this program cannot read is named, and not passed over.
func TestADamagedPageIsNamed(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		x := NewIndex(db, openTest(t, t.TempDir(), Options{}), quiet)
		resumed(t, x)
		one, other := delivery(0), delivery(1)
		one.Class, other.Class = simpul.Terbuka, simpul.Terbuka
		if err := x.write(t.Context(), 0, 2, []indexed{{sequence: 1, record: Record{Kind: Sealed, Exchange: *one}}, {sequence: 2, record: Record{Kind: Sealed, Exchange: *other}}}); err != nil {
			t.Fatal(err)
		}
		err := db.Write(t.Context(), nation, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE evidence_page SET entries = $1`, []byte{packedKeyed + 1, 0})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = NewExchanges(db, nil).List(t.Context(), nation, Filter{}, 10, "")
		if err == nil || !strings.Contains(err.Error(), string(one.ID)) {
			t.Errorf("error %v", err)
		}
	})
}
