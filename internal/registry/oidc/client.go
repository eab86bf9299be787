package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"simpul"
)

// assertionType says that client_assertion is a JWT (RFC 7523 section 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// authenticate finds out which application asks, by exactly one of the two
// proofs: its API key in HTTP Basic, or an assertion that it has signed.
func (p *Provider) authenticate(ctx context.Context, r *http.Request, f form) (simpul.Consumer, error) {
	basic, asserts := len(r.Header.Values("Authorization")), f["client_assertion"] != "" || f["client_assertion_type"] != ""
	switch {
	case f["client_secret"] != "":
		return simpul.Consumer{}, invalidRequest("Kirim kunci dengan HTTP Basic, bukan dalam client_secret.", "Send the key by HTTP Basic, not in client_secret.")
	case basic > 1 || basic == 1 && asserts:
		return simpul.Consumer{}, invalidRequest("Permintaan membawa lebih dari satu bukti.", "The request carries more than one proof.")
	case asserts && f["client_assertion_type"] != assertionType:
		return simpul.Consumer{}, invalidRequest("client_assertion_type harus "+assertionType+".", "client_assertion_type must be "+assertionType+".")
	case asserts:
		return p.byAssertion(ctx, f["client_assertion"], f["client_id"])
	case basic == 1:
		return p.bySecret(r, f["client_id"])
	}
	return simpul.Consumer{}, unknownClient(errors.New("no proof"))
}

// bySecret looks the key up before it compares whose it is, so that an unknown
// application and a wrong key walk the same way and are told the same.
func (p *Provider) bySecret(r *http.Request, named string) (simpul.Consumer, error) {
	id, secret, ok := basicOf(r)
	if !ok {
		return simpul.Consumer{}, unknownClient(errors.New("no HTTP Basic"))
	}
	consumer, err := p.secrets.Authenticate(secret)
	switch simpul.CodeOf(err) {
	case "":
	case simpul.CodeUnauthenticated:
		return simpul.Consumer{}, unknownClient(err)
	case simpul.CodeDenied:
		return simpul.Consumer{}, suspendedClient(err)
	default:
		return simpul.Consumer{}, err
	}
	if string(consumer.Application) != id || named != "" && named != id {
		return simpul.Consumer{}, unknownClient(errors.New("a key of another application"))
	}
	return consumer, nil
}

// basicOf reads HTTP Basic, in which both parts are form-encoded (RFC 6749
// section 2.3.1). What curl -u sends reads the same: neither an application's
// ID nor a key has a character that the encoding changes, but for the @.
func basicOf(r *http.Request) (id string, secret simpul.Secret, ok bool) {
	user, password, ok := r.BasicAuth()
	if !ok {
		return "", "", false
	}
	id, err := url.QueryUnescape(user)
	if err != nil {
		return "", "", false
	}
	password, err = url.QueryUnescape(password)
	return id, simpul.Secret(password), err == nil
}
