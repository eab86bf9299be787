package lifecycle

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// How far people were told of a step, and how many are told at once.
const (
	toldNobody = 0
	toldOwner  = 1
	toldAbove  = 2
	batch      = 500
)

// Keys of notices; each names one stay of one LID at one step.
func turnKey(c course) string { return fmt.Sprintf("lifecycle.turn/%s/%d", c.Address, c.Seq) }
func dueKey(c course) string  { return fmt.Sprintf("lifecycle.due/%s/%d", c.Address, c.Seq) }
func lateKey(c course) string { return fmt.Sprintf("lifecycle.late/%s/%d", c.Address, c.Seq) }

// close takes what people were told of a step off their desks.
func (s *Service) close(ctx context.Context, tx *sqldb.Tx, left course) error {
	if left.Step == "" {
		return nil
	}
	keys := []string{turnKey(left)}
	if left.Told >= toldOwner {
		keys = append(keys, dueKey(left))
	}
	if left.Told >= toldAbove {
		keys = append(keys, lateKey(left))
	}
	for _, key := range keys {
		if err := s.notices.Done(ctx, tx, key); err != nil {
			return err
		}
	}
	return nil
}

// audience is who acts in a step: whoever may take the LID onwards from it, in
// the agency or in the nation. A step that the hub or consumers own has none.
func audience(model Model, step Step, agency simpul.AgencyID) (simpul.AgencyID, simpul.Permission) {
	t, ok := model.onwards(step.Code)
	switch {
	case ok && step.Owner == ByProvider:
		return agency, t.Permission
	case ok && step.Owner == ByOperator:
		return "", t.Permission
	}
	return "", ""
}

// tellTurn says to those who act in a step that somebody waits for them. A step
// without a clock in working days can wait: nobody is told.
func (s *Service) tellTurn(ctx context.Context, tx *sqldb.Tx, model Model, c course, step Step, p simpul.Principal) error {
	agency, holding := audience(model, step, c.Agency)
	if holding == "" || step.Timer == nil || step.Timer.Unit != Working {
		return nil
	}
	return s.notices.Notify(ctx, tx, simpul.Notice{
		Topic: "lifecycle.turn", Key: turnKey(c), Agency: agency, Holding: holding, Except: p.Account, Link: DuePath, Due: c.Due,
		Title: simpul.Text{ID: "Giliran Anda: " + step.Title.ID + " " + string(c.Address), EN: "Your turn: " + step.Title.Text().In(simpul.English) + " " + string(c.Address)},
		Body: simpul.Text{
			ID: fmt.Sprintf("LID %s masuk tahap \"%s\". Tenggatnya %s.", c.Address, step.Title.ID, dayWords(c.Due, simpul.Indonesian)),
			EN: fmt.Sprintf("LID %s has come to the step \"%s\". It is due on %s.", c.Address, step.Title.Text().In(simpul.English), dayWords(c.Due, simpul.English))},
	})
}

// Escalate tells of steps that are late or due within a working day: those who
// act in them, and of late ones those above. Each is told once. What is due is
// first reckoned by the model and calendar of today.
func (s *Service) Escalate(ctx context.Context) error {
	if err := s.Redate(ctx); err != nil {
		return err
	}
	for {
		now := s.now()
		var found []course
		err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			found, err = untold(ctx, tx, s.WorkingDays().After(now, 1), now, batch)
			return err
		})
		if err != nil || len(found) == 0 {
			return err
		}
		for _, c := range found {
			if err := s.escalate(ctx, c, now); err != nil {
				return fmt.Errorf("escalate %s: %w", c.Address, err)
			}
		}
	}
}

// escalate tells of one step, in a transaction of its own. A LID that there is
// not any more is dropped.
func (s *Service) escalate(ctx context.Context, c course, now time.Time) error {
	if _, _, err := s.lids.State(ctx, simpul.NationScope(), c.Address); simpul.CodeOf(err) == simpul.CodeNotFound {
		return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return s.Forget(ctx, tx, c.Address) })
	} else if err != nil {
		return err
	}
	told := int64(toldOwner)
	if c.Due.Before(now) {
		told = toldAbove
	}
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		mine, err := markTold(ctx, tx, c, told)
		if err != nil || !mine {
			return err
		}
		if err := tx.Revise(ctx, revisionCourse, string(c.Address)); err != nil {
			return err
		}
		e := trail.Event{Agency: c.Agency, Actor: trail.Hub, Action: "lid.remind", Subject: string(c.Address), Detail: c.Step}
		if told == toldAbove {
			e.Action = "lid.escalate"
		}
		if err := trail.Append(ctx, tx, e); err != nil {
			return err
		}
		return s.tellDue(ctx, tx, c, told, now)
	})
}

// tellDue says to those who act in a step that it is due, and of a late one to
// those above.
func (s *Service) tellDue(ctx context.Context, tx *sqldb.Tx, c course, told int64, now time.Time) error {
	model := s.Model("").Model
	step, ok := model.Step(c.Step)
	if !ok {
		return nil
	}
	if agency, holding := audience(model, step, c.Agency); holding != "" && c.Told < toldOwner {
		if err := s.notices.Notify(ctx, tx, s.dueNotice(c, step, agency, holding, now)); err != nil {
			return err
		}
	}
	if told < toldAbove || step.Escalate == nil {
		return nil
	}
	n := s.dueNotice(c, step, c.Agency, step.Escalate.Permission, now)
	n.Topic, n.Key, n.Urgent = "lifecycle.late", lateKey(c), true
	if step.Escalate.Level == LevelNation {
		n.Agency = ""
	}
	return s.notices.Notify(ctx, tx, n)
}

func (s *Service) dueNotice(c course, step Step, agency simpul.AgencyID, holding simpul.Permission, now time.Time) simpul.Notice {
	id, en := "Segera jatuh tempo", "Due soon"
	if c.Due.Before(now) {
		id, en = "Terlambat", "Late"
	}
	title := step.Title.Text()
	return simpul.Notice{
		Topic: "lifecycle.due", Key: dueKey(c), Agency: agency, Holding: holding, Link: DuePath, Due: c.Due,
		Title: simpul.Text{ID: id + ": " + title.ID + " " + string(c.Address), EN: en + ": " + title.In(simpul.English) + " " + string(c.Address)},
		Body: simpul.Text{
			ID: fmt.Sprintf("LID %s berada di tahap \"%s\" (%s). Tenggatnya %s.", c.Address, title.ID, ownerWords(step.Owner).ID, s.dueWords(c.Due, now).ID),
			EN: fmt.Sprintf("LID %s stands at the step \"%s\" (%s). It is due on %s.", c.Address, title.In(simpul.English), ownerWords(step.Owner).EN, s.dueWords(c.Due, now).EN)},
	}
}

// Redate reckons anew what was due by another model or calendar than today's.
func (s *Service) Redate(ctx context.Context) error {
	for {
		v, today := s.view.Load(), s.today()
		model, basis, n := v.on(today).Model, v.basis(today), 0
		err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
			old, err := stale(ctx, tx, basis, batch)
			n = len(old)
			for _, c := range old {
				step, _ := model.Step(c.Step)
				if err := redate(ctx, tx, c, v.days.Due(c.Since, step.Timer), basis); err != nil {
					return err
				}
			}
			return err
		})
		if err != nil || n < batch {
			return err
		}
	}
}
