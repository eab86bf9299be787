package oidc

import (
	"context"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// tokenAnswer is RFC 6749 section 5.1, and OpenID Connect Core 1.0 section 3.1.3.3.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

func bearer(access simpul.Secret) tokenAnswer {
	return tokenAnswer{AccessToken: access.Reveal(), TokenType: "Bearer", ExpiresIn: int(tokenLife / time.Second)}
}

// token gives tokens to an application that proves who it is.
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
	serve := map[string]func(context.Context, asking, form) (tokenAnswer, error){
		grantClient: p.byItself, grantCode: p.byCode, grantRefresh: p.byRefresh,
	}[f["grant_type"]]
	switch {
	case f["grant_type"] == "":
		return tokenAnswer{}, missingParameter("grant_type")
	case serve == nil:
		return tokenAnswer{}, unsupportedGrant()
	}
	by, err := p.authenticate(r.Context(), r, f)
	switch {
	case err != nil:
		return tokenAnswer{}, err
	case !by.registration.allows(f["grant_type"]):
		return tokenAnswer{}, undeclaredGrant()
	}
	return serve(r.Context(), by, f)
}

// byItself serves the client credentials grant, RFC 6749 section 4.4.
func (p *Provider) byItself(_ context.Context, by asking, f form) (tokenAnswer, error) {
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
	claims := newAccessClaims(at, by.Consumer, now)
	claims.bind(by.binding())
	token, err := claims.sign(signer.access)
	return bearer(token), err
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
	shown, own, err := p.presented(w, r)
	switch {
	case err != nil || shown.claims == nil && shown.login == nil:
		return err
	case !own:
		return anothersToken()
	case shown.login != nil:
		return p.endLogins(r.Context(), *shown.login)
	}
	end := revocation{shown.claims.ID, shown.claims.forgottenAt()}
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
	shown, own, err := p.presented(w, r)
	switch {
	case err != nil:
		p.refuse(w, r, err)
	case !own:
		answer(w, http.StatusOK, introspection{})
	case shown.login != nil:
		answer(w, http.StatusOK, shown.login.introspected())
	default:
		answer(w, http.StatusOK, introspection{true, "Bearer", shown.claims})
	}
}

// refreshIntrospection is what an application learns of a refresh token.
type refreshIntrospection struct {
	Active  bool                 `json:"active"`
	Client  simpul.ApplicationID `json:"client_id"`
	Subject string               `json:"sub"`
	Scope   string               `json:"scope"`
	Issued  int64                `json:"iat"`
	Expiry  int64                `json:"exp"`
}

func (l login) introspected() refreshIntrospection {
	return refreshIntrospection{true, l.Application, l.Subject, strings.Join(l.Scopes, " "), l.At.Unix(), l.Until.Unix()}
}

// presented is a token that is valid now: an access token by its claims, a
// refresh token by its login.
type presented struct {
	claims *accessClaims
	login  *login
}

// presented returns the token that an application shows us, nothing for one
// that is not valid, and whether it is the application's own.
func (p *Provider) presented(w http.ResponseWriter, r *http.Request) (shown presented, own bool, err error) {
	f, err := readForm(w, r)
	if err != nil {
		return shown, false, err
	}
	by, err := p.authenticate(r.Context(), r, f)
	if err != nil {
		return shown, false, err
	}
	switch {
	case f["token"] == "":
		return shown, false, missingParameter("token")
	case by.method == byNothing && r.URL.Path == IntrospectPath:
		return shown, false, unknownClient(reason("a public client asks about tokens"))
	case strings.HasPrefix(f["token"], freshPrefix):
		l, err := p.loginByRefresh(r.Context(), simpul.Secret(f["token"]))
		if err != nil || l == nil {
			return shown, false, err
		}
		return presented{login: l}, l.Application == by.Application, nil
	}
	shown.claims, err = p.Verifier().verify(simpul.Secret(f["token"]))
	switch {
	case simpul.CodeOf(err) == simpul.CodeUnavailable:
		return presented{}, false, err
	case err != nil:
		return presented{}, false, nil
	}
	return shown, shown.claims.Client == by.Application, nil
}
