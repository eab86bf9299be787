package lifecycle

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// stand is where a LID stands as a move begins, and the model that counts.
type stand struct {
	course
	model Version
	step  Step
	fresh bool // the LID is new
}

// Prepare does what the conditions on the way need, before the transaction. It
// refuses what Follow would refuse, so that nothing is done for a move that
// cannot be made.
func (s *Service) Prepare(ctx context.Context, p simpul.Principal, m Move) error {
	var needed []string
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		at, err := s.standing(ctx, tx, m)
		if err != nil {
			return err
		}
		way, err := at.wayTo(p, m)
		needed = at.needed(way, m)
		return err
	})
	if err != nil || p.IsHub() {
		return err
	}
	for _, name := range needed {
		if c, ok := s.condition(name); ok && c.Prepare != nil {
			if err := c.Prepare(ctx, p, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// Check tells where a move leads, and changes nothing.
func (s *Service) Check(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (Step, error) {
	at, way, err := s.plan(ctx, tx, p, m)
	if err != nil || len(way) == 0 {
		return at.step, err
	}
	step, _ := at.model.Model.Step(way[len(way)-1].To)
	return step, nil
}

// Follow takes a LID along the shortest permitted way to where it is wanted,
// within the transaction in which the LID itself changes, and returns the step
// at which it stands then. Every step is signed. The hub itself, which nobody
// asked, is not held to conditions.
func (s *Service) Follow(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (Step, error) {
	at, way, err := s.plan(ctx, tx, p, m)
	if err != nil || len(way) == 0 && !at.fresh {
		return at.step, err
	}
	return s.walk(ctx, tx, p, at, way, m)
}

// plan finds the way that a move takes, or says why it cannot be made.
func (s *Service) plan(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (at stand, way []Transition, err error) {
	if err := words("note", m.Note, longestText); err != nil {
		return at, nil, err
	}
	if at, err = s.standing(ctx, tx, m); err != nil {
		return at, nil, err
	}
	if way, err = at.wayTo(p, m); err != nil || p.IsHub() {
		return at, way, err
	}
	for _, name := range at.needed(way, m) {
		if err := s.met(ctx, tx, name, m); err != nil {
			return at, nil, err
		}
	}
	return at, way, nil
}

// met checks one condition. One that the hub does not know any more is not met:
// the model asks for more than this program can tell.
func (s *Service) met(ctx context.Context, tx *sqldb.Tx, name string, m Move) error {
	c, ok := s.condition(name)
	if !ok {
		return unknownCondition(name)
	}
	return c.Check(ctx, tx, m)
}

// standing finds where the LID is. What the room does not know, or knows in
// another state than its owner does, stands at the first step of its state.
func (s *Service) standing(ctx context.Context, tx *sqldb.Tx, m Move) (at stand, err error) {
	at.model = s.view.Load().on(s.today())
	stored, err := getCourse(ctx, tx, m.Address)
	known, err := sqldb.Exists(stored, err)
	if err != nil {
		return at, err
	}
	at.course, at.fresh = stored, m.From == ""
	if at.step = at.model.Model.place(m, stored.Step); at.step.Code == "" {
		return at, noModel()
	}
	if !known {
		at.Seq, err = lastSeq(ctx, tx, m.Address)
	}
	at.Address, at.Agency = m.Address, m.Agency
	return at, err
}

// place is the step at which a LID stands: where the catalogue has it, or this
// room, as far as that step still means the LID's state.
func (m Model) place(move Move, stored string) Step {
	if move.From == "" {
		return m.beginning()
	}
	for _, code := range []string{move.At, stored} {
		if step, ok := m.Step(code); ok && step.State == move.From && step.Subject == OfLID {
			return step
		}
	}
	return m.fitting(move.From)
}

// wayTo is the way to where the LID is wanted; empty where it is there already.
func (at stand) wayTo(p simpul.Principal, m Move) ([]Transition, error) {
	wanted, err := at.wanted(m)
	if err != nil || wanted(at.step) {
		return nil, err
	}
	model := at.model.Model
	if way, ok := model.way(at.step.Code, wanted, func(t Transition) bool { return p.Can(t.Permission) }); ok {
		return way, nil
	}
	way, ok := model.way(at.step.Code, wanted, anybody)
	if !ok {
		return nil, illegal(model, at.step, m)
	}
	return nil, notYours(model, way, p)
}

// wanted tells whether a step is where the LID should be.
func (at stand) wanted(m Move) (func(Step) bool, error) {
	if m.Step == "" {
		return func(s Step) bool { return m.To == "" || s.State == m.To }, nil
	}
	step, ok := at.model.Model.Step(m.Step)
	if !ok || step.Subject != OfLID {
		return nil, noSuchStep(at.model.Model, m.Step)
	}
	if m.To != "" && step.State != m.To {
		return nil, otherState(step, m.To)
	}
	return func(s Step) bool { return s.Code == m.Step }, nil
}

// needed lists the conditions of the way. A live LID that stays where it is but
// changed has to meet again what it met on its way there.
func (at stand) needed(way []Transition, m Move) (conditions []string) {
	if len(way) == 0 && m.Changed && at.step.State.Live() {
		return at.model.Model.before(at.step.Code)
	}
	seen := map[string]bool{}
	for _, t := range way {
		for _, c := range t.Conditions {
			if !seen[c] {
				conditions = append(conditions, c)
			}
			seen[c] = true
		}
	}
	return conditions
}

// walk records the way, and where the LID stands at its end.
func (s *Service) walk(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, at stand, way []Transition, m Move) (Step, error) {
	now, left := s.now(), at.course
	last := at.step
	if at.fresh {
		at.Seq++
		if err := s.sign(ctx, tx, p, at, "", last, m, now); err != nil {
			return last, err
		}
	}
	for _, t := range way {
		last, _ = at.model.Model.Step(t.To)
		at.Seq++
		if err := s.sign(ctx, tx, p, at, t.From, last, m, now); err != nil {
			return last, err
		}
	}
	view := s.view.Load()
	reached := course{
		Address: m.Address, Agency: m.Agency, Step: last.Code, State: last.State, Seq: at.Seq, Since: now,
		Due: view.days.Due(now, last.Timer), Basis: view.basis(DayOf(now)), Mover: p.ID,
	}
	if err := putCourse(ctx, tx, reached); err != nil {
		return last, err
	}
	if err := tx.Revise(ctx, revisionCourse, string(m.Address)); err != nil {
		return last, err
	}
	if err := record(ctx, tx, p, m, at, way); err != nil {
		return last, err
	}
	if err := s.close(ctx, tx, left); err != nil {
		return last, err
	}
	return last, s.tellTurn(ctx, tx, at.model.Model, reached, last, p)
}

// sign writes one step into the LID's history.
func (s *Service) sign(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, at stand, from string, to Step, m Move, now time.Time) error {
	return insertEntry(ctx, tx, m.Address, m.Agency, entry{
		Seq: at.Seq, From: from, Step: to.Code, State: to.State, Title: to.Title.Text(), At: now,
		Mover: p.ID, Second: m.Second, Note: m.Note, Model: at.model.From,
	})
}

// record writes the way into the audit trail, one event for each step.
func record(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move, at stand, way []Transition) error {
	if at.fresh {
		event := trail.By(p, m.Agency, "lid.step", string(m.Address))
		event.Detail = at.model.Model.beginning().Code
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
	}
	for _, t := range way {
		event := trail.By(p, m.Agency, "lid.step", string(m.Address))
		event.Detail = t.From + " → " + t.To
		if err := trail.Append(ctx, tx, event); err != nil {
			return err
		}
	}
	return nil
}

// Forget drops where a LID stands, in the transaction that deletes it. What was
// done with it stays on record.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, address simpul.Address) error {
	before, err := getCourse(ctx, tx, address)
	if known, err := sqldb.Exists(before, err); err != nil || !known {
		return err
	}
	gone, err := forget(ctx, tx, address)
	if err != nil || !gone {
		return err
	}
	if err := tx.Revise(ctx, revisionCourse, string(address)); err != nil {
		return err
	}
	return s.close(ctx, tx, before)
}
