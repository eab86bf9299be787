package duty

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// State is where a proposal is in its life.
type State string

const (
	Open      State = "open"
	Approved  State = "approved"  // and carried out
	Rejected  State = "rejected"  // by a second person
	Withdrawn State = "withdrawn" // by whoever proposed it
	Lapsed    State = "lapsed"    // nobody decided in time
)

// Life is how long a proposal waits.
const Life = 7 * 24 * time.Hour

// Party is who proposed or decided.
type Party struct {
	ID      string           // of the principal: an account, or a token's ID
	Account simpul.AccountID // empty for a program
}

func partyOf(p simpul.Principal) Party { return Party{p.ID, p.Account} }

// Proposal is something that somebody wants to be done.
type Proposal struct {
	ID        string
	Action    string // name of the Action
	Subject   string // what it is done to
	Agency    simpul.AgencyID
	State     State
	Proposer  Party
	Why       string
	Before    []byte // JSON of the subject as it was; empty where it did not exist
	Content   []byte // JSON of what is wanted
	Decider   Party
	Reason    string
	Failure   simpul.Text // why the last execution failed
	CreatedAt time.Time
	LapsesAt  time.Time
	EndedAt   time.Time // zero while it is open

	beforeDigest, contentDigest string
}

// Digest is the SHA-256 of the content, in hex.
func (p Proposal) Digest() string { return p.contentDigest }

// at is the proposal as it is at the time: nobody has to be awake for it to
// lapse.
func (p Proposal) at(now time.Time) Proposal {
	if p.State == Open && !p.LapsesAt.After(now) {
		p.State, p.EndedAt = Lapsed, p.LapsesAt
	}
	return p
}

// Fact is one thing that an action's content says, for people.
type Fact struct {
	Term  simpul.Text
	Value string
}

// Action is one kind of act that needs two people. A room offers it, app
// registers it.
type Action interface {
	Name() string // noun.verb: "lid.publish"
	Needs() simpul.Permission
	Title() simpul.Text
	// State returns the subject as it is, in the form of a proposal's Before, and
	// keeps others from changing it until the transaction ends, as far as it can.
	State(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error)
	// Execute does what the proposal says, within the transaction.
	Execute(ctx context.Context, tx *sqldb.Tx, proposal Proposal) error
	// Show reads a content, or a state before one, for people.
	Show(content []byte) ([]Fact, error)
}

// Naming is an Action whose subjects have another name for people than for
// programs.
type Naming interface {
	Action
	// SubjectName is empty where the title of the action says it all.
	SubjectName(subject string) simpul.Text
}

// Change is one fact before and after.
type Change struct {
	Term          simpul.Text
	Before, After string
}

// Changed reports whether the fact differs.
func (c Change) Changed() bool { return c.Before != c.After }

// compared pairs the facts of the content with those from before, in the order
// of the content; what is only before comes last.
func compared(before, after []Fact) []Change {
	old := map[simpul.Text]string{}
	for _, f := range before {
		old[f.Term] = f.Value
	}
	var all []Change
	for _, f := range after {
		all = append(all, Change{f.Term, old[f.Term], f.Value})
		delete(old, f.Term)
	}
	for _, f := range before {
		if value, left := old[f.Term]; left {
			all = append(all, Change{f.Term, value, ""})
		}
	}
	return all
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
