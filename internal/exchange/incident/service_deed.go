package incident

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Remark adds what somebody wrote about a case that is open.
func (s *Service) Remark(ctx context.Context, p simpul.Principal, id, text string) error {
	text, err := words("text", text)
	if err != nil {
		return err
	}
	return s.change(ctx, p, id, "incident.remark", func(tx *sqldb.Tx, c *Case) error {
		return insertNote(ctx, tx, *c, Note{At: s.now(), By: p.ID, Text: text})
	})
}

// Report is that a notice was sent, as somebody writes it.
type Report struct {
	To   Deed   // ToldPersons, ToldAuthority or ToldBoth
	At   string // as in 2026-11-25T08:00; empty for now
	Text string // such as its number
}

// Report notes that the notice was sent. Nobody is reminded of the term once both
// have got it.
func (s *Service) Report(ctx context.Context, p simpul.Principal, id string, r Report) error {
	text, err := words("text", r.Text)
	if err != nil {
		return err
	}
	if r.To != ToldPersons && r.To != ToldAuthority && r.To != ToldBoth {
		return simpul.Invalid("to",
			simpul.Text{ID: "Penerima pemberitahuan tidak dikenal.", EN: "Whom the notice went to is unknown."},
			simpul.Text{ID: "Pilih persons, authority, atau both.", EN: "Choose persons, authority or both."})
	}
	return s.change(ctx, p, id, "incident.report", func(tx *sqldb.Tx, c *Case) error {
		at, err := c.sent(r, s.now())
		if err != nil {
			return err
		}
		if err := c.reported(r.To, at); err != nil {
			return err
		}
		if err := setReported(ctx, tx, *c); err != nil {
			return err
		}
		return insertNote(ctx, tx, *c, Note{At: s.now(), By: p.ID, Deed: r.To, Is: at, Text: text})
	})
}

// sent reads when a notice was sent.
func (c Case) sent(r Report, now time.Time) (time.Time, error) {
	if r.At == "" {
		return now, nil
	}
	at, err := parseMoment("at", r.At, c.Question.Zone)
	if err == nil && (at.After(now) || at.Before(c.NotedAt)) {
		err = simpul.Invalid("at",
			simpul.Text{ID: "Pemberitahuan tidak dapat dikirim sebelum insiden diketahui atau di masa depan.", EN: "A notice cannot have been sent before the incident became known, or in the future."},
			simpul.Text{ID: "Periksa waktu pengiriman; bila saat insiden diketahui yang keliru, ubah itu dahulu.", EN: "Check the time; if it is the moment when the incident became known that is wrong, change that first."})
	}
	return at, err
}

// reported notes who got the notice; what is noted already stays.
func (c *Case) reported(to Deed, at time.Time) error {
	fresh := false
	for deed, when := range map[Deed]*time.Time{ToldPersons: &c.PersonsAt, ToldAuthority: &c.AuthorityAt} {
		if (to == deed || to == ToldBoth) && when.IsZero() {
			*when, fresh = at, true
		}
	}
	if fresh {
		return nil
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "to",
		Message: simpul.Text{ID: "Pemberitahuan itu sudah tercatat.", EN: "That notice has been recorded."},
		Remedy:  simpul.Text{ID: "Tulis catatan bila ada yang perlu diluruskan.", EN: "Write a note if something has to be put right."},
	}
}

// Redate changes when the incident became known, and with it the term. The old
// moment and the reason stay on record, and people are told of the new term.
func (s *Service) Redate(ctx context.Context, p simpul.Principal, id, noted, why string) error {
	why, err := words("why", why)
	if err != nil {
		return err
	}
	return s.change(ctx, p, id, "incident.redate", func(tx *sqldb.Tx, c *Case) error {
		now := s.now()
		at, err := parseNoted(noted, c.Question.Zone, now)
		if err == nil && at.Truncate(time.Minute).Equal(c.NotedAt.Truncate(time.Minute)) {
			err = knownThen()
		}
		if err != nil {
			return err
		}
		n := Note{At: now, By: p.ID, Deed: Redated, Was: c.NotedAt, Is: at, Text: why}
		c.NotedAt, c.Clock = at, c.Clock+1
		c.told = c.stage(now)
		if err := setNoted(ctx, tx, *c); err != nil {
			return err
		}
		return insertNote(ctx, tx, *c, n)
	})
}

func knownThen() error {
	return simpul.Invalid("noted",
		simpul.Text{ID: "Saat insiden diketahui sudah seperti itu.", EN: "The incident became known then already."},
		simpul.Text{ID: "Tulis waktu yang lain, atau biarkan.", EN: "Write another time, or leave it."})
}

// Hold keeps a case, open or closed, whatever retention says: a court, or whoever
// inquires, needs it.
func (s *Service) Hold(ctx context.Context, p simpul.Principal, id, why string) error {
	return s.hold(ctx, p, id, "incident.hold", Note{At: s.now(), By: p.ID, Deed: Held, Text: why})
}

// Release lets retention have the case again.
func (s *Service) Release(ctx context.Context, p simpul.Principal, id, why string) error {
	return s.hold(ctx, p, id, "incident.release", Note{At: s.now(), By: p.ID, Deed: Released, Text: why})
}

func (s *Service) hold(ctx context.Context, p simpul.Principal, id, verb string, n Note) (err error) {
	if n.Text, err = words("hold", n.Text); err != nil {
		return err
	}
	return s.changeAny(ctx, p, id, verb, func(tx *sqldb.Tx, c *Case) error {
		if c.Held() == (n.Deed == Held) {
			return heldAlready(c.Held())
		}
		if c.HeldAt, c.HeldBy, c.HeldWhy = n.At, n.By, n.Text; n.Deed == Released {
			c.HeldAt, c.HeldBy, c.HeldWhy = time.Time{}, "", ""
		}
		if err := setHeld(ctx, tx, *c); err != nil {
			return err
		}
		return insertNote(ctx, tx, *c, n)
	})
}

func heldAlready(held bool) error {
	e := &simpul.Error{
		Code: simpul.CodeConflict, Place: "hold",
		Message: simpul.Text{ID: "Insiden ini tidak sedang ditahan.", EN: "This incident is not on hold."},
		Remedy:  simpul.Text{ID: "Muat ulang halamannya untuk melihat keadaan sekarang.", EN: "Reload the page to see how it is now."},
	}
	if held {
		e.Message = simpul.Text{ID: "Insiden ini sudah ditahan dari penghapusan.", EN: "This incident is on hold already."}
	}
	return e
}

// Close ends a case, with a word on how.
func (s *Service) Close(ctx context.Context, p simpul.Principal, id, text string) error {
	text, err := words("text", text)
	if err != nil {
		return err
	}
	return s.change(ctx, p, id, "incident.close", func(tx *sqldb.Tx, c *Case) error {
		c.ClosedAt, c.ClosedBy = s.now(), p.ID
		if err := closeCase(ctx, tx, *c); err != nil {
			return err
		}
		return insertNote(ctx, tx, *c, Note{At: c.ClosedAt, By: p.ID, Deed: Closed, Text: text})
	})
}

// change changes an open case and tells the trail.
func (s *Service) change(ctx context.Context, p simpul.Principal, id, verb string, change func(*sqldb.Tx, *Case) error) error {
	return s.changeAny(ctx, p, id, verb, func(tx *sqldb.Tx, c *Case) error {
		if c.Closed() {
			return hasEnded()
		}
		return change(tx, c)
	})
}

// changeAny changes a case, open or closed, which nobody else does meanwhile, tells
// the trail, and then whom it concerns.
func (s *Service) changeAny(ctx context.Context, p simpul.Principal, id, verb string, change func(*sqldb.Tx, *Case) error) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := holdCase(ctx, tx, id); err != nil {
			return err
		}
		before, err := getCase(ctx, tx, id)
		if err != nil {
			return err
		}
		after := before
		if err := change(tx, &after); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, after.event(p, verb, "")); err != nil {
			return err
		}
		return s.tellOn(ctx, tx, before, after)
	})
	return notFound(err, id)
}

func hasEnded() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Insiden ini sudah ditutup.", EN: "This incident has been closed."},
		Remedy:  simpul.Text{ID: "Catat insiden baru bila ada yang harus dikerjakan lagi.", EN: "Note a new incident if there is something to do again."},
	}
}
