package oidc

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Consent is what a person has allowed an application to learn.
type Consent struct {
	Application simpul.ApplicationID `json:"application"`
	Scopes      []string             `json:"scopes"`
	At          time.Time            `json:"at"`
}

// Consents lists what the account has allowed, newest first.
func (p *Provider) Consents(ctx context.Context, account simpul.AccountID) (all []Consent, err error) {
	err = p.view.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err = consentsOf(ctx, tx, account)
		return err
	})
	return all, err
}

// WithdrawConsent takes a consent back and ends every login that it allowed.
func (p *Provider) WithdrawConsent(ctx context.Context, account simpul.AccountID, application simpul.ApplicationID) error {
	var open []login
	err := p.view.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		if err := deleteConsent(ctx, tx, account, application); err != nil {
			return err
		}
		if open, err = liveLogins(ctx, tx, account, application); err != nil {
			return err
		}
		for _, l := range open {
			if err := endLogin(ctx, tx, l.ID, p.now()); err != nil {
				return err
			}
		}
		return trail.Append(ctx, tx, consentEvent(account, application, "consent.withdraw"))
	})
	for _, l := range open {
		if err == nil {
			p.afterLogin("consent.withdraw", l.ID)
		}
	}
	return sqldb.Coded(err, kindConsent, string(application))
}

var kindConsent = simpul.Text{ID: "Persetujuan untuk aplikasi", EN: "Consent for application"}

func consentEvent(account simpul.AccountID, application simpul.ApplicationID, action string) trail.Event {
	return trail.Event{Agency: application.Agency(), Account: account, Actor: string(account), Action: action, Subject: string(application)}
}

// giveConsent adds to what the account has allowed before.
func (p *Provider) giveConsent(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, a authorization) error {
	former, err := consentOf(ctx, tx, account, a.application)
	if _, err := sqldb.Exists(former, err); err != nil {
		return err
	}
	given := Consent{a.application, union(former.Scopes, a.scopes), p.now()}
	if err := putConsent(ctx, tx, account, given); err != nil {
		return err
	}
	return trail.Append(ctx, tx, consentEvent(account, a.application, "consent.give"))
}

// Forget drops what the room knows of an account, in the caller's transaction,
// which must be of the nation's scope.
func (p *Provider) Forget(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	open, err := liveLogins(ctx, tx, account, "")
	if err != nil {
		return err
	}
	for _, l := range open {
		if err := endLogin(ctx, tx, l.ID, p.now()); err != nil {
			return err
		}
	}
	return forgetAccount(ctx, tx, account)
}

// Facts is what the room knows of an account, for the person's export.
func (p *Provider) Facts(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (map[string]any, error) {
	consents, err := consentsOf(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	open, err := liveLogins(ctx, tx, account, "")
	logins := make([]map[string]any, len(open))
	for i, l := range open {
		logins[i] = map[string]any{"application": l.Application, "subject": l.Subject, "scopes": l.Scopes, "at": l.At, "until": l.Until}
	}
	return map[string]any{"consents": consents, "logins": logins}, err
}
