package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const lookTable = "tracker_look"

// lookRow is a look with what only the hub knows of it.
type lookRow struct {
	Look
	person    simpul.Pseudonym
	principal string
	sealedNIK string
	until     time.Time
}

func insertLook(ctx context.Context, tx *sqldb.Tx, l lookRow) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO tracker_look (id, person, agency, principal, reason, sealed_nik, looked_at, shown_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, l.ID, l.person, l.Agency, l.principal, l.Reason, l.sealedNIK, l.At.UnixMilli(), l.until.UnixMilli())
	return err
}

func getLook(ctx context.Context, tx *sqldb.Tx, id string) (lookRow, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (l lookRow, err error) {
		var at, until int64
		err = scan(&l.ID, &l.person, &l.Agency, &l.principal, &l.Reason, &l.sealedNIK, &at, &until)
		l.At, l.until = timeOf(at), timeOf(until)
		return l, err
	}, `SELECT id, person, agency, principal, reason, sealed_nik, looked_at, shown_until FROM tracker_look WHERE $1 = '*' AND id = $2`, tx.Tenant(), id)
}

// mostLooks is how many looks are shown beside a page of accesses.
const mostLooks = 50

func looksAt(ctx context.Context, tx *sqldb.Tx, tags []simpul.Pseudonym, f Filter) ([]Look, error) {
	if len(tags) == 0 {
		return nil, nil
	}
	from, until := f.between()
	args := []any{tx.Tenant()}
	for _, tag := range tags {
		args = append(args, tag)
	}
	n := len(args)
	args = append(args, from, until, mostLooks)
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (l Look, err error) {
		var at int64
		err = scan(&l.ID, &l.Agency, &l.Reason, &at)
		l.At = timeOf(at)
		return l, err
	}, `SELECT id, agency, reason, looked_at FROM tracker_look WHERE $1 = '*' AND person IN (`+placeholders(1, len(tags))+`)
		AND looked_at >= `+number(n+1)+` AND looked_at < `+number(n+2)+` ORDER BY looked_at DESC, id LIMIT `+number(n+3), args...)
}

func closeLooks(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE tracker_look SET sealed_nik = '' WHERE $1 = '*' AND sealed_nik <> '' AND shown_until <= $2`, tx.Tenant(), now.UnixMilli())
	return err
}

func dropLooks(ctx context.Context, tx *sqldb.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM tracker_look WHERE $1 = '*' AND looked_at < $2`, tx.Tenant(), before.UnixMilli())
}
