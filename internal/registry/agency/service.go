package agency

import (
	"context"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Agencies are the use cases on agencies.
type Agencies struct {
	db       *sqldb.DB
	now      clock.Clock
	notifier Notifier
}

// NewAgencies returns the use cases on the database.
func NewAgencies(db *sqldb.DB, now clock.Clock, notifier Notifier) *Agencies {
	return &Agencies{db, now, notifier}
}

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
		if err := mayChange(p, before.Spec, s); err != nil {
			return err
		}
		if stored.Times, err = putAgency(ctx, tx, agency, s, now); err != nil {
			return err
		}
		return sqldb.Rehearse(dryRun, a.afterPut(ctx, tx, p, agency, before.Spec, stored))
	})
	return stored, sqldb.Coded(err, kindAgency, id)
}

// decides reports whether somebody decides on agencies: on all of them, never on
// their own alone.
func decides(p simpul.Principal) bool { return p.National && p.Can(simpul.ApproveAgencies) }

// mayChange keeps to the operator what only the operator decides.
func mayChange(p simpul.Principal, before, after Spec) error {
	switch {
	case decides(p):
		return nil
	case after.Suspended != before.Suspended:
		return onlyTheOperatorSuspends()
	case after.Parent != before.Parent:
		return &simpul.Error{
			Code: simpul.CodeDenied, Place: "spec.parent",
			Message: simpul.Text{ID: "Hanya operator nasional yang menetapkan induk sebuah instansi.", EN: "Only the national operator decides of which agency another is a part."},
			Remedy:  simpul.Text{ID: "Hubungi operator nasional.", EN: "Contact the national operator."},
		}
	}
	return nil
}

// afterPut completes what follows from a change of an agency, in its
// transaction. An agency that registered itself is admitted and no more.
func (a *Agencies) afterPut(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id simpul.AgencyID, before Spec, now httpapi.Stored[Spec]) error {
	if now.Spec.Parent != before.Parent {
		if err := checkParent(ctx, tx, id, simpul.AgencyID(now.Spec.Parent)); err != nil {
			return err
		}
	}
	if now.Created && !decides(p) {
		if err := beginStanding(ctx, tx, id); err != nil {
			return err
		}
	}
	if now.Spec.Suspended != before.Suspended {
		if err := a.noteSuspension(ctx, tx, p, id, now.Spec.Suspended, ""); err != nil {
			return err
		}
	}
	return trail.Append(ctx, tx, trail.By(p, id, "agency.put", string(id)))
}

// checkParent makes sure that the parent exists and the agencies stay a tree.
func checkParent(ctx context.Context, tx *sqldb.Tx, id, parent simpul.AgencyID) error {
	for depth := 1; parent != ""; depth++ {
		above, err := getAgency(ctx, tx, string(parent))
		if err != nil {
			return sqldb.Coded(err, kindAgency, string(parent))
		}
		if parent == id || depth >= deepest {
			return simpul.At("spec.parent", tooDeep())
		}
		parent = simpul.AgencyID(above.Spec.Parent)
	}
	return nil
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
		if err == nil && before.Spec.Suspended && !decides(p) {
			return Suspended(simpul.AgencyID(id))
		}
		if err := deleteAgency(ctx, tx, id); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, simpul.AgencyID(id), "agency.delete", id))
	})
	return sqldb.Coded(err, kindAgency, id)
}

// Children lists the agencies that are parts of the agency. That there are such
// is public; what they run is theirs.
func (a *Agencies) Children(ctx context.Context, p simpul.Principal, id string) (all []httpapi.Stored[Spec], err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = childrenOf(ctx, tx, id)
		return err
	})
	return all, err
}
