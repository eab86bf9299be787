package evidence

import (
	"context"
	"errors"
	"time"

	"simpul/internal/platform/sqldb"
)

// putRemoval notes up to where a journal was removed; it only rises.
func putRemoval(ctx context.Context, tx *sqldb.Tx, r Removal) error {
	if tx.Tenant() != "*" {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_removal (journal, through, at) VALUES ($1, $2, $3)
		ON CONFLICT (journal) DO UPDATE SET through = excluded.through, at = excluded.at WHERE evidence_removal.through < excluded.through`,
		r.Journal, r.Through, r.At.UnixMilli())
	return err
}

// storedRemoval returns 0 where nothing was removed.
func storedRemoval(ctx context.Context, tx *sqldb.Tx, journal string) (through uint64, err error) {
	through, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (n uint64, err error) { return n, scan(&n) },
		`SELECT through FROM evidence_removal WHERE $1 = '*' AND journal = $2`, tx.Tenant(), journal)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	return through, err
}

func listRemovals(ctx context.Context, tx *sqldb.Tx) ([]Removal, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (r Removal, err error) {
		var at int64
		err = scan(&r.Journal, &r.Through, &at)
		r.At = time.UnixMilli(at).UTC()
		return r, err
	}, `SELECT journal, through, at FROM evidence_removal WHERE $1 = '*' ORDER BY at DESC, journal`, tx.Tenant())
}
