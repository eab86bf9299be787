package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// State is how a journal does, for those who tend it.
type State struct {
	ID       string
	Last     uint64 // sequence of the newest record
	Durable  uint64 // up to which every record is on disk
	Segments int
	Bytes    int64 // on disk
	Recovery Recovery
	Err      error // why it refuses records; nil while it takes them
}

// State returns how the journal does. It reads the folder, no record.
func (j *Journal) State() (State, error) {
	s := State{ID: j.id.String(), Last: j.Last(), Durable: j.Durable(), Recovery: j.Recovery(), Err: j.Err()}
	firsts, err := listSegments(j.dir)
	if err != nil {
		return s, fmt.Errorf("journal: %w", err)
	}
	s.Segments = len(firsts)
	for _, first := range firsts {
		info, err := os.Stat(filepath.Join(j.dir, segmentName(first)))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return s, fmt.Errorf("journal: %w", err)
		}
		if err == nil {
			s.Bytes += info.Size()
		}
	}
	return s, nil
}

// TimeOf returns when the exchange of the first record from the sequence on that
// can be read opened; the zero time where none is on disk. It may read most of a
// segment to find it.
func (j *Journal) TimeOf(sequence uint64) (time.Time, error) {
	r := j.Read(sequence)
	defer r.Close()
	for {
		e, err := r.Next()
		if err == io.EOF {
			return time.Time{}, nil
		}
		if err != nil {
			return time.Time{}, err
		}
		if record, err := DecodeRecord(e.Payload); err == nil {
			return record.Exchange.OpenedAt, nil
		}
	}
}

// Positions says how far each journal has been read into the view.
func (e *Exchanges) Positions(ctx context.Context) (all []Position, err error) {
	err = e.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = storedPositions(ctx, tx)
		return err
	})
	return all, err
}

// RebuildAll has every journal read anew, each by the process that holds it, once
// the transaction has ended. It is for the nation.
func (e *Exchanges) RebuildAll(ctx context.Context, tx *sqldb.Tx) error {
	if err := readAgain(ctx, tx, ""); err != nil {
		return err
	}
	return tx.Revise(ctx, "EvidenceIndex", "all")
}
