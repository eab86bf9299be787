package oidc

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/go-jose/go-jose/v4"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// logoutTokenType is the typ of a logout token (OpenID Connect Back-Channel
// Logout 1.0 section 2.4), so that it passes for no other kind.
const logoutTokenType jose.ContentType = "logout+jwt"

// How applications are told: each attempt has a deadline, and the next follows
// later and later, for about a day in all.
const (
	deliveryTimeout = 5 * time.Second
	firstPause      = 10 * time.Second
	maxPause        = 4 * time.Hour
	maxAttempts     = 16
	logoutTokenLife = 2 * time.Minute
	atOnce          = 8 // deliveries at a time, so that a slow application does not hold up the others
)

// notification is the news, for one application, that a session has ended.
type notification struct {
	id          string
	application simpul.ApplicationID
	subject     string
	session     string
	attempts    int
}

// logoutClaims are those of a logout token. It has no nonce, so that it never
// passes for an ID token.
type logoutClaims struct {
	Issuer   string                    `json:"iss"`
	Subject  string                    `json:"sub"`
	Audience simpul.ApplicationID      `json:"aud"`
	IssuedAt int64                     `json:"iat"`
	Expiry   int64                     `json:"exp"`
	ID       string                    `json:"jti"`
	Events   map[string]map[string]any `json:"events"`
	Session  string                    `json:"sid"`
}

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// newTeller returns a client that goes where it is told and nowhere else: no
// redirect, no proxy of the environment, no address that nobody may have.
func newTeller() *http.Client {
	dialer := &net.Dialer{Timeout: deliveryTimeout, Control: guard}
	return &http.Client{
		Timeout:       deliveryTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: dialer.DialContext, MaxConnsPerHost: atOnce, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true},
	}
}

// guard refuses to connect where no application can be, whatever name led there.
func guard(_, address string, _ syscall.RawConn) error {
	if !simpul.Dialable(address) {
		return fmt.Errorf("%s is no address of an application", address)
	}
	return nil
}

// Deliver tells applications what is due. It returns when nothing is.
func (p *Provider) Deliver(ctx context.Context) error {
	for {
		batch, err := p.claim(ctx)
		if err != nil || len(batch) == 0 {
			return err
		}
		var work sync.WaitGroup
		failed := make([]error, len(batch))
		for i, n := range batch {
			work.Go(func() { failed[i] = p.deliver(ctx, n) })
		}
		work.Wait()
		if err := errors.Join(failed...); err != nil {
			return err
		}
	}
}

// claim takes what is due. If this process dies with it, it is due once more
// when the pause is over.
func (p *Provider) claim(ctx context.Context) (batch []notification, err error) {
	for len(batch) < atOnce {
		var n notification
		err := p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			n, err = claimLogout(ctx, tx, p.now(), p.now().Add(firstPause))
			return err
		})
		found, err := sqldb.Exists(n, err)
		if err != nil || !found {
			return batch, err
		}
		batch = append(batch, n)
	}
	return batch, nil
}

// deliver makes one attempt. An application that is no longer registered for
// it, or that does not take it in the end, is given up.
func (p *Provider) deliver(ctx context.Context, n notification) error {
	registration := p.view.registered.Load().of(n.application)
	gone := registration == nil || registration.Spec.BackchannelLogoutURI == ""
	var refused error
	if !gone {
		refused = p.tellLogout(ctx, registration.Spec.BackchannelLogoutURI, n)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		switch {
		case gone || refused == nil:
			return deleteLogout(ctx, tx, n.id)
		case n.attempts >= maxAttempts:
			p.log.WarnContext(ctx, "an application was not told that a session has ended", "application", n.application, "attempts", n.attempts, "error", refused)
			return deleteLogout(ctx, tx, n.id)
		}
		return postponeLogout(ctx, tx, n.id, p.now().Add(pauseAfter(n.attempts)))
	})
}

// pauseAfter doubles from attempt to attempt.
func pauseAfter(attempts int) time.Duration {
	return min(firstPause<<min(attempts-1, 20), maxPause)
}

func (p *Provider) tellLogout(ctx context.Context, address string, n notification) error {
	at, now := p.view.at.Load(), p.now()
	signer, ok := p.view.keys.Load().signer(now)
	if at == nil || !ok {
		return notServing()
	}
	token, err := signClaims(signer.logout, logoutClaims{
		Issuer: at.Issuer, Subject: n.subject, Audience: n.application, Session: n.session, ID: rand.Text(),
		IssuedAt: now.Unix(), Expiry: now.Add(logoutTokenLife).Unix(), Events: map[string]map[string]any{logoutEvent: {}},
	})
	if err != nil {
		return err
	}
	body := url.Values{"logout_token": {token.Reveal()}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := p.tell.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 4<<10)) // so that the connection can be kept
	if answer.StatusCode/100 != 2 {
		return errors.New("answered " + answer.Status)
	}
	return nil
}
