package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

const (
	indexRecords = 2000                   // most records in one transaction
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
	batch    []indexed     // room for what is read at once; Run's own
}

// NewIndex makes an index of the journal; Run fills it.
func NewIndex(db *sqldb.DB, j *Journal, log *slog.Logger) *Index {
	return &Index{db: db, journal: j, log: log, hurry: make(chan struct{}, 1)}
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
		if err := sleep(ctx, indexRetry, x.hurry); err != nil {
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
	r := x.journal.Read(at + 1)
	defer r.Close()
	for {
		records, end, err := x.read(r, at)
		if err != nil {
			return err
		}
		if end == at {
			if err := x.idle(ctx, at); err != nil {
				return err
			}
			continue
		}
		if err := x.write(ctx, at, end, records); err != nil {
			return err
		}
		x.position.advance(end)
		if end-at < indexRecords {
			if err := sleep(ctx, indexPause, x.hurry); err != nil {
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

// indexed is a record with its place in the journal.
type indexed struct {
	sequence uint64
	record   Record
	whole    bool // its earlier record is of the same batch, so that the view has none
}

// read returns what is on disk after the position, and the position after it. An
// opened record is left out when the sealed one that repeats it follows.
func (x *Index) read(r *Reader, at uint64) (records []indexed, end uint64, err error) {
	pending := openings{}
	records = x.batch[:0]
	defer func() { x.batch = records }()
	for end = at; end-at < indexRecords; {
		e, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, at, err
		}
		end = e.Sequence
		if pending.take(e) {
			continue
		}
		record, ok := x.decode(e)
		if ok && (record.Kind == Opened || record.Kind == Sealed) {
			records = append(records, indexed{e.Sequence, record, pending.settle(record.Exchange.ID)})
		}
	}
	for _, e := range pending.left() {
		if record, ok := x.decode(e); ok {
			records = append(records, indexed{sequence: e.Sequence, record: record})
		}
	}
	return records, end, nil
}

// decode reports and leaves out a record that makes no sense.
func (x *Index) decode(e Entry) (Record, bool) {
	record, err := DecodeRecord(e.Payload)
	if err != nil {
		x.log.Error("evidence index: left out a record", "sequence", e.Sequence, "err", err)
	}
	return record, err == nil
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

// latest leaves one record of each exchange, the last: most exchanges open and
// close within one batch.
func latest(records []indexed) []*indexed {
	at := make(map[simpul.ExchangeID]int, len(records))
	last := make([]*indexed, 0, len(records))
	for i := range records {
		r := &records[i]
		if i, ok := at[r.record.Exchange.ID]; ok {
			last[i], r.whole = r, true
			continue
		}
		at[r.record.Exchange.ID] = len(last)
		last = append(last, r)
	}
	return last
}

// sleep waits for the time, or less if somebody hurries.
func sleep(ctx context.Context, d time.Duration, hurry <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-hurry:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
