package oidc

import (
	"context"
	"errors"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// wake is what revisions leave for Run to do. It never blocks the follower.
type wake struct {
	mu       *sync.Mutex
	sessions map[string]bool
	accounts map[simpul.AccountID]bool
	ring     chan struct{}
}

func newWake() wake {
	return wake{&sync.Mutex{}, map[string]bool{}, map[simpul.AccountID]bool{}, make(chan struct{}, 1)}
}

// notice notes the sessions that have ended and the accounts that have changed.
func (p *Provider) notice(changes []sqldb.Revision) {
	p.due.mu.Lock()
	defer p.due.mu.Unlock()
	for _, c := range changes {
		switch c.Kind {
		case revisionSession:
			p.due.sessions[c.ID] = true
		case revisionAccount:
			p.due.accounts[simpul.AccountID(c.ID)] = true
		default:
			continue
		}
		select {
		case p.due.ring <- struct{}{}:
		default:
		}
	}
}

func (w *wake) take() (sessions []string, accounts []simpul.AccountID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id := range w.sessions {
		sessions = append(sessions, id)
	}
	for id := range w.accounts {
		accounts = append(accounts, id)
	}
	clear(w.sessions)
	clear(w.accounts)
	return sessions, accounts
}

// pace is how often the queue of notifications is looked at.
const pace = 5 * time.Second

// follow ends logins whose session or account has ended, and tells their
// applications, until ctx ends.
func (p *Provider) follow(ctx context.Context) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		if err := errors.Join(p.settle(ctx), p.Deliver(ctx)); err != nil && ctx.Err() == nil {
			p.log.ErrorContext(ctx, "ended sessions are not worked off", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-p.due.ring:
		case <-tick.C:
		}
	}
}

// settle works off what was noticed. What fails is done by reconcile later.
func (p *Provider) settle(ctx context.Context) error {
	sessions, accounts := p.due.take()
	var failed []error
	for _, id := range sessions {
		failed = append(failed, p.endSession(ctx, id))
	}
	for _, id := range accounts {
		failed = append(failed, p.endClosed(ctx, id))
	}
	return errors.Join(failed...)
}

// reconcile finds sessions whose end this hub has missed, such as while it
// stopped.
func (p *Provider) reconcile(ctx context.Context) error {
	var open []string
	err := p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		open, err = openSessions(ctx, tx, p.now())
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range open {
		ended, err := p.Sessions.Ended(ctx, id)
		if err == nil && ended {
			err = p.endSession(ctx, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// endSession ends what the session has begun and queues the news of it for the
// applications that want to know. Of all nodes one does it.
func (p *Provider) endSession(ctx context.Context, id string) error {
	now := p.now()
	p.view.revoked.add(sessionKey(id), now.Add(endedFor))
	return p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		ended, err := endSession(ctx, tx, id, now)
		if err != nil {
			return err
		}
		for _, l := range ended {
			r := p.view.registered.Load().of(l.Application)
			if r == nil || r.Spec.BackchannelLogoutURI == "" || l.ended || !l.codeUsed {
				continue
			}
			if err := insertLogout(ctx, tx, l.ID, l, now); err != nil {
				return err
			}
		}
		return nil
	})
}

// endClosed ends the logins of an account that is no longer active.
func (p *Provider) endClosed(ctx context.Context, account simpul.AccountID) error {
	person, err := p.People.Person(ctx, account)
	if err == nil && person.Active || err != nil && simpul.CodeOf(err) != simpul.CodeNotFound {
		return err
	}
	var open []login
	err = p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		open, err = liveLogins(ctx, tx, account, "")
		return err
	})
	if err != nil {
		return err
	}
	return p.endLogins(ctx, open...)
}

// endLogins ends logins and all of their tokens.
func (p *Provider) endLogins(ctx context.Context, all ...login) error {
	err := p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, l := range all {
			if err := endLogin(ctx, tx, l.ID, p.now()); err != nil {
				return err
			}
			if err := trail.Append(ctx, tx, l.event("login.end")); err != nil {
				return err
			}
		}
		return nil
	})
	for _, l := range all {
		if err == nil {
			p.view.revoked.add(loginKey(l.ID), p.now().Add(endedFor))
		}
	}
	return err
}

func (p *Provider) loginOf(ctx context.Context, id string) (l login, err error) {
	err = p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		l, err = loginOf(ctx, tx, id)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRows) {
		return l, invalidToken(reason("its login is gone"))
	}
	return l, err
}

// loginByRefresh returns the login of a refresh token that is valid now, nil
// for any other.
func (p *Provider) loginByRefresh(ctx context.Context, token simpul.Secret) (*login, error) {
	family, own := partsOf(token)
	var l login
	err := p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		l, err = loginByFamily(ctx, tx, family.Digest())
		return err
	})
	found, err := sqldb.Exists(l, err)
	if err != nil || !found || l.refresh != own.Digest() || l.over(p.now()) {
		return nil, err
	}
	return &l, nil
}
