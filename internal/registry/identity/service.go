package identity

import (
	"context"
	"errors"
	"sync/atomic"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Service is the use cases on accounts, roles, tokens and sessions.
type Service struct {
	db     *sqldb.DB
	now    clock.Clock
	others Others
	site   atomic.Pointer[string] // where the screens are
}

// New returns the use cases on the database. See [Service.Load] and
// [Service.Connect].
func New(db *sqldb.DB, now clock.Clock) *Service { return &Service{db: db, now: now} }

// CreateToken makes a token for the role, of the agency where the role has one.
// The secret is returned here and never again. Whoever calls this stands on the
// hub's own machine; it is not an operation of the API.
func (s *Service) CreateToken(ctx context.Context, role simpul.Role, agency simpul.AgencyID) (simpul.Secret, error) {
	if err := wellFormed(role, agency); err != nil {
		return "", err
	}
	secret := simpul.NewSecret(tokenPrefix)
	id := simpul.NewSecret("t-").Reveal()[:14]
	err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := seedRoles(ctx, tx, s.now()); err != nil {
			return err
		}
		all, err := listRoles(ctx, tx)
		if err == nil {
			err = all.suit(role, agency)
		}
		if err != nil {
			return err
		}
		return insertToken(ctx, tx, id, secret.Digest(), role, agency, s.now())
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// Tokens lists the tokens, without their secrets, oldest first.
func (s *Service) Tokens(ctx context.Context) (all []Token, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = listTokens(ctx, tx)
		return err
	})
	return all, err
}

// RevokeToken ends a token at once, and with it what began with it.
func (s *Service) RevokeToken(ctx context.Context, id string) error {
	err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return deleteToken(ctx, tx, id) })
	return sqldb.Coded(err, kindToken, id)
}

// Principal returns whom a token stands for.
func (s *Service) Principal(ctx context.Context, token simpul.Secret) (p simpul.Principal, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		t, err := tokenByDigest(ctx, tx, token.Digest())
		if err != nil {
			return err
		}
		p, err = holderOf(ctx, tx, t)
		return err
	})
	return p, known(err)
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
