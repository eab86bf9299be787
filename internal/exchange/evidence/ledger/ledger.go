package ledger

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/platform/clock"
)

// Options of a ledger. The zero value is ready for use.
type Options struct {
	Tick     time.Duration // between blocks where records are few; default 1 s
	Retry    time.Duration // after a failure; default 2 s
	Records  int           // most in a block; default and most proof.MaxRecords
	Cosigned Cosigned      // default: none, and proofs show the hub's own checkpoint
	Heads    Heads         // default: none
	Log      *slog.Logger  // default: none
	Clock    clock.Clock   // default: the system's
}

// Cosigned knows checkpoints of the log that witnesses signed too.
type Cosigned interface {
	// Cosigned returns the newest checkpoint of at least so many entries that has
	// cosignatures, or nothing.
	Cosigned(ctx context.Context, atLeast uint64) (note []byte, err error)
}

// Heads remembers, elsewhere than on the disk of the log, what the log was once.
type Heads interface {
	// Noted returns the largest head that was noted, 0 for none.
	Noted(ctx context.Context) (size uint64, root []byte, err error)
	// Note remembers a head; a smaller one than is known changes nothing.
	Note(ctx context.Context, size uint64, root []byte) error
}

func (o Options) withDefaults() Options {
	if o.Tick <= 0 {
		o.Tick = time.Second
	}
	if o.Retry <= 0 {
		o.Retry = 2 * time.Second
	}
	if o.Records <= 0 || o.Records > proof.MaxRecords {
		o.Records = proof.MaxRecords
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	return o
}

// Ledger is the transparency log of one journal. Its methods may be called at the
// same time, whether or not Run is at work.
type Ledger struct {
	files
	options  Options
	data     string
	journal  *evidence.Journal
	key      Key
	verifier note.Verifier

	place  atomic.Pointer[place]
	failed atomic.Pointer[Failure]
	shown  atomic.Pointer[Cosigned] // nil: none

	mu      sync.Mutex // guards what was read of full bundles, which never changes
	firsts  map[uint64]uint64
	bundles map[uint64][]proof.Block
}

// place is how far the log has come.
type place struct {
	size    uint64 // entries
	covered uint64 // last sequence
}

// Failure is why the log stands still.
type Failure struct {
	Since time.Time
	Err   error
}

// State is what people may want to know of the log.
type State struct {
	Origin  string
	Journal string
	Entries uint64   // blocks in the log
	Covered uint64   // the last record that is in it
	Behind  uint64   // records on disk that are not
	Failure *Failure // nil while the log follows the journal
}

// Dir is the folder of the log of a journal.
func Dir(data, journal string) string { return filepath.Join(data, "log", journal) }

// New makes the ledger of a journal in the data folder; Run fills it.
func New(data string, j *evidence.Journal, key Key, o Options) (*Ledger, error) {
	verifier, err := note.NewVerifier(key.Verifier)
	if err != nil {
		return nil, err
	}
	l := &Ledger{
		files: files{Dir(data, j.ID().String())}, options: o.withDefaults(), data: data, journal: j, key: key, verifier: verifier,
		firsts: map[uint64]uint64{}, bundles: map[uint64][]proof.Block{},
	}
	l.place.Store(&place{})
	if o.Cosigned != nil {
		l.Show(o.Cosigned)
	}
	if err := l.look(); err != nil {
		l.fail(err)
	}
	return l, nil
}

// Show has proofs carry cosigned checkpoints from now on, where there are any: who
// knows them may have to know the ledger first.
func (l *Ledger) Show(c Cosigned) { l.shown.Store(&c) }

// look finds out how far the log on disk has come.
func (l *Ledger) look() error {
	if !l.begun() {
		return nil
	}
	size, _, err := l.published()
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a process that died before it signed the first one; Run makes it
	}
	if err != nil || size == 0 {
		return err
	}
	last, err := l.entry(size-1, size)
	if err == nil {
		l.moved(size, last.First+uint64(last.Count)-1)
	}
	return err
}

// entry reads one block of a log of the size.
func (f files) entry(index, size uint64) (proof.Block, error) {
	blocks, err := f.bundle(index/bundleWidth, size)
	if err != nil {
		return proof.Block{}, err
	}
	return blocks[index%bundleWidth], nil
}

func (l *Ledger) moved(size, covered uint64) { l.place.Store(&place{size, covered}) }

// fail notes why the log stands still, and tells the operator when the reason is
// a new one.
func (l *Ledger) fail(err error) {
	now := l.options.Clock()
	before := l.failed.Load()
	if before != nil && alike(before.Err, err) {
		return
	}
	f := &Failure{Since: now, Err: err}
	if before != nil {
		f.Since = before.Since
	}
	l.failed.Store(f)
	l.options.Log.Error("evidence log: stands still and will try again; traffic goes on", "err", err, "behind", l.Behind())
}

func (l *Ledger) recovered() {
	if before := l.failed.Swap(nil); before != nil {
		l.options.Log.Warn("evidence log: follows the journal again", "since", before.Since, "cause", before.Err)
	}
}

// Size returns how many entries the log has.
func (l *Ledger) Size() uint64 { return l.place.Load().size }

// Covered returns the last sequence that is in the log, 0 for none.
func (l *Ledger) Covered() uint64 { return l.place.Load().covered }

// Behind returns how many records on disk are not in the log yet: none of a journal that
// has ended, whose log grows no more.
func (l *Ledger) Behind() uint64 {
	if _, ended := l.journal.Ending(); ended {
		return 0
	}
	covered := l.Covered()
	return max(l.journal.Durable(), covered) - covered
}

// Origin is the name of the log and of its key.
func (l *Ledger) Origin() string { return l.key.Origin }

// Journal is the identifier of the journal that the log follows.
func (l *Ledger) Journal() string { return l.journal.ID().String() }

// Verifier is the public key of the log, as golang.org/x/mod/sumdb/note writes it.
func (l *Ledger) Verifier() string { return l.key.Verifier }

// Err returns why the log stands still, or nil.
func (l *Ledger) Err() error {
	if f := l.failed.Load(); f != nil {
		return f.Err
	}
	return nil
}

// State returns how the log is.
func (l *Ledger) State() State {
	at := l.place.Load()
	return State{
		Origin: l.Origin(), Journal: l.Journal(), Entries: at.size, Covered: at.covered, Behind: l.Behind(), Failure: l.failed.Load(),
	}
}

// Run follows the journal until ctx ends. Then it adds what was handed to the
// journal before, and returns when a checkpoint of all that is published. When the
// disk or the journal fails it says so and begins again; nobody waits for it.
func (l *Ledger) Run(ctx context.Context) {
	for {
		err := l.follow(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			l.fail(l.explained(err))
		}
		if ctx.Err() != nil {
			return
		}
		if sleep(ctx, l.options.Retry) != nil {
			return
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
