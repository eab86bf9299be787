package oidc

import (
	"context"
	"slices"
	"strings"

	"simpul"
)

// byCode serves the authorization code grant, RFC 6749 section 4.1.3.
func (p *Provider) byCode(ctx context.Context, by asking, f form) (tokenAnswer, error) {
	for _, name := range []string{"code", "redirect_uri", "code_verifier"} {
		if f[name] == "" {
			return tokenAnswer{}, missingParameter(name)
		}
	}
	l, err := p.redeem(ctx, by, f)
	if err == nil {
		err = p.stillThere(ctx, &l)
	}
	if err != nil {
		return tokenAnswer{}, err
	}
	given, err := p.tokensOf(by, l, l.Scopes)
	if err == nil && by.registration.allows(grantRefresh) {
		var refresh simpul.Secret
		refresh, err = p.firstRefresh(ctx, l)
		given.RefreshToken = refresh.Reveal()
	}
	return given, err
}

// byRefresh serves the refresh grant, RFC 6749 section 6. What it gives may be
// narrower than what the person allowed, never wider.
func (p *Provider) byRefresh(ctx context.Context, by asking, f form) (tokenAnswer, error) {
	if f["refresh_token"] == "" {
		return tokenAnswer{}, missingParameter("refresh_token")
	}
	l, next, err := p.turn(ctx, by, f)
	if err == nil {
		err = p.stillThere(ctx, &l)
	}
	if err != nil {
		return tokenAnswer{}, err
	}
	scopes := l.Scopes
	if f["scope"] != "" {
		scopes = parseScopes(f["scope"])
	}
	l.nonce = "" // of the first ID token only, OpenID Connect Core 1.0 section 12.2
	given, err := p.tokensOf(by, l, scopes)
	given.RefreshToken = next.Reveal()
	return given, err
}

// stillThere refuses what would outlive the person's account or session, also
// where the news of it has not been worked off yet.
func (p *Provider) stillThere(ctx context.Context, l *login) error {
	person, err := p.People.Person(ctx, l.Account)
	switch {
	case simpul.CodeOf(err) == simpul.CodeNotFound || err == nil && !person.Active:
		return badGrant("account is closed")
	case err != nil:
		return err
	}
	if !l.sessionEnded {
		ended, err := p.Sessions.Ended(ctx, l.Session)
		if err != nil {
			return err
		}
		l.sessionEnded = ended || p.view.revoked.has(sessionKey(l.Session))
	}
	if l.over(p.now()) {
		return badGrant("session has ended")
	}
	return nil
}

// tokensOf gives an access token and an ID token of a login.
func (p *Provider) tokensOf(by asking, l login, scopes []string) (tokenAnswer, error) {
	at, now := p.view.at.Load(), p.now()
	signer, ok := p.view.keys.Load().signer(now)
	if at == nil || !ok {
		return tokenAnswer{}, notServing()
	}
	claims := newAccessClaims(at, by.Consumer, now)
	claims.Subject, claims.Login, claims.Scope = l.Subject, l.ID, strings.Join(scopes, " ")
	if !l.sessionEnded {
		claims.Session = l.Session
	}
	claims.bind(by.binding())
	access, err := claims.sign(signer.access)
	if err != nil {
		return tokenAnswer{}, err
	}
	identity, err := signClaims(signer.identity, newIDClaims(at, l, access, now))
	given := bearer(access)
	given.IDToken, given.Scope = identity.Reveal(), claims.Scope
	return given, err
}

// narrower reports whether the asked scopes still sign somebody in, and are all
// granted.
func narrower(granted, asked []string) bool {
	return covers(granted, asked) && slices.Contains(asked, scopeOpenID)
}

func tooWide() error {
	return oauthFault("invalid_scope", "Scope melebihi yang disetujui, atau tidak memuat openid.", "The scope exceeds what was consented to, or lacks openid.")
}

func missingParameter(name string) error {
	return invalidRequest("Parameter "+name+" tidak ada.", "The parameter "+name+" is missing.")
}

// badGrant is the one refusal of a code or refresh token, whatever the reason.
func badGrant(why string) error {
	return &fault{status: 400, code: "invalid_grant", err: reason(why), text: simpul.Text{
		ID: "Kode atau refresh token ini tidak berlaku (lagi) untuk aplikasi ini. Mulai lagi dari halaman masuk.",
		EN: "This code or refresh token is not valid (any more) for this application. Start again from signing in.",
	}}
}

// reason is why something was refused, for the log.
type reason string

func (r reason) Error() string { return string(r) }
