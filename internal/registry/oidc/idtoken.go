package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
)

// idTokenType is the typ of an ID token (RFC 7519 section 5.1).
const idTokenType jose.ContentType = "JWT"

// idTokenLife is how long an ID token may be taken as news of a sign-in.
const idTokenLife = 10 * time.Minute

// Levels of assurance, as acr: one factor, or two and such that do not fall to
// a copied password.
const (
	oneFactor  = "aal1"
	twoFactors = "aal2"
)

// idClaims are the claims of an ID token, OpenID Connect Core 1.0 sections 2 and
// 3.1.3.6. What the application may learn of the person beyond them it asks at
// the userinfo endpoint, so that tokens hold no personal data.
type idClaims struct {
	Issuer     string   `json:"iss"`
	Subject    string   `json:"sub"`
	Audience   string   `json:"aud"`
	Authorized string   `json:"azp"`
	Expiry     int64    `json:"exp"`
	IssuedAt   int64    `json:"iat"`
	AuthTime   int64    `json:"auth_time"`
	Nonce      string   `json:"nonce,omitempty"`
	Class      string   `json:"acr"`
	Methods    []string `json:"amr,omitempty"`
	Session    string   `json:"sid,omitempty"`
	AccessHash string   `json:"at_hash"`
}

func newIDClaims(at *Addresses, l login, access simpul.Secret, now time.Time) *idClaims {
	c := &idClaims{
		Issuer: at.Issuer, Subject: l.Subject, Audience: string(l.Application), Authorized: string(l.Application),
		IssuedAt: now.Unix(), Expiry: now.Add(idTokenLife).Unix(), AuthTime: l.SignedInAt.Unix(), Nonce: l.nonce,
		Class: classOf(l.Methods), Methods: l.Methods, AccessHash: leftHalf(access),
	}
	if !l.sessionEnded {
		c.Session = l.Session
	}
	return c
}

// classOf weighs the methods of RFC 8176 with which somebody signed in.
func classOf(methods []string) string {
	for _, strong := range []string{"mfa", "hwk", "swk", "pop"} {
		if slices.Contains(methods, strong) {
			return twoFactors
		}
	}
	return oneFactor
}

// leftHalf is at_hash: the left half of the digest of the token's ASCII octets.
func leftHalf(token simpul.Secret) string {
	sum := sha256.Sum256([]byte(token.Reveal()))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// hinted reads an ID token of ours that an application sends back, also one that
// has expired: it says of whom it speaks and proves nothing else.
func (p *Provider) hinted(token string) (*idClaims, bool) {
	at := p.view.at.Load()
	if at == nil || token == "" || len(token) > maxToken {
		return nil, false
	}
	claims := &idClaims{}
	err := readSigned(token, p.view.keys.Load().people, p.now(), claims)
	return claims, err == nil && claims.Issuer == at.Issuer
}
