package evidence

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"simpul"
)

// The tests of pages put random records into the view, in batches with random
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
