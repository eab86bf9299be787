package issuer

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"simpul"
)

// Certificates knows which TLS certificate a client has shown.
type Certificates interface {
	// Shown returns the certificate for which the sender of the request has
	// proved to have the private key, nil for none.
	Shown(r *http.Request) (certificate *x509.Certificate, trusted bool)
}

// Suspensions knows which agencies may not call. It reads memory only.
type Suspensions interface {
	IsSuspended(agency simpul.AgencyID) bool
}

// None reports whether no issuer is believed, so that nobody has to ask further.
func (t *Trust) None() bool { return len(t.state.Load().byIssuer) == 0 }

// Authenticate returns the application for which an issuer that is believed has
// given the token. A consumer beside an error is one that is known and refused.
func (t *Trust) Authenticate(r *http.Request, token simpul.Secret) (simpul.Consumer, error) {
	text, now := token.Reveal(), t.now()
	if len(text) > maxToken {
		return simpul.Consumer{}, unknownToken(errors.New("longer than a token may be"))
	}
	v, err := t.verify(text, now)
	if err != nil {
		return simpul.Consumer{}, err
	}
	return t.admit(r, v, now)
}

// verify returns a token whose signature is good. What was found good before is
// found again as long as the issuer's keys are the same.
func (t *Trust) verify(text string, now time.Time) (*verified, error) {
	digest := sha256.Sum256([]byte(text))
	state := t.state.Load()
	if v := t.cache.get(digest); v != nil {
		if by := state.byIssuer[v.claims.Issuer]; by != nil && by.keysAt(now) == v.keys {
			return v, nil
		}
	}
	p, err := read(text)
	if err != nil {
		return nil, unknownToken(err)
	}
	by := state.byIssuer[p.claims.Issuer]
	if by == nil {
		return nil, unknownToken(errors.New("of an issuer that is not believed"))
	}
	keys := by.keysAt(now)
	if keys == nil {
		t.ask(by)
		return nil, keysMissing(by)
	}
	if err := p.check(&by.spec, keys); err != nil {
		if errors.Is(err, errUnknownKey) {
			t.ask(by)
			return nil, unknownKey(by, err)
		}
		return nil, unknownToken(err)
	}
	v := &verified{digest: digest, keys: keys, claims: p.claims, credential: p.credential(by.id), revocation: p.digest()}
	if p.claims.Expiry != nil {
		v.expires = at(*p.claims.Expiry)
	}
	if p.claims.judge(&by.spec, now) == nil { // what is not valid anyway need not be remembered
		t.cache.put(v)
	}
	return v, nil
}

// admit judges a token whose signature is good, by what holds now.
func (t *Trust) admit(r *http.Request, v *verified, now time.Time) (simpul.Consumer, error) {
	by := t.state.Load().byIssuer[v.claims.Issuer]
	if by == nil {
		return simpul.Consumer{}, unknownToken(errors.New("its issuer is not believed any more"))
	}
	if err := v.claims.judge(&by.spec, now); err != nil {
		return simpul.Consumer{}, unfit(by, err)
	}
	client := v.claims.client(&by.spec)
	application, mapped := by.clients[client]
	switch {
	case by.spec.Suspended:
		return simpul.Consumer{}, issuerSuspended(by)
	case t.revoked.has(by.id, v.revocation, now):
		return simpul.Consumer{}, unknownToken(errors.New("revoked"))
	case client == "" || !mapped:
		return simpul.Consumer{}, unmapped(by, client)
	case t.suspensions.IsSuspended(application.Agency()):
		return simpul.Consumer{}, suspended(application.Agency())
	}
	if err := t.possessed(r, &v.claims); err != nil {
		return simpul.Consumer{}, err
	}
	return simpul.Consumer{Application: application, Credential: v.credential}, nil
}

// possessed checks the proof that a bound token asks for (RFC 8705 section 3).
func (t *Trust) possessed(r *http.Request, c *claims) error {
	thumbprint, err := c.bound()
	if err != nil {
		return unknownToken(err)
	}
	if thumbprint == "" {
		return nil
	}
	if certificate, _ := t.certificates.Shown(r); certificate != nil && thumbprintOf(certificate) == thumbprint {
		return nil
	}
	return unknownToken(errors.New("shown without its certificate"))
}

// thumbprintOf is x5t#S256 (RFC 7515 section 4.1.8).
func thumbprintOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// unknownToken tells every bad token in the same words; why is for the log.
func unknownToken(cause error) error {
	return &simpul.Error{
		Code: simpul.CodeUnauthenticated, Err: cause,
		Message: simpul.Text{ID: "Token akses tidak dikenal, tidak sah, atau sudah dicabut.", EN: "The access token is unknown, not valid, or was revoked."},
		Remedy:  simpul.Text{ID: "Minta token baru dari penerbitnya, dan pastikan penerbit itu dipercaya hub ini.", EN: "Ask its issuer for a new token, and make sure that this hub believes the issuer."},
	}
}

// unfit tells the holder of a token that its issuer has signed when it ends; the
// rest is for the log.
func unfit(by *trusted, cause error) error {
	if !errors.Is(cause, errExpired) {
		return unknownToken(cause)
	}
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Token akses dari " + by.spec.Name + " sudah berakhir.", EN: "The access token of " + by.spec.Name + " has expired."},
		Remedy:  simpul.Text{ID: "Minta token baru dari " + by.spec.Issuer + " sebelum yang lama berakhir.", EN: "Ask " + by.spec.Issuer + " for a new token before the old one ends."},
	}
}

func unknownKey(by *trusted, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeUnauthenticated, Err: cause, Retry: askPause,
		Message: simpul.Text{ID: "Kunci penanda tangan token ini belum dikenal dari " + by.spec.Name + ".", EN: "The key that signed this token is not known of " + by.spec.Name + " yet."},
		Remedy:  simpul.Text{ID: "Bila penerbit baru saja berganti kunci, coba lagi satu menit lagi; bila tidak, minta token baru.", EN: "If the issuer has just changed its keys, try again in a minute; if not, ask for a new token."},
	}
}

func keysMissing(by *trusted) error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Retry: askPause,
		Message: simpul.Text{ID: "Kunci " + by.spec.Name + " belum dapat diambil, jadi tokennya tidak dapat diperiksa.", EN: "The keys of " + by.spec.Name + " cannot be fetched, so its tokens cannot be checked."},
		Remedy:  simpul.Text{ID: "Coba lagi satu menit lagi, atau panggil dengan kunci API. Operator melihat sebabnya di halaman Penerbit token.", EN: "Try again in a minute, or call with an API key. The operator sees the cause on the page Issuers of tokens."},
	}
}

func issuerSuspended(by *trusted) error {
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Token dari " + by.spec.Name + " sedang tidak diterima.", EN: "Tokens of " + by.spec.Name + " are not accepted at present."},
		Remedy:  simpul.Text{ID: "Panggil dengan kunci API, atau tanyakan operator nasional kapan penerbit ini diterima lagi.", EN: "Call with an API key, or ask the national operator when this issuer is accepted again."},
	}
}

func unmapped(by *trusted, client string) error {
	return &simpul.Error{
		Code: simpul.CodeUnauthenticated, Err: errors.New("client " + printable(client) + " is no application"),
		Message: simpul.Text{ID: "Klien pada token dari " + by.spec.Name + " belum dipasangkan dengan aplikasi di hub ini.", EN: "The client in the token of " + by.spec.Name + " is not mapped to an application on this hub."},
		Remedy:  simpul.Text{ID: "Minta operator nasional memasangkannya di halaman Penerbit token.", EN: "Ask the national operator to map it on the page Issuers of tokens."},
	}
}

func suspended(agency simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Owner: agency,
		Message: simpul.Text{ID: "Instansi " + string(agency) + " sedang dibekukan.", EN: "Agency " + string(agency) + " is suspended."},
		Remedy:  simpul.Text{ID: "Hubungi operator nasional untuk mengaktifkannya kembali.", EN: "Contact the national operator to reinstate it."},
	}
}
