package safety

import (
	"context"
	"io"

	"simpul/internal/platform/sqldb"
)

// Journal is what this room asks of the journal in a data folder.
type Journal interface {
	// Hold takes the journal for this process, and fails where a hub has it.
	Hold(data string) (io.Closer, error)
	// Survey says what there is to copy, while a hub may be writing.
	Survey(data string) (Survey, error)
	// Inspect reads every record and changes nothing.
	Inspect(ctx context.Context, data string) (Inspection, error)
	// Ended says what there is to copy of each journal that has ended.
	Ended(data string) ([]Survey, error)
	// InspectEnded reads every record of journals that have ended, and what says so.
	InspectEnded(ctx context.Context, data string) ([]Inspection, error)
}

// Survey is what there is to copy of a journal: everything that was on disk
// before it was asked for.
type Survey struct {
	ID       string
	Last     uint64 // sequence of the last record
	Segments []Segment
}

// Segment is one file of the journal.
type Segment struct {
	Name   string // in the folder evidence
	Bytes  int64  // up to and with its last intact record
	Closed bool   // it never changes again
}

// Inspection is what reading a journal found.
type Inspection struct {
	ID       string
	Last     uint64
	First    uint64 // sequence with which it should begin: retention removed what was before
	Oldest   uint64 // sequence of the oldest file that is there; 0 for none
	Records  uint64
	Segments int
	Findings []Finding // Place is the file's name in the folder evidence, below that of a journal that has ended
	Torn     bool      // the end looks like an interrupted write
}

// Vault is what this room asks of the hub's keys.
type Vault interface {
	// Digest is a keyed hash, the same for as long as the key file is.
	Digest(value, purpose string) (string, error)
	// Knows reports whether a value looks sealed under one of the keys.
	Knows(value []byte) bool
	// Open opens what was sealed for this place.
	Open(sealed []byte, table, row, column string) ([]byte, error)
	// Export gives the keys in clear.
	Export() ([]byte, error)
}

// LogCheck derives the transparency log of a data folder from its journal again
// and returns what does not fit.
type LogCheck func(ctx context.Context, data string) ([]Finding, error)

// Names in a data folder, and in backups.
const (
	evidenceFolder = "evidence"
	logFolder      = "log"
	keysName       = "vault.json"
	blocksName     = "evidence/blocks.list" // which records each entry of the log covers: written before the entry, so copied after the log
	removedName    = "evidence/removed"     // up to where retention removed the journal: written before that, so copied after the segments
	endedName      = "ended"                // in the folder of a journal that has ended
	restoredName   = "restored.json"
	restoringName  = ".restoring"
)

// positionsOf reads how far each view of the database has read each journal.
func positionsOf(ctx context.Context, s *sqldb.Snapshot) ([]position, error) {
	var all []position
	for _, t := range s.Tables {
		journal, sequence := columnOf(t, "journal"), columnOf(t, "sequence")
		if journal < 0 || sequence < 0 || !isPosition(t) {
			continue
		}
		err := s.Rows(ctx, t, func(r sqldb.Row) error {
			if id, at, ok := countOf(r, journal, sequence); ok {
				all = append(all, position{t.Name, id, at})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// removalsOf reads up to where the database says that each journal was removed.
func removalsOf(ctx context.Context, s *sqldb.Snapshot) (all []position, err error) {
	for _, t := range s.Tables {
		journal, through := columnOf(t, "journal"), columnOf(t, "through")
		if journal < 0 || through < 0 || !isPosition(t) {
			continue
		}
		err := s.Rows(ctx, t, func(r sqldb.Row) error {
			if id, at, ok := countOf(r, journal, through); ok {
				all = append(all, position{t.Name, id, at})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func countOf(r sqldb.Row, journal, column int) (id string, at uint64, ok bool) {
	id, named := r[journal].(string)
	n, counted := r[column].(int64)
	return id, uint64(max(n, 0)), named && counted
}

// position says that a table holds what the journal says up to the sequence.
type position struct {
	table   string
	journal string
	at      uint64
}

// isPosition tells a table of positions from one of records by its key: one row
// for each journal.
func isPosition(t sqldb.Table) bool { return len(t.Key) == 1 && t.Key[0] == "journal" }

func columnOf(t sqldb.Table, name string) int {
	for i, c := range t.Columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}
