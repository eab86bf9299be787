package evidence

import (
	"context"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// How much one transaction drops, so that the gateways' indexes never wait long
// for it: rows of little, and pages of exchanges.
const (
	prunedAtOnce      = 5000
	pagesPrunedAtOnce = 500
)

// Prune drops from the view what was opened before the time, and returns how
// many exchanges those were. Exchanges that share a page with younger ones, for
// two seconds at most, are hidden first and dropped by a later call. The journals keep their records. The time becomes
// the floor first, which never sinks: what is dropped does not come back when an
// index is rebuilt, and a call that was cut short is finished by the next one,
// which also drops what an index stored at the very moment.
func (e *Exchanges) Prune(ctx context.Context, before time.Time) (int64, error) {
	floor, err := e.raise(ctx, before)
	if err != nil {
		return 0, err
	}
	rows, err := e.inBatches(ctx, prunedAtOnce, func(tx *sqldb.Tx, most int) (int64, error) { return dropExchanges(ctx, tx, floor, most) })
	if err != nil {
		return rows, err
	}
	paged, err := e.inBatches(ctx, pagesPrunedAtOnce, func(tx *sqldb.Tx, most int) (int64, error) { return dropPages(ctx, tx, floor, most) })
	if err != nil {
		return rows + paged, err
	}
	_, err = e.inBatches(ctx, prunedAtOnce, func(tx *sqldb.Tx, most int) (int64, error) { return dropTraffic(ctx, tx, hourOf(floor), most) })
	return rows + paged, err
}

func (e *Exchanges) raise(ctx context.Context, before time.Time) (floor time.Time, err error) {
	err = e.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := raiseFloor(ctx, tx, before); err != nil {
			return err
		}
		floor, err = storedFloor(ctx, tx)
		return err
	})
	return floor, err
}

// inBatches drops until a transaction finds less than a whole batch.
func (e *Exchanges) inBatches(ctx context.Context, most int, drop func(tx *sqldb.Tx, most int) (int64, error)) (all int64, err error) {
	for {
		var n int64
		err := e.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			n, err = drop(tx, most)
			return err
		})
		if err != nil {
			return all, err
		}
		if all += n; n < int64(most) {
			return all, nil
		}
	}
}

// since leaves the records that belong into a view with the floor.
func since(floor time.Time, records []indexed) []indexed {
	old := func(r indexed) bool { return r.record.Exchange.OpenedAt.Before(floor) }
	if !slices.ContainsFunc(records, old) {
		return records // as nearly always
	}
	return slices.DeleteFunc(slices.Clone(records), old)
}

// tooOld tells whoever asks for an exchange that would have been dropped that it
// is so. The words depend on the identifier alone: they are the same for one
// that is somebody else's or never was.
func (e *Exchanges) tooOld(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) error {
	return e.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		floor, err := storedFloor(ctx, tx)
		if err != nil || !id.Time().Before(floor) {
			return err
		}
		return dropped(floor)
	})
}
