package tracker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
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
	// Persons calls sealed for each exchange that ended and names persons, of at
	// most so many records on disk after the position, and returns the position
	// after them. The exchange is whole: what was sealed in its record is opened.
	// sealedBy is the key of the record, "" where it is not sealed.
	Persons(after uint64, most int, sealed func(sequence uint64, sealedBy string, x *simpul.Exchange)) (end uint64, err error)
	Await(ctx context.Context, after uint64) error // returns once there is a record after the position
	// Forget lets go of keys that have been destroyed by now: from then on nothing
	// that they seal is opened.
	Forget(ctx context.Context) error
}

const (
	readAtOnce = 500
	storeEvery = 5 * time.Second // longest time after which a position without rows is stored
	lookEvery  = 2 * time.Second // how often a quiet follower sees whether it is to begin anew
	tryAgain   = time.Second     // after something failed
)

// Follower makes the view of accesses from one journal. The position moves in the
// transaction that stores the rows, so that each exchange is there once, however
// often the process dies.
type Follower struct {
	db      *sqldb.DB
	journal Journal
	log     *slog.Logger
	now     clock.Clock

	mu      sync.Mutex
	reached uint64        // everything up to here is stored that has to be
	life    int           // rises when all is to be read anew
	moved   chan struct{} // closed when reached or life changes
}

// NewFollower follows the journal once it runs.
func NewFollower(db *sqldb.DB, j Journal, log *slog.Logger, now clock.Clock) *Follower {
	return &Follower{db: db, journal: j, log: log, now: now, moved: make(chan struct{})}
}

// Lag is how many records of the journal the view does not show yet.
func (f *Follower) Lag() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return max(f.journal.Last(), f.reached) - f.reached
}

// CatchUp returns once the view shows every exchange that had ended before the
// call.
func (f *Follower) CatchUp(ctx context.Context) error {
	end := f.journal.Last()
	if err := f.journal.Sync(ctx); err != nil {
		return err
	}
	for {
		f.mu.Lock()
		reached, moved := f.reached, f.moved
		f.mu.Unlock()
		if reached >= end {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Run follows until ctx ends. When the database or the journal fails it begins
// again from what is stored.
func (f *Follower) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := f.follow(ctx)
		if ctx.Err() != nil || errors.Is(err, errMoved) {
			continue // errMoved: everything is to be read anew
		}
		f.log.WarnContext(ctx, "tracker: will try again", "err", err, "behind", f.Lag())
		pause := time.NewTimer(tryAgain)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
	}
}

func (f *Follower) follow(ctx context.Context) error {
	life := f.present()
	at, err := f.resume(ctx)
	if err != nil {
		return err
	}
	if err := f.journal.Forget(ctx); err != nil { // after resume: what has the view made anew was committed before
		return err
	}
	f.reach(life, at)
	stored, storedAt := at, f.now()
	for {
		rows, end, err := f.read(at)
		if err != nil {
			return err
		}
		if len(rows) > 0 || end > stored && f.now().Sub(storedAt) >= storeEvery {
			if err := f.store(ctx, rows, stored, end); err != nil {
				return err
			}
			stored, storedAt = end, f.now()
		}
		if f.reach(life, end) {
			return errMoved
		}
		if end > at {
			at = end
			continue
		}
		if err := f.wait(ctx, at, stored); err != nil {
			return err
		}
	}
}

func (f *Follower) read(at uint64) (rows []row, end uint64, err error) {
	end, err = f.journal.Persons(at, readAtOnce, func(sequence uint64, sealedBy string, x *simpul.Exchange) {
		if x.Rehearsed() {
			return
		}
		for _, a := range accessesOf(x) {
			rows = append(rows, row{a, sequence, sealedBy})
		}
	})
	return rows, end, err
}

// wait returns when there is a record, or it is time to look around.
func (f *Follower) wait(ctx context.Context, at, stored uint64) error {
	records, stop := context.WithTimeout(ctx, lookEvery)
	defer stop()
	err := f.journal.Await(records, at)
	if err == nil || ctx.Err() != nil || records.Err() == nil {
		return errors.Join(err, ctx.Err())
	}
	return f.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { // nothing came
		p, err := positionOf(ctx, tx, f.journal.ID())
		if errors.Is(err, sqldb.ErrNoRows) || err == nil && (p.Sequence != stored || p.again) {
			return errMoved
		}
		return err
	})
}

func (f *Follower) present() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.life
}

// reach notes how far the view is; true where all is to be read anew since.
func (f *Follower) reach(life int, to uint64) (anew bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if life != f.life {
		return true
	}
	if to != f.reached {
		f.reached = to
		close(f.moved)
		f.moved = make(chan struct{})
	}
	return false
}

// anew says that everything is to be read again.
func (f *Follower) anew() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.life++
	f.reached = 0
}

// resume returns the stored position, after dropping what is to be read anew.
func (f *Follower) resume(ctx context.Context) (at uint64, err error) {
	err = f.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		at, err = beginAt(ctx, tx, f.journal.ID(), f.now())
		return err
	})
	return at, err
}

// store writes rows and the position after them in one transaction.
func (f *Follower) store(ctx context.Context, rows []row, from, end uint64) error {
	journal := f.journal.ID()
	err := f.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := movePosition(ctx, tx, journal, from, end, f.journal.Last(), f.now()); err != nil {
			return err
		}
		floor, err := storedFloor(ctx, tx)
		if err != nil {
			return err
		}
		return addAccesses(ctx, tx, journal, rows, floor)
	})
	if err != nil {
		return fmt.Errorf("store accesses: %w", err)
	}
	return nil
}
