package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// erase drops what the key sealed, of every journal, held by a process or not, and has it
// never written again. Of rows whose key is not known, those of the key's month go; their
// journals are read anew by whoever holds them, so that what another key sealed returns.
//
// All positions are moved first, to where they are: whoever stores accesses moves one too,
// so that it is either done, and its rows are dropped here, or comes afterwards, and sees
// that the key is gone. A journal that is new meanwhile has nothing of a month that is over.
func erase(ctx context.Context, tx *sqldb.Tx, key string, from, until, now time.Time) (n int64, err error) {
	if tx.Tenant() != simpul.NationScope().Key() {
		return 0, sqldb.ErrScope
	}
	if _, err := tx.Exec(ctx, `UPDATE tracker_position SET again = (again OR EXISTS (
		SELECT 1 FROM tracker_access a WHERE a.journal = tracker_position.journal AND a.sealed_by = '?' AND a.opened_at >= $1 AND a.opened_at < $2))`,
		from.UnixMilli(), until.UnixMilli()); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO tracker_erased (sealed_by, at) VALUES ($1, $2) ON CONFLICT (sealed_by) DO NOTHING`, key, now.UnixMilli()); err != nil {
		return 0, err
	}
	n, err = tx.Exec(ctx, `DELETE FROM tracker_access WHERE sealed_by = $1`, key)
	if err != nil {
		return n, err
	}
	unknown, err := tx.Exec(ctx, `DELETE FROM tracker_access WHERE sealed_by = '?' AND opened_at >= $1 AND opened_at < $2`, from.UnixMilli(), until.UnixMilli())
	return n + unknown, err
}

// erasedKeys are the keys that are destroyed.
func erasedKeys(ctx context.Context, tx *sqldb.Tx) (map[string]bool, error) {
	all := map[string]bool{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var key string
		err := scan(&key)
		all[key] = true
		return err
	}, `SELECT sealed_by FROM tracker_erased WHERE $1 = '*'`, tx.Tenant())
	return all, err
}

// hasUnknown reports whether of some rows of the journal it is not known which key sealed
// their records.
func hasUnknown(ctx context.Context, tx *sqldb.Tx, journal string) (bool, error) {
	return sqldb.Exists(sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`SELECT 1 FROM tracker_access WHERE journal = $1 AND sealed_by = '?' LIMIT 1`, journal))
}
