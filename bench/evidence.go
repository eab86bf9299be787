//go:build linux

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
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
	"simpul/internal/exchange/evidence/ledger"
	"simpul/internal/platform/clock"
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

// serveEvidence keeps evidence as a hub does: journal, index in SQLite,
// transparency log, and charges all of it, whenever it is done.
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
	if r.Kept, err = p.charge(ctx, keeper.keep, keeper.followed); err != nil {
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

// answerSum is that of some answer.
var answerSum = sha256.Sum256([]byte("an answer"))

// exchange is one that was delivered, as the gateway hands it over.
func (p evidencePlan) exchange() simpul.Exchange {
	now := time.Now()
	x := simpul.Exchange{
		ID: simpul.NewExchangeID(now), OpenedAt: now,
		Consumer: simpul.Consumer{Application: "layanan@bandungkota.go.id", Credential: "k-7f3a"},
		Address:  "kependudukan/Penduduk", Version: "1.2.0", Class: p.Class, Provider: "kemendagri.go.id",
		Operation: simpul.Operation{Method: "GET", Path: "/{nik}"}, Grant: "penduduk-bandung", Purpose: "Verifikasi penerima bantuan sosial",
		Status: 200, ResponseDigest: simpul.DigestOf(answerSum),
		ResponseBytes: 1024, Latency: 3 * time.Millisecond, Upstream: 2 * time.Millisecond,
	}
	if p.Class.Durable() {
		x.Basis, x.Persons = "UU 24/2013 pasal 79", []simpul.Pseudonym{"2026-11:W3kqX0cB1m2n3o4p5q6r7s"}
		x.DigestKey = simpul.NewDigestKey()
		x.ResponseDigest = x.DigestKey.Response(answerSum)
	}
	return x
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
	log      *ledger.Ledger
	stop     context.CancelFunc
	running  sync.WaitGroup
	failed   error // of the index, once it has stopped
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
	keys := evidence.NewKeys(db, unsealed{}, clock.System)
	if err := keys.Load(ctx); err != nil {
		return nil, err
	}
	key, err := ledger.NewKey("bench", j.ID().String())
	if err != nil {
		return nil, err
	}
	log, err := ledger.New(dir, j, key, ledger.Options{})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	k := &keeper{db: db, journal: j, index: evidence.NewIndex(db, j, slog.New(slog.DiscardHandler)), log: log, stop: stop,
		recorder: evidence.NewRecorder(j, keys, evidence.NewTimekeeper())}
	k.running.Go(func() { k.failed = k.index.Run(ctx) })
	k.running.Go(func() { k.log.Run(ctx) })
	return k, nil
}

// unsealed keeps the keys of personal parts as they are: sealing a key costs no
// exchange anything.
type unsealed struct{}

func (unsealed) Seal(plain []byte, _, _, _ string) ([]byte, error)  { return bytes.Clone(plain), nil }
func (unsealed) Open(sealed []byte, _, _, _ string) ([]byte, error) { return bytes.Clone(sealed), nil }

// followed returns once the last follower of the journal is done.
func (k *keeper) followed(ctx context.Context) error {
	if err := k.index.CatchUp(ctx); err != nil {
		return err
	}
	for k.log.Behind() > 0 {
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return k.log.Err()
}

// keep records the exchange before the call, when nobody knows the answer yet, and
// after it, as the gateway does.
func (k *keeper) keep(ctx context.Context, x *simpul.Exchange) error {
	opened := *x
	opened.Status, opened.ResponseDigest, opened.DigestKey, opened.ResponseBytes, opened.Latency, opened.Upstream = 0, "", simpul.DigestKey{}, 0, 0, 0
	if err := k.recorder.Open(ctx, &opened); err != nil {
		return err
	}
	return k.recorder.Seal(context.WithoutCancel(ctx), x)
}

func (k *keeper) close() error {
	k.stop()
	if k.running.Wait(); k.failed != nil {
		return k.failed
	}
	if err := k.journal.Close(); err != nil {
		return err
	}
	return k.db.Close()
}
