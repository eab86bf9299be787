package identity

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// What a code is for.
const (
	Join    = "join"    // the person's first visit
	Recover = "recover" // the person has lost every credential
)

// How long a code is valid.
const (
	joinFor    = 72 * time.Hour
	recoverFor = 24 * time.Hour
)

// Invitation is what a valid code stands for.
type Invitation struct {
	Account simpul.AccountID
	Name    string // of the person
	Purpose string // Join or Recover
	Until   time.Time
}

// Issued is an invitation as a list shows it, without its code.
type Issued struct {
	ID        string
	Account   simpul.AccountID
	Purpose   string
	CreatedBy string
	Created   time.Time
	Until     time.Time
	Used      time.Time // zero while it is not
	Withdrawn time.Time
}

// Open reports whether the code can still be used.
func (i Issued) Open(now time.Time) bool {
	return i.Used.IsZero() && i.Withdrawn.IsZero() && now.Before(i.Until)
}

// newCode makes a code of 130 random bits.
func newCode() simpul.Secret { return simpul.NewSecret("") }

// grouped writes a code as people copy it: in groups of four.
func grouped(code simpul.Secret) string {
	var b strings.Builder
	for i, r := range code.Reveal() {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// plain undoes what grouping, mail programs and people do to a code.
func plain(code simpul.Secret) simpul.Secret {
	return simpul.Secret(strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r <= ' ':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, code.Reveal()))
}

// Invitation returns what the code stands for. A code that is unknown, used,
// expired or withdrawn is refused in the same words.
func (s *Service) Invitation(ctx context.Context, code simpul.Secret) (i Invitation, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		issued, err := openInvitation(ctx, tx, plain(code).Digest(), s.now())
		if err != nil {
			return err
		}
		i, err = s.invitationOf(ctx, tx, issued)
		return err
	})
	return i, validCode(err)
}

// Redeem uses the code up within the caller's transaction, which acts for the
// nation. Who joins is active from then on; who comes back has no credential and
// no session any more. When it fails, the caller must not commit.
func (s *Service) Redeem(ctx context.Context, tx *sqldb.Tx, code simpul.Secret) (Invitation, error) {
	if err := tx.Own(""); err != nil {
		return Invitation{}, err
	}
	issued, err := useInvitation(ctx, tx, plain(code).Digest(), s.now())
	if err != nil {
		return Invitation{}, validCode(err)
	}
	i, err := s.invitationOf(ctx, tx, issued)
	if err != nil {
		return Invitation{}, validCode(err)
	}
	return i, s.redeemed(ctx, tx, i)
}

// invitationOf refuses a code whose account has moved on since.
func (s *Service) invitationOf(ctx context.Context, tx *sqldb.Tx, issued Issued) (Invitation, error) {
	a, err := s.account(ctx, tx, issued.Account)
	if err != nil {
		return Invitation{}, err
	}
	if awaited := map[string]State{Join: Invited, Recover: Active}; a.State != awaited[issued.Purpose] {
		return Invitation{}, sqldb.ErrNoRows
	}
	return Invitation{Account: a.ID, Name: a.Personal.Name, Purpose: issued.Purpose, Until: issued.Until}, nil
}

func (s *Service) redeemed(ctx context.Context, tx *sqldb.Tx, i Invitation) error {
	action := "account.join"
	if i.Purpose == Recover {
		action = "account.recover"
		if err := s.others.Access.Forget(ctx, tx, i.Account); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, i.Account, recovered(i.Account)); err != nil {
			return err
		}
	} else if err := setState(ctx, tx, i.Account, Active, s.now()); err != nil {
		return err
	}
	if err := tx.Revise(ctx, revisionAccount, string(i.Account)); err != nil {
		return err
	}
	event := trail.Event{At: s.now(), Agency: i.Account.Agency(), Account: i.Account, Actor: string(i.Account), Action: action, Subject: string(i.Account)}
	return trail.Append(ctx, tx, event)
}

func recovered(id simpul.AccountID) simpul.Notice {
	return simpul.Notice{
		Topic: "recovery.end", Urgent: true, Link: accountPath(id),
		Title: simpul.Text{ID: "Akun " + short(id) + " dipulihkan", EN: "The account " + short(id) + " was recovered"},
		Body: simpul.Text{ID: "Kodenya dipakai: semua cara masuk dan sesi yang lama berakhir. Jika itu bukan orangnya, segera tangguhkan akunnya.",
			EN: "The code was used: all former ways to sign in and sessions have ended. If that was not the person, suspend the account at once."},
	}
}

func validCode(err error) error {
	if !errors.Is(err, sqldb.ErrNoRows) {
		return err
	}
	return simpul.Invalid("code",
		simpul.Text{ID: "Kode ini tidak berlaku.", EN: "This code is not valid."},
		simpul.Text{ID: "Salin kode dari surel terbaru. Sebuah kode hanya berlaku sekali dan selama waktu yang tertulis; jika sudah lewat, minta admin instansi Anda mengirim yang baru.",
			EN: "Copy the code from the newest e-mail. A code works once and for the time that is stated there; when that is over, ask your agency's administrator for a new one."})
}
