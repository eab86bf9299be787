//go:build linux

package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/ledger"
	"simpul/internal/exchange/evidence/proof"
)

const logFigure = "log_integrated"

// logSizes are how large a measured log is.
type logSizes struct {
	leaves int // entries, of one record each
	proofs int // random ones that are made
}

// measureLog measures the evidence log through the code that the hub runs: how
// fast records become entries of a log of a million, how long one proof takes,
// and what the checker says that Tessera brings.
func measureLog(ctx context.Context, l *lab) error {
	return measureLogOf(ctx, l.report, filepath.Join(l.dir, "log"), logSizes{leaves: 1_000_000, proofs: 10_000})
}

func measureLogOf(ctx context.Context, r *report, dir string, sizes logSizes) error {
	defer os.RemoveAll(dir)
	journal, err := evidence.OpenJournal(dir, evidence.Options{})
	if err != nil {
		return err
	}
	defer journal.Close()
	r.progress("%d records into a journal", sizes.leaves)
	if err := writeRecords(ctx, journal, sizes.leaves); err != nil {
		return err
	}
	key, err := ledger.NewKey("bench.example", journal.ID().String())
	if err != nil {
		return err
	}
	r.progress("into blocks of %d", proof.MaxRecords)
	_, spent, err := fillLog(ctx, dir, journal, key, proof.MaxRecords)
	if err != nil {
		return err
	}
	r.aside(figure{Name: "log_cpu_per_record", Unit: "µs", Value: spent.cpu.Seconds() * 1e6 / float64(sizes.leaves)})
	if err := errors.Join(os.RemoveAll(ledger.Dir(dir, journal.ID().String())), os.Remove(filepath.Join(dir, "evidence", "blocks.list"))); err != nil {
		return err
	}
	r.progress("into entries of one record")
	log, spent, err := fillLog(ctx, dir, journal, key, 1)
	if err != nil {
		return err
	}
	r.add(figure{Name: logFigure, Unit: "entries/s", Value: float64(log.Size()) / spent.time.Seconds()})
	r.aside(figure{Name: "log_cpu_per_entry", Unit: "µs", Value: spent.cpu.Seconds() * 1e6 / float64(log.Size())})
	if err := timeProofs(ctx, r, log, sizes); err != nil {
		return err
	}
	return timeChecker(ctx, r, ledger.Dir(dir, journal.ID().String()), key)
}

// writeRecords writes records as long as those of exchanges.
func writeRecords(ctx context.Context, j *evidence.Journal, n int) error {
	var salt [16]byte
	for i := range n {
		for b := range salt {
			salt[b] = byte(rand.Uint32())
		}
		record := fmt.Appendf(nil, `{"kind":"sealed","id":"0199f000-0000-7000-8000-%012d","opened":"2026-11-25T08:00:00.123456789Z","application":"layanan@bandungkota.go.id","credential":"k-0123456789","address":"dukcapil/CekNIK","version":"1.0","class":"terbatas","provider":"dukcapil.kemendagri.go.id","method":"GET","path":"/penduduk/{nik}","grant":"layanan-cek-nik","purpose":"Melayani warga di loket kecamatan","status":200,"response_digest":"8c1f1046219ddd216a023f792356ddf127fce372a72ec9b4cdac989ee5b0b455","response_bytes":412,"latency_ns":4512345,"upstream_ns":3912345,"basis":"Perpres 39/2019","salt":"%s"}`,
			i, base64.RawURLEncoding.EncodeToString(salt[:]))
		if _, err := j.Append(ctx, record); err != nil {
			return err
		}
	}
	return j.Flush(ctx)
}

// expense is what filling a log took.
type expense struct{ time, cpu time.Duration }

// fillLog runs a ledger until it has caught up, and says what that took, the
// checkpoint included.
func fillLog(ctx context.Context, dir string, j *evidence.Journal, key ledger.Key, records int) (l *ledger.Ledger, spent expense, err error) {
	if l, err = ledger.New(dir, j, key, ledger.Options{Records: records}); err != nil {
		return nil, spent, err
	}
	before, err := usedCPU()
	if err != nil {
		return nil, spent, err
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan struct{})
	began := time.Now()
	go func() { l.Run(running); close(ended) }()
	for l.Behind() > 0 && l.Err() == nil && err == nil {
		err = pause(ctx, 5*time.Millisecond)
	}
	stop()
	<-ended
	after, cerr := usedCPU()
	return l, expense{time.Since(began), after - before}, errors.Join(err, cerr, l.Err())
}

// usedCPU is what this process has used so far.
func usedCPU() (time.Duration, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}

// timeProofs makes proofs of random records, one after the other.
func timeProofs(ctx context.Context, r *report, l *ledger.Ledger, sizes logSizes) error {
	r.progress("%d proofs", sizes.proofs)
	took := make([]time.Duration, sizes.proofs)
	for i := range took {
		began := time.Now()
		if _, err := l.Prove(ctx, 1+rand.Uint64N(uint64(sizes.leaves))); err != nil {
			return err
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	r.aside(figure{Name: "log_proof_p50", Unit: "ms", Value: milliseconds(percentile(took, 50))})
	r.aside(figure{Name: "log_proof_p99", Unit: "ms", Value: milliseconds(percentile(took, 99))})
	return nil
}

// timeChecker has Tessera's own checker, which shares no code with the hub's,
// derive the whole log from its entries. It fails where the checker does.
func timeChecker(ctx context.Context, r *report, dir string, key ledger.Key) error {
	r.progress("Tessera's checker")
	v, err := note.NewVerifier(key.Verifier)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := fsck.New(key.Origin, v, client.FileFetcher{Root: dir}, leafHashes, fsck.Opts{N: 2}).Check(ctx); err != nil {
		return fmt.Errorf("checker of Tessera: %w", err)
	}
	r.aside(figure{Name: "log_checked", Unit: "s", Value: time.Since(began).Seconds()})
	return nil
}

func leafHashes(bundle []byte) (leaves [][]byte, err error) {
	var b api.EntryBundle
	err = b.UnmarshalText(bundle)
	for _, entry := range b.Entries {
		leaves = append(leaves, rfc6962.DefaultHasher.HashLeaf(entry))
	}
	return leaves, err
}
