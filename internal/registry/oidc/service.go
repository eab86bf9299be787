package oidc

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

var (
	kindApplication  = simpul.Text{ID: "Aplikasi", EN: "Application"}
	kindRegistration = simpul.Text{ID: "Pendaftaran OpenID aplikasi", EN: "OpenID registration of application"}
	kindClientKey    = simpul.Text{ID: "Kunci publik", EN: "Public key"}
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
	err := p.view.refresh(ctx, []sqldb.Revision{{Kind: revisionClientKeys, ID: string(application)}}, p.now())
	if err != nil {
		p.log.ErrorContext(ctx, "client keys are behind", "application", application, "error", err)
	}
}

// PutClient stores how an application signs people in. An application of another
// tenant and one that does not exist are told in the same words.
func (p *Provider) PutClient(ctx context.Context, who simpul.Principal, application string, s ClientSpec) (r Registration, err error) {
	id, err := simpul.ParseApplicationID(application)
	if err != nil {
		return r, err
	}
	if s, err = s.normal(); err != nil {
		return r, err
	}
	err = p.view.db.Write(ctx, who.Scope(), func(tx *sqldb.Tx) error {
		former, err := registrationOf(ctx, tx, id)
		exists, err := sqldb.Exists(former, err)
		if err != nil {
			return err
		}
		if r, err = putRegistration(ctx, tx, id, s, p.now()); err != nil {
			return err
		}
		r.Created = !exists
		return trail.Append(ctx, tx, trail.By(who, id.Agency(), "openid-client.write", application))
	})
	if errors.Is(err, sqldb.ErrScope) || errors.Is(err, sqldb.ErrReference) {
		return r, simpul.NotFound(kindApplication, application)
	}
	if err == nil {
		p.afterClientKeys(ctx, id)
	}
	return r, err
}

// Client returns how an application signs people in.
func (p *Provider) Client(ctx context.Context, who simpul.Principal, application string) (r Registration, err error) {
	err = p.view.db.Read(ctx, who.Scope(), func(tx *sqldb.Tx) error {
		r, err = registrationOf(ctx, tx, simpul.ApplicationID(application))
		return err
	})
	return r, sqldb.Coded(err, kindRegistration, application)
}

// DeleteClient ends an application's registration. Its people's tokens end when
// they are refreshed; those of its proof end at once where the proof was part of
// the registration.
func (p *Provider) DeleteClient(ctx context.Context, who simpul.Principal, application string) error {
	id := simpul.ApplicationID(application)
	err := p.view.db.Write(ctx, who.Scope(), func(tx *sqldb.Tx) error {
		if err := deleteRegistration(ctx, tx, id); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(who, id.Agency(), "openid-client.delete", application))
	})
	if err == nil {
		p.afterClientKeys(ctx, id)
	}
	return sqldb.Coded(err, kindRegistration, application)
}
