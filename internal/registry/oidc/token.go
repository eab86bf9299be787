package oidc

import (
	"crypto/rand"
	"encoding/json"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
)

// accessTokenType is the typ of an access token (RFC 9068 section 2.1), so that
// no other kind of token passes for one.
const accessTokenType jose.ContentType = "at+jwt"

// tokenLife is how long an access token is valid.
const tokenLife = 10 * time.Minute

// leeway is how far the clocks of two nodes of a hub may be apart.
const leeway = 10 * time.Second

// accessClaims are the claims of an access token (RFC 9068 section 2.2). Times
// are seconds since the Unix epoch. Credential ends the token with the key that
// it was bought with.
type accessClaims struct {
	Issuer     string               `json:"iss"`
	Subject    string               `json:"sub"`
	Client     simpul.ApplicationID `json:"client_id"`
	Audience   string               `json:"aud"`
	IssuedAt   int64                `json:"iat"`
	NotBefore  int64                `json:"nbf"`
	Expiry     int64                `json:"exp"`
	ID         string               `json:"jti"`
	Credential string               `json:"credential"`

	// Of a token with which an application acts for a person.
	Scope        string        `json:"scope,omitempty"`
	Session      string        `json:"sid,omitempty"`
	Login        string        `json:"login,omitempty"` // ends all tokens of one login
	Confirmation *confirmation `json:"cnf,omitempty"`
}

// confirmation binds a token to a certificate, RFC 8705 section 3.1.
type confirmation struct {
	Thumbprint string `json:"x5t#S256"`
}

func newAccessClaims(at *Addresses, c simpul.Consumer, now time.Time) *accessClaims {
	return &accessClaims{
		Issuer: at.Issuer, Audience: at.Audience,
		Subject: string(c.Application), Client: c.Application, Credential: c.Credential,
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expiry: now.Add(tokenLife).Unix(),
		ID: rand.Text(),
	}
}

func (c *accessClaims) consumer() simpul.Consumer {
	consumer := simpul.Consumer{Application: c.Client, Credential: c.Credential}
	if c.Login != "" {
		consumer.Subject = c.Subject
	}
	return consumer
}

// forgottenAt is when the token is refused for its age alone.
func (c *accessClaims) forgottenAt() time.Time { return time.Unix(c.Expiry, 0).Add(leeway) }

// bind ties the token to the certificate that its client has shown; to none
// where it has shown none.
func (c *accessClaims) bind(thumbprint string) {
	if thumbprint != "" {
		c.Confirmation = &confirmation{thumbprint}
	}
}

func (c *accessClaims) sign(with jose.Signer) (simpul.Secret, error) { return signClaims(with, c) }

func signClaims(with jose.Signer, c any) (simpul.Secret, error) {
	payload, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	signed, err := with.Sign(payload)
	if err != nil {
		return "", err
	}
	token, err := signed.CompactSerialize()
	return simpul.Secret(token), err
}
