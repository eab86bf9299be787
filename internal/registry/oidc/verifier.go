package oidc

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/clock"
)

// maxToken is the longest access token that is looked at, in bytes. Ours have
// some 600; an application's ID takes at most 317 of each of two claims.
const maxToken = 4 << 10

// Verifier knows which application an access token stands for. It asks nobody:
// it reads memory, and refuses a revoked token, or one whose key was revoked,
// as soon as this process has learned of it.
type Verifier struct {
	view         *view
	live         LiveKeys
	certificates Certificates
	now          clock.Clock
}

// IsAccessToken reports whether a credential has the shape of an access token
// and not of an API key, so that the gateway knows whom to ask.
func IsAccessToken(credential simpul.Secret) bool {
	return strings.Count(credential.Reveal(), ".") == 2
}

// Issued reports whether a token names a key of ours, in our way to write it: then
// nobody else can have given it.
func (v *Verifier) Issued(token simpul.Secret) bool {
	header, _, _ := strings.Cut(token.Reveal(), ".")
	_, ours := v.view.keys.Load().byHeader[header]
	return ours
}

// Authenticate returns the application to which the token was given, and the
// person for whom it acts. A token that is bound to a certificate counts only in
// a request that shows it, and one of a public application not at all: who it
// is was never proven, and grants are given to applications. Every refusal is an
// unauthenticated error, but for these public ones and the suspension of an
// agency.
func (v *Verifier) Authenticate(r *http.Request, token simpul.Secret) (simpul.Consumer, error) {
	claims, err := v.verify(token)
	if err == nil {
		err = v.possessed(r, claims)
	}
	if err == nil && claims.Credential == publicCredential {
		err = unproven(claims.Client)
	}
	if err != nil {
		return simpul.Consumer{}, err
	}
	return claims.consumer(), nil
}

// possessed checks the proof that a bound token asks for (RFC 8705 section 3).
func (v *Verifier) possessed(r *http.Request, c *accessClaims) error {
	if c.Confirmation == nil {
		return nil
	}
	if certificate, _ := v.certificates.Shown(r); certificate != nil && c.Confirmation.Thumbprint == thumbprintOf(certificate) {
		return nil
	}
	return invalidToken(errors.New("shown without its certificate"))
}

// verify returns the claims of a token that is valid now.
func (v *Verifier) verify(token simpul.Secret) (*accessClaims, error) {
	at, text := v.view.at.Load(), token.Reveal()
	if at == nil {
		return nil, notServing()
	}
	if len(text) > maxToken {
		return nil, invalidToken(errors.New("longer than any token of ours"))
	}
	keys, now := v.view.keys.Load(), v.now()
	digest := sha256.Sum256([]byte(text))
	claims, known := keys.verified.get(digest)
	if !known {
		var err error
		if claims, err = keys.read(text, now); err != nil {
			return nil, invalidToken(err)
		}
	}
	if err := v.judge(claims, at, now); err != nil {
		return nil, err
	}
	if !known {
		keys.verified.put(digest, claims)
	}
	return claims, nil
}

// read returns the claims of an access token that a key of the set has signed.
func (s *keySet) read(token string, now time.Time) (*accessClaims, error) {
	claims := &accessClaims{}
	return claims, readSigned(token, s.byHeader, now, claims)
}

// readSigned reads a token whose header is, to the byte, one of these.
func readSigned(token string, byHeader map[string]verifyingKey, now time.Time, claims any) error {
	header, _, _ := strings.Cut(token, ".")
	key, ours := byHeader[header]
	if !ours || !now.Before(key.until) {
		return errors.New("its header is not of a key of ours")
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		return err
	}
	payload, err := signed.Verify(key.public)
	if err != nil {
		return err
	}
	return json.Unmarshal(payload, claims)
}

// judge decides by the claims of a token whose signature is good.
func (v *Verifier) judge(c *accessClaims, at *Addresses, now time.Time) error {
	switch {
	case c.Issuer != at.Issuer || c.Audience != at.Audience:
		return invalidToken(fmt.Errorf("from %q for %q", c.Issuer, c.Audience))
	case c.ID == "" || c.Client == "" || c.Subject == "" || (c.Login == "") != (c.Subject == string(c.Client)):
		return invalidToken(errors.New("of neither an application nor a person"))
	case now.Add(leeway).Before(time.Unix(c.NotBefore, 0)):
		return invalidToken(errors.New("not valid yet"))
	case !now.Before(c.forgottenAt()):
		return expiredToken()
	case v.view.revoked.has(c.ID):
		return invalidToken(errors.New("revoked"))
	case c.Login != "" && v.view.revoked.has(loginKey(c.Login)):
		return invalidToken(errors.New("its login has ended"))
	case c.Session != "" && v.view.revoked.has(sessionKey(c.Session)):
		return invalidToken(errors.New("its session has ended"))
	case !v.credentialLives(c):
		return invalidToken(errors.New("its key was revoked"))
	case v.live.IsSuspended(c.Client.Agency()):
		return suspended(c.Client.Agency())
	}
	return nil
}

func (v *Verifier) credentialLives(c *accessClaims) bool {
	return v.live.IsLive(c.Credential) || v.view.clients.Load().isLive(c.Credential) || v.view.registered.Load().isLive(c.Client, c.Credential)
}

// invalidToken tells every bad token in the same words; why is for the log.
func invalidToken(cause error) error {
	return &simpul.Error{
		Code: simpul.CodeUnauthenticated, Err: cause,
		Message: simpul.Text{ID: "Token akses tidak dikenal atau sudah dicabut.", EN: "The access token is unknown or was revoked."},
		Remedy:  simpul.Text{ID: "Minta token baru dengan POST " + TokenPath + ", memakai kunci aplikasi Anda.", EN: "Ask for a new token with POST " + TokenPath + ", using your application's key."},
	}
}

// expiredToken says so, since only who held a good token gets here.
func expiredToken() error {
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Token akses sudah berakhir; token berlaku 10 menit.", EN: "The access token has expired; a token is valid for 10 minutes."},
		Remedy:  simpul.Text{ID: "Minta token baru dengan POST " + TokenPath + " sebelum yang lama berakhir.", EN: "Ask for a new token with POST " + TokenPath + " before the old one ends."},
	}
}

func suspended(agency simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: agency,
		Message: simpul.Text{ID: "Instansi " + string(agency) + " sedang dibekukan.", EN: "Agency " + string(agency) + " is suspended."},
		Remedy:  simpul.Text{ID: "Hubungi operator nasional untuk mengaktifkannya kembali.", EN: "Contact the national operator to reinstate it."},
	}
}

// unproven refuses an application that keeps no secret: anybody can say that
// they are it.
func unproven(id simpul.ApplicationID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: id.Agency(),
		Message: simpul.Text{ID: "Aplikasi " + string(id) + " terdaftar tanpa bukti diri, jadi tokennya tidak membuka LID.", EN: "Application " + string(id) + " is registered without a proof of itself, so its tokens open no LID."},
		Remedy:  simpul.Text{ID: "Panggil LID dari peladen aplikasi itu, dengan kunci API, kunci publik, atau sertifikatnya.", EN: "Call the LID from the application's server, with its API key, public key or certificate."},
	}
}

func notServing() error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Retry: time.Second,
		Message: simpul.Text{ID: "Layanan token belum siap.", EN: "The token service is not ready yet."},
		Remedy:  simpul.Text{ID: "Coba lagi sebentar lagi.", EN: "Try again shortly."},
	}
}
