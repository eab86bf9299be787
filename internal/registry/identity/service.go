package identity

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Service is the use cases on tokens and sessions.
type Service struct {
	db  *sqldb.DB
	now clock.Clock
}

// New returns the use cases on the database.
func New(db *sqldb.DB, now clock.Clock) *Service { return &Service{db, now} }

// CreateToken makes a token for the role, of the agency where the role has one.
// The secret is returned here and never again. Whoever calls this stands on the
// hub's own machine; it is not an operation of the API.
func (s *Service) CreateToken(ctx context.Context, role simpul.Role, agency simpul.AgencyID) (simpul.Secret, error) {
	if err := validate(role, agency); err != nil {
		return "", err
	}
	secret := simpul.NewSecret(tokenPrefix)
	id := simpul.NewSecret("t-").Reveal()[:14]
	err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return insertToken(ctx, tx, id, secret.Digest(), role, agency, s.now())
	})
	return secret, err
}

// Tokens lists the tokens, without their secrets, oldest first.
func (s *Service) Tokens(ctx context.Context) (all []Token, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = listTokens(ctx, tx)
		return err
	})
	return all, err
}

// RevokeToken ends a token, and every session that began with it, at once.
func (s *Service) RevokeToken(ctx context.Context, id string) error {
	err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return deleteToken(ctx, tx, id) })
	return sqldb.Coded(err, kindToken, id)
}

// Principal returns whom a token stands for.
func (s *Service) Principal(ctx context.Context, token simpul.Secret) (p simpul.Principal, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		p, err = tokenByDigest(ctx, tx, token.Digest())
		return err
	})
	return p, known(err)
}

// SignIn begins a browser session for whoever holds the token. The session's
// secret goes into the cookie; Until is when it ends.
func (s *Service) SignIn(ctx context.Context, token simpul.Secret) (session simpul.Secret, until time.Time, err error) {
	p, err := s.Principal(ctx, token)
	if err != nil {
		return "", time.Time{}, err
	}
	session, until = simpul.NewSecret(""), s.now().Add(sessionLife)
	err = s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := deleteExpiredSessions(ctx, tx, s.now()); err != nil {
			return err
		}
		return insertSession(ctx, tx, session.Digest(), p.ID, s.now(), until)
	})
	return session, until, err
}

// Session returns who holds the session.
func (s *Service) Session(ctx context.Context, session simpul.Secret) (p simpul.Principal, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		p, err = principalBySession(ctx, tx, session.Digest(), s.now())
		return err
	})
	return p, known(err)
}

// SessionBegan returns when the session's holder signed in.
func (s *Service) SessionBegan(ctx context.Context, session simpul.Secret) (at time.Time, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		at, err = sessionBegan(ctx, tx, session.Digest())
		return err
	})
	return at, known(err)
}

// SignOut ends the session; ending one that is not there is no error.
func (s *Service) SignOut(ctx context.Context, session simpul.Secret) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return deleteSession(ctx, tx, session.Digest())
	})
}

// known turns "no such row" into the refusal that every bad credential meets:
// unknown, revoked and expired are told in the same words.
func known(err error) error {
	if !errors.Is(err, sqldb.ErrNoRows) {
		return err
	}
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Token tidak dikenal, sudah dicabut, atau sudah berakhir.", EN: "The token is unknown, revoked or expired."},
		Remedy:  simpul.Text{ID: "Periksa token yang disalin, atau minta yang baru kepada operator.", EN: "Check the token that you copied, or ask the operator for a new one."},
	}
}
