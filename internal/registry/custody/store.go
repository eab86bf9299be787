package custody

import (
	"context"
	"errors"
	"time"

	"simpul/internal/platform/sqldb"
)

const exportColumns = `id, proposer, proposer_account, recipient, created_at, expires_at, fetched_at`

func scanExport(scan sqldb.Scan) (e Export, err error) {
	var created, expires, fetched int64
	err = scan(&e.ID, &e.Proposer, &e.ProposerAccount, &e.Recipient, &created, &expires, &fetched)
	e.CreatedAt, e.ExpiresAt = time.UnixMilli(created).UTC(), time.UnixMilli(expires).UTC()
	if fetched != 0 {
		e.FetchedAt = time.UnixMilli(fetched).UTC()
	}
	return e, err
}

func insertExport(ctx context.Context, tx *sqldb.Tx, e Export, file string) error {
	if tx.Tenant() != "*" {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO custody_export (id, proposer, proposer_account, recipient, file, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, e.Proposer, e.ProposerAccount, e.Recipient, file, e.CreatedAt.UnixMilli(), e.ExpiresAt.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, "KeyExport", e.ID)
}

func getExport(ctx context.Context, tx *sqldb.Tx, id string) (Export, error) {
	return sqldb.One(ctx, tx, scanExport, `SELECT `+exportColumns+` FROM custody_export WHERE $1 = '*' AND id = $2`, tx.Tenant(), id)
}

func listExports(ctx context.Context, tx *sqldb.Tx) ([]Export, error) {
	return sqldb.All(ctx, tx, scanExport, `SELECT `+exportColumns+` FROM custody_export WHERE $1 = '*' ORDER BY created_at DESC, id LIMIT 100`, tx.Tenant())
}

// takeFile gives the file out and forgets it, unless somebody else was faster.
func takeFile(ctx context.Context, tx *sqldb.Tx, id string, now time.Time) (string, error) {
	n, err := tx.Exec(ctx, `UPDATE custody_export SET fetched_at = $1 WHERE $2 = '*' AND id = $3 AND fetched_at = 0`, now.UnixMilli(), tx.Tenant(), id)
	if err != nil {
		return "", err
	}
	if n == 0 {
		return "", gone()
	}
	file, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (file string, err error) { return file, scan(&file) },
		`SELECT file FROM custody_export WHERE $1 = '*' AND id = $2`, tx.Tenant(), id)
	if err == nil && file == "" {
		err = errors.New("an export without its file")
	}
	if err != nil {
		return "", err
	}
	if _, err = tx.Exec(ctx, `UPDATE custody_export SET file = '' WHERE $1 = '*' AND id = $2`, tx.Tenant(), id); err != nil {
		return "", err
	}
	return file, tx.Revise(ctx, "KeyExport", id)
}

func dropFiles(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE custody_export SET file = '' WHERE $1 = '*' AND expires_at <= $2 AND file <> ''`, tx.Tenant(), now.UnixMilli())
	return err
}
