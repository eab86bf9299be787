package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const keyTable = "tracker_key"

// keyRow is the key of a month, sealed, in base64.
type keyRow struct {
	month  Month
	sealed string
}

func keptKeys(ctx context.Context, tx *sqldb.Tx) ([]keyRow, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (r keyRow, err error) { return r, scan(&r.month, &r.sealed) },
		`SELECT month, sealed FROM tracker_key WHERE $1 = '*' AND sealed <> '' ORDER BY month`, tx.Tenant())
}

func hasKey(ctx context.Context, tx *sqldb.Tx, month Month) (bool, error) {
	return sqldb.Exists(sqldb.One(ctx, tx, func(scan sqldb.Scan) (m Month, err error) { return m, scan(&m) },
		`SELECT month FROM tracker_key WHERE $1 = '*' AND month = $2`, tx.Tenant(), month))
}

// insertKey reports false where another process was first.
func insertKey(ctx context.Context, tx *sqldb.Tx, r keyRow, now time.Time) (bool, error) {
	if tx.Tenant() != simpul.NationScope().Key() {
		return false, sqldb.ErrScope
	}
	n, err := tx.Exec(ctx, `INSERT INTO tracker_key (month, sealed, made_at, destroyed_at) VALUES ($1, $2, $3, 0)
		ON CONFLICT (month) DO NOTHING`, r.month, r.sealed, now.UnixMilli())
	return n == 1, err
}

// destroyKey forgets the key and keeps that there was one. It returns ErrNoRows
// where there is none.
func destroyKey(ctx context.Context, tx *sqldb.Tx, month Month, now time.Time) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	n, err := tx.Exec(ctx, `UPDATE tracker_key SET sealed = '', destroyed_at = $1 WHERE month = $2 AND sealed <> ''`, now.UnixMilli(), month)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

// keyIsGone reports whether the month had a key that was destroyed.
func keyIsGone(ctx context.Context, tx *sqldb.Tx, month Month) (bool, error) {
	return sqldb.Exists(sqldb.One(ctx, tx, func(scan sqldb.Scan) (m Month, err error) { return m, scan(&m) },
		`SELECT month FROM tracker_key WHERE $1 = '*' AND month = $2 AND sealed = ''`, tx.Tenant(), month))
}
