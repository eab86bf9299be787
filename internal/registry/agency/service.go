package agency

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Agencies are the use cases on agencies.
type Agencies struct {
	db  *sqldb.DB
	now clock.Clock
}

// NewAgencies returns the use cases on the database.
func NewAgencies(db *sqldb.DB, now clock.Clock) *Agencies { return &Agencies{db, now} }

// Put creates or replaces an agency. Only a scope that covers it may.
func (a *Agencies) Put(ctx context.Context, p simpul.Principal, id string, s Spec, dryRun bool) (httpapi.Stored[Spec], error) {
	agency, err := simpul.ParseAgencyID(id)
	if err != nil {
		return httpapi.Stored[Spec]{}, simpul.At("metadata.id", err)
	}
	if err := s.Validate(); err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	now := a.now()
	stored := httpapi.Stored[Spec]{ID: id, Spec: s}
	err = a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getAgency(ctx, tx, id)
		existed, err := sqldb.Exists(before, err)
		if err != nil {
			return err
		}
		stored.Created = !existed
		if s.Suspended != before.Spec.Suspended && !p.Can(simpul.ApproveAgencies) {
			return onlyTheOperatorSuspends()
		}
		stored.Times, err = putAgency(ctx, tx, agency, s, now)
		return sqldb.Rehearse(dryRun, err)
	})
	return stored, sqldb.Coded(err, kindAgency, id)
}

func onlyTheOperatorSuspends() error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Place: "spec.suspended",
		Message: simpul.Text{ID: "Hanya operator nasional yang membekukan atau mengaktifkan instansi.", EN: "Only the national operator suspends or reinstates an agency."},
		Remedy:  simpul.Text{ID: "Hubungi operator nasional.", EN: "Contact the national operator."},
	}
}

// Get returns one agency; who the agencies are is public.
func (a *Agencies) Get(ctx context.Context, p simpul.Principal, id string) (s httpapi.Stored[Spec], err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		s, err = getAgency(ctx, tx, id)
		return err
	})
	return s, sqldb.Coded(err, kindAgency, id)
}

// List returns agencies in the order of their IDs.
func (a *Agencies) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[Spec], err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listAgencies(ctx, tx, page)
		return err
	})
	return all, err
}

// Delete removes an agency that nothing depends on any more. One that is
// suspended cannot shed its suspension by going and coming back.
func (a *Agencies) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getAgency(ctx, tx, id)
		if err == nil && before.Spec.Suspended && !p.Can(simpul.ApproveAgencies) {
			return Suspended(simpul.AgencyID(id))
		}
		return deleteAgency(ctx, tx, id)
	})
	return sqldb.Coded(err, kindAgency, id)
}

// Applications are the use cases on applications and their keys.
type Applications struct {
	db  *sqldb.DB
	now clock.Clock
}

// NewApplications returns the use cases on the database.
func NewApplications(db *sqldb.DB, now clock.Clock) *Applications { return &Applications{db, now} }

// Put creates or replaces an application of an agency that the scope covers.
func (a *Applications) Put(ctx context.Context, p simpul.Principal, id string, s ApplicationSpec, dryRun bool) (httpapi.Stored[ApplicationSpec], error) {
	application, err := simpul.ParseApplicationID(id)
	if err != nil {
		return httpapi.Stored[ApplicationSpec]{}, simpul.At("metadata.id", err)
	}
	if err := s.Validate(); err != nil {
		return httpapi.Stored[ApplicationSpec]{}, err
	}
	now := a.now()
	stored := httpapi.Stored[ApplicationSpec]{ID: id, Spec: s}
	err = a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		existed, err := sqldb.Exists(getApplication(ctx, tx, id))
		if err != nil {
			return err
		}
		stored.Created = !existed
		stored.Times, err = putApplication(ctx, tx, application, s, now)
		return sqldb.Rehearse(dryRun, err)
	})
	if errors.Is(err, sqldb.ErrReference) {
		return stored, simpul.NotFound(kindAgency, string(application.Agency()))
	}
	return stored, sqldb.Coded(err, kindApplication, id)
}

// Get returns one application that the scope covers.
func (a *Applications) Get(ctx context.Context, p simpul.Principal, id string) (s httpapi.Stored[ApplicationSpec], err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		s, err = getApplication(ctx, tx, id)
		return err
	})
	return s, sqldb.Coded(err, kindApplication, id)
}

// List returns the applications that the scope covers, in the order of their IDs.
func (a *Applications) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[ApplicationSpec], err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listApplications(ctx, tx, page)
		return err
	})
	return all, err
}

// Delete removes an application and its keys, unless a grant still names it.
func (a *Applications) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error { return deleteApplication(ctx, tx, id) })
	return sqldb.Coded(err, kindApplication, id)
}

// IssueKey makes a key. The secret is returned here and never again.
func (a *Applications) IssueKey(ctx context.Context, p simpul.Principal, id, label string) (Key, simpul.Secret, error) {
	secret := simpul.NewSecret(keyPrefix)
	key := Key{ID: newKeyID(), Application: simpul.ApplicationID(id), Label: label, CreatedAt: a.now().Truncate(time.Millisecond)}
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getApplication(ctx, tx, id); err != nil {
			return err
		}
		return insertKey(ctx, tx, key, secret.Digest())
	})
	if err != nil {
		return Key{}, "", sqldb.Coded(err, kindApplication, id)
	}
	return key, secret, nil
}

// Keys lists an application's keys, without their secrets.
func (a *Applications) Keys(ctx context.Context, p simpul.Principal, id string) (keys []Key, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getApplication(ctx, tx, id); err != nil {
			return err
		}
		keys, err = listKeys(ctx, tx, id)
		return err
	})
	return keys, sqldb.Coded(err, kindApplication, id)
}

// RevokeKey ends a key; the gateway refuses it in under a second.
func (a *Applications) RevokeKey(ctx context.Context, p simpul.Principal, application, key string) error {
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error { return deleteKey(ctx, tx, application, key) })
	return sqldb.Coded(err, kindKey, key)
}
