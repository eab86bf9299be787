package oidc

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

var (
	kindApplication = simpul.Text{ID: "Aplikasi", EN: "Application"}
	kindClientKey   = simpul.Text{ID: "Kunci publik", EN: "Public key"}
)

// RegisterKey registers a public key of an application. An application of
// another tenant and one that does not exist are told in the same words.
func (p *Provider) RegisterKey(ctx context.Context, who simpul.Principal, application string, jwk []byte, label string) (ClientKey, error) {
	id, err := simpul.ParseApplicationID(application)
	if err != nil {
		return ClientKey{}, err
	}
	k, err := parseClientKey(jwk)
	if err != nil {
		return ClientKey{}, err
	}
	k.ID, k.Application, k.Label, k.CreatedAt = newClientKeyID(), id, label, p.now().Truncate(time.Millisecond)
	err = p.view.db.Write(ctx, who.Scope(), func(tx *sqldb.Tx) error { return insertClientKey(ctx, tx, k) })
	if errors.Is(err, sqldb.ErrScope) || errors.Is(err, sqldb.ErrReference) {
		return ClientKey{}, simpul.NotFound(kindApplication, application)
	}
	if err != nil {
		return ClientKey{}, sqldb.Coded(err, kindClientKey, k.Thumbprint)
	}
	p.afterClientKeys(ctx, id)
	return k, nil
}

// ClientKeys lists the public keys of an application that the scope covers;
// none for any other.
func (p *Provider) ClientKeys(ctx context.Context, who simpul.Principal, application string) (keys []ClientKey, err error) {
	err = p.view.db.Read(ctx, who.Scope(), func(tx *sqldb.Tx) error {
		keys, err = clientKeysOf(ctx, tx, simpul.ApplicationID(application))
		return err
	})
	return keys, err
}

// RevokeClientKey ends a public key and every token that was got with it.
func (p *Provider) RevokeClientKey(ctx context.Context, who simpul.Principal, application, id string) error {
	err := p.view.db.Write(ctx, who.Scope(), func(tx *sqldb.Tx) error {
		return deleteClientKey(ctx, tx, simpul.ApplicationID(application), id)
	})
	if err != nil {
		return sqldb.Coded(err, kindClientKey, id)
	}
	p.afterClientKeys(ctx, simpul.ApplicationID(application))
	return nil
}

// afterClientKeys makes a change known to this process before it returns. When
// that fails the change stands all the same, and the follower brings it soon.
func (p *Provider) afterClientKeys(ctx context.Context, application simpul.ApplicationID) {
	err := p.view.refresh(ctx, []sqldb.Revision{{Kind: revisionClientKeys, ID: string(application)}})
	if err != nil {
		p.log.ErrorContext(ctx, "client keys are behind", "application", application, "error", err)
	}
}
