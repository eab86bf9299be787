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

// asking is an application that has proved who it is.
type asking struct {
	simpul.Consumer
	method       AuthMethod
	registration *Registration // nil where it has declared nothing
	thumbprint   string        // of the certificate that it has shown; empty for none
}

// binding is the certificate to which its tokens are bound; empty for none.
func (a asking) binding() string {
	switch {
	case a.method == byIssuedCert, a.method == bySelfSignedCert, a.registration != nil && a.registration.Spec.BoundTokens:
		return a.thumbprint
	}
	return ""
}

// authenticate finds out which application asks, by exactly one proof, and that
// one the proof that it has declared: a stronger one is not replaced by a weaker.
func (p *Provider) authenticate(ctx context.Context, r *http.Request, f form) (asking, error) {
	consumer, method, err := p.prove(ctx, r, f)
	if err != nil {
		return asking{}, err
	}
	a := asking{Consumer: consumer, method: method, registration: p.view.registered.Load().of(consumer.Application)}
	if !a.registration.accepts(method) {
		return asking{}, unknownClient(errors.New("it has declared another proof than " + string(method)))
	}
	if certificate, _ := p.Certificates.Shown(r); certificate != nil {
		a.thumbprint = thumbprintOf(certificate)
	}
	if a.registration != nil && a.registration.Spec.BoundTokens && a.thumbprint == "" {
		return asking{}, noCertificate()
	}
	return a, nil
}

// prove takes the one proof that the request carries: the API key in HTTP
// Basic, an assertion that the application has signed, or, where neither is
// there, what the application has declared: its certificate, or nothing.
func (p *Provider) prove(ctx context.Context, r *http.Request, f form) (simpul.Consumer, AuthMethod, error) {
	basic, asserts := len(r.Header.Values("Authorization")), f["client_assertion"] != "" || f["client_assertion_type"] != ""
	switch {
	case f["client_secret"] != "":
		return simpul.Consumer{}, "", invalidRequest("Kirim kunci dengan HTTP Basic, bukan dalam client_secret.", "Send the key by HTTP Basic, not in client_secret.")
	case basic > 1 || basic == 1 && asserts:
		return simpul.Consumer{}, "", invalidRequest("Permintaan membawa lebih dari satu bukti.", "The request carries more than one proof.")
	case asserts && f["client_assertion_type"] != assertionType:
		return simpul.Consumer{}, "", invalidRequest("client_assertion_type harus "+assertionType+".", "client_assertion_type must be "+assertionType+".")
	case asserts:
		consumer, err := p.byAssertion(ctx, f["client_assertion"], f["client_id"])
		return consumer, byPrivateKey, err
	case basic == 1:
		consumer, err := p.bySecret(r, f["client_id"])
		return consumer, bySecretBasic, err
	}
	return p.byDeclaration(r, f["client_id"])
}

func (p *Provider) byDeclaration(r *http.Request, named string) (simpul.Consumer, AuthMethod, error) {
	declared := p.view.registered.Load().of(simpul.ApplicationID(named))
	if declared == nil {
		return simpul.Consumer{}, "", unknownClient(errors.New("no proof"))
	}
	method, credential := declared.Spec.TokenEndpointAuthMethod, publicCredential
	switch method {
	case byNothing:
	case byIssuedCert, bySelfSignedCert:
		var err error
		if credential, err = p.byCertificate(r, declared.Spec); err != nil {
			return simpul.Consumer{}, "", unknownClient(err)
		}
	default:
		return simpul.Consumer{}, "", unknownClient(errors.New("no proof"))
	}
	if agency := declared.Application.Agency(); p.Live.IsSuspended(agency) {
		return simpul.Consumer{}, "", suspendedClient(suspended(agency))
	}
	return simpul.Consumer{Application: declared.Application, Credential: credential}, method, nil
}

// bySecret looks the key up before it compares whose it is, so that an unknown
// application and a wrong key walk the same way and are told the same.
func (p *Provider) bySecret(r *http.Request, named string) (simpul.Consumer, error) {
	id, secret, ok := basicOf(r)
	if !ok {
		return simpul.Consumer{}, unknownClient(errors.New("no HTTP Basic"))
	}
	consumer, err := p.Secrets.Authenticate(secret)
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
