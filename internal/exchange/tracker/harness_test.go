package tracker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	bansos     simpul.AgencyID = "kemsos.go.id"
	kemendagri simpul.AgencyID = "kemendagri.go.id"
	police     simpul.AgencyID = "polri.go.id"
	bps        simpul.AgencyID = "bps.go.id" // takes part in nothing

	aid     simpul.ApplicationID = "bansos@kemsos.go.id"
	inquiry simpul.ApplicationID = "penyidikan@polri.go.id"

	melati simpul.NIK = "3273016609849962"
	guntur simpul.NIK = "1101010101900001"
)

var (
	quiet  = slog.New(slog.DiscardHandler)
	nation = simpul.NationScope()
	noon   = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC) // 12.00 in Jakarta
)

// box seals so that a test can see where a value stood: it opens in its place only.
type box struct{}

func (box) Seal(plaintext []byte, table, row, column string) ([]byte, error) {
	return append([]byte("sealed "+table+"/"+row+"/"+column+" "), plaintext...), nil
}

func (box) Open(sealed []byte, table, row, column string) ([]byte, error) {
	plaintext, ok := bytes.CutPrefix(sealed, []byte("sealed "+table+"/"+row+"/"+column+" "))
	if !ok {
		return nil, errors.New("sealed for another place")
	}
	return plaintext, nil
}

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

func (l *ledger) ID() string                 { return l.name }
func (l *ledger) Sync(context.Context) error { return nil }

func (l *ledger) Last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return uint64(len(l.all))
}

func (l *ledger) Persons(after uint64, most int, sealed func(uint64, string, *simpul.Exchange)) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for ; after < uint64(len(l.all)) && most > 0; most-- {
		if x := &l.all[after]; len(x.Persons) > 0 {
			sealed(after+1, sealOf(x), x)
		}
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

// sealOf is the key that sealed the record of an exchange.
func sealOf(x *simpul.Exchange) string { return string(x.Class) + "/" + string(MonthOf(x.OpenedAt)) }

// weekdays is a calendar without holidays.
type weekdays struct{}

func (weekdays) After(t time.Time, days int) time.Time {
	for days > 0 {
		t = t.AddDate(0, 0, 1)
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			days--
		}
	}
	return t
}

// desk remembers what it was asked to tell and to propose.
type desk struct {
	mu       sync.Mutex
	told     []simpul.Notice
	done     []string
	proposed [][]byte
}

func (d *desk) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.told = append(d.told, n)
	return nil
}

func (d *desk) Done(_ context.Context, _ *sqldb.Tx, key string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = append(d.done, key)
	return nil
}

func (d *desk) Propose(_ context.Context, _ *sqldb.Tx, _ simpul.Principal, _, _ string, _ simpul.AgencyID, _, content []byte, _ string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.proposed = append(d.proposed, content)
	return "u-1", nil
}

// room is the tracker with a clock that a test moves.
type room struct {
	*Service
	desk   *desk
	ledger *ledger
	time   atomic.Pointer[time.Time] // read by whoever follows the journal, too
}

// at moves the clock.
func (r *room) at(t time.Time) { r.time.Store(&t) }

func newRoom(t *testing.T, db *sqldb.DB) *room {
	t.Helper()
	r := &room{desk: &desk{}, ledger: newLedger("j-1")}
	r.at(noon)
	now := clock.Clock(func() time.Time { return *r.time.Load() })
	keys := NewKeys(db, box{}, now)
	if err := keys.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := NewFollower(db, r.ledger, quiet, now)
	r.Service = New(Doors{DB: db, Keys: keys, Sealer: box{}, Proposals: r.desk, Notices: r.desk, Calendar: weekdays{}, Follower: f, Now: now})
	run(t, f)
	return r
}

// run follows until the test ends.
func run(t *testing.T, f *Follower) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// call is an exchange in which an application got the data of persons.
func (r *room) call(t *testing.T, at time.Time, application simpul.ApplicationID, persons ...simpul.NIK) simpul.Exchange {
	t.Helper()
	x := simpul.Exchange{
		ID: simpul.NewExchangeID(at), OpenedAt: at, Consumer: simpul.Consumer{Application: application}, Address: "kependudukan/CekNIK", Version: "1.0", Class: simpul.Terbatas,
		Provider: kemendagri, Operation: simpul.Operation{Method: "POST", Path: "/"}, Grant: "izin-1", Purpose: "Memastikan penerima bantuan ada", Basis: "UU 24/2013 pasal 58", Fields: "nama sintetis", Status: 200,
	}
	k, err := r.Keys.at(at)
	if err != nil {
		t.Fatal(err)
	}
	for _, nik := range persons {
		x.Persons = append(x.Persons, k.pseudonym(nik))
	}
	return x
}

func person(n int) simpul.NIK { return simpul.NIK(fmt.Sprintf("327301660984%04d", n+1)) }

func below(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

func officer(permissions ...simpul.Permission) simpul.Principal {
	return simpul.Principal{ID: "loket@disdukcapil.go.id", Account: "a-1", Agency: "disdukcapil.go.id", Permissions: permissions}
}

func (l *ledger) Forget(context.Context) error { return nil }
