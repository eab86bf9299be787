//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/platform/sqldb"
)

// evidencePlan is what a child needs to know that keeps evidence of exchanges.
type evidencePlan struct {
	Dir       string          `json:"dir"`
	Class     simpul.LIDClass `json:"class"`
	Exchanges int             `json:"exchanges"`
	Writers   int             `json:"writers"`
}

// evidenceResult is the CPU time of the child's process, over all exchanges.
type evidenceResult struct {
	Bare time.Duration `json:"bare_ns"` // of making the exchanges, without evidence
	Kept time.Duration `json:"kept_ns"` // of making them and keeping all of their evidence, until the last follower is done
}

// serveEvidence keeps evidence as a hub does: journal, index in SQLite, and
// charges all of it, whenever it is done.
func serveEvidence(ctx context.Context, in io.Reader, out io.Writer) error {
	var p evidencePlan
	if err := json.NewDecoder(in).Decode(&p); err != nil {
		return fmt.Errorf("evidence: plan: %w", err)
	}
	keeper, err := newKeeper(ctx, p.Dir)
	if err != nil {
		return err
	}
	nothing := func(context.Context, *simpul.Exchange) error { return nil }
	var r evidenceResult
	if r.Bare, err = p.charge(ctx, nothing, func(context.Context) error { return nil }); err != nil {
		return err
	}
	if r.Kept, err = p.charge(ctx, keeper.keep, keeper.index.CatchUp); err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(r); err != nil {
		return err
	}
	return keeper.close()
}

// charge has the writers make all exchanges and keep each, waits until what
// follows is done, and returns the CPU time of it all.
func (p evidencePlan) charge(ctx context.Context, keep func(context.Context, *simpul.Exchange) error, follow func(context.Context) error) (time.Duration, error) {
	before := ownCPU()
	var left atomic.Int64
	left.Store(int64(p.Exchanges))
	failed := make([]error, p.Writers)
	var all sync.WaitGroup
	for w := range p.Writers {
		all.Go(func() {
			for failed[w] == nil && left.Add(-1) >= 0 {
				x := p.exchange()
				failed[w] = keep(ctx, &x)
			}
		})
	}
	all.Wait()
	for _, err := range failed {
		if err != nil {
			return 0, err
		}
	}
	err := follow(ctx)
	return ownCPU() - before, err
}

// exchange is one that was delivered, as the gateway hands it over.
func (p evidencePlan) exchange() simpul.Exchange {
	now := time.Now()
	return simpul.Exchange{
		ID: simpul.NewExchangeID(now), OpenedAt: now,
		Consumer: simpul.Consumer{Application: "layanan@bandungkota.go.id", Credential: "k-7f3a"},
		Address:  "kependudukan/Penduduk", Version: "1.2.0", Class: p.Class, Provider: "kemendagri.go.id",
		Operation: simpul.Operation{Method: "GET", Path: "/{nik}"}, Grant: "penduduk-bandung", Purpose: "Verifikasi penerima bantuan sosial",
		Status: 200, ResponseDigest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		ResponseBytes: 1024, Latency: 3 * time.Millisecond, Upstream: 2 * time.Millisecond,
	}
}

// ownCPU is the user and system time of this process.
func ownCPU() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail for the own process
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// keeper keeps evidence of exchanges.
type keeper struct {
	db       *sqldb.DB
	journal  *evidence.Journal
	recorder *evidence.Recorder
	index    *evidence.Index
	stop     context.CancelFunc
	stopped  chan error
}

func newKeeper(ctx context.Context, dir string) (*keeper, error) {
	db, err := sqldb.Open(ctx, "sqlite://"+filepath.Join(dir, "bench.db"))
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	j, err := evidence.OpenJournal(dir, evidence.Options{})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	k := &keeper{db: db, journal: j, recorder: evidence.NewRecorder(j), index: evidence.NewIndex(db, j, slog.New(slog.DiscardHandler)), stop: stop, stopped: make(chan error, 1)}
	go func() { k.stopped <- k.index.Run(ctx) }()
	return k, nil
}

// keep records the exchange before the call and after it, as the gateway does.
func (k *keeper) keep(ctx context.Context, x *simpul.Exchange) error {
	if err := k.recorder.Open(ctx, x); err != nil {
		return err
	}
	return k.recorder.Seal(ctx, x)
}

func (k *keeper) close() error {
	k.stop()
	if err := <-k.stopped; err != nil {
		return err
	}
	if err := k.journal.Close(); err != nil {
		return err
	}
	return k.db.Close()
}
