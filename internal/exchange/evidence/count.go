package evidence

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Count is how many exchanges one LID had on one side of an agency.
type Count struct {
	Address   simpul.Address
	Provided  bool // the agency provides the LID; otherwise it called it
	Sealed    int64
	Delivered int64 // of them, those that the provider answered
}

// CountByLID counts the exchanges of an agency that were opened from the one
// time up to, but not including, the other. It reads each of them.
func (e *Exchanges) CountByLID(ctx context.Context, scope simpul.Scope, agency simpul.AgencyID, from, until time.Time) (all []Count, err error) {
	err = e.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		all, err = countByLID(ctx, tx, agency, from, until)
		return err
	})
	return all, err
}

// Floor returns the time before which records have been dropped; the Unix epoch
// where none was.
func (e *Exchanges) Floor(ctx context.Context) (at time.Time, err error) {
	err = e.db.Read(ctx, simpul.PublicScope(), func(tx *sqldb.Tx) error {
		at, err = storedFloor(ctx, tx)
		return err
	})
	return at, err
}
