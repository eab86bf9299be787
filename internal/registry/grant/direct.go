package grant

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionPut is the name of the act that needs a second person: to write a grant
// on a closed LID, or to widen one.
const ActionPut = "grant.put-closed"

// written is a grant as a proposal remembers it, before and after.
type written struct {
	ID       string          `json:"id"`
	Provider simpul.AgencyID `json:"provider"`
	Spec     Spec            `json:"spec"`
}

// weigh finds what the class of the LID does not allow in a grant that somebody
// writes, and whether it takes two people. What a grant gives already is not held
// to limits that came later.
func (s *Service) weigh(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, before *row, next Spec) (second bool, err error) {
	on, err := s.catalogue.Subject(ctx, tx, next.LID)
	if err != nil {
		return false, simpul.At("spec.lid", err)
	}
	var old *Spec
	if before != nil {
		old = &before.Spec
	}
	if place := next.widening(old); place != "" && place != placeSuspended {
		if err := s.limits.check(next, on, s.now()); err != nil {
			return false, err
		}
	}
	return !p.IsHub() && needsSecond(on.Class, old, next), nil
}

// held is the grant with the ID, of a provider that the scope covers, which nobody
// else changes until the transaction ends; nil for none.
func (s *Service) held(ctx context.Context, tx *sqldb.Tx, id string) (*row, error) {
	if err := holdGrant(ctx, tx, id); err != nil {
		return nil, err
	}
	r, err := getGrant(ctx, tx, id)
	found, err := sqldb.Exists(r, err)
	if !found || err != nil || !tx.Scope().Covers(r.Provider) {
		return nil, err
	}
	return &r, nil
}

// suspender is who a grant is suspended by once somebody has written it. A person
// who writes that a grant is suspended takes it over from the hub, which then
// does not give it back.
func (s Spec) suspender(p simpul.Principal, before *row) string {
	switch {
	case !s.Suspended:
		return ""
	case before != nil && before.Spec.Suspended && before.SuspendedBy != simpul.TheHub().ID:
		return before.SuspendedBy
	}
	return p.ID
}

// propose puts a grant before a second person.
func (s *Service) propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, next written, why string) (string, error) {
	before, err := s.Present(ctx, tx, next.ID)
	if err != nil {
		return "", err
	}
	content, err := json.Marshal(next)
	if err != nil {
		return "", fmt.Errorf("encode grant: %w", err)
	}
	return s.proposals.Propose(ctx, tx, p, ActionPut, next.ID, next.Provider, before, content, why)
}

// Present returns a grant as a proposal remembers it, nil where there is none, and
// keeps others from changing it until the transaction ends.
func (s *Service) Present(ctx context.Context, tx *sqldb.Tx, id string) ([]byte, error) {
	r, err := s.held(ctx, tx, id)
	if err != nil || r == nil {
		return nil, err
	}
	return json.Marshal(written{r.ID, r.Provider, r.Spec})
}

// PutApproved writes a grant that first proposed and a second person has approved,
// in the place of what there was when it was proposed.
func (s *Service) PutApproved(ctx context.Context, tx *sqldb.Tx, content []byte, first simpul.Principal) error {
	next, err := readWritten(content)
	if err != nil {
		return err
	}
	before, err := s.held(ctx, tx, next.ID)
	if err != nil {
		return err
	}
	on, err := s.catalogue.Subject(ctx, tx, next.Spec.LID)
	switch {
	case err != nil:
		return simpul.At("spec.lid", err)
	case on.Provider != next.Provider:
		return notTheOwner(next.Spec.LID)
	}
	if err := next.Spec.validate(on.Contract); err != nil {
		return err
	}
	if _, err := s.weigh(ctx, tx, first, before, next.Spec); err != nil {
		return err
	}
	from := origin{DecidedBy: first.ID, SuspendedBy: next.Spec.suspender(first, before)}
	if _, err := putGrant(ctx, tx, next.ID, next.Spec, next.Provider, from, changedAt(before), s.now()); err != nil {
		return refusal(err, next.ID, next.Spec)
	}
	if _, err := keepVersion(ctx, tx, first, next.ID, before == nil, next.Spec); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.By(first, next.Provider, "grant.put", next.ID))
}

func readWritten(content []byte) (w written, err error) {
	if err := json.Unmarshal(content, &w); err != nil {
		return w, fmt.Errorf("decode proposed grant: %w", err)
	}
	return w, nil
}

// Term is one thing that a grant says, for people who compare two.
type Term struct {
	Name  simpul.Text
	Value simpul.Text
}

// ShowWritten says what a grant that waits for a second person gives, or what one
// gave before.
func ShowWritten(content []byte) ([]Term, error) {
	w, err := readWritten(content)
	if err != nil {
		return nil, err
	}
	s, t := w.Spec, Terms{Fields: w.Spec.Fields, RatePerMinute: w.Spec.RatePerMinute, From: w.Spec.From, Until: w.Spec.Until}
	plain := func(text string) simpul.Text { return simpul.Text{ID: text, EN: text} }
	shown := []Term{
		{simpul.Text{ID: "Aplikasi", EN: "Application"}, plain(string(s.Application))},
		{simpul.Text{ID: "LID", EN: "LID"}, plain(string(s.LID))},
		{simpul.Text{ID: "Tujuan", EN: "Purpose"}, plain(s.Purpose)},
		{simpul.Text{ID: "Dasar hukum", EN: "Legal basis"}, plain(s.LegalBasis)},
		{simpul.Text{ID: "Kolom", EN: "Fields"}, t.fieldsSentence()},
		{simpul.Text{ID: "Baris", EN: "Rows"}, plain(rowList(s.Rows))},
		{simpul.Text{ID: "Kecepatan", EN: "Rate"}, t.rateSentence()},
		{simpul.Text{ID: "Masa berlaku", EN: "Period"}, t.periodSentence()},
	}
	if s.Agreement != nil {
		shown = append(shown, Term{simpul.Text{ID: "Perjanjian", EN: "Agreement"}, s.Agreement.sentence()})
	}
	state := simpul.Text{ID: "berlaku", EN: "in effect"}
	if s.Suspended {
		state = simpul.Text{ID: "dibekukan", EN: "suspended"}
	}
	return append(shown, Term{simpul.Text{ID: "Keadaan", EN: "State"}, state}), nil
}

// rowList writes row limits in one line; empty for none.
func rowList(rows []Row) string {
	var all []string
	for _, r := range rows {
		all = append(all, r.Parameter+" = "+strings.Join(r.Values, ", "))
	}
	return strings.Join(all, "; ")
}
