package evidence

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// sizeEnv says how many exchanges TestSearchAtSize searches. Without it they are
// few, and the test holds answers to what was written alone.
const sizeEnv = "SIMPUL_SEARCH_RECORDS"

const (
	usualSize  = 4000
	sizeDays   = 90
	sizeAtOnce = 20 // batches in one transaction, to fill sooner; the index writes one
)

var sizeBegin = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// A quiet application of the busiest agency, a quiet LID, and an outcome that the
// busiest LID had a few times, all of long ago.
const (
	quietApplication = simpul.ApplicationID("arsip@kab0.bench.go.id")
	quietLID         = simpul.Address("nasional/Langka")
	quietGrant       = simpul.GrantID("g-langka")
	rareOutcome      = simpul.CodeConflict
	quietOnes        = 5
)

// crowd makes exchanges of a nation: 400 agencies with 2,000 applications, 1,000
// LIDs of 60 providers, few of which have most of the traffic. They come in runs
// of one application on one LID, as programs call. One in twenty fails, one in
// five is of a durable class.
type crowd struct {
	*rand.Rand
	application, lid *rand.Zipf
	now              time.Time
	step             time.Duration // between two exchanges, on average
	sequence         uint64
	left             int // of the run
	run              simpul.Exchange
}

func newCrowd(n int) *crowd {
	r := rand.New(rand.NewPCG(44, 44))
	return &crowd{Rand: r, application: rand.NewZipf(r, 1.5, 4, 1999), lid: rand.NewZipf(r, 1.6, 3, 999),
		now: sizeBegin, step: sizeDays * 24 * time.Hour / time.Duration(n)}
}

func crowdApplication(i uint64) simpul.ApplicationID {
	return simpul.ApplicationID("app" + strconv.FormatUint(i/400, 10) + "@kab" + strconv.FormatUint(i%400, 10) + ".bench.go.id")
}

func crowdLID(i uint64) simpul.Address {
	return simpul.Address("nasional/L" + strconv.FormatUint(i, 10))
}

func crowdProvider(i uint64) simpul.AgencyID {
	return simpul.AgencyID("kementerian" + strconv.FormatUint(i%60, 10) + ".bench.go.id")
}

// begin begins a run: half of them on what everybody calls, half on LIDs of the
// application's own taste.
func (c *crowd) begin() {
	a, l := c.application.Uint64(), c.lid.Uint64()
	if c.IntN(2) == 0 {
		l = (l + a*37) % 1000
	}
	c.run = simpul.Exchange{
		Consumer: simpul.Consumer{Application: crowdApplication(a)}, Address: crowdLID(l), Provider: crowdProvider(l),
		Version: "1.2.0", Class: simpul.Terbuka, Operation: simpul.Operation{Method: "GET", Path: "/{kode}"},
		Grant: simpul.GrantID(fmt.Sprintf("g-%d-%d", a, l)), Purpose: "Verifikasi penerima bantuan sosial", Status: 200,
	}
	if l%5 == 3 {
		c.run.Class = simpul.Terbatas
	}
	c.left = 1 + int(c.ExpFloat64()*8)
	c.now = c.now.Add(time.Duration(float64(c.step) * float64(c.left) * 2 * c.Float64()))
}

func (c *crowd) next() *indexed {
	if c.left == 0 {
		c.begin()
	}
	c.left--
	c.sequence++
	x := c.run
	x.OpenedAt = c.now.Add(-time.Duration(c.left) * 30 * time.Millisecond)
	x.ID = simpul.NewExchangeID(x.OpenedAt)
	x.ResponseDigest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	x.ResponseBytes, x.Latency, x.Upstream = int64(c.IntN(20_000)), time.Duration(c.IntN(90_000))*time.Microsecond, 9*time.Millisecond
	if c.IntN(20) == 0 {
		x.Outcome, x.Status = anyOf(&random{Rand: c.Rand}, simpul.CodeDenied, simpul.CodeLimited, simpul.CodeUpstream, simpul.CodeTimeout), 403
	}
	return &indexed{c.sequence, Record{Kind: Sealed, Exchange: x}, true}
}

// quiet are the exchanges of which there are few, within the first days.
func (c *crowd) quiet() (all []*indexed) {
	for i := range quietOnes {
		for _, change := range []func(*simpul.Exchange){
			func(x *simpul.Exchange) { x.Consumer.Application = quietApplication },
			func(x *simpul.Exchange) { x.Address = quietLID },
			func(x *simpul.Exchange) { x.Grant = quietGrant },
			func(x *simpul.Exchange) { x.Outcome, x.Status, x.Address = rareOutcome, 409, crowdLID(0) },
		} {
			r := c.next()
			x := &r.record.Exchange
			x.OpenedAt = sizeBegin.Add(time.Duration(i) * 5 * time.Hour)
			x.ID, x.Provider = simpul.NewExchangeID(x.OpenedAt), crowdProvider(0)
			x.Consumer.Application = crowdApplication(0)
			change(x)
			all = append(all, r)
		}
	}
	return all
}

// fill writes n exchanges as the index does, batch by batch.
func (c *crowd) fill(t testing.TB, db *sqldb.DB, n int) {
	t.Helper()
	write := func(batches ...[]*indexed) {
		err := db.Write(t.Context(), nation, func(tx *sqldb.Tx) error {
			for _, b := range batches {
				if err := putExchanges(t.Context(), tx, "size", b); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	write(c.quiet())
	for done := 0; done < n; {
		var batches [][]*indexed
		for len(batches) < sizeAtOnce && done < n {
			batch := make([]*indexed, min(indexRecords, n-done))
			for i := range batch {
				batch[i] = c.next()
			}
			batches, done = append(batches, batch), done+len(batch)
		}
		write(batches...)
	}
}

// question is one kind of search, and how many it must find at least.
type question struct {
	name    string
	scope   simpul.Scope
	filter  Filter
	least   int
	deep    bool // far down, by a cursor in the middle of the time
	unknown bool // by an identifier that nobody has
}

func questions() []question {
	middle := sizeBegin.Add(sizeDays * 12 * time.Hour)
	consumer, provider := simpul.AgencyScope("kab0.bench.go.id"), simpul.AgencyScope(crowdProvider(0))
	busy, application := crowdLID(0), crowdApplication(0)
	failedThere := Filter{Address: busy, Outcome: Outcome(rareOutcome)}
	var all []question
	for _, who := range []struct {
		name  string
		scope simpul.Scope
	}{{"nation", nation}, {"consumer", consumer}, {"provider", provider}} {
		add := func(name string, f Filter, least int) {
			all = append(all, question{name: who.name + " " + name, scope: who.scope, filter: f, least: least})
		}
		add("everything", Filter{}, 50)
		all = append(all, question{name: who.name + " deep", scope: who.scope, deep: true, least: 20},
			question{name: who.name + " unknown id", scope: who.scope, unknown: true})
		add("window in the middle", Filter{Since: middle, Until: middle.Add(48 * time.Hour)}, 0)
		add("failed", Filter{Outcome: Failed}, 5)
		add("an outcome", Filter{Outcome: Outcome(simpul.CodeTimeout)}, 1)
		add("rare outcome", Filter{Outcome: Outcome(rareOutcome)}, quietOnes)
		add("rare outcome of a busy LID", failedThere, quietOnes)
		add("failed at a busy LID", Filter{Address: busy, Outcome: Failed}, quietOnes)
		add("outcome that never was", Filter{Outcome: Outcome(simpul.CodeGone)}, 0)
		add("busy LID in the middle", Filter{Address: busy, Since: middle, Until: middle.Add(240 * time.Hour)}, 0)
		add("LID that nobody calls", Filter{Address: "nasional/Tiada"}, 0)
		add("application that never calls", Filter{Application: "tiada@kab0.bench.go.id"}, 0)
		add("grant that nobody uses", Filter{Grant: "g-tiada"}, 0)
		add("quiet grant", Filter{Grant: quietGrant}, quietOnes)
		add("failures of a quiet LID", Filter{Address: quietLID, Outcome: Failed}, 0)
		add("rare outcome of a busy application", Filter{Application: application, Outcome: Outcome(rareOutcome)}, quietOnes)
		add("quiet LID", Filter{Address: quietLID}, quietOnes)
		add("busy application on a LID it never calls", Filter{Application: application, Address: crowdLID(991)}, 0)
		add("busy application's failures", Filter{Application: application, Outcome: Failed}, 0)
		if who.name != "provider" {
			add("quiet application", Filter{Application: quietApplication}, 0)
			add("quiet application, delivered", Filter{Application: quietApplication, Outcome: Delivered}, 0)
			add("busy application on a quiet LID", Filter{Application: application, Address: quietLID}, quietOnes)
		}
	}
	return all
}

// ask answers a question once, as a page of 50.
func (q question) ask(ctx context.Context, e *Exchanges, scope simpul.Scope) (int, error) {
	middle := sizeBegin.Add(sizeDays * 12 * time.Hour)
	if q.unknown {
		_, err := e.Get(ctx, scope, simpul.NewExchangeID(middle))
		if simpul.CodeOf(err) == simpul.CodeNotFound {
			err = nil
		}
		return 0, err
	}
	cursor := ""
	if q.deep {
		cursor = place{middle.UnixMilli(), simpul.NewExchangeID(middle)}.String()
	}
	found, _, err := e.List(ctx, scope, q.filter, 50, cursor)
	return len(found), err
}

// TestSearchAtSize asks every kind of question of a view of many exchanges. With
// SIMPUL_SEARCH_RECORDS=10000000 it says how long each takes, and the 95th
// percentile of all: go test -run SearchAtSize -v -timeout 2h.
func TestSearchAtSize(t *testing.T) {
	n, measured := usualSize, false
	if s := os.Getenv(sizeEnv); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
		measured = true
	}
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		begin, spent := time.Now(), cpuTime(t)
		newCrowd(n).fill(t, db, n)
		if measured {
			took, spent := time.Since(begin), cpuTime(t)-spent
			t.Logf("filled with %d in %v, %v of CPU a record in this process", n, took.Round(time.Second), (spent / time.Duration(n)).Round(10*time.Nanosecond))
		}
		e, all := NewExchanges(db, nil), []time.Duration{}
		for _, q := range questions() {
			took := q.repeat(t, e)
			if measured {
				t.Logf("%8.1f ms  %8.1f ms  %s", took[0].Seconds()*1e3, took[len(took)-1].Seconds()*1e3, q.name)
			}
			all = append(all, took...)
		}
		slices.Sort(all)
		if measured {
			t.Logf("evidence_search_p95 %.1f ms, longest %.1f ms", all[len(all)*95/100].Seconds()*1e3, all[len(all)-1].Seconds()*1e3)
		}
	})
}

// cpuTime is what this process has spent so far.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// repeat asks three times, and returns how long each took, the shortest first.
func (q question) repeat(t *testing.T, e *Exchanges) (took []time.Duration) {
	t.Helper()
	for range 3 {
		begin := time.Now()
		found, err := q.ask(t.Context(), e, q.scope)
		if err != nil {
			t.Fatalf("%s: %v", q.name, err)
		}
		if found < q.least {
			t.Errorf("%s: found %d, want at least %d", q.name, found, q.least)
		}
		took = append(took, time.Since(begin))
	}
	slices.Sort(took)
	return took
}
