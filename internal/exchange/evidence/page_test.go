package evidence

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// The tests below put random records into the view, in batches with random
// borders, and compare every answer with that of a list of all records.

// random makes traffic of which much can share pages and some cannot.
type random struct {
	*rand.Rand
	now time.Time
}

func newRandom(seed uint64) *random {
	return &random{rand.New(rand.NewPCG(seed, 52)), time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
}

// any returns one of them.
func anyOf[T any](r *random, all ...T) T { return all[r.IntN(len(all))] }

// records returns those of n exchanges, from the sequence on. Several open in one
// millisecond, and sometimes none for seconds.
func (r *random) records(n int, from uint64) (all []indexed) {
	for range n {
		r.now = r.now.Add(time.Duration(anyOf(r, 0, 0, 0, 1, 5, 90)) * time.Millisecond)
		if r.IntN(60) == 0 {
			r.now = r.now.Add(time.Duration(r.IntN(5000)) * time.Millisecond)
		}
		x := r.exchange()
		if x.Class.Durable() && x.Outcome == "" {
			all = append(all, indexed{record: Record{Kind: Opened, Exchange: opening(x)}})
			if r.IntN(8) == 0 {
				continue // nobody ever knew its end
			}
		}
		all = append(all, indexed{record: Record{Kind: Sealed, Exchange: *x}})
	}
	r.shuffleNearby(all)
	for i := range all {
		all[i].sequence = from + uint64(i)
	}
	return all
}

func (r *random) exchange() *simpul.Exchange {
	x := delivery(0)
	x.OpenedAt = r.now.Add(time.Duration(r.IntN(1_000_000)))
	x.ID = simpul.NewExchangeID(x.OpenedAt)
	x.Class = anyOf(r, simpul.Terbuka, simpul.Terbuka, simpul.Terbuka, simpul.Terbatas)
	x.Consumer = simpul.Consumer{Application: anyOf[simpul.ApplicationID](r,
		"layanan@bandungkota.go.id", "layanan@bandungkota.go.id", "bansos@bandungkota.go.id", "pajak@kemenkeu.go.id", "")}
	x.Provider, x.Address = kemendagri, anyOf[simpul.Address](r, "master/Kota", "master/Kota", "master/Provinsi", "")
	if r.IntN(3) == 0 {
		x.Provider, x.Address = kemenkeu, "pajak/Npwp" // also of its own application
	}
	x.Grant = anyOf[simpul.GrantID](r, "a", "a", "a", "b")
	x.Latency = time.Duration(r.IntN(3_000_000)) * time.Microsecond
	x.RequestDigest = anyOf(r, "", x.ResponseDigest, "not a digest", simpul.KeyedDigest([32]byte{byte(r.IntN(256))}))
	x.ResponseDigest = anyOf(r, x.ResponseDigest, simpul.KeyedDigest([32]byte{byte(r.IntN(256)), 1}))
	if r.IntN(6) == 0 {
		x.Outcome, x.Status = anyOf(r, simpul.CodeDenied, simpul.CodeUpstream), 403
	}
	if r.IntN(40) == 0 {
		x.ID = simpul.NewExchangeID(x.OpenedAt.Add(time.Second)) // of a clock that was put right
	}
	return x
}

func opening(x *simpul.Exchange) simpul.Exchange {
	return simpul.Exchange{ID: x.ID, OpenedAt: x.OpenedAt, Consumer: x.Consumer, Address: x.Address, Version: x.Version,
		Class: x.Class, Provider: x.Provider, Operation: x.Operation, Grant: x.Grant, Purpose: x.Purpose}
}

// shuffleNearby is what different latencies do: exchanges end in another order.
// The two records of one keep theirs.
func (r *random) shuffleNearby(all []indexed) {
	for i := range len(all) - 1 {
		if j := i + 1; r.IntN(2) == 0 && all[i].record.Exchange.ID != all[j].record.Exchange.ID {
			all[i], all[j] = all[j], all[i]
		}
	}
}

// view is what the index should know: the last record of each exchange.
type view struct {
	known map[simpul.ExchangeID]Indexed
	floor time.Time
}

func (v *view) add(journal *Journal, records []indexed) {
	for _, r := range records {
		i := asIndexed(&r.record.Exchange, r.record.Kind, journal, r.sequence)
		if before, ok := v.known[i.Exchange.ID]; !ok || before.Sequence < i.Sequence {
			v.known[i.Exchange.ID] = i
		}
	}
}

// list returns what matches, the newest first.
func (v *view) list(scope simpul.Scope, f Filter) []Indexed {
	all := []Indexed{}
	for _, i := range v.known {
		if v.sees(scope, i) && f.matches(i) {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, func(a, b Indexed) int {
		return cmp.Or(b.Exchange.OpenedAt.Compare(a.Exchange.OpenedAt), cmp.Compare(b.Exchange.ID, a.Exchange.ID))
	})
	return all
}

func (v *view) sees(scope simpul.Scope, i Indexed) bool {
	x := &i.Exchange
	return !x.OpenedAt.Before(v.floor) && (scope.Covers(x.Provider) || scope.Covers(x.Consumer.Application.Agency()))
}

func (f Filter) matches(i Indexed) bool {
	x := &i.Exchange
	switch {
	case f.Address != "" && x.Address != f.Address,
		f.Application != "" && x.Consumer.Application != f.Application,
		f.Grant != "" && x.Grant != f.Grant,
		!f.Since.IsZero() && x.OpenedAt.Before(f.Since),
		!f.Until.IsZero() && !x.OpenedAt.Before(f.Until):
		return false
	}
	switch f.Outcome {
	case "":
		return true
	case Failed:
		return x.Outcome != ""
	}
	return i.Outcome() == f.Outcome
}

func (v *view) median(scope simpul.Scope) time.Duration {
	all := v.list(scope, Filter{Outcome: Delivered})
	all = all[:min(len(all), medianOf)]
	if len(all) == 0 {
		return 0
	}
	slices.SortFunc(all, func(a, b Indexed) int { return cmp.Compare(a.Exchange.Latency, b.Exchange.Latency) })
	return all[len(all)/2].Exchange.Latency
}

func (v *view) count(scope simpul.Scope, agency simpul.AgencyID, from, until time.Time) []Count {
	counts := []Count{}
	for _, i := range v.list(scope, Filter{Since: from, Until: until}) {
		x := &i.Exchange
		if i.State != Sealed || x.Address == "" || !party(agency, x) {
			continue
		}
		c := Count{Address: x.Address, Provided: x.Provider == agency, Sealed: 1}
		if x.Outcome == "" {
			c.Delivered = 1
		}
		counts = append(counts, c)
	}
	return added(counts)
}

// filter asks for what may be there, at times that are.
func (r *random) filter(v *view) (f Filter) {
	if r.IntN(3) == 0 {
		f.Address = anyOf[simpul.Address](r, "master/Kota", "pajak/Npwp", "master/Tiada")
	}
	if r.IntN(3) == 0 {
		f.Application = anyOf[simpul.ApplicationID](r, "layanan@bandungkota.go.id", "pajak@kemenkeu.go.id")
	}
	if r.IntN(3) == 0 {
		f.Grant = anyOf[simpul.GrantID](r, "a", "b", "c")
	}
	if r.IntN(2) == 0 {
		f.Outcome = anyOf[Outcome](r, Delivered, Delivered, Failed, "denied", "limited")
	}
	if r.IntN(2) == 0 {
		f.Since = r.time(v)
	}
	if r.IntN(2) == 0 {
		f.Until = r.time(v)
	}
	return f
}

// time is when an exchange was opened, or a moment beside it.
func (r *random) time(v *view) time.Time {
	n := r.IntN(len(v.known))
	for _, i := range v.known {
		if n--; n < 0 {
			return i.Exchange.OpenedAt.Add(time.Duration(r.IntN(3)-1) * time.Millisecond)
		}
	}
	return time.Time{}
}

var scopes = []simpul.Scope{nation, simpul.AgencyScope(bandung), simpul.AgencyScope(kemendagri), simpul.AgencyScope(kemenkeu),
	simpul.AgencyScope(bps), simpul.AgencyScope(""), simpul.PublicScope()}

// compare asks for everything, and at random so many times.
func (v *view) compare(t *testing.T, r *random, e *Exchanges, questions int) {
	t.Helper()
	for _, scope := range scopes {
		v.compareList(t, e, scope, Filter{}, 1+r.IntN(300))
		v.compareMedian(t, e, scope)
		for range questions {
			v.compareList(t, e, scope, r.filter(v), 1+r.IntN(30))
			v.compareCounts(t, e, scope, anyOf(r, bandung, kemendagri, kemenkeu, bps), r.time(v), r.time(v))
		}
		v.compareGet(t, r, e, scope, 4*questions)
	}
}

func (v *view) compareList(t *testing.T, e *Exchanges, scope simpul.Scope, f Filter, limit int) {
	t.Helper()
	got := []Indexed{}
	for cursor := ""; ; {
		some, next, err := e.List(t.Context(), scope, f, limit, cursor)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, some...)
		if cursor = next; next == "" {
			break
		}
		if len(some) != limit {
			t.Fatalf("%d of %d and more to come", len(some), limit)
		}
	}
	if diff := gocmp.Diff(v.list(scope, f), got); diff != "" {
		t.Fatalf("%q lists %+v by %d (-want +got)\n%s", scope.Key(), f, limit, diff)
	}
}

func (v *view) compareMedian(t *testing.T, e *Exchanges, scope simpul.Scope) {
	t.Helper()
	got, err := e.Totals(t.Context(), scope, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if want := v.median(scope); got.Median != want {
		t.Fatalf("median for %q %v, want %v", scope.Key(), got.Median, want)
	}
}

func (v *view) compareCounts(t *testing.T, e *Exchanges, scope simpul.Scope, agency simpul.AgencyID, from, until time.Time) {
	t.Helper()
	got, err := e.CountByLID(t.Context(), scope, agency, from, until)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(v.count(scope, agency, from, until), got); diff != "" {
		t.Fatalf("%q counts %s from %v until %v (-want +got)\n%s", scope.Key(), agency, from, until, diff)
	}
}

func (v *view) compareGet(t *testing.T, r *random, e *Exchanges, scope simpul.Scope, n int) {
	t.Helper()
	for id, want := range v.known {
		if n--; n < 0 {
			return
		}
		got, err := e.Get(t.Context(), scope, id)
		if !v.sees(scope, want) {
			if simpul.CodeOf(err) != simpul.CodeNotFound {
				t.Fatalf("%q sees %s: %v", scope.Key(), id, err)
			}
			continue
		}
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("%q reads %s: %v (-want +got)\n%s", scope.Key(), id, err, diff)
		}
	}
}

// inBatches writes the records after the position with random borders.
func (r *random) inBatches(t *testing.T, x *Index, records []indexed, at uint64) uint64 {
	t.Helper()
	for len(records) > 0 {
		n := min(len(records), 1+r.IntN(anyOf(r, 3, 60, 400)))
		end := records[n-1].sequence
		if err := x.write(t.Context(), at, end, records[:n]); err != nil {
			t.Fatal(err)
		}
		at, records = end, records[n:]
	}
	return at
}

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

// Searches read an index in the order of time, however much there is.
func TestSearchesUseTheIndexes(t *testing.T) {
	db := testkit.SQLite(t)
	own := simpul.AgencyScope(bandung)
	after := place{1e12, simpul.NewExchangeID(time.UnixMilli(1e12))}
	for _, c := range []struct {
		name   string
		scope  simpul.Scope
		filter Filter
		want   []string // indexes, without the name of their table
	}{
		{"the nation, everything", nation, Filter{}, []string{"_time ("}},
		{"a tenant, everything", own, Filter{}, []string{"_consumer (consumer_agency=?", "_provider (provider_agency=?"}},
		{"a grant", nation, Filter{Grant: "a"}, []string{"_grant (grant_id=?"}},
		{"a LID", nation, Filter{Address: "master/Kota"}, []string{"_address (address=?"}},
		{"an application", nation, Filter{Application: "layanan@bandungkota.go.id"}, []string{"_application (consumer_application=?"}},
		{"a tenant's grant", own, Filter{Grant: "a"}, []string{"_grant (grant_id=?"}},
		{"a tenant's LID", own, Filter{Address: "master/Kota"}, []string{"_address (address=?"}},
		{"a caller of a tenant", own, Filter{Application: "pajak@kemenkeu.go.id"}, []string{"_application (consumer_application=?"}},
		{"the tenant's application", own, Filter{Application: "layanan@bandungkota.go.id"}, []string{"_application (consumer_application=?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.filter.Since, c.filter.Until = time.UnixMilli(1), time.UnixMilli(2e12)
			query, args := pagesOfExchanges.newestFirst(c.scope.Key(), c.filter.ofPages(c.filter.reach(after), after), 10)
			checkPlan(t, db, "evidence_page", c.want, c.scope, query, args)
			query, args = rowsOfExchanges.newestFirst(c.scope.Key(), c.filter.ofRows(after), 10)
			checkPlan(t, db, "evidence_exchange", c.want, c.scope, query, args)
		})
	}
	for _, scope := range []simpul.Scope{nation, own} {
		checkPlan(t, db, "evidence_page", []string{"_time ("}, nation, aroundQuery, []any{scope.Key(), 1, 2})
	}
	for want, f := range map[string]Filter{
		"_outcome (outcome=?": {}, "_outcome_address (address=? AND outcome=?": {Address: "master/Kota"},
		"_outcome_consumer (consumer_agency=? AND outcome=?": {Application: "pajak@kemenkeu.go.id"},
	} {
		f.Outcome = Outcome(simpul.CodeTimeout)
		query, args := rowsOfExchanges.newestFirst("*", f.ofRows(place{}), 10)
		checkPlan(t, db, "evidence_exchange", []string{want}, nation, query, args)
	}
	failed := Filter{Outcome: Outcome(simpul.CodeTimeout)}
	query, args := rowsOfExchanges.newestFirst(string(bandung), failed.ofRows(place{}), 10)
	checkPlan(t, db, "evidence_exchange", []string{"_outcome_consumer (consumer_agency=? AND outcome=?", "_outcome_provider (provider_agency=? AND outcome=?"}, own, query, args)
}

func checkPlan(t *testing.T, db *sqldb.DB, table string, want []string, scope simpul.Scope, query string, args []any) {
	t.Helper()
	var plan []string
	err := db.Read(t.Context(), scope, func(tx *sqldb.Tx) (err error) {
		plan, err = sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (step string, err error) {
			var id, parent, unused int
			return step, scan(&id, &parent, &unused, &step)
		}, `EXPLAIN QUERY PLAN `+query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(plan, "\n")
	for _, index := range want {
		if !strings.Contains(text, table+index) {
			t.Errorf("%s is not used:\n%s\n%s", table+index, query, text)
		}
	}
	// What opened in the same millisecond may be sorted, and no more.
	sorts := strings.Contains(strings.ReplaceAll(text, "TEMP B-TREE FOR LAST TERM", ""), "TEMP B-TREE")
	if strings.Contains(text, "SCAN evidence") || scope == nation && sorts {
		t.Errorf("it reads too much:\n%s\n%s", query, text)
	}
}
