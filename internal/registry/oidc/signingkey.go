package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// algorithm signs every token: ECDSA on P-256. It is in the toolkits that
// agencies use (Java, .NET, PHP, Python, Node.js, browsers), which EdDSA is not
// everywhere, and its signatures are a quarter of RS256's.
const algorithm = jose.ES256

// The life of a signing key. It is published for publishedBefore, signs for
// signsFor, and is kept until long after its last token has expired.
const (
	publishedBefore = 24 * time.Hour // far more than jwksAge, so that every copy of the JWKS has it
	signsFor        = 30 * 24 * time.Hour
	keptFor         = time.Hour // more than the life of a token
)

// Sealer encrypts what is stored, bound to the place where it is stored: a
// value that is moved to another row or column does not open.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// Where the sealed private keys are.
const sealedTable, sealedColumn = "oidc_signing_key", "sealed"

// SigningKey says when a key is used. Times are to the millisecond.
type SigningKey struct {
	ID         string // RFC 7638 thumbprint of the public key; the kid of its tokens
	SignsFrom  time.Time
	SignsUntil time.Time
	KeptUntil  time.Time
}

// storedKey is a signing key as the database holds it.
type storedKey struct {
	SigningKey
	sealed string // base64
}

func (k SigningKey) signsAt(t time.Time) bool {
	return !t.Before(k.SignsFrom) && t.Before(k.SignsUntil)
}

// due tells from when a further key must sign, if it is time to publish it: at
// once where no key signs now, else where the present ones leave off.
func due(keys []SigningKey, now time.Time) (from time.Time, ok bool) {
	covered := now
	for range keys { // in whatever order they come
		for _, k := range keys {
			if !k.SignsFrom.After(covered) && k.SignsUntil.After(covered) {
				covered = k.SignsUntil
			}
		}
	}
	return covered, covered.Sub(now) <= publishedBefore
}

// newSigningKey makes a key that signs from the time on.
func newSigningKey(sealer Sealer, from time.Time) (storedKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return storedKey{}, err
	}
	id, err := thumbprint(private.Public())
	if err != nil {
		return storedKey{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return storedKey{}, err
	}
	sealed, err := sealer.Seal(der, sealedTable, id, sealedColumn)
	if err != nil {
		return storedKey{}, fmt.Errorf("seal signing key: %w", err)
	}
	from = from.Truncate(time.Millisecond)
	until := from.Add(signsFor)
	return storedKey{SigningKey{id, from, until, until.Add(keptFor)}, base64.StdEncoding.EncodeToString(sealed)}, nil
}

// open returns the private key. The public key is taken from it and from
// nowhere else: only who could seal a key can make the hub believe one.
func (k storedKey) open(sealer Sealer) (*ecdsa.PrivateKey, error) {
	sealed, err := base64.StdEncoding.DecodeString(k.sealed)
	if err != nil {
		return nil, err
	}
	der, err := sealer.Open(sealed, sealedTable, k.ID, sealedColumn)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, err
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return nil, errors.New("not a P-256 key")
	}
	return private, nil
}

func thumbprint(public crypto.PublicKey) (string, error) {
	sum, err := (&jose.JSONWebKey{Key: public}).Thumbprint(crypto.SHA256)
	return base64.RawURLEncoding.EncodeToString(sum), err
}
