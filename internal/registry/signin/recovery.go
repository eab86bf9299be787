package signin

import (
	"context"
	"crypto/rand"
	"strings"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

const (
	recoveryCodes = 10
	recoveryChars = 16 // of 5 random bits each
	fewLeft       = 3  // from here on the person is reminded
)

// newRecovery replaces the person's recovery codes and returns the new ones.
func (s *Service) newRecovery(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) ([]string, error) {
	if err := deleteRecoveries(ctx, tx, account); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = strings.ToLower(rand.Text()[:recoveryChars])
		digest, err := s.recoveryDigest(codes[i])
		if err != nil {
			return nil, err
		}
		if err := insertRecovery(ctx, tx, account, digest); err != nil {
			return nil, err
		}
	}
	return codes, trail.Append(ctx, tx, s.event(account, "recovery.make", string(account)))
}

// recoveryDigest is what is kept of a code. It is keyed by the vault, so that
// the database alone does not let anybody try codes.
func (s *Service) recoveryDigest(code string) (string, error) {
	return s.sealer.Digest(code, "signin_recovery.digest")
}

// recoveryCode reads a code as people type it: in groups, in either case. It
// returns "" for what is none.
func recoveryCode(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(text)))
	if len(clean) != recoveryChars || strings.Trim(clean, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return ""
	}
	return clean
}

// grouped shows a code in groups of four.
func grouped(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// shown is what the hub remembers while it shows new recovery codes.
type shown struct {
	Account simpul.AccountID
	Codes   []string
}

// RenewRecovery gives the person new recovery codes, and returns the secret by
// which the page that shows them finds them.
func (s *Service) RenewRecovery(ctx context.Context, account simpul.AccountID) (secret simpul.Secret, err error) {
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		if secret, err = s.showRecovery(ctx, tx, account); err != nil {
			return err
		}
		return s.changed(ctx, tx, account, simpul.Text{ID: "Kode pemulihan dibuat baru", EN: "Recovery codes were made anew"})
	})
	return secret, err
}

func (s *Service) showRecovery(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (simpul.Secret, error) {
	codes, err := s.newRecovery(ctx, tx, account)
	if err != nil {
		return "", err
	}
	return s.remember(ctx, tx, recoveryShown, shown{account, codes})
}

// codeLines shows the codes one a line.
func codeLines(codes []string) string {
	lines := make([]string, len(codes))
	for i, c := range codes {
		lines[i] = grouped(c)
	}
	return strings.Join(lines, "\n")
}
