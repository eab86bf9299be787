package agency

import (
	"context"
	"errors"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Applications are the use cases on applications and their keys.
type Applications struct {
	db       *sqldb.DB
	now      clock.Clock
	notifier Notifier
}

// NewApplications returns the use cases on the database.
func NewApplications(db *sqldb.DB, now clock.Clock, notifier Notifier) *Applications {
	return &Applications{db, now, notifier}
}

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
		if stored.Times, err = putApplication(ctx, tx, application, s, now); err != nil {
			return err
		}
		if err := checkUnit(ctx, tx, application.Agency(), s.Unit); err != nil {
			return err
		}
		return sqldb.Rehearse(dryRun, trail.Append(ctx, tx, trail.By(p, application.Agency(), "application.put", id)))
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
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := deleteApplication(ctx, tx, id); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, simpul.ApplicationID(id).Agency(), "application.delete", id))
	})
	return sqldb.Coded(err, kindApplication, id)
}
