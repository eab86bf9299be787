package lifecycle

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Move is what somebody wants of a LID.
type Move struct {
	Address simpul.Address
	Agency  simpul.AgencyID
	From    State  // that the LID is in; empty where it is new
	At      string // step in which the catalogue has it; empty where it does not know
	To      State  // that is wanted; empty where a step says it
	Step    string // that is wanted; empty for any step of the state
	Note    string // why, for whoever reads the course
	Changed bool   // what the conditions were about is not what it was
	Digest  string // of what the conditions are about
	Waiver  string // by which a condition may be passed over
	Second  string // who approved it, where it took two people
	Trying  bool   // only to see where it would lead
	Body    any    // what else conditions need; this room does not look at it
}

// Condition is something that must be met before a LID goes on. app offers
// conditions, models name them.
type Condition struct {
	Name  string
	Title simpul.Text // what is needed, for people: "Lulus uji kelaikan"
	// Prepare does what takes time, before the transaction; nil for nothing.
	Prepare func(ctx context.Context, p simpul.Principal, m Move) error
	// Check reports why the condition is not met, with the remedy.
	Check func(ctx context.Context, tx *sqldb.Tx, m Move) error
}
