package derived

import (
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// View is something that a room derives from the journals.
type View interface {
	Name() string       // in addresses: lower case, such as "index"
	Title() simpul.Text // for people
	// Positions says how far each journal has been read.
	Positions(ctx context.Context) ([]Position, error)
	// Rebuild has the view dropped and built anew, by the processes that hold the
	// journals, once the transaction has ended.
	Rebuild(ctx context.Context, tx *sqldb.Tx) error
}

// Kept is a view that is not dropped, whoever asks: the error says why, and what to do
// instead.
type Kept interface{ Kept() *simpul.Error }

// Position says how far a view has read one journal.
type Position struct {
	Journal  string
	Sequence uint64      // of the last record that is in the view
	Seen     uint64      // of the newest record of the journal that is known
	At       time.Time   // when that was stored; zero where nobody knows
	Again    bool        // all of it is being built anew
	Here     bool        // this process holds the journal: what is said is of this moment
	Oldest   time.Time   // of the oldest record that is missing; zero where none is, or nobody knows
	Trouble  string      // why it stands still, in one word; empty while it reads on, or where nobody knows
	Why      simpul.Text // the same in a sentence, and what to do
	Ended    time.Time   // when the journal ended; zero where it goes on, or nobody knows
}

// Behind is how many records are missing.
func (p Position) Behind() uint64 {
	seen := max(p.Seen, p.Sequence)
	if p.Again && !p.Here {
		return seen
	}
	return seen - p.Sequence
}

// Age is how long the oldest record that is missing has been waiting; 0 where
// none is missing, or nobody knows.
func (p Position) Age(now time.Time) time.Duration {
	if p.Behind() == 0 || p.Oldest.IsZero() {
		return 0
	}
	return max(0, now.Sub(p.Oldest))
}

// Journal is the journal of this process.
type Journal interface {
	State() (State, error)
	// TimeOf returns when the record of the sequence is of; the zero time where it
	// is not on disk.
	TimeOf(sequence uint64) (time.Time, error)
}

// State is how the journal of this process does.
type State struct {
	ID       string
	Last     uint64 // sequence of the newest record
	Durable  uint64 // up to which every record is on disk
	Segments int    // files
	Bytes    int64
	Verified int    // files that were read and checked in full when it was opened last
	Torn     int64  // bytes of an interrupted write that were removed then
	Refuses  string // why it takes no records, for the log's language; empty while it does
	Held     bool   // exchanges of this process are recorded in it
}

// Behind is how many records are not on disk yet.
func (s State) Behind() uint64 { return max(s.Last, s.Durable) - s.Durable }

// Standing is one view with its positions.
type Standing struct {
	Name      string
	Title     simpul.Text
	Positions []Position
	Kept      *simpul.Error // why it is not built anew; nil: it can be
}

// Behind is how many records are missing of all journals together.
func (s Standing) Behind() (n uint64) {
	for _, p := range s.Positions {
		n += p.Behind()
	}
	return n
}

// Oldest is when the oldest record that is missing is of; zero where none is, or
// nobody knows.
func (s Standing) Oldest() (oldest time.Time) {
	for _, p := range s.Positions {
		if p.Behind() > 0 && !p.Oldest.IsZero() && (oldest.IsZero() || p.Oldest.Before(oldest)) {
			oldest = p.Oldest
		}
	}
	return oldest
}

// Again reports whether some of the view is being built anew.
func (s Standing) Again() bool {
	for _, p := range s.Positions {
		if p.Again {
			return true
		}
	}
	return false
}

// stands reports whether some of the view stands still.
func (s Standing) stands() bool {
	return slices.ContainsFunc(s.Positions, func(p Position) bool { return p.Trouble != "" })
}
