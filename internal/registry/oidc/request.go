package oidc

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// How long requests wait: a pushed one for the browser to come, one that is
// asked for the person to sign in and to consent.
const (
	pushedLife  = 90 * time.Second
	waitingLife = 10 * time.Minute
)

// pushedPrefix begins the request_uri of a pushed request (RFC 9126 section 2.2).
const pushedPrefix = "urn:ietf:params:oauth:request_uri:"

// waiting is an authorization request that the hub keeps.
type waiting struct {
	application simpul.ApplicationID
	pushed      bool
	parameters  form
	session     string // in which consent is asked; empty until then
	at, until   time.Time
}

// keep stores a request and returns the secret by which it is found again.
func (p *Provider) keep(ctx context.Context, q waiting, life time.Duration) (simpul.Secret, error) {
	q.at, q.until = p.now(), p.now().Add(life)
	secret := simpul.NewSecret("")
	return secret, p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := deleteWaitingBefore(ctx, tx, p.now()); err != nil {
			return err
		}
		return insertWaiting(ctx, tx, secret.Digest(), q)
	})
}

// kept finds a request that was pushed, or one that waits for a person.
func (p *Provider) kept(ctx context.Context, secret simpul.Secret, pushed bool) (q waiting, err error) {
	err = p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		q, err = waitingOf(ctx, tx, secret.Digest(), p.now())
		return err
	})
	found, err := sqldb.Exists(q, err)
	if err == nil && (!found || q.pushed != pushed) {
		return waiting{}, expiredRequest()
	}
	return q, err
}

// pushAnswer is RFC 9126 section 2.2.
type pushAnswer struct {
	URI       string `json:"request_uri"`
	ExpiresIn int    `json:"expires_in"` // seconds
}

// push takes an authorization request from the application itself, so that what
// is asked does not pass through a browser (RFC 9126).
func (p *Provider) push(w http.ResponseWriter, r *http.Request) {
	pushed, err := p.pushed(w, r)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	answer(w, http.StatusCreated, pushed)
}

func (p *Provider) pushed(w http.ResponseWriter, r *http.Request) (pushAnswer, error) {
	f, err := readForm(w, r)
	if err != nil {
		return pushAnswer{}, err
	}
	by, err := p.authenticate(r.Context(), r, f)
	if err != nil {
		return pushAnswer{}, err
	}
	delete(f, "client_assertion")
	delete(f, "client_assertion_type")
	f["client_id"] = string(by.Application)
	registration, err := p.target(f)
	if err != nil {
		return pushAnswer{}, invalidRequest("redirect_uri tidak terdaftar, atau aplikasi ini tidak mendaftarkan authorization_code.", "The redirect_uri is not registered, or this application has not declared authorization_code.")
	}
	if _, err := readAuthorization(f, registration); err != nil {
		return pushAnswer{}, err
	}
	secret, err := p.keep(r.Context(), waiting{application: by.Application, pushed: true, parameters: f}, pushedLife)
	return pushAnswer{pushedPrefix + secret.Reveal(), int(pushedLife / time.Second)}, err
}

// unpack replaces a pushed request by what was pushed. It counts once.
func (p *Provider) unpack(ctx context.Context, f form) (form, error) {
	text, pushed := strings.CutPrefix(f["request_uri"], pushedPrefix)
	if !pushed {
		return f, nil
	}
	secret := simpul.Secret(text)
	q, err := p.kept(ctx, secret, true)
	if err != nil {
		return nil, err
	}
	if string(q.application) != f["client_id"] {
		return nil, expiredRequest()
	}
	err = p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return takeWaiting(ctx, tx, secret.Digest()) })
	found, err := sqldb.Exists(q, err)
	if err == nil && !found {
		return nil, expiredRequest()
	}
	return q.parameters, err
}

// drop forgets a request that was answered with no.
func (p *Provider) drop(ctx context.Context, secret simpul.Secret) error {
	return p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		err := takeWaiting(ctx, tx, secret.Digest())
		_, err = sqldb.Exists(secret, err)
		return err
	})
}

// grant begins a login, notes the consent where it was just given, and uses the
// request up: of two answers to one request, the second finds none.
func (p *Provider) grant(ctx context.Context, q request, session Session, consented bool) (code simpul.Secret, err error) {
	err = p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if q.secret != "" {
			if err := takeWaiting(ctx, tx, q.secret.Digest()); err != nil {
				return err
			}
		}
		if consented {
			if err := p.giveConsent(ctx, tx, session.Account, q.authorization); err != nil {
				return err
			}
		}
		subject, err := subjectOf(ctx, tx, session.Account, p.now())
		if err != nil {
			return err
		}
		code, err = p.begin(ctx, tx, q.authorization, session, subject)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) {
		return "", expiredRequest()
	}
	return code, err
}
