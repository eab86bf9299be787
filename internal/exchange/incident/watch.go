package incident

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// stage is what people are told of a term. It only grows while the term is the
// same, so that a clock that is set back has nobody told again.
type stage int64

const (
	stageBegun stage = 1 // the term has begun
	stageDay   stage = 2 // it ends within 24 hours
	stageHours stage = 3 // it ends within 6 hours
	stageOver  stage = 4 // it is over, and not everybody has got the notice
)

// When the stages begin, before the end of the term.
const (
	dayBefore   = 24 * time.Hour
	hoursBefore = 6 * time.Hour
)

// stage is what there is to tell at a moment.
func (c Case) stage(now time.Time) stage {
	switch left := c.Left(now); {
	case left <= 0:
		return stageOver
	case left <= hoursBefore:
		return stageHours
	case left <= dayBefore:
		return stageDay
	}
	return stageBegun
}

// waits reports whether somebody has to act until the end of the term.
func (c Case) waits() bool { return !c.Closed() && !c.Reported() }

// Remind tells of terms that come to their end, and of those that are over: those
// who handle incidents in the agency, and who noted it. Each stage of a term is told
// once, whichever node does and however often it starts anew; one that passed while
// no node ran is not told after the next.
func (s *Service) Remind(ctx context.Context) error {
	now := s.now()
	var due []Case
	err := s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		due, err = dueCases(ctx, tx, now)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range due {
		if err := s.remind(ctx, c, c.stage(now)); err != nil {
			return fmt.Errorf("remind of incident %s: %w", c.ID, err)
		}
	}
	return nil
}

// remind tells of one term, unless somebody else has, or has acted.
func (s *Service) remind(ctx context.Context, c Case, now stage) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		mine, err := markTold(ctx, tx, c, now)
		if err != nil || !mine {
			return err
		}
		e := trail.Event{Agency: c.Agency, Actor: trail.Hub, Action: "incident.remind", Subject: c.ID}
		if now == stageOver {
			e.Action = "incident.overdue"
		}
		if err := trail.Append(ctx, tx, e); err != nil {
			return err
		}
		if err := s.untell(ctx, tx, c); err != nil { // the new notice takes the place of the one before
			return err
		}
		if c, err = getCase(ctx, tx, c.ID); err != nil { // who got the notice meanwhile
			return err
		}
		return s.tell(ctx, tx, c, now)
	})
}

// tellOn tells of what a change means for the term.
func (s *Service) tellOn(ctx context.Context, tx *sqldb.Tx, before, after Case) error {
	switch {
	case before.waits() && !after.waits():
		return s.untell(ctx, tx, before)
	case before.Clock != after.Clock && after.waits():
		if err := s.untell(ctx, tx, before); err != nil {
			return err
		}
		return s.tell(ctx, tx, after, after.told)
	}
	return nil
}

// untell takes what was told of a term off the desks.
func (s *Service) untell(ctx context.Context, tx *sqldb.Tx, c Case) error {
	if c.told == 0 {
		return nil
	}
	return s.from.Notices.Done(ctx, tx, c.key(c.told))
}

// key names one stage of one term.
func (c Case) key(at stage) string { return fmt.Sprintf("incident.term/%s/%d/%d", c.ID, c.Clock, at) }

// tell puts the notice of a stage before those who handle incidents in the agency,
// its data-protection officer among them, and before who noted this one.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, c Case, at stage) error {
	n := simpul.Notice{
		Topic: "incident." + stageNames[at], Key: c.key(at), Agency: c.Agency, Holding: simpul.HandleIncidents,
		Title: c.title(at), Body: c.body(at), Link: PagePath(c.ID), Due: c.DueAt(),
	}
	if c.Handler != "" {
		n.Accounts = []simpul.AccountID{c.Handler}
	}
	return s.from.Notices.Notify(ctx, tx, n)
}

var stageNames = [...]string{stageBegun: "begun", stageDay: "due", stageHours: "urgent", stageOver: "overdue"}

func (c Case) title(at stage) simpul.Text {
	switch at {
	case stageDay:
		return simpul.Text{ID: "Pemberitahuan insiden " + c.ID + " jatuh tempo dalam 24 jam", EN: "The notice of incident " + c.ID + " is due within 24 hours"}
	case stageHours:
		return simpul.Text{ID: "Pemberitahuan insiden " + c.ID + " jatuh tempo dalam 6 jam", EN: "The notice of incident " + c.ID + " is due within 6 hours"}
	case stageOver:
		return simpul.Text{ID: "Tenggat pemberitahuan insiden " + c.ID + " lewat", EN: "The notice of incident " + c.ID + " is overdue"}
	}
	return simpul.Text{ID: "Insiden data pribadi dicatat: " + c.ID, EN: "An incident of personal data was recorded: " + c.ID}
}

// body says until when, to whom, and what to do. It names no person.
func (c Case) body(at stage) simpul.Text {
	due := moment(c.DueAt(), c.Question.Zone)
	t := simpul.Text{
		ID: "Paling lambat " + due.ID + " (3 × 24 jam, UU 27/2022 Pasal 46) pemberitahuan tertulis harus sampai kepada " + c.missing().ID + ".",
		EN: "By " + due.EN + " (3 × 24 hours, UU 27/2022 article 46) the written notice must have gone to " + c.missing().EN + "."}
	if at == stageOver {
		t = simpul.Text{
			ID: "Tenggatnya " + due.ID + " (3 × 24 jam, UU 27/2022 Pasal 46), dan pemberitahuan kepada " + c.missing().ID + " belum dicatat terkirim.",
			EN: "It was due by " + due.EN + " (3 × 24 hours, UU 27/2022 article 46), and no notice to " + c.missing().EN + " is recorded as sent."}
	}
	t.ID += " Aplikasi: " + string(c.Question.Application) + ". Unduh drafnya di halaman insiden, kirim, lalu catat di sana bahwa sudah terkirim."
	t.EN += " Application: " + string(c.Question.Application) + ". Download the draft on the incident's page, send it, and record there that it was sent."
	return t
}

// missing are those who have not got the notice.
func (c Case) missing() simpul.Text {
	persons, authority := simpul.Text{ID: "orang yang terdampak", EN: "those affected"}, simpul.Text{ID: "lembaga pelindungan data pribadi", EN: "the data-protection institution"}
	switch {
	case !c.PersonsAt.IsZero():
		return authority
	case !c.AuthorityAt.IsZero():
		return persons
	}
	return simpul.Text{ID: persons.ID + " dan " + authority.ID, EN: persons.EN + " and " + authority.EN}
}
