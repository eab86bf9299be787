package metering

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Journal is the journal of this process, as its owner hands it over.
type Journal interface {
	ID() string
	Last() uint64               // sequence of the newest record, on disk or not
	Sync(context.Context) error // returns once every record so far is on disk
	// Read calls sealed for each exchange that ended, of at most so many records
	// on disk after the position, and returns the position after them. The
	// exchange is valid during the call only.
	Read(after uint64, most int, sealed func(*simpul.Exchange)) (end uint64, err error)
	Await(ctx context.Context, after uint64) error // returns once there is a record after the position
}

const (
	readAtOnce = 2000
	mostCells  = 20_000          // in memory, before they are stored
	storeEvery = 5 * time.Second // longest time that a record waits in memory
	tryAgain   = time.Second     // after something failed
)

// Meter counts the exchanges of one journal. What it counted is in memory for a
// few seconds, and is stored together with the position in the journal up to
// which it was counted: a process that is killed counts again what was not
// stored, and nothing else.
type Meter struct {
	db      *sqldb.DB
	journal Journal
	log     *slog.Logger
	now     clock.Clock
	stored  atomic.Uint64 // position
	asks    chan ask      // of those who wait
	waiting []ask         // those whose records are not stored yet; of Run alone
}

// ask waits until everything up to the position is stored.
type ask struct {
	upTo uint64
	done chan<- struct{}
}

// NewMeter makes a meter of the journal; Run counts.
func NewMeter(db *sqldb.DB, j Journal, log *slog.Logger, now clock.Clock) *Meter {
	return &Meter{db: db, journal: j, log: log, now: now, asks: make(chan ask)}
}

// Lag is how many records of the journal are not stored yet.
func (m *Meter) Lag() uint64 {
	stored := m.stored.Load()
	return max(m.journal.Last(), stored) - stored
}

// CatchUp returns once every exchange that had ended before the call is stored.
func (m *Meter) CatchUp(ctx context.Context) error {
	end := m.journal.Last()
	if err := m.journal.Sync(ctx); err != nil {
		return err
	}
	done := make(chan struct{})
	select {
	case m.asks <- ask{end, done}:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run counts until ctx ends. When the database or the journal fails it begins
// again from what is stored.
func (m *Meter) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := m.follow(ctx)
		if ctx.Err() != nil || errors.Is(err, errMoved) {
			continue // errMoved: everything is to be counted anew
		}
		m.log.WarnContext(ctx, "metering: will try again", "err", err, "behind", m.Lag())
		pause := time.NewTimer(tryAgain)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
	}
}

// follow counts from the stored position on, until something fails.
func (m *Meter) follow(ctx context.Context) error {
	at, err := m.resume(ctx)
	if err != nil {
		return err
	}
	b := newBatch(at)
	for {
		more, err := m.take(b)
		if err != nil {
			return err
		}
		if b.end > b.from && (len(b.cells) >= mostCells || m.due(b) || !more && len(m.waiting) > 0) {
			if err := m.store(ctx, b); err != nil {
				return err
			}
			b = newBatch(b.end)
		}
		m.waiting = m.answer(m.waiting)
		if more {
			continue
		}
		a, err := m.wait(ctx, b)
		if err != nil {
			return err
		}
		if a.done == nil {
			continue
		}
		m.waiting = append(m.waiting, a)
		if err := m.unmoved(ctx, b.from); err != nil { // whoever asks sees no counts that are to be dropped
			return err
		}
	}
}

// take counts what is there; false where nothing was.
func (m *Meter) take(b *batch) (more bool, err error) {
	end, err := m.journal.Read(b.end, readAtOnce, b.add)
	if err != nil || end == b.end {
		return false, err
	}
	if b.since.IsZero() {
		b.since = m.now()
	}
	b.end = end
	return true, nil
}

func (m *Meter) due(b *batch) bool { return m.now().Sub(b.since) >= storeEvery }

// answer tells those whose records are stored.
func (m *Meter) answer(waiting []ask) (left []ask) {
	for _, a := range waiting {
		if a.upTo > m.stored.Load() {
			left = append(left, a)
			continue
		}
		close(a.done)
	}
	return left
}

// wait returns when there is more to do: a record, somebody who asks, or time to
// store. Every so often it sees whether all is to be counted anew.
func (m *Meter) wait(ctx context.Context, b *batch) (a ask, err error) {
	records, stop := context.WithTimeout(ctx, storeEvery)
	defer stop()
	there := make(chan error, 1)
	go func() { there <- m.journal.Await(records, b.end) }()
	select {
	case a = <-m.asks:
		return a, nil
	case err = <-there:
	}
	if ctx.Err() != nil {
		return a, ctx.Err()
	}
	if records.Err() != nil { // nothing came
		return a, m.unmoved(ctx, b.from)
	}
	return a, err
}

// resume returns the stored position, after dropping what is to be counted anew.
func (m *Meter) resume(ctx context.Context) (at uint64, err error) {
	err = m.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		at, err = beginAt(ctx, tx, m.journal.ID(), m.now())
		return err
	})
	if err == nil {
		m.stored.Store(at)
	}
	return at, err
}

// unmoved fails with errMoved where the position is not what this meter stored,
// or everything is to be counted anew.
func (m *Meter) unmoved(ctx context.Context, at uint64) error {
	return m.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		p, err := positionOf(ctx, tx, m.journal.ID())
		if errors.Is(err, sqldb.ErrNoRows) || err == nil && (p.Sequence != at || p.again) {
			return errMoved
		}
		return err
	})
}

// store writes a batch and the position after it in one transaction.
func (m *Meter) store(ctx context.Context, b *batch) error {
	journal := m.journal.ID()
	err := m.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := movePosition(ctx, tx, journal, b.from, b.end, m.journal.Last(), m.now()); err != nil {
			return err
		}
		floors, err := storedFloors(ctx, tx)
		if err != nil {
			return err
		}
		if err := hours.add(ctx, tx, journal, b.cells, floors[hours.name]); err != nil {
			return err
		}
		return days.add(ctx, tx, journal, b.days(), floors[days.name])
	})
	if err != nil {
		return fmt.Errorf("store what was counted: %w", err)
	}
	m.stored.Store(b.end)
	return nil
}
