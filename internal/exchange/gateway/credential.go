package gateway

import (
	"net/http"
	"strings"

	"simpul"
)

// Authenticator knows which application a credential stands for, and from where
// it counts. An API key is a credential that may come in X-API-Key or as a
// bearer token; an OAuth 2.0 access token (RFC 6750) comes as a bearer token
// only. Without either the credential is empty, and the certificate that the
// client has shown may stand for it. A consumer beside an error is one that is
// known and refused, so that the refusal is recorded.
type Authenticator interface {
	// Authenticate may look at the request for further proof, such as the
	// certificate to which a token is bound (RFC 8705). Where nothing proves
	// anything, the error is [NoCredential].
	Authenticate(r *http.Request, credential simpul.Secret) (simpul.Consumer, error)
}

// legacyHeader is where programs that were written for the former hub send their
// credential, as net/http writes its name. Where a LID does not take it, it is
// ignored.
const legacyHeader = "Authorizationsplp"

// credentialHeaders carry what is the hub's business, or say who calls; they
// never reach a provider.
var credentialHeaders = []string{"Authorization", "X-Api-Key", legacyHeader, "Cookie", "Proxy-Authorization", "Client-Cert", "Client-Cert-Chain"}

// legacyKeys returns what came in the header of the former hub, where the LID that
// is called takes it. The address is read for that before anybody is known; a call
// without the header pays nothing.
func (g *Gateway) legacyKeys(r *http.Request) []string {
	keys := r.Header[legacyHeader]
	if len(keys) == 0 {
		return nil
	}
	target, err := parseTarget(r)
	if err != nil {
		return nil
	}
	route, _ := g.pipeline.Resolver.Resolve(target.key)
	if route == nil || route.Delivery == nil || !route.Delivery.LegacyHeader {
		return nil
	}
	return keys
}

// credentialOf takes the credential from the request, and from what counts of the
// former hub's header; empty where there is none. A credential in the query is not
// looked at: URIs end up in logs.
func credentialOf(h http.Header, legacy []string) (simpul.Secret, error) {
	keys, authorizations := h["X-Api-Key"], h["Authorization"]
	switch {
	case len(keys)+len(authorizations)+len(legacy) == 0:
		return "", nil
	case len(keys)+len(authorizations)+len(legacy) > 1:
		return "", simpul.Invalid("header",
			simpul.Text{ID: "Permintaan membawa lebih dari satu kredensial.", EN: "The request carries more than one credential."},
			simpul.Text{ID: "Kirim satu saja: X-API-Key atau Authorization: Bearer.", EN: "Send one only: X-API-Key or Authorization: Bearer."})
	case len(keys) == 1 && keys[0] != "":
		return simpul.Secret(keys[0]), nil
	case len(legacy) == 1:
		if key := withoutScheme(legacy[0]); key != "" {
			return simpul.Secret(key), nil
		}
	case len(authorizations) == 1:
		scheme, token, _ := strings.Cut(authorizations[0], " ")
		if token = strings.TrimSpace(token); strings.EqualFold(scheme, "Bearer") && token != "" {
			return simpul.Secret(token), nil
		}
	}
	return "", NoCredential()
}

// withoutScheme takes the word before a credential off, where there is one:
// programs for the former hub write Bearer before it, or nothing.
func withoutScheme(value string) string {
	value = strings.TrimSpace(value)
	scheme, key, found := strings.Cut(value, " ")
	if !found {
		return value
	}
	for _, known := range [...]string{"Bearer", "Basic", "ApiKey"} {
		if strings.EqualFold(scheme, known) {
			return strings.TrimSpace(key)
		}
	}
	return ""
}

// NoCredential is the refusal of a call that proves nothing.
func NoCredential() error {
	return &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Permintaan ini tidak membawa kunci.", EN: "This request carries no key."},
		Remedy:  simpul.Text{ID: "Kirim kunci aplikasi Anda pada kepala X-API-Key, atau sebagai Authorization: Bearer.", EN: "Send your application's key in the header X-API-Key, or as Authorization: Bearer."},
	}
}
