package oidc

import (
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// tokenAnswer is RFC 6749 section 5.1.
type tokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"` // seconds
}

// token gives an access token to an application that proves who it is: the
// client credentials grant, RFC 6749 section 4.4.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	given, err := p.give(w, r)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, given)
}

func (p *Provider) give(w http.ResponseWriter, r *http.Request) (tokenAnswer, error) {
	f, err := readForm(w, r)
	if err != nil {
		return tokenAnswer{}, err
	}
	switch {
	case f["grant_type"] == "":
		return tokenAnswer{}, invalidRequest("Parameter grant_type tidak ada.", "The parameter grant_type is missing.")
	case f["grant_type"] != "client_credentials":
		return tokenAnswer{}, unsupportedGrant()
	}
	consumer, err := p.authenticate(r.Context(), r, f)
	if err != nil {
		return tokenAnswer{}, err
	}
	at, now := p.view.at.Load(), p.now()
	signer, ok := p.view.keys.Load().signer(now)
	switch {
	case at == nil || !ok:
		return tokenAnswer{}, notServing()
	case f["scope"] != "":
		return tokenAnswer{}, unknownScope()
	case !at.names(f["resource"]) || !at.names(f["audience"]):
		return tokenAnswer{}, unknownTarget()
	}
	token, err := newAccessClaims(at, consumer, now).sign(signer.access)
	return tokenAnswer{token.Reveal(), "Bearer", int(tokenLife / time.Second)}, err
}

// revoke ends one of the application's own tokens (RFC 7009). A token that is
// not valid is not worth an error: it is ended already.
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	if err := p.end(w, r); err != nil {
		p.refuse(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
}

func (p *Provider) end(w http.ResponseWriter, r *http.Request) error {
	claims, own, err := p.presented(w, r)
	switch {
	case err != nil || claims == nil:
		return err
	case !own:
		return anothersToken()
	}
	end := revocation{claims.ID, claims.forgottenAt()}
	err = p.view.db.Write(r.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		return insertRevocation(r.Context(), tx, end)
	})
	if err == nil {
		p.view.revoked.add(end.jti, end.until)
	}
	return err
}

// introspection is RFC 7662 section 2.2.
type introspection struct {
	Active    bool   `json:"active"`
	TokenType string `json:"token_type,omitempty"`
	*accessClaims
}

// introspect tells an application about its own tokens (RFC 7662). Of all other
// tokens it says what it says of rubbish: not active.
func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) {
	claims, own, err := p.presented(w, r)
	switch {
	case err != nil:
		p.refuse(w, r, err)
	case !own:
		answer(w, http.StatusOK, introspection{})
	default:
		answer(w, http.StatusOK, introspection{true, "Bearer", claims})
	}
}

// presented returns the claims of the token that an application shows us, nil
// for one that is not valid, and whether it is the application's own.
func (p *Provider) presented(w http.ResponseWriter, r *http.Request) (claims *accessClaims, own bool, err error) {
	f, err := readForm(w, r)
	if err != nil {
		return nil, false, err
	}
	consumer, err := p.authenticate(r.Context(), r, f)
	if err != nil {
		return nil, false, err
	}
	if f["token"] == "" {
		return nil, false, invalidRequest("Parameter token tidak ada.", "The parameter token is missing.")
	}
	claims, err = p.Verifier().verify(simpul.Secret(f["token"]))
	switch {
	case simpul.CodeOf(err) == simpul.CodeUnavailable:
		return nil, false, err
	case err != nil:
		return nil, false, nil
	}
	return claims, claims.Client == consumer.Application, nil
}
