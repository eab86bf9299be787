package oidc

import (
	"context"
	"fmt"
	"slices"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Tend makes the signing keys that are due and drops what has expired. It may
// run on every node at any time.
func (p *Provider) Tend(ctx context.Context) error {
	now := p.now()
	p.view.revoked.forget(now)
	err := p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := deleteAssertionsBefore(ctx, tx, now); err != nil {
			return err
		}
		if err := deleteLoginsBefore(ctx, tx, now); err != nil {
			return err
		}
		return deleteRevocationsBefore(ctx, tx, now)
	})
	if err != nil {
		return fmt.Errorf("drop what has expired: %w", err)
	}
	if err := p.reconcile(ctx); err != nil {
		return fmt.Errorf("sessions that have ended: %w", err)
	}
	return p.rotate(ctx)
}

// rotate publishes the next key in time and deletes those that are past use.
// The revision comes first in the transaction: it makes the nodes take turns,
// so that one of them makes the key and the others find it.
func (p *Provider) rotate(ctx context.Context) error {
	var keys []storedKey
	err := p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		keys, err = listSigningKeys(ctx, tx)
		return err
	})
	if err != nil || !p.work(keys) {
		return err
	}
	err = p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := tx.Revise(ctx, revisionSigningKey, "*"); err != nil {
			return err
		}
		if err := deleteSigningKeysBefore(ctx, tx, p.now()); err != nil {
			return err
		}
		return p.publishNext(ctx, tx)
	})
	return p.afterKeys(ctx, err)
}

// work reports whether a key is due or past use.
func (p *Provider) work(keys []storedKey) bool {
	now := p.now()
	_, needed := due(schedule(keys), now)
	return needed || slices.ContainsFunc(keys, func(k storedKey) bool { return !k.KeptUntil.After(now) })
}

func (p *Provider) publishNext(ctx context.Context, tx *sqldb.Tx) error {
	keys, err := listSigningKeys(ctx, tx)
	if err != nil {
		return err
	}
	from, needed := due(schedule(keys), p.now())
	if !needed {
		return nil
	}
	next, err := newSigningKey(p.sealer, from)
	if err != nil {
		return err
	}
	return insertSigningKey(ctx, tx, next)
}

// SigningKeys lists the keys that are published.
func (p *Provider) SigningKeys(ctx context.Context) (keys []SigningKey, err error) {
	err = p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		stored, err := listSigningKeys(ctx, tx)
		keys = schedule(stored)
		return err
	})
	return keys, err
}

// WithdrawKey ends a signing key that may be known to others, and all its
// tokens with it; another takes its place at once.
func (p *Provider) WithdrawKey(ctx context.Context, id string) error {
	err := p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := tx.Revise(ctx, revisionSigningKey, id); err != nil {
			return err
		}
		if err := deleteSigningKey(ctx, tx, id); err != nil {
			return err
		}
		return p.publishNext(ctx, tx)
	})
	return p.afterKeys(ctx, sqldb.Coded(err, kindSigningKey, id))
}

var kindSigningKey = simpul.Text{ID: "Kunci penanda tangan", EN: "Signing key"}

// afterKeys makes a change of keys known to this process before it returns.
func (p *Provider) afterKeys(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return p.view.refresh(ctx, []sqldb.Revision{{Kind: revisionSigningKey}}, p.now())
}

func schedule(stored []storedKey) []SigningKey {
	keys := make([]SigningKey, len(stored))
	for i, k := range stored {
		keys[i] = k.SigningKey
	}
	return keys
}
