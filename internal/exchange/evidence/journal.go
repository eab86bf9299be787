package evidence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
)

// Options of a journal. The zero value is ready for use.
type Options struct {
	SegmentBytes int64         // a segment is closed before it grows beyond; default 64 MiB
	SyncInterval time.Duration // longest time that a buffered record is not on disk; default 100 ms
	VerifyBytes  int64         // how much of the newest journal opening reads and checks; default 256 MiB
	Log          *slog.Logger  // default: none

	open   opener                           // default: the operating system's
	rename func(before, after string) error // likewise
}

func (o Options) withDefaults() Options {
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = 64 << 20
	}
	if o.SyncInterval <= 0 {
		o.SyncInterval = 100 * time.Millisecond
	}
	if o.VerifyBytes <= 0 {
		o.VerifyBytes = 256 << 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.rename == nil {
		o.rename = os.Rename
	}
	if o.open == nil {
		o.open = openOS
	}
	return o
}

// Journal is the append-only sequence of records on disk; sequences start at 1
// and have no gap. Its oldest part may have been removed at the end of its retention. It is safe for concurrent use.
type Journal struct {
	options Options
	dir     string
	id      JournalID
	durable position // the last record that is on disk
	queue   atomic.Pointer[queue]
	first   atomic.Uint64 // of the records that were not removed at the end of their retention
	life    atomic.Uint64 // counts openings: what was not durable in one may differ in the next

	ending   *Ending    // nil while the journal goes on
	mu       sync.Mutex // guards what follows
	lock     *os.File   // nil once closed
	recovery Recovery
	removal  Removal
	stop     chan struct{} // closed to make the committer finish
	stopped  chan struct{} // closed when it has; then err is its verdict
	err      error
}

// OpenJournal opens the journal in DATA/evidence, or begins one, after checking
// it as [Recovery] describes. A journal that is damaged, or held by another
// process, is not opened; the error is a *simpul.Error and, for damage, wraps a
// *DamageError. Where a journal has ended ([Journal.End]) the one that is begun says so
// in its first record.
func OpenJournal(data string, o Options) (*Journal, error) {
	o = o.withDefaults()
	dir := filepath.Join(data, "evidence")
	if err := makeDir(o.open, dir); err != nil {
		return nil, unwritable(err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	j := &Journal{options: o, dir: dir, lock: lock}
	if err := settleEnding(o, dir); err != nil {
		lock.Close()
		return nil, explain(err)
	}
	if err := j.start(); err != nil {
		lock.Close()
		return nil, err
	}
	if err := j.succeed(); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// start recovers what is on disk and sets a committer to work.
func (j *Journal) start() error {
	r, err := recoverJournal(j.options.open, j.dir, j.options.VerifyBytes, j.durable.get())
	if err != nil {
		return explain(err)
	}
	f, err := j.options.open(r.path(r.newest()), os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return unwritable(err)
	}
	if err := f.Sync(); err != nil { // what a killed process wrote may still be in memory
		f.Close()
		return unwritable(err)
	}
	if r.Torn != nil {
		j.options.Log.Warn("evidence journal: removed the torn end of an interrupted write", "torn", *r.Torn)
	}
	if j.life.Add(1) == 1 {
		j.id = r.journal
	}
	q := newQueue(r.Last + 1)
	j.queue.Store(q)
	j.durable.advance(r.Last)
	j.recovery = r.Recovery
	j.removal = r.removal
	j.first.Store(r.removal.Through + 1)
	j.stop, j.stopped = make(chan struct{}), make(chan struct{})
	go j.run(&committer{
		queue: q, durable: &j.durable, open: j.options.open, dir: j.dir, journal: j.id,
		limit: j.options.SegmentBytes, interval: j.options.SyncInterval,
		file: f, size: r.end, written: r.Last,
	}, j.stop, j.stopped)
	return nil
}

// run sees the committer to its end.
func (j *Journal) run(c *committer, stop <-chan struct{}, stopped chan<- struct{}) {
	err := c.run(stop)
	if err != nil {
		j.options.Log.Error("evidence journal: stopped accepting", "err", err)
		c.queue.take().finish(err)
	}
	c.file.Close()
	j.err = err
	close(stopped)
}

// Append hands over a record and returns its sequence without waiting for the
// disk: the record is written within milliseconds, so that it outlives the
// process, and is on disk within Options.SyncInterval. It waits only while too
// many records are in memory, and only as long as ctx allows.
func (j *Journal) Append(ctx context.Context, payload []byte) (uint64, error) {
	if err := checkPayload(payload); err != nil {
		return 0, err
	}
	return j.queue.Load().put(ctx, payload)
}

// Commit appends a record and returns once it is on disk. If ctx ends first the
// record may or may not get there.
func (j *Journal) Commit(ctx context.Context, payload []byte) (uint64, error) {
	if err := checkPayload(payload); err != nil {
		return 0, err
	}
	sequence, b, err := j.queue.Load().putWaiting(ctx, payload)
	if err != nil {
		return 0, err
	}
	return sequence, wait(ctx, b)
}

// Flush returns once every record handed over so far is on disk.
func (j *Journal) Flush(ctx context.Context) error {
	b, err := j.queue.Load().flush()
	if err != nil {
		return err
	}
	return wait(ctx, b)
}

func wait(ctx context.Context, b *batch) error {
	if ctx.Done() == nil { // a select costs more than a record's checksum
		<-b.done
		return b.err
	}
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return interrupted(ctx.Err())
	}
}

func checkPayload(payload []byte) error {
	if n := len(payload); n == 0 || n > maxPayload {
		return &simpul.Error{
			Code:    simpul.CodeTooLarge,
			Message: simpul.Text{ID: "Catatan pertukaran terlalu besar atau kosong.", EN: "The record of the exchange is too large or empty."},
			Remedy:  simpul.Text{ID: "Persingkat tujuan pada izin atau jalur pada kontrak.", EN: "Shorten the purpose in the grant or the path in the contract."},
			Err:     fmt.Errorf("payload of %d bytes", n),
		}
	}
	return nil
}

// ID returns the journal's identity, made when it began.
func (j *Journal) ID() JournalID { return j.id }

// Last returns the sequence of the last record handed over, 0 before the first.
func (j *Journal) Last() uint64 { return j.queue.Load().last() }

// Durable returns the sequence up to which every record is on disk.
func (j *Journal) Durable() uint64 { return j.durable.get() }

// AwaitDurable returns once the record of the sequence is on disk, or ctx's error.
func (j *Journal) AwaitDurable(ctx context.Context, sequence uint64) error {
	return j.durable.await(ctx, sequence)
}

// Recovery returns what the last opening found.
func (j *Journal) Recovery() Recovery {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.recovery
}

// Err returns why the journal refuses records, or nil.
func (j *Journal) Err() error { return j.queue.Load().err() }

// Reopen checks the journal on disk again and resumes after a failure; after a full
// disk only once there is room, and after one that took no writes only once it takes a new file. It does nothing while the journal is at work, and fails once it is closed.
func (j *Journal) Reopen() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.lock == nil {
		return closed()
	}
	if j.Err() == nil {
		return nil
	}
	<-j.stopped
	if TroubleOf(j.Err()).needsProbe() {
		if err := probe(j.options.open, j.dir); err != nil {
			return unwritable(err)
		}
	}
	return j.start()
}

// Close refuses further records, puts everything handed over on disk and
// releases the journal. It returns why that, or an earlier write, failed.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.lock == nil {
		return j.err
	}
	lock := j.lock
	return errors.Join(j.finishLocked(), lock.Close())
}

// finish closes the journal, and keeps others from it.
func (j *Journal) finish() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.finishLocked()
}

func (j *Journal) finishLocked() error {
	j.lock = nil
	if j.stop == nil {
		return nil // it has ended, and nobody writes
	}
	j.queue.Load().fail(closed())
	close(j.stop)
	<-j.stopped
	return j.err
}
