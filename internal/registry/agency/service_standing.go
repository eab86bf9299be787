package agency

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Approval returns where an agency stands. Its own people and the nation may
// know.
func (a *Agencies) Approval(ctx context.Context, p simpul.Principal, id string) (approval Approval, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(simpul.AgencyID(id)); err != nil {
			return sqldb.ErrNoRows
		}
		if _, err := getAgency(ctx, tx, id); err != nil {
			return err
		}
		approval, err = approvalOf(ctx, tx, simpul.AgencyID(id))
		return err
	})
	return approval, sqldb.Coded(err, kindAgency, id)
}

// approvalOf is the approval that is stored, or that of an agency that was there
// before there were approvals.
func approvalOf(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID) (Approval, error) {
	approval, err := getApproval(ctx, tx, id)
	if errors.Is(err, sqldb.ErrNoRows) {
		return Approval{Standing: Operational}, nil
	}
	return approval, err
}

// Admit creates an agency that is admitted and no more, in the caller's
// transaction, which has the nation's scope.
func (a *Agencies) Admit(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id simpul.AgencyID, s Spec) error {
	if err := tx.Own(""); err != nil {
		return sqldb.Coded(err, kindAgency, string(id))
	}
	existed, err := sqldb.Exists(getAgency(ctx, tx, string(id)))
	switch {
	case err != nil:
		return err
	case existed:
		return registered(id)
	}
	if err := s.Validate(); err != nil {
		return err
	}
	if _, err := putAgency(ctx, tx, id, s, a.now()); err != nil {
		return err
	}
	return beginStanding(ctx, tx, id)
}

func registered(id simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "agency",
		Message: simpul.Text{ID: "Instansi " + string(id) + " sudah terdaftar.", EN: "Agency " + string(id) + " is registered already."},
		Remedy:  simpul.Text{ID: "Kembalikan formulir ini; admin instansi itu membuat versi baru dari halamannya sendiri.", EN: "Return this form; the agency's administrator makes a new version from their own page."},
	}
}

// Amend brings what is known of an agency to what was accepted, likewise.
func (a *Agencies) Amend(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID, s Spec) error {
	if err := tx.Own(""); err != nil {
		return sqldb.Coded(err, kindAgency, string(id))
	}
	before, err := getAgency(ctx, tx, string(id))
	if err != nil {
		return sqldb.Coded(err, kindAgency, string(id))
	}
	before.Spec.Name, before.Spec.Level, before.Spec.Region = s.Name, s.Level, s.Region
	if err := before.Spec.Validate(); err != nil {
		return err
	}
	_, err = putAgency(ctx, tx, id, before.Spec, a.now())
	return err
}

// AllowFrom replaces an agency's allow-list, likewise.
func (a *Agencies) AllowFrom(ctx context.Context, tx *sqldb.Tx, id simpul.AgencyID, list []string) error {
	if _, err := ParseNetworks(list); err != nil {
		return err
	}
	return putAllowlist(ctx, tx, id, list, a.now())
}

// Decide moves an agency to its next standing. Only the nation may, and nobody
// decides on the agency for which they act.
func (a *Agencies) Decide(ctx context.Context, p simpul.Principal, id string, d Decision) (Approval, error) {
	var approval Approval
	if err := d.validate(a.now()); err != nil {
		return approval, err
	}
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		approval, err = a.forDecision(ctx, tx, id)
		if err != nil {
			return err
		}
		if !contains(approval.Standing.Next(), d.Standing) {
			return illegalStep(approval.Standing, d.Standing)
		}
		approval.Standing, approval.LetterNumber, approval.LetterDate = d.Standing, strings.TrimSpace(d.LetterNumber), d.LetterDate
		approval.DecidedBy, approval.DecidedAt = p.ID, a.now().Truncate(time.Millisecond)
		if err := putApproval(ctx, tx, simpul.AgencyID(id), approval); err != nil {
			return err
		}
		if err := a.notifier.Notify(ctx, tx, standingChanged(simpul.AgencyID(id), approval)); err != nil {
			return err
		}
		event := trail.By(p, simpul.AgencyID(id), "agency.standing", id)
		event.Detail = string(d.Standing) + " by letter " + approval.LetterNumber
		return trail.Append(ctx, tx, event)
	})
	return approval, sqldb.Coded(err, kindAgency, id)
}

func contains(all []Standing, s Standing) bool {
	for _, one := range all {
		if one == s {
			return true
		}
	}
	return false
}

// forDecision holds the agency, so that two decisions follow one another, and
// returns where it stands.
func (a *Agencies) forDecision(ctx context.Context, tx *sqldb.Tx, id string) (Approval, error) {
	if err := tx.Own(""); err != nil {
		return Approval{}, err
	}
	if err := holdUnits(ctx, tx, simpul.AgencyID(id)); err != nil {
		return Approval{}, err
	}
	return approvalOf(ctx, tx, simpul.AgencyID(id))
}

// Suspend keeps an agency from exchanging, with the reason that it is told.
func (a *Agencies) Suspend(ctx context.Context, p simpul.Principal, id, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return simpul.Invalid("reason",
			simpul.Text{ID: "Alasan pembekuan kosong.", EN: "The reason for the suspension is empty."},
			simpul.Text{ID: "Tulis alasan yang dapat dibaca instansinya, dan apa yang harus diperbaikinya.", EN: "Write a reason that the agency can read, and what it has to mend."})
	}
	return a.setSuspension(ctx, p, id, true, reason)
}

// Reinstate ends a suspension.
func (a *Agencies) Reinstate(ctx context.Context, p simpul.Principal, id string) error {
	return a.setSuspension(ctx, p, id, false, "")
}

func (a *Agencies) setSuspension(ctx context.Context, p simpul.Principal, id string, suspended bool, reason string) error {
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := a.forDecision(ctx, tx, id); err != nil {
			return err
		}
		if err := setSuspended(ctx, tx, simpul.AgencyID(id), suspended); err != nil {
			return err
		}
		return a.noteSuspension(ctx, tx, p, simpul.AgencyID(id), suspended, strings.TrimSpace(reason))
	})
	return sqldb.Coded(err, kindAgency, id)
}

// noteSuspension writes down who suspended or reinstated an agency and why, and
// tells it.
func (a *Agencies) noteSuspension(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id simpul.AgencyID, suspended bool, reason string) error {
	approval, err := approvalOf(ctx, tx, id)
	if err != nil {
		return err
	}
	action := "agency.reinstate"
	approval.Suspension = Suspension{}
	if suspended {
		action = "agency.suspend"
		approval.Suspension = Suspension{Reason: reason, By: p.ID, Since: a.now().Truncate(time.Millisecond)}
	}
	if err := putApproval(ctx, tx, id, approval); err != nil {
		return err
	}
	if err := a.notifier.Notify(ctx, tx, suspensionChanged(id, approval.Suspension)); err != nil {
		return err
	}
	return trail.Append(ctx, tx, trail.By(p, id, action, string(id)))
}

func standingChanged(id simpul.AgencyID, a Approval) simpul.Notice {
	name := a.Standing.name()
	return simpul.Notice{
		Topic: "agency.standing", Agency: id, Holding: simpul.WriteAgencies, Link: AgencyPath,
		Title: simpul.Text{ID: "Status instansi: " + name.ID, EN: "Standing of the agency: " + name.EN},
		Body:  simpul.Text{ID: "Operator nasional mengubah status instansi Anda. Lihat langkah berikutnya di halaman Instansi saya.", EN: "The national operator changed the standing of your agency. See the next step on the page My agency."},
	}
}

func suspensionChanged(id simpul.AgencyID, s Suspension) simpul.Notice {
	n := simpul.Notice{
		Topic: "agency.suspension", Agency: id, Holding: simpul.WriteAgencies, Link: AgencyPath, Urgent: true,
		Title: simpul.Text{ID: "Instansi Anda aktif kembali", EN: "Your agency is active again"},
		Body:  simpul.Text{ID: "Operator nasional mengakhiri pembekuan. Aplikasi Anda dapat memanggil lagi.", EN: "The national operator ended the suspension. Your applications may call again."},
	}
	if !s.Since.IsZero() {
		n.Title = simpul.Text{ID: "Instansi Anda dibekukan", EN: "Your agency is suspended"}
		n.Body = simpul.Text{ID: "Operator nasional membekukan instansi Anda; aplikasi dan LID-nya ditolak. Baca alasannya di halaman Instansi saya.", EN: "The national operator suspended your agency; its applications and LIDs are refused. Read the reason on the page My agency."}
	}
	return n
}

// Allowlist returns the networks from which an agency's applications may call;
// none means anywhere. It is the agency's own matter.
func (a *Agencies) Allowlist(ctx context.Context, p simpul.Principal, id string) (list []string, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(simpul.AgencyID(id)); err != nil {
			return sqldb.ErrNoRows
		}
		if _, err := getAgency(ctx, tx, id); err != nil {
			return err
		}
		list, err = getAllowlist(ctx, tx, simpul.AgencyID(id))
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		return err
	})
	return list, sqldb.Coded(err, kindAgency, id)
}

// SetAllowlist replaces the networks from which an agency's applications may
// call.
func (a *Agencies) SetAllowlist(ctx context.Context, p simpul.Principal, id string, list []string) error {
	if _, err := ParseNetworks(list); err != nil {
		return err
	}
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := putAllowlist(ctx, tx, simpul.AgencyID(id), list, a.now()); err != nil {
			return err
		}
		event := trail.By(p, simpul.AgencyID(id), "agency.addresses", id)
		event.Detail = strings.Join(list, " ")
		return trail.Append(ctx, tx, event)
	})
	if errors.Is(err, sqldb.ErrReference) {
		err = sqldb.ErrNoRows
	}
	return sqldb.Coded(err, kindAgency, id)
}
