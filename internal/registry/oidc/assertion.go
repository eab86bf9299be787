package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Limits of an assertion. It is made for one request, so it lives shortly, and
// the hub need not remember it for long.
const (
	maxAssertion  = 8 << 10 // bytes
	assertionLife = 5 * time.Minute
	maxJTI        = 256 // bytes
)

// assertion is what a client_assertion says, RFC 7523 section 3.
type assertion struct {
	jwt.Claims
	kid string
}

// byAssertion accepts a JWT that an application has signed with a key that it
// has registered: for us, of now, and for the first time.
func (p *Provider) byAssertion(ctx context.Context, text, named string) (simpul.Consumer, error) {
	at := p.view.at.Load()
	if at == nil {
		return simpul.Consumer{}, notServing()
	}
	now := p.now()
	key, a, err := p.readAssertion(text)
	if err == nil {
		err = a.check(at, named, now)
	}
	if err != nil {
		return simpul.Consumer{}, unknownClient(err)
	}
	if agency := key.Application.Agency(); p.Live.IsSuspended(agency) {
		return simpul.Consumer{}, suspendedClient(suspended(agency))
	}
	err = p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return useAssertion(ctx, tx, key.Application, a.ID, a.Expiry.Time().Add(2*leeway))
	})
	if errors.Is(err, sqldb.ErrDuplicate) {
		return simpul.Consumer{}, unknownClient(errors.New("assertion shown again"))
	}
	return simpul.Consumer{Application: key.Application, Credential: key.ID}, err
}

// readAssertion finds the key by who the assertion says it is from and by kid,
// which is a key of a map and nothing else, and checks the signature with the
// algorithm of that key. For an unknown application, or an unknown key, it
// checks against a key that nobody has, so that it takes as long.
func (p *Provider) readAssertion(text string) (ClientKey, assertion, error) {
	if len(text) > maxAssertion {
		return ClientKey{}, assertion{}, errors.New("assertion too long")
	}
	token, err := jwt.ParseSigned(text, assertionAlgorithms)
	if err != nil {
		return ClientKey{}, assertion{}, err
	}
	a := assertion{kid: token.Headers[0].KeyID}
	if err := token.UnsafeClaimsWithoutVerification(&a.Claims); err != nil {
		return ClientKey{}, assertion{}, err
	}
	key, known := p.view.clients.Load().find(simpul.ApplicationID(a.Subject), a.kid)
	if !known {
		key = p.nobody
	}
	if token.Headers[0].Algorithm != string(key.algorithm) {
		return ClientKey{}, assertion{}, errors.New("not the algorithm of the key")
	}
	if err := token.Claims(key.public, &a.Claims); err != nil {
		return ClientKey{}, assertion{}, err
	}
	return key, a, nil
}

func (a *assertion) check(at *Addresses, named string, now time.Time) error {
	switch {
	case a.Issuer != a.Subject || named != "" && named != a.Subject:
		return errors.New("issuer, subject and client_id differ")
	case len(a.Audience) != 1 || !slices.Contains([]string{at.Issuer, at.Issuer + TokenPath}, a.Audience[0]):
		return errors.New("not for this hub, or not for it alone")
	case a.Expiry == nil || a.ID == "" || len(a.ID) > maxJTI:
		return errors.New("exp or jti is missing or too long")
	case a.Expiry.Time().After(now.Add(assertionLife + leeway)):
		return errors.New("lives too long")
	}
	return a.ValidateWithLeeway(jwt.Expected{Time: now}, leeway)
}

// keyOfNobody is a key whose private half is forgotten at once.
func keyOfNobody() (ClientKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return ClientKey{}, err
	}
	return ClientKey{public: &private.PublicKey, algorithm: algorithmOf(&private.PublicKey)}, nil
}
