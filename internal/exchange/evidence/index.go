package evidence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

const (
	indexRecords = 4096                   // most records in one transaction
	indexPause   = 200 * time.Millisecond // between transactions, so that records gather
	indexRetry   = time.Second            // after a transaction failed
	indexLook    = 5 * time.Second        // between looks whether all is to be read anew, where nothing comes
)

// Index keeps a view of the journal in the database, where exchanges can be
// searched. Each record counts once: the position in the journal moves in the
// same transaction. The view can be dropped at any time and comes back with the
// same answers, from the floor on that Exchanges.Prune sets.
type Index struct {
	db       *sqldb.DB
	journal  *Journal
	log      *slog.Logger
	position position      // up to which records are in the view
	hurry    chan struct{} // somebody waits: do not pause
	most     int           // records in one transaction
	batch    []indexed     // room for what is read at once; Run's own
	pending  *openings     // of the batch before, and of the one that is read; likewise
	skimmer  *skimmer      // likewise
}

// NewIndex makes an index of the journal; Run fills it.
func NewIndex(db *sqldb.DB, j *Journal, log *slog.Logger) *Index {
	return &Index{db: db, journal: j, log: log, hurry: make(chan struct{}, 1), most: indexRecords, pending: newOpenings(), skimmer: newSkimmer()}
}

// Run follows the journal until ctx ends, and then returns nil. When the
// database fails it tries again; an error means that the journal is damaged.
func (x *Index) Run(ctx context.Context) error {
	for {
		err := x.follow(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if _, ok := errors.AsType[*DamageError](err); ok {
			return err
		}
		if errors.Is(err, errMoved) {
			continue // somebody rebuilds; read on from where they left it
		}
		x.log.WarnContext(ctx, "evidence index: will try again", "err", err, "behind", x.Lag())
		if _, err := sleep(ctx, indexRetry, x.hurry); err != nil {
			return nil
		}
	}
}

// Lag returns how many records the view is behind the journal.
func (x *Index) Lag() uint64 {
	indexed := x.position.get()
	return max(x.journal.Last(), indexed) - indexed
}

// Position returns the sequence up to which records are in the view.
func (x *Index) Position() uint64 { return x.position.get() }

// CatchUp returns once the view has every record that had been handed to the
// journal before the call.
func (x *Index) CatchUp(ctx context.Context) error {
	end := x.journal.Last()
	if err := x.journal.Flush(ctx); err != nil {
		end = min(end, x.journal.Durable()) // what a failed disk lost never comes
	}
	x.nudge()
	return x.position.await(ctx, end)
}

// Rebuild has this journal read anew from its first record. Run drops its part
// of the view first, bit by bit, so that nobody waits long for the database.
func (x *Index) Rebuild(ctx context.Context) error {
	err := x.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return readAgain(ctx, tx, x.journal.ID().String())
	})
	if err != nil {
		return fmt.Errorf("rebuild the evidence index: %w", err)
	}
	x.position.reset(0)
	x.nudge()
	return nil
}

// nudge ends a pause of Run.
func (x *Index) nudge() {
	select {
	case x.hurry <- struct{}{}:
	default: // already told
	}
}

// follow reads on from the stored position until something fails.
func (x *Index) follow(ctx context.Context) error {
	at, err := x.resume(ctx)
	if err != nil {
		return err
	}
	if err := x.restore(ctx, at); err != nil {
		return err
	}
	r := x.journal.Read(at + 1)
	defer r.Close()
	for hurried := false; ; {
		records, end, err := x.read(r, at)
		if err != nil {
			return err
		}
		overdue := at // what was opened since may yet be sealed
		if hurried || end == at {
			overdue = end
		}
		records = x.giveUp(records, overdue)
		if end == at && len(records) == 0 {
			if err := x.idle(ctx, at); err != nil {
				return err
			}
			continue
		}
		if err := x.write(ctx, at, end, records); err != nil {
			return err
		}
		x.position.advance(x.pending.reach(end))
		hurried = false
		if end-at < uint64(x.most) {
			if hurried, err = sleep(ctx, indexPause, x.hurry); err != nil {
				return err
			}
		}
		at = end
	}
}

// idle returns when there may be more to read. Every so often, and when somebody
// hurries, it sees whether all is to be read anew.
func (x *Index) idle(ctx context.Context, at uint64) error {
	records, stop := context.WithTimeout(ctx, indexLook)
	defer stop()
	there := make(chan error, 1)
	go func() { there <- x.journal.AwaitDurable(records, at+1) }()
	select {
	case err := <-there:
		if err == nil || ctx.Err() != nil || records.Err() == nil {
			return err
		}
	case <-x.hurry:
	}
	return x.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := storedPositions(ctx, tx)
		for _, p := range all {
			if p.Journal == x.journal.ID().String() && (p.Again || p.Sequence != at) {
				return errMoved
			}
		}
		return err
	})
}

// resume returns the stored position, after dropping what is to be read anew. One
// that is ahead of the journal means that the journal has lost records that were
// on disk.
func (x *Index) resume(ctx context.Context) (uint64, error) {
	var p Position
	err := x.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		p, err = storedPosition(ctx, tx, x.journal.ID().String())
		return err
	})
	if err == nil && p.Again {
		p.Sequence, err = 0, x.drop(ctx)
	}
	if err == nil {
		p.Sequence, err = x.skipRemoved(ctx, p.Sequence)
	}
	if err != nil {
		return 0, err
	}
	if end := x.journal.Durable(); p.Sequence > end && x.journal.ending == nil {
		return 0, explain(&DamageError{File: "evidence_position", Sequence: end + 1,
			Err: fmt.Errorf("the index has read %d records and the journal has %d", p.Sequence, end)})
	}
	x.position.reset(p.Sequence)
	return p.Sequence, nil
}

// skipRemoved moves the position behind the records that were removed at the end of
// their retention.
func (x *Index) skipRemoved(ctx context.Context, at uint64) (uint64, error) {
	begin := x.journal.First() - 1
	if at >= begin {
		return at, nil
	}
	return begin, x.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return movePosition(ctx, tx, x.journal.ID().String(), at, begin, x.journal.Last(), clock.System())
	})
}

// drop drops this journal's part of the view, a batch in a transaction, and then
// sets its position to the beginning. Whoever dies meanwhile goes on later.
func (x *Index) drop(ctx context.Context) error {
	journal := x.journal.ID().String()
	for left := true; left; {
		err := x.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
			n, err := dropJournal(ctx, tx, journal, prunedAtOnce)
			if err != nil {
				return err
			}
			if left = n > 0; left {
				return nil
			}
			return beginAgain(ctx, tx, journal, clock.System())
		})
		if err != nil {
			return fmt.Errorf("drop the evidence index: %w", err)
		}
	}
	return nil
}

func (x *Index) write(ctx context.Context, from, to uint64, records []indexed) error {
	journal := x.journal.ID().String()
	return x.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := movePosition(ctx, tx, journal, from, to, x.journal.Last(), clock.System()); err != nil {
			return err
		}
		floor, err := storedFloor(ctx, tx)
		if err != nil {
			return err
		}
		if err := putExchanges(ctx, tx, journal, latest(since(floor, records))); err != nil {
			return err
		}
		return addTraffic(ctx, tx, journal, hourOf(floor), records)
	})
}

// sleep waits for the time, or less if somebody hurries.
func sleep(ctx context.Context, d time.Duration, hurry <-chan struct{}) (hurried bool, err error) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return false, nil
	case <-hurry:
		return true, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
