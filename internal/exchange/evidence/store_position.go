package evidence

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// storedPosition returns how far the journal has been read, and makes a place
// for the position of a journal that is new.
func storedPosition(ctx context.Context, tx *sqldb.Tx, journal string) (uint64, error) {
	_, err := tx.Exec(ctx, `INSERT INTO evidence_position (journal, sequence) VALUES ($1, 0) ON CONFLICT (journal) DO NOTHING`, journal)
	if err != nil {
		return 0, err
	}
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (at uint64, err error) {
		return at, scan(&at)
	}, `SELECT sequence FROM evidence_position WHERE journal = $1`, journal)
}

// movePosition fails with errMoved if the position is no longer where the caller read on from.
func movePosition(ctx context.Context, tx *sqldb.Tx, journal string, from, to uint64) error {
	n, err := tx.Exec(ctx, `UPDATE evidence_position SET sequence = $1 WHERE journal = $2 AND sequence = $3`, to, journal, from)
	if err == nil && n != 1 {
		err = errMoved
	}
	return err
}

var errMoved = errors.New("the stored position has moved")

func dropJournal(ctx context.Context, tx *sqldb.Tx, journal string) error {
	for _, table := range []string{"evidence_exchange", "evidence_page", "evidence_traffic", "evidence_position"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE journal = $1`, journal); err != nil {
			return err
		}
	}
	return nil
}

// raiseFloor moves the floor to the time, unless it is there or beyond.
func raiseFloor(ctx context.Context, tx *sqldb.Tx, to time.Time) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_floor (id, at) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE evidence_floor.at < excluded.at`, to.UnixMilli())
	return err
}

// storedFloor returns the floor, the Unix epoch if none was ever set. Everybody
// may know it.
func storedFloor(ctx context.Context, tx *sqldb.Tx) (time.Time, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (time.Time, error) {
		var at int64
		err := scan(&at)
		return time.UnixMilli(at), err
	}, `SELECT COALESCE(MAX(at), 0) FROM evidence_floor`)
}
