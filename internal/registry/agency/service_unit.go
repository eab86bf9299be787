package agency

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Units lists the units of an agency that the scope covers, in the order of
// their IDs.
func (a *Agencies) Units(ctx context.Context, p simpul.Principal, id string) (units []Unit, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(simpul.AgencyID(id)); err != nil {
			return sqldb.ErrNoRows
		}
		if _, err := getAgency(ctx, tx, id); err != nil {
			return err
		}
		units, err = listUnits(ctx, tx, simpul.AgencyID(id))
		return err
	})
	return units, sqldb.Coded(err, kindAgency, id)
}

// PutUnit creates or replaces a unit. The units of an agency are always a tree.
func (a *Agencies) PutUnit(ctx context.Context, p simpul.Principal, id string, u Unit) error {
	if err := u.validate(); err != nil {
		return err
	}
	agency := simpul.AgencyID(id)
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(agency); err != nil {
			return err
		}
		if err := holdUnits(ctx, tx, agency); err != nil {
			return err
		}
		units, err := listUnits(ctx, tx, agency)
		if err != nil {
			return err
		}
		if err := fits(units, u); err != nil {
			return err
		}
		if err := putUnit(ctx, tx, agency, u, a.now()); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, agency, "unit.put", u.ID))
	})
	return sqldb.Coded(err, kindAgency, id)
}

// fits reports whether the units stay a tree with the unit as it is to be.
func fits(units []Unit, u Unit) error {
	parents := map[string]string{}
	for _, other := range units {
		parents[other.ID] = other.Parent
	}
	parents[u.ID] = u.Parent
	if len(parents) > mostUnits {
		return tooDeep()
	}
	return checkTree(parents)
}

// DeleteUnit removes a unit to which nothing belongs any more.
func (a *Agencies) DeleteUnit(ctx context.Context, p simpul.Principal, id, unit string) error {
	agency := simpul.AgencyID(id)
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(agency); err != nil {
			return sqldb.ErrNoRows
		}
		if err := holdUnits(ctx, tx, agency); err != nil {
			return err
		}
		used, err := unitInUse(ctx, tx, agency, unit)
		if err != nil {
			return err
		}
		if used {
			return sqldb.ErrReference
		}
		if err := deleteUnit(ctx, tx, agency, unit); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, agency, "unit.delete", unit))
	})
	return sqldb.Coded(err, kindUnit, unit)
}

// checkUnit makes sure that an application's unit is one of its agency.
func checkUnit(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, unit string) error {
	if unit == "" {
		return nil
	}
	if err := holdUnits(ctx, tx, agency); err != nil {
		return err
	}
	units, err := listUnits(ctx, tx, agency)
	if err != nil {
		return err
	}
	for _, u := range units {
		if u.ID == unit {
			return nil
		}
	}
	return simpul.At("spec.unit", simpul.NotFound(kindUnit, unit))
}
