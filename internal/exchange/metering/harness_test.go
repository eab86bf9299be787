package metering

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const (
	bandung    simpul.AgencyID = "bandungkota.go.id"
	kemendagri simpul.AgencyID = "kemendagri.go.id"
	kemenkeu   simpul.AgencyID = "kemenkeu.go.id"
	bps        simpul.AgencyID = "bps.go.id" // takes part in nothing
)

var (
	quiet  = slog.New(slog.DiscardHandler)
	nation = simpul.NationScope()
	noon   = time.Date(2026, 11, 23, 5, 20, 0, 0, time.UTC) // 12.20 in Jakarta
)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

// ledger is a journal in memory whose records are all sealed exchanges.
type ledger struct {
	name string
	mu   sync.Mutex
	all  []simpul.Exchange
	more chan struct{}
}

func newLedger(name string, all ...simpul.Exchange) *ledger {
	return &ledger{name: name, all: all, more: make(chan struct{})}
}

func (l *ledger) write(all ...simpul.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, all...)
	close(l.more)
	l.more = make(chan struct{})
}

func (l *ledger) ID() string { return l.name }

func (l *ledger) Last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return uint64(len(l.all))
}

func (l *ledger) Sync(context.Context) error { return nil }

func (l *ledger) Read(after uint64, most int, sealed func(*simpul.Exchange)) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; after < uint64(len(l.all)) && most > 0; most-- {
		sealed(&l.all[after])
		after++
	}
	return after, nil
}

func (l *ledger) Await(ctx context.Context, after uint64) error {
	for {
		l.mu.Lock()
		n, more := uint64(len(l.all)), l.more
		l.mu.Unlock()
		if n > after {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// traffic makes exchanges between a few agencies within some hours before the
// time.
func traffic(n int, seed uint64, until time.Time, within time.Duration) []simpul.Exchange {
	r := rand.New(rand.NewPCG(seed, seed))
	applications := []simpul.ApplicationID{"layanan@bandungkota.go.id", "bansos@bandungkota.go.id", "pajak@kemenkeu.go.id"}
	lids := []simpul.Exchange{
		{Address: "kependudukan/Penduduk", Provider: kemendagri, Version: "1.2", Class: simpul.Tertutup, Operation: simpul.Operation{Method: "GET", Path: "/{nik}"}},
		{Address: "master/Kota", Provider: kemendagri, Version: "1.0", Class: simpul.Terbuka, Operation: simpul.Operation{Method: "GET", Path: "/"}},
		{Address: "pajak/Npwp", Provider: kemenkeu, Version: "2.0", Class: simpul.Terbatas, Operation: simpul.Operation{Method: "POST", Path: "/cek"}},
	}
	ends := []struct {
		outcome simpul.Code
		status  int
	}{{"", 200}, {"", 200}, {"", 200}, {"", 404}, {"", 503}, {simpul.CodeDenied, 403}, {simpul.CodeLimited, 429}, {simpul.CodeTimeout, 504}, {simpul.CodeInternal, 500}}
	all := make([]simpul.Exchange, n)
	for i := range all {
		x := lids[r.IntN(len(lids))]
		x.OpenedAt = until.Add(-time.Duration(r.Int64N(int64(within))))
		x.Consumer.Application = applications[r.IntN(len(applications))]
		x.Grant = simpul.GrantID("izin-" + string('a'+rune(r.IntN(4))))
		end := ends[r.IntN(len(ends))]
		x.Outcome, x.Status = end.outcome, end.status
		x.RequestBytes, x.ResponseBytes = r.Int64N(100), r.Int64N(5000)
		x.Latency = time.Duration(r.ExpFloat64() * float64(20*time.Millisecond))
		if x.Blame() != simpul.ConsumerSide {
			x.Upstream = x.Latency / 2
		}
		all[i] = x
	}
	return all
}

// run counts until the test ends.
func run(t testing.TB, m *Meter) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { m.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// counted stores what a journal holds and returns the use cases.
func counted(t testing.TB, db *sqldb.DB, now time.Time, all ...simpul.Exchange) *Service {
	t.Helper()
	m := NewMeter(db, newLedger("j-1", all...), quiet, at(now))
	run(t, m)
	if err := m.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return New(db, nil, granted{}, at(now))
}

// granted are the grants of a test, whoever asks.
type granted []Granted

func (g granted) InEffect(context.Context, simpul.Principal) ([]Granted, error) { return g, nil }

// dump writes both tables out.
func dump(t testing.TB, db *sqldb.DB) (rows []string) {
	t.Helper()
	err := db.Read(t.Context(), nation, func(tx *sqldb.Tx) error {
		for _, query := range []string{
			`SELECT journal || ' ' || hour || ' ' || address || ' ' || version || ' ' || method || path || ' ' || provider_agency || ' ' || consumer_application || ' ' || consumer_agency || ' ' || grant_id || ' ' ||
				side || ' ' || cause || ' ' || calls || ' ' || request_bytes || ' ' || response_bytes || ' ' || latency_us || ' ' || upstream_us || ' [' || latency || '] [' || upstream || ']' FROM metering_hour ORDER BY 1`,
			`SELECT journal || ' ' || day || ' ' || address || ' ' || version || ' ' || provider_agency || ' ' || consumer_application || ' ' || grant_id || ' ' ||
				side || ' ' || cause || ' ' || calls || ' ' || response_bytes || ' ' || upstream_us || ' [' || latency || '] [' || upstream || ']' FROM metering_day ORDER BY 1`,
		} {
			some, err := sqldb.All(t.Context(), tx, func(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }, query)
			if err != nil {
				return err
			}
			rows = append(rows, some...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
