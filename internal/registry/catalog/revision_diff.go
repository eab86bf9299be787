package catalog

import (
	"context"
	"errors"
	"fmt"
	"math"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog/contract/compare"
)

// Changes are what one form of a LID changes against another.
type Changes struct {
	Address   simpul.Address
	From, To  Revision // From is zero where there was nothing, To without a number where it is planned
	Contract  compare.Result
	Rewritten bool   // the contract's document differs, and nothing that is compared
	Facts     []Fact // what else differs, by the member's name
	Refused   error  // why the rules would refuse the plan now; nil where they would not
}

// None reports whether nothing differs.
func (c Changes) None() bool { return c.Contract.Total() == 0 && !c.Rewritten && len(c.Facts) == 0 }

// Summary says in words what differs.
func (c Changes) Summary() simpul.Text {
	facts := len(c.Facts)
	switch {
	case c.None():
		return simpul.Text{ID: "tidak ada yang berubah", EN: "nothing changed"}
	case c.Contract.Total() > 0 && facts == 0:
		return c.Contract.Summary()
	}
	contract := c.Contract.Summary()
	if c.Rewritten {
		contract = simpul.Text{ID: "kontrak ditulis ulang dengan janji yang sama", EN: "the contract is written anew and promises the same"}
	}
	if facts == 0 {
		return contract
	}
	return simpul.Text{ID: contract.ID + fmt.Sprintf(", %d keterangan berubah", facts), EN: contract.EN + fmt.Sprintf(", descriptive members changed: %d", facts)}
}

// Diff compares two revisions that the principal may see. Without the later
// number it is the newest, without the former the one before the later.
func (s *Service) Diff(ctx context.Context, p simpul.Principal, id string, from, to int64) (c Changes, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		c, err = pairOf(ctx, tx, id, from, to)
		return err
	})
	if err != nil {
		return Changes{}, sqldb.Coded(err, kindLID, id)
	}
	c.Address = simpul.Address(id)
	c.From, c.To = c.From.discreet(p.Scope()), c.To.discreet(p.Scope())
	return c.compared(), nil
}

func pairOf(ctx context.Context, tx *sqldb.Tx, id string, from, to int64) (c Changes, err error) {
	if to == 0 {
		newest, err := visible(ctx, tx, id, math.MaxInt64, 1)
		if err != nil {
			return c, err
		}
		to = newest[0].Number
	}
	if from == 0 {
		older, err := visible(ctx, tx, id, to, 1)
		if err != nil {
			return c, err
		}
		if len(older) > 0 {
			from = older[0].Number
		}
	}
	if c.To, err = numbered(ctx, tx, id, to); err == nil && from != 0 {
		c.From, err = numbered(ctx, tx, id, from)
	}
	return c, err
}

// numbered reads a revision, and tells one that is not there by its number.
func numbered(ctx context.Context, tx *sqldb.Tx, id string, number int64) (Revision, error) {
	r, err := revisionAt(ctx, tx, id, number)
	if errors.Is(err, sqldb.ErrNoRows) {
		err = simpul.NotFound(kindRevision, fmt.Sprint(number))
	}
	return r, err
}

// Plan tells what a spec would change against what the principal sees of the LID
// now. To its owner it says as well whether the rules would refuse it.
func (s *Service) Plan(ctx context.Context, p simpul.Principal, id string, spec Spec) (c Changes, err error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return c, err
	}
	if _, err := spec.read(); err != nil {
		return c, err
	}
	if c.To, err = revisionOf(address, spec); err != nil {
		return c, err
	}
	c.Address = address
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		now, err := virtual(ctx, tx, id)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		c.From = now.discreet(p.Scope())
		if spec.Step == "" { // stays where it is
			spec.Step = now.Spec.Step
			if c.To, err = revisionOf(address, spec); err != nil {
				return err
			}
		}
		if !p.Scope().Covers(now.Agency) {
			return nil
		}
		c.From.Number, c.From.Author = 0, ""
		if last, err := lastRevision(ctx, tx, address); err == nil {
			c.From.Number, c.From.Author, c.From.At = last.Number, last.Author, last.At
		}
		if spec.State == Draft {
			spec.State = Published // what matters of a draft is what comes of it
		}
		c.Refused, err = foreseen(s.keepFaith(ctx, tx, present{spec: &now.Spec}, Move{Address: address, Spec: spec}))
		return err
	})
	return c.compared(), sqldb.Coded(err, kindLID, id)
}

// foreseen parts what the rules say from what went wrong.
func foreseen(err error) (refused, failed error) {
	if _, ruled := errors.AsType[*simpul.Error](err); ruled {
		return err, nil
	}
	return nil, err
}

// compared fills in what differs.
func (c Changes) compared() Changes {
	if c.From.Contract != c.To.Contract {
		c.Contract = compareContracts(c.From.Spec, c.To.Spec)
		c.Rewritten = c.Contract.Total() == 0
	}
	c.Facts = factsBetween(c.From.Spec, c.To.Spec)
	return c
}

// Step is a revision in the order of all, with what it changed against the one
// before that the reader sees.
type Step struct {
	Revision
	First    bool // there is none before
	Same     bool // the contract is that of the one before
	Contract compare.Result
}

// Summary says in words what the revision changed of the contract.
func (s Step) Summary() simpul.Text {
	switch {
	case s.First:
		return simpul.Text{ID: "bentuk pertama", EN: "the first form"}
	case s.Same:
		return simpul.Text{ID: "hanya keterangan; kontrak tetap", EN: "description only; the contract stays"}
	}
	return s.Contract.Summary()
}

// History lists revisions as Revisions does, with what each changed of the
// contract.
func (s *Service) History(ctx context.Context, p simpul.Principal, id string, before int64, limit int) ([]Step, error) {
	all, err := s.Revisions(ctx, p, id, before, limit+1)
	if err != nil {
		return nil, err
	}
	steps := make([]Step, min(limit, len(all)))
	for i := range steps {
		steps[i] = Step{Revision: all[i], First: i+1 == len(all)}
		if steps[i].First {
			continue
		}
		if steps[i].Same = all[i].Contract == all[i+1].Contract; steps[i].Same {
			continue
		}
		if steps[i].Contract, err = s.summary(ctx, p, id, all[i+1], all[i]); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// summary counts what two revisions' contracts differ in.
func (s *Service) summary(ctx context.Context, p simpul.Principal, id string, before, after Revision) (compare.Result, error) {
	if r, known := s.seen.get(before.Contract, after.Contract); known {
		return r, nil
	}
	c, err := s.Diff(ctx, p, id, before.Number, after.Number)
	if err == nil {
		s.seen.put(before.Contract, after.Contract, c.Contract)
	}
	return c.Contract, err
}
