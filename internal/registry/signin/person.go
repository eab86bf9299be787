package signin

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// credentials is what a person signs in with, beside passkeys.
type credentials struct {
	account    simpul.AccountID
	handle     string // WebAuthn user handle, base64url
	password   string // PHC string; empty for none
	passwordAt int64  // ms
	totp       string // sealed, base64; empty for none
	totpAt     int64  // ms
	totpStep   int64
}

// enrolled returns the person's credentials, beginning them if there are none.
func (s *Service) enrolled(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (credentials, error) {
	c, err := credentialsOf(ctx, tx, account)
	exists, err := sqldb.Exists(c, err)
	if err != nil || exists {
		return c, err
	}
	handle, err := newHandle()
	if err != nil {
		return credentials{}, err
	}
	c = credentials{account: account, handle: handle}
	return c, insertPerson(ctx, tx, c)
}

// newHandle makes a WebAuthn user handle: 64 random bytes, as section 14.6.1 of
// the specification asks.
func newHandle() (string, error) {
	b := make([]byte, 64)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// Forget drops everything that the account signs in with, and every session of
// it, within the caller's transaction.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	if err := s.EndAll(ctx, tx, account); err != nil {
		return err
	}
	people, err := deletePerson(ctx, tx, account)
	if err != nil {
		return err
	}
	if err := deleteSubject(ctx, tx, account); err != nil || people == 0 {
		return err
	}
	return trail.Append(ctx, tx, s.event(account, "credential.forget", string(account)))
}

// Facts is what this room knows of a person, for that person: no secrets.
func (s *Service) Facts(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (map[string]any, error) {
	c, err := credentialsOf(ctx, tx, account)
	if _, err := sqldb.Exists(c, err); err != nil {
		return nil, err
	}
	passkeys, err := passkeysOf(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	sessions, err := sessionsOf(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	left, err := countRecovery(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	keys := make([]map[string]any, len(passkeys))
	for i, k := range passkeys {
		keys[i] = map[string]any{"name": k.Name, "createdAt": k.CreatedAt, "lastUsedAt": timeOrNil(k.UsedAt), "backedUp": k.BackedUp}
	}
	browsers := make([]map[string]any, len(sessions))
	for i, x := range sessions {
		browsers[i] = map[string]any{"browser": x.device.Browser, "system": x.device.System, "origin": x.origin, "begunAt": x.begun, "lastSeenAt": x.seen}
	}
	return map[string]any{
		"passkeys": keys, "sessions": browsers, "recoveryCodesLeft": left,
		"passwordSetAt": timeOrNil(millis(c.passwordAt)), "authenticatorSetAt": timeOrNil(millis(c.totpAt)),
	}, nil
}
