package oidc

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// view is what the provider knows in memory, so that neither a call through the
// gateway nor a request for a token waits for SQL. Reading it takes no lock. It
// follows the revision log.
type view struct {
	db     *sqldb.DB
	sealer Sealer
	log    *slog.Logger

	at         atomic.Pointer[Addresses] // nil until announced
	keys       atomic.Pointer[keySet]
	clients    atomic.Pointer[clientKeys]
	registered atomic.Pointer[registrations]
	revoked    revoked
	turn       sync.Mutex // one refresh at a time
}

func newView(db *sqldb.DB, sealer Sealer, log *slog.Logger) *view {
	v := &view{db: db, sealer: sealer, log: log}
	v.keys.Store(&keySet{verified: &cache{}})
	v.clients.Store(newClientKeys())
	v.registered.Store(newRegistrations())
	return v
}

// load replaces the view by what is stored.
func (v *view) load(ctx context.Context, now time.Time) error {
	v.turn.Lock()
	defer v.turn.Unlock()
	clients, registered := newClientKeys(), newRegistrations()
	err := v.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := v.rereadSigningKeys(ctx, tx); err != nil {
			return err
		}
		if err := v.rereadRevocations(ctx, tx, now); err != nil {
			return err
		}
		if err := v.rereadEnded(ctx, tx, now); err != nil {
			return err
		}
		all, err := allClientKeys(ctx, tx)
		for _, k := range all {
			clients.put(k)
		}
		if err != nil {
			return err
		}
		declared, err := allRegistrations(ctx, tx)
		for i := range declared {
			registered.byApplication[declared[i].Application] = &declared[i]
		}
		return err
	})
	if err == nil {
		v.clients.Store(clients)
		v.registered.Store(registered)
	}
	return err
}

// refresh reads again what the revisions name, if it is the provider's matter.
func (v *view) refresh(ctx context.Context, changes []sqldb.Revision, now time.Time) error {
	v.turn.Lock()
	defer v.turn.Unlock()
	concern := concerning(changes)
	for _, key := range concern.ended {
		v.revoked.add(key, now.Add(endedFor))
	}
	if concern.none() {
		return nil
	}
	clients, registered := v.clients.Load(), v.registered.Load()
	err := v.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		if err := v.rereadRevoked(ctx, tx, concern.revoked); err != nil {
			return err
		}
		if concern.signing {
			if err := v.rereadSigningKeys(ctx, tx); err != nil {
				return err
			}
		}
		if len(concern.applications) > 0 {
			clients = clients.clone()
		}
		for id := range concern.applications {
			keys, err := clientKeysOf(ctx, tx, id)
			if err != nil {
				return err
			}
			clients.replace(id, keys)
			r, err := registrationOf(ctx, tx, id)
			found, err := sqldb.Exists(r, err)
			if err != nil {
				return err
			}
			if registered = registered.with(id, nil); found {
				registered = registered.with(id, &r)
			}
		}
		return nil
	})
	if err == nil {
		v.clients.Store(clients)
		v.registered.Store(registered)
	}
	return err
}

// endedFor is how long memory keeps that a login or session has ended: longer
// than any access token of it lives.
const endedFor = tokenLife + time.Minute

// concern is what of the view a batch of revisions touches.
type concern struct {
	signing      bool
	applications map[simpul.ApplicationID]bool
	revoked      []string
	ended        []string // keys of logins and sessions
}

func (c concern) none() bool { return !c.signing && len(c.applications) == 0 && len(c.revoked) == 0 }

func concerning(changes []sqldb.Revision) concern {
	c := concern{applications: map[simpul.ApplicationID]bool{}}
	for _, r := range changes {
		switch r.Kind {
		case revisionSigningKey:
			c.signing = true
		case revisionClientKeys, revisionApplication, revisionClient:
			c.applications[simpul.ApplicationID(r.ID)] = true
		case revisionRevocation:
			c.revoked = append(c.revoked, r.ID)
		case revisionLogin:
			c.ended = append(c.ended, loginKey(r.ID))
		case revisionSession:
			c.ended = append(c.ended, sessionKey(r.ID))
		}
	}
	return c
}

// rereadSigningKeys takes the keys as they are stored. One that this process
// cannot open is reported and missing; to fail for it would keep every other
// change from the views.
func (v *view) rereadSigningKeys(ctx context.Context, tx *sqldb.Tx) error {
	stored, err := listSigningKeys(ctx, tx)
	if err != nil {
		return err
	}
	set, unopened := newKeySet(stored, v.sealer)
	for _, err := range unopened {
		v.log.ErrorContext(ctx, "a signing key cannot be used; is this the vault with which it was sealed?", "error", err)
	}
	v.keys.Store(set)
	return nil
}

func (v *view) rereadRevocations(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	all, err := revocationsSince(ctx, tx, now)
	for _, r := range all {
		v.revoked.add(r.jti, r.until)
	}
	return err
}

func (v *view) rereadEnded(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	logins, sessions, err := endedSince(ctx, tx, now.Add(-endedFor))
	for _, id := range logins {
		v.revoked.add(loginKey(id), now.Add(endedFor))
	}
	for _, id := range sessions {
		v.revoked.add(sessionKey(id), now.Add(endedFor))
	}
	return err
}

func (v *view) rereadRevoked(ctx context.Context, tx *sqldb.Tx, jtis []string) error {
	for _, jti := range jtis {
		r, err := revocationOf(ctx, tx, jti)
		exists, err := sqldb.Exists(r, err)
		if err != nil {
			return fmt.Errorf("revocation: %w", err)
		}
		if exists {
			v.revoked.add(r.jti, r.until)
		}
	}
	return nil
}
