package gateway

import (
	"net/http"
	"strings"

	"simpul"
)

// Authenticator knows which application a credential stands for, and from where
// it counts. An API key is a credential that may come in X-API-Key or as a
// bearer token; an OAuth 2.0 access token (RFC 6750) comes as a bearer token
// only. A consumer beside an error is one that is known and refused, so that the
// refusal is recorded.
type Authenticator interface {
	// Authenticate may look at the request for further proof, such as the
	// certificate to which a token is bound (RFC 8705).
	Authenticate(r *http.Request, credential simpul.Secret) (simpul.Consumer, error)
}

// credentialHeaders carry what is the hub's business; they never reach a provider.
var credentialHeaders = []string{"Authorization", "X-Api-Key", "Cookie", "Proxy-Authorization", "Client-Cert", "Client-Cert-Chain"}

// credentialOf takes the credential from the request. A credential in the query
// is not looked at: URIs end up in logs.
func credentialOf(h http.Header) (simpul.Secret, error) {
	keys, authorizations := h.Values("X-Api-Key"), h.Values("Authorization")
	switch {
	case len(keys)+len(authorizations) > 1:
		return "", simpul.Invalid("header",
			simpul.Text{ID: "Permintaan membawa lebih dari satu kredensial.", EN: "The request carries more than one credential."},
			simpul.Text{ID: "Kirim satu saja: X-API-Key atau Authorization: Bearer.", EN: "Send one only: X-API-Key or Authorization: Bearer."})
	case len(keys) == 1 && keys[0] != "":
		return simpul.Secret(keys[0]), nil
	case len(authorizations) == 1:
		scheme, token, _ := strings.Cut(authorizations[0], " ")
		if token = strings.TrimSpace(token); strings.EqualFold(scheme, "Bearer") && token != "" {
			return simpul.Secret(token), nil
		}
	}
	return "", &simpul.Error{
		Code:    simpul.CodeUnauthenticated,
		Message: simpul.Text{ID: "Permintaan ini tidak membawa kunci.", EN: "This request carries no key."},
		Remedy:  simpul.Text{ID: "Kirim kunci aplikasi Anda pada kepala X-API-Key, atau sebagai Authorization: Bearer.", EN: "Send your application's key in the header X-API-Key, or as Authorization: Bearer."},
	}
}
