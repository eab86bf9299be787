package catalog

import (
	"context"
	"crypto/sha256"
	"fmt"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Course is where LIDs stand in their life cycle, which has more steps than the
// states by which this room acts. Its rules are data and kept elsewhere.
type Course interface {
	// Prepare refuses a move that the principal cannot make, and does what the
	// conditions of one need before a transaction, such as to test the LID.
	Prepare(ctx context.Context, p simpul.Principal, m Move) error
	// Check tells within a transaction where the move leads, and changes nothing.
	Check(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (Place, error)
	// Follow makes the move that Check would allow.
	Follow(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (Place, error)
	// Forget drops where a LID stands that is deleted in the transaction.
	Forget(ctx context.Context, tx *sqldb.Tx, address simpul.Address) error
}

// Place is where a LID stands: a step of its life cycle, and the state by which
// this room acts as long as it stands there.
type Place struct {
	State State
	Step  string
}

// Move is what storing a LID does to its place in the life cycle. One that wants
// no step, and no state but the one that the LID has, leaves it where it is.
type Move struct {
	Address simpul.Address
	From    Place  // the zero Place for a new LID, whatever stood at the address before
	Step    string // that is wanted; empty: any step of the state To
	To      State  // that is wanted; empty: whatever the step means
	Note    string // what the person who moves it says
	Second  string // who approved it, where it took two people
	Waiver  string // why it is to be published untested, from whoever stores it now
	Trying  bool   // only to see what would become of it: nobody outside is called
	Changed bool   // its contract or its origin is another than before
	Digest  string // of what a feasibility test is about
	Spec    Spec   // as it is to be stored
}

// TestDigest names what a feasibility test is about: the contract, whatever its
// white space, the origins, and what the hub changes in their answers. It is a
// SHA-256 in hex.
func (s Spec) TestDigest() string {
	document, err := canonical(s.Contract)
	if err != nil {
		document = s.Contract
	}
	subject := fmt.Appendf(nil, "%s\n%s", s.Upstream, document)
	if more := reaches(s.Delivery); more != "" {
		subject = fmt.Appendf(subject, "\n%s", more)
	}
	return fmt.Sprintf("%x", sha256.Sum256(subject))
}

// change is how a spec is to be stored.
type change struct {
	address simpul.Address
	spec    Spec
	step    string // to advance to; empty: what the spec says
	note    string
	second  string
	trying  bool
}

// from is the move that the change makes of what is stored.
func (c change) from(before *Spec) Move {
	m := Move{Address: c.address, Step: c.spec.Step, To: c.spec.State, Note: c.note, Second: c.second, Trying: c.trying, Waiver: c.spec.Waiver, Digest: c.spec.TestDigest(), Spec: c.spec}
	if before != nil {
		m.From, m.Changed = Place{before.State, before.Step}, before.TestDigest() != m.Digest
	}
	if m.Step == m.From.Step {
		m.Step = "" // written back as it was read
	}
	if c.step != "" {
		m.Step, m.To, m.Waiver = c.step, "", "" // nobody writes a reason, whatever stands there
	}
	return m
}

// mayWaive refuses a reason for publishing untested from whoever may not sign it:
// else somebody could write it, and another publish without having read it.
func mayWaive(p simpul.Principal, before *Spec, next Spec) error {
	if next.Waiver == "" || p.IsHub() || before != nil && before.Waiver == next.Waiver {
		return nil
	}
	return simpul.At("spec.waiver", p.Need(simpul.WaiveLIDs))
}

// Advance takes a LID that the scope covers to another step of its life cycle.
func (s *Service) Advance(ctx context.Context, p simpul.Principal, id, step, note string, dryRun bool) (httpapi.Stored[Spec], error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	before, err := s.own(ctx, p, id)
	if err == nil && before == nil {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return httpapi.Stored[Spec]{}, sqldb.Coded(err, kindLID, id)
	}
	return s.store(ctx, p, change{address: address, spec: *before, step: step, note: note, trying: dryRun})
}

// own reads the LID at an address of the scope's agency, nil where there is none.
func (s *Service) own(ctx context.Context, p simpul.Principal, id string) (spec *Spec, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		found, err := ownLID(ctx, tx, id)
		spec = found.spec
		return err
	})
	return spec, err
}

// prepare makes ready what the move needs before the transaction that makes it.
// What the rules of this room refuse is not worth a test. What is stored may
// change in between: the transaction decides.
func (s *Service) prepare(ctx context.Context, p simpul.Principal, c change) error {
	var m Move
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := ownLID(ctx, tx, string(c.address))
		if err != nil {
			return err
		}
		if err := mayWaive(p, before.spec, c.spec); err != nil {
			return err
		}
		m = c.from(before.spec)
		if err := s.keepFaith(ctx, tx, before, m); err != nil {
			return err
		}
		_, err = s.turnOf(ctx, tx, p, m)
		return err
	})
	if err != nil {
		return err
	}
	return s.course.Prepare(ctx, p, m)
}
