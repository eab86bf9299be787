package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Lives of what a login gives.
const (
	codeLife    = time.Minute
	loginLife   = 30 * 24 * time.Hour // of the last refresh token, however often it was turned
	codePrefix  = "spc_"
	freshPrefix = "spr_"
)

// login is one person in one application, from the code to the last token.
type login struct {
	ID          string
	Application simpul.ApplicationID
	Account     simpul.AccountID
	Subject     string
	Session     string
	Scopes      []string
	Methods     []string
	SignedInAt  time.Time
	At, Until   time.Time

	nonce, redirectURI, challenge string
	code                          string // digest
	codeUntil                     time.Time
	codeUsed                      bool
	family, refresh               string // digests
	sessionEnded, ended           bool
}

func (l login) offline() bool { return slices.Contains(l.Scopes, scopeOffline) }

// over reports whether no token comes of it any more.
func (l login) over(now time.Time) bool {
	return l.ended || !now.Before(l.Until) || l.sessionEnded && !l.offline()
}

// begin gives the code with which the application fetches the tokens.
func (p *Provider) begin(ctx context.Context, tx *sqldb.Tx, a authorization, s Session, subject string) (simpul.Secret, error) {
	now, code := p.now(), simpul.NewSecret(codePrefix)
	l := login{
		ID: strings.ToLower(rand.Text()), Application: a.application, Account: s.Account, Subject: subject, Session: s.ID,
		Scopes: a.scopes, Methods: s.Methods, SignedInAt: s.At, At: now, Until: now.Add(loginLife),
		nonce: a.nonce, redirectURI: a.redirectURI, challenge: a.challenge, code: code.Digest(), codeUntil: now.Add(codeLife),
	}
	if err := insertLogin(ctx, tx, l); err != nil {
		return "", err
	}
	return code, trail.Append(ctx, tx, l.event("login.begin"))
}

// event tells of a login in the trail of the application's agency.
func (l login) event(action string) trail.Event {
	return trail.Event{Agency: l.Application.Agency(), Account: l.Account, Actor: string(l.Account), Action: action, Subject: string(l.Application)}
}

// redeem uses a code up, at the first attempt of its application, right or
// wrong. One that is shown again was stolen or leaked: what it gave ends too
// (RFC 6749 section 4.1.2).
func (p *Provider) redeem(ctx context.Context, by asking, f form) (l login, err error) {
	now := p.now()
	refused, reason := error(nil), ""
	err = p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		l, err = loginByCode(ctx, tx, simpul.Secret(f["code"]).Digest())
		found, err := sqldb.Exists(l, err)
		if err != nil || !found || l.Application != by.Application {
			refused = badGrant("no such code of the application")
			return err
		}
		first, err := useCode(ctx, tx, l.ID)
		if err != nil {
			return err
		}
		if !first {
			reason, refused = "code.replay", badGrant("code shown again")
		} else if refused = l.accepts(f, now); refused != nil {
			reason = "code.refuse"
		} else {
			return nil
		}
		return p.endBecause(ctx, tx, l, reason)
	})
	if err != nil {
		return login{}, err
	}
	p.afterLogin(reason, l.ID)
	return l, refused
}

// accepts checks what a code is bound to.
func (l login) accepts(f form, now time.Time) error {
	sum := sha256.Sum256([]byte(f["code_verifier"]))
	switch {
	case !now.Before(l.codeUntil):
		return badGrant("code expired")
	case f["redirect_uri"] != l.redirectURI:
		return badGrant("another redirect URI")
	case !isVerifier(f["code_verifier"]) || base64.RawURLEncoding.EncodeToString(sum[:]) != l.challenge:
		return badGrant("another code verifier")
	case l.over(now) || l.sessionEnded:
		return badGrant("login has ended")
	}
	return nil
}

// isVerifier is the grammar of RFC 7636 section 4.1.
func isVerifier(s string) bool {
	return len(s) >= 43 && len(s) <= 128 && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-._~", r))
	})
}

// turn takes a refresh token and returns the next one. A refresh token has two
// parts: what all of a login share, and its own. Whoever shows the first with
// another second than the last one shows a token that was turned before, so two
// parties have it, and the login ends (RFC 9700 section 4.14.2). Nobody who never
// had a token of the login can end it in this way.
func (p *Provider) turn(ctx context.Context, by asking, f form) (l login, next simpul.Secret, err error) {
	family, own := partsOf(simpul.Secret(f["refresh_token"]))
	now, fresh, reason := p.now(), simpul.NewSecret(""), ""
	var refused error
	err = p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		l, err = loginByFamily(ctx, tx, family.Digest())
		found, err := sqldb.Exists(l, err)
		switch {
		case err != nil || !found || l.Application != by.Application:
			refused = badGrant("no such refresh token of the application")
			return err
		case l.over(now):
			refused = badGrant("login has ended")
			return nil
		case f["scope"] != "" && !narrower(l.Scopes, parseScopes(f["scope"])):
			refused = tooWide() // before the token is turned, so that it can be shown again
			return nil
		}
		last, err := turnRefresh(ctx, tx, l.ID, own.Digest(), fresh.Digest())
		if err != nil || last {
			return err
		}
		reason, refused = "refresh.replay", badGrant("refresh token shown again")
		return p.endBecause(ctx, tx, l, reason)
	})
	if err != nil {
		return login{}, "", err
	}
	p.afterLogin(reason, l.ID)
	return l, refreshToken(family, fresh), refused
}

// partsOf splits a refresh token: prefix, 26 characters of the family, 26 of its
// own. What has another shape finds nothing.
func partsOf(token simpul.Secret) (family, own simpul.Secret) {
	rest, ok := strings.CutPrefix(token.Reveal(), freshPrefix)
	first, second, cut := strings.Cut(rest, "_")
	if !ok || !cut {
		return token, ""
	}
	return simpul.Secret(first), simpul.Secret(second)
}

func refreshToken(family, own simpul.Secret) simpul.Secret {
	return simpul.Secret(freshPrefix + family.Reveal() + "_" + own.Reveal())
}

// firstRefresh gives a login its family of refresh tokens.
func (p *Provider) firstRefresh(ctx context.Context, l login) (simpul.Secret, error) {
	family, own := simpul.NewSecret(""), simpul.NewSecret("")
	err := p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return startFamily(ctx, tx, l.ID, family.Digest(), own.Digest())
	})
	return refreshToken(family, own), err
}

// endBecause ends a login that was misused, and says so in the audit trail.
func (p *Provider) endBecause(ctx context.Context, tx *sqldb.Tx, l login, action string) error {
	if err := endLogin(ctx, tx, l.ID, p.now()); err != nil {
		return err
	}
	e := l.event(action)
	e.Actor, e.Outcome = trail.Hub, simpul.CodeDenied
	return trail.Append(ctx, tx, e)
}

// afterLogin makes the end of logins known to this process before it returns.
func (p *Provider) afterLogin(reason string, ids ...string) {
	for _, id := range ids {
		if reason != "" {
			p.view.revoked.add(loginKey(id), p.now().Add(endedFor))
		}
	}
}
