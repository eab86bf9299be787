package identity

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// How many letters with codes an agency sends, and one person gets, in 24 hours:
// enough to bring a whole office in, too few to flood mailboxes.
const (
	lettersOfAgency = 100
	lettersToPerson = 5
)

// Resend sends somebody who has not joined a new code; the one before is void.
func (s *Service) Resend(ctx context.Context, p simpul.Principal, id string) (Account, error) {
	return s.act(ctx, p, id, "invitation.resend", another, func(tx *sqldb.Tx, by actor, a *Account) error {
		if a.State != Invited {
			return notNow(*a)
		}
		if err := s.issue(ctx, tx, by, *a, Join); err != nil {
			return err
		}
		return s.record(ctx, tx, about(p, a.ID, "invitation.resend", ""))
	})
}

// Withdraw voids the code that is under way to somebody.
func (s *Service) Withdraw(ctx context.Context, p simpul.Principal, id string) (Account, error) {
	return s.act(ctx, p, id, "invitation.withdraw", another, func(tx *sqldb.Tx, _ actor, a *Account) error {
		n, err := withdrawInvitations(ctx, tx, a.ID, s.now())
		if err != nil {
			return err
		}
		if n == 0 {
			return nothingUnderWay()
		}
		return s.record(ctx, tx, about(p, a.ID, "invitation.withdraw", ""))
	})
}

// Recover sends a code to somebody who has lost every credential. What they had
// goes when the code is used. An administrator watches over it: nobody starts
// their own, and the person and all administrators are told.
func (s *Service) Recover(ctx context.Context, p simpul.Principal, id string) (Account, error) {
	return s.act(ctx, p, id, "recovery.begin", another, func(tx *sqldb.Tx, by actor, a *Account) error {
		if a.State != Active {
			return notNow(*a)
		}
		if err := by.lasting().mayActOn(*a); err != nil {
			return err
		}
		if err := s.issue(ctx, tx, by, *a, Recover); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, a.ID, recoveryBegins(by, *a)); err != nil {
			return err
		}
		return s.record(ctx, tx, about(p, a.ID, "recovery.begin", ""))
	})
}

func recoveryBegins(by actor, a Account) simpul.Notice {
	return simpul.Notice{
		Topic: "recovery.begin", Urgent: true, Link: accountPath(a.ID),
		Title: simpul.Text{ID: "Pemulihan akun " + short(a.ID) + " dimulai", EN: "A recovery of the account " + short(a.ID) + " has begun"},
		Body: simpul.Text{ID: "Dimulai oleh " + by.ID + ". Kode dikirim ke surel akun itu dan berlaku 24 jam; cara masuk yang lama berakhir saat kode dipakai. Jika tidak ada yang memintanya, tarik kodenya.",
			EN: "Begun by " + by.ID + ". A code went to the account's e-mail address and is valid for 24 hours; the former ways to sign in end when it is used. If nobody asked for it, withdraw the code."},
	}
}

// issue makes a code for the purpose, voids the ones before, and sends it.
func (s *Service) issue(ctx context.Context, tx *sqldb.Tx, by actor, a Account, purpose string) error {
	if err := s.withinRate(ctx, tx, a); err != nil {
		return err
	}
	if _, err := withdrawInvitations(ctx, tx, a.ID, s.now()); err != nil {
		return err
	}
	code, until := newCode(), s.now().Add(joinFor)
	if purpose == Recover {
		until = s.now().Add(recoverFor)
	}
	issued := Issued{ID: newID("i-"), Account: a.ID, Purpose: purpose, CreatedBy: by.ID, Created: s.now(), Until: until}
	if err := insertInvitation(ctx, tx, issued, code.Digest()); err != nil {
		return err
	}
	return s.others.Mailer.Invite(ctx, tx, a.Personal.Email, a.Personal.Name, a.Language, s.link(code), purpose, until)
}

func newID(prefix string) string { return simpul.NewSecret(prefix).Reveal()[:len(prefix)+12] }

// link leads to the page that takes the code. A browser does not send what
// follows the # to the server, so the code stands in no log.
func (s *Service) link(code simpul.Secret) string {
	site := ""
	if at := s.site.Load(); at != nil {
		site = *at
	}
	return site + "/undangan#" + grouped(code)
}

func (s *Service) withinRate(ctx context.Context, tx *sqldb.Tx, a Account) error {
	since := s.now().Add(-24 * time.Hour)
	agency, person, err := countInvitations(ctx, tx, a.Agency(), a.ID, since)
	switch {
	case err != nil:
		return err
	case agency >= lettersOfAgency:
		return tooMany(simpul.Text{ID: fmt.Sprintf("Instansi ini sudah mengirim %d undangan dalam 24 jam.", agency), EN: fmt.Sprintf("This agency has sent %d invitations within 24 hours.", agency)})
	case person >= lettersToPerson:
		return tooMany(simpul.Text{ID: fmt.Sprintf("Orang ini sudah dikirimi %d kode dalam 24 jam.", person), EN: fmt.Sprintf("This person was sent %d codes within 24 hours.", person)})
	}
	return nil
}

func tooMany(message simpul.Text) error {
	return &simpul.Error{
		Code: simpul.CodeLimited, Message: message, Retry: time.Hour,
		Remedy: simpul.Text{ID: "Tunggu sampai besok; kode yang terakhir dikirim masih dapat dipakai.", EN: "Wait until tomorrow; the code that was sent last can still be used."},
	}
}

func nothingUnderWay() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Tidak ada kode yang masih berlaku untuk akun ini.", EN: "There is no code for this account that could still be used."},
		Remedy:  simpul.Text{ID: "Kirim kode baru jika orang itu memerlukannya.", EN: "Send a new code if the person needs one."},
	}
}

// Invitations lists the codes that were sent to an account, newest first.
func (s *Service) Invitations(ctx context.Context, p simpul.Principal, id string) (all []Issued, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = invitationsOf(ctx, tx, simpul.AccountID(id))
		return err
	})
	return all, err
}
