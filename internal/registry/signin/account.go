package signin

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Security is what a person signs in with, as their own page shows it.
type Security struct {
	Passkeys     []Passkey
	HasPassword  bool // with an authenticator: the two go together
	PasswordAt   int64
	RecoveryLeft int64
	Sessions     []Session
	Events       []trail.Event
}

const shownEvents = 20

// SecurityOf gathers what the person's own page shows.
func (s *Service) SecurityOf(ctx context.Context, account simpul.AccountID) (v Security, err error) {
	if v.Sessions, err = s.Sessions(ctx, account); err != nil {
		return v, err
	}
	err = s.read(ctx, func(tx *sqldb.Tx) error {
		c, err := credentialsOf(ctx, tx, account)
		if _, err := sqldb.Exists(c, err); err != nil {
			return err
		}
		v.HasPassword, v.PasswordAt = c.password != "", c.passwordAt
		if v.Passkeys, err = passkeysOf(ctx, tx, account); err != nil {
			return err
		}
		if v.RecoveryLeft, err = countRecovery(ctx, tx, account); err != nil {
			return err
		}
		v.Events, err = trail.List(ctx, tx, trail.Filter{Account: account}, 0, shownEvents)
		return err
	})
	return v, err
}

// SetPassword replaces the person's password, and signs them out everywhere
// else: whoever knew the former one is out.
func (s *Service) SetPassword(ctx context.Context, who Visit, name string, password simpul.Secret) error {
	account := who.Account
	if err := checkPassword(password, account, name); err != nil {
		return err
	}
	phc, err := s.hasher.Hash(password)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		c, err := credentialsOf(ctx, tx, account)
		if err != nil {
			return err
		}
		if c.totp == "" {
			return needsAuthenticator()
		}
		if err := updatePassword(ctx, tx, account, phc, s.now()); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, s.event(account, "password.set", string(account))); err != nil {
			return err
		}
		return s.changed(ctx, tx, account, simpul.Text{ID: "Kata sandi diganti", EN: "The password was changed"})
	})
	if err != nil {
		return err
	}
	return s.EndOthers(ctx, account, who.ID)
}

// SetPasswordAndTOTP gives the person a password and an authenticator, in place
// of those that they had.
func (s *Service) SetPasswordAndTOTP(ctx context.Context, who Visit, name string, ceremony, password simpul.Secret, digits string) error {
	account := who.Account
	if err := checkPassword(password, account, name); err != nil {
		return err
	}
	secret, step, err := s.confirmed(ctx, account, ceremony, digits)
	if err != nil {
		return err
	}
	phc, err := s.hasher.Hash(password)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		if _, err := s.enrolled(ctx, tx, account); err != nil {
			return err
		}
		if err := s.storeBoth(ctx, tx, account, phc, secret, step); err != nil {
			return err
		}
		return s.changed(ctx, tx, account, simpul.Text{ID: "Kata sandi dan aplikasi autentikator dipasang", EN: "A password and an authenticator app were set"})
	})
	if err != nil {
		return err
	}
	return s.EndOthers(ctx, account, who.ID)
}

// RemovePassword drops the password and the authenticator of a person who has a
// passkey.
func (s *Service) RemovePassword(ctx context.Context, account simpul.AccountID) error {
	return s.write(ctx, func(tx *sqldb.Tx) error {
		if err := updatePassword(ctx, tx, account, "", millis(0)); err != nil {
			return err
		}
		if err := updateTOTP(ctx, tx, account, "", 0, millis(0)); err != nil {
			return err
		}
		if err := s.leavesAWay(ctx, tx, account); err != nil {
			return err
		}
		if err := trail.Append(ctx, tx, s.event(account, "password.remove", string(account))); err != nil {
			return err
		}
		return s.changed(ctx, tx, account, simpul.Text{ID: "Kata sandi dan aplikasi autentikator dihapus", EN: "The password and the authenticator app were removed"})
	})
}

// confirmed uses up what beginTOTP began, if the code shows that the person's
// authenticator holds the secret. A wrong code may be tried again.
func (s *Service) confirmed(ctx context.Context, account simpul.AccountID, ceremony simpul.Secret, digits string) (simpul.Secret, int64, error) {
	secret, err := s.pendingTOTP(ctx, account, ceremony)
	if err != nil {
		return "", 0, err
	}
	step, ok := matchedStep(secret, onlyDigits(digits), s.now())
	if !ok {
		return "", 0, wrongCode()
	}
	return secret, step, s.recall(ctx, totpCreation, ceremony, &setup{})
}

func (s *Service) storeBoth(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, phc string, secret simpul.Secret, step int64) error {
	sealed, err := s.sealedTOTP(secret, account)
	if err != nil {
		return err
	}
	if err := updatePassword(ctx, tx, account, phc, s.now()); err != nil {
		return err
	}
	if err := updateTOTP(ctx, tx, account, sealed, step, s.now()); err != nil {
		return err
	}
	if err := trail.Append(ctx, tx, s.event(account, "password.set", string(account))); err != nil {
		return err
	}
	return trail.Append(ctx, tx, s.event(account, "totp.set", string(account)))
}

// changed tells a person that what they sign in with is not what it was.
func (s *Service) changed(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, what simpul.Text) error {
	return s.notifier.Notify(ctx, tx, simpul.Notice{
		Topic: "account.credential", Accounts: []simpul.AccountID{account}, Link: AccountPath, Urgent: true, Title: what,
		Body: simpul.Text{
			ID: "Jika itu bukan Anda, buka Akun saya, keluar dari semua perangkat lain, dan hubungi admin instansi Anda.",
			EN: "If this was not you, open My account, sign out of all other devices, and contact your agency's administrator."},
	})
}

func needsAuthenticator() error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Kata sandi hanya dipakai bersama aplikasi autentikator.", EN: "A password is used together with an authenticator app only."},
		Remedy:  simpul.Text{ID: "Pasang keduanya sekaligus di Akun saya.", EN: "Set both at once in My account."},
	}
}
