package onboarding

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// mostWaiting bounds a list.
const mostWaiting = 500

// Waiting lists the forms in a state that the scope covers, the longest waiting
// first.
func (s *Service) Waiting(ctx context.Context, p simpul.Principal, state State) (all []Case, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = s.store.inState(ctx, tx, state, mostWaiting)
		return err
	})
	return all, err
}

// Open returns a case with every version of it, newest first.
func (s *Service) Open(ctx context.Context, p simpul.Principal, id string) (c Case, versions []Version, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if c, err = s.store.byID(ctx, tx, id); err != nil {
			return err
		}
		versions, err = s.store.versions(ctx, tx, id)
		return err
	})
	return c, versions, sqldb.Coded(err, kindCase, id)
}

// OfAgency returns the case of an agency, if it has one, likewise.
func (s *Service) OfAgency(ctx context.Context, p simpul.Principal, agency simpul.AgencyID) (c Case, versions []Version, found bool, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if c, err = s.find(ctx, tx, For(p, agency)); err != nil {
			return err
		}
		found = true
		versions, err = s.store.versions(ctx, tx, c.ID)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) {
		err = nil
	}
	return c, versions, found, err
}

// Document returns a file of a case that the scope covers.
func (s *Service) Document(ctx context.Context, p simpul.Principal, id, document string) (content []byte, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := s.store.byID(ctx, tx, id); err != nil {
			return err
		}
		if content, err = s.store.document(ctx, tx, id, document); !errors.Is(err, sqldb.ErrNoRows) {
			return err
		}
		versions, failed := s.store.versions(ctx, tx, id)
		if failed == nil && named(versions, document) {
			return documentDropped()
		}
		return errors.Join(failed, err)
	})
	return content, sqldb.Coded(err, kindCase, id)
}

// Return gives a form back with the reasons, by field.
func (s *Service) Return(ctx context.Context, p simpul.Principal, id string, version int, reasons map[string]string) error {
	if len(reasons) == 0 {
		return simpul.Invalid("reasons",
			simpul.Text{ID: "Tulis setidaknya satu alasan.", EN: "Write at least one reason."},
			simpul.Text{ID: "Jelaskan pada isian mana yang harus diperbaiki dan mengapa.", EN: "Say at a field what must be mended and why."})
	}
	return s.decide(ctx, p, id, version, "onboarding.return", Version{Outcome: Returned, Reasons: reasons}, nil)
}

// Accept admits the agency.
func (s *Service) Accept(ctx context.Context, p simpul.Principal, id string, version int) error {
	return s.decide(ctx, p, id, version, "onboarding.accept", Version{Outcome: Accepted}, func(tx *sqldb.Tx, c *Case) error {
		admission := Admission{ID: simpul.AgencyID(c.Form.Agency), Name: c.Form.Name, Level: c.Form.Level, Region: c.Form.Region, Addresses: c.Form.Addresses, New: c.Owner == ""}
		if err := s.admitter.Admit(ctx, tx, p, admission); err != nil {
			return err
		}
		c.Owner = admission.ID
		return nil
	})
}

// decide takes a submitted form to what was decided on the version that the
// operator saw.
func (s *Service) decide(ctx context.Context, p simpul.Principal, id string, version int, action string, d Version, also func(*sqldb.Tx, *Case) error) error {
	err := s.move(ctx, p, id, Submitted, action, func(tx *sqldb.Tx, c *Case) error {
		if version != c.Version {
			return notNow(c.State)
		}
		versions, err := s.store.versions(ctx, tx, id)
		if err != nil {
			return err
		}
		if own(p, versions[0]) {
			return ownForm()
		}
		d.Number, d.DecidedBy, d.DecidedAt = version, p.ID, s.now().Truncate(time.Millisecond)
		if err := s.store.decideVersion(ctx, tx, id, d); err != nil {
			return err
		}
		c.State = d.Outcome
		if also == nil {
			return nil
		}
		return also(tx, c)
	})
	if errors.Is(err, sqldb.ErrDuplicate) { // the agency has a form of its own meanwhile
		return notNow(Accepted)
	}
	return err
}

// own reports whether somebody would decide on what they submitted, or become
// its administrator by it.
func own(p simpul.Principal, v Version) bool {
	lead, _, ok := v.Form.Lead()
	return v.Author != "" && v.Author == p.ID || ok && p.Account != "" && p.Account == lead
}

func ownForm() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Anda tidak dapat memutuskan formulir Anda sendiri.", EN: "You cannot decide on your own form."},
		Remedy:  simpul.Text{ID: "Minta operator lain memutuskannya.", EN: "Ask another operator to decide."},
	}
}

// Lock makes an accepted form final. The code with which it was begun, which
// until then shows the outcome, ends.
func (s *Service) Lock(ctx context.Context, p simpul.Principal, id string) error {
	return s.move(ctx, p, id, Accepted, "onboarding.lock", func(tx *sqldb.Tx, c *Case) error {
		c.State = Locked
		return s.store.endCode(ctx, tx, c.ID)
	})
}

// move takes a case from one state to another, for the nation. Of two at once,
// the second meets the state that the first made.
func (s *Service) move(ctx context.Context, p simpul.Principal, id string, from State, action string, step func(*sqldb.Tx, *Case) error) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(""); err != nil {
			return sqldb.ErrNoRows
		}
		if err := s.store.hold(ctx, tx, id); err != nil {
			return err
		}
		c, err := s.store.byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.State != from {
			return notNow(c.State)
		}
		c.UpdatedAt = s.now()
		if err := step(tx, &c); err != nil {
			return err
		}
		if err := s.store.save(ctx, tx, c); err != nil {
			return err
		}
		if from == Submitted {
			if err := s.notifier.Done(ctx, tx, submittedKey(c.ID, c.Version)); err != nil {
				return err
			}
		}
		if c.Owner != "" {
			if err := s.notifier.Notify(ctx, tx, decided(c)); err != nil {
				return err
			}
		}
		return trail.Append(ctx, tx, trail.By(p, c.Owner, action, c.ID))
	})
	return sqldb.Coded(err, kindCase, id)
}

func decided(c Case) simpul.Notice {
	name := c.State.Name()
	return simpul.Notice{
		Topic: "onboarding.decided", Agency: c.Owner, Holding: simpul.WriteAgencies, Link: OwnPath,
		Title: simpul.Text{ID: "Formulir penunjukan PIC: " + name.ID, EN: "Appointment of the PIC: " + name.EN},
		Body:  simpul.Text{ID: "Operator nasional memutuskan formulir Anda. Lihat alasannya dan langkah berikutnya.", EN: "The national operator decided on your form. See the reasons and the next step."},
	}
}

// CanInvite reports whether accounts can be invited at all.
func (s *Service) CanInvite() bool { return s.inviter != nil }

// Invite invites the first of the accepted team as the agency's administrator,
// who thereby proves the e-mail address.
func (s *Service) Invite(ctx context.Context, p simpul.Principal, id string) (simpul.AccountID, error) {
	c, _, err := s.Open(ctx, p, id)
	if err != nil {
		return "", err
	}
	if s.inviter == nil {
		return "", &simpul.Error{
			Code:    simpul.CodeUnavailable,
			Message: simpul.Text{ID: "Hub ini belum dapat mengundang akun.", EN: "This hub cannot invite accounts yet."},
			Remedy:  simpul.Text{ID: "Buat token admin dengan simpul token create di mesin hub, lalu serahkan kepada PIC.", EN: "Make an admin token with simpul token create on the hub's machine and hand it to the PIC."},
		}
	}
	if !p.National || c.State != Accepted && c.State != Locked {
		return "", notNow(c.State)
	}
	account, person, ok := c.Form.Lead()
	if !ok {
		return "", notNow(c.State)
	}
	return account, s.inviter.Invite(ctx, p, account, strings.TrimSpace(person.Name), person.Email, []simpul.Role{simpul.RoleAdmin})
}
