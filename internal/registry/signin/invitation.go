package signin

import (
	"context"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const inviteChars = 26

// inviteCode reads an invitation code as people paste it: in groups, in either
// case, or with the address that it came in. It returns "" for what is none.
func inviteCode(text string) simpul.Secret {
	if i := strings.LastIndexByte(text, '#'); i >= 0 {
		text = text[i+1:]
	}
	clean := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, strings.ToLower(text))
	if len(clean) != inviteChars || strings.Trim(clean, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return ""
	}
	return simpul.Secret(clean)
}

// arrival is what somebody has who came in by an invitation.
type arrival struct {
	session simpul.Secret // of the browser
	codes   simpul.Secret // of the page that shows the recovery codes
}

// joinWithPasskey uses an invitation up for a passkey.
func (s *Service) joinWithPasskey(ctx context.Context, code, ceremony simpul.Secret, answer []byte, name string, b browser) (arrival, error) {
	inv, err := s.accounts.Invitation(ctx, code)
	if err != nil {
		return arrival{}, err
	}
	k, handle, err := s.created(ctx, ceremony, inv.Account, answer, name)
	if err != nil {
		return arrival{}, err
	}
	return s.join(ctx, code, inv.Account, handle, b, k.methods(), func(tx *sqldb.Tx) error { return s.addPasskey(ctx, tx, k) })
}

// joinWithPassword uses an invitation up for a password and an authenticator.
func (s *Service) joinWithPassword(ctx context.Context, code, ceremony simpul.Secret, password simpul.Secret, digits string, b browser) (arrival, error) {
	inv, err := s.accounts.Invitation(ctx, code)
	if err != nil {
		return arrival{}, err
	}
	if err := checkPassword(password, inv.Account, inv.Name); err != nil {
		return arrival{}, err
	}
	secret, step, err := s.confirmed(ctx, inv.Account, ceremony, digits)
	if err != nil {
		return arrival{}, err
	}
	phc, err := s.hasher.Hash(password)
	if err != nil {
		return arrival{}, err
	}
	handle, err := newHandle()
	if err != nil {
		return arrival{}, err
	}
	return s.join(ctx, code, inv.Account, handle, b, []string{"pwd", "otp", "mfa"}, func(tx *sqldb.Tx) error {
		return s.storeBoth(ctx, tx, inv.Account, phc, secret, step)
	})
}

// join replaces whatever the account signed in with by what add stores, and
// begins a session. All of it happens, or nothing does.
func (s *Service) join(ctx context.Context, code simpul.Secret, account simpul.AccountID, handle string, b browser, methods []string, add func(*sqldb.Tx) error) (a arrival, err error) {
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		inv, err := s.accounts.Redeem(ctx, tx, code)
		if err != nil {
			return err
		}
		if inv.Account != account {
			return overtime()
		}
		if err := s.Forget(ctx, tx, account); err != nil {
			return err
		}
		if err := insertPerson(ctx, tx, credentials{account: account, handle: handle}); err != nil {
			return err
		}
		if err := add(tx); err != nil {
			return err
		}
		if a.codes, err = s.showRecovery(ctx, tx, account); err != nil {
			return err
		}
		a.session, err = s.begin(ctx, tx, proof{account: account, methods: methods}, b)
		return err
	})
	return a, err
}
