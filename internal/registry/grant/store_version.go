package grant

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// countInEffect counts the grants on a LID under which other agencies can call it,
// of those that the scope gave.
func countInEffect(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, now time.Time) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND consumer <> provider
		AND NOT suspended AND valid_from <= $3 AND (valid_until = 0 OR valid_until > $3)`, tx.Tenant(), lid, now.UnixMilli())
}

// agenciesInEffect lists the other agencies that can call a LID, of those to whom
// the scope gave grants.
func agenciesInEffect(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, now time.Time) ([]simpul.AgencyID, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (id simpul.AgencyID, err error) { return id, scan(&id) },
		`SELECT DISTINCT consumer FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND consumer <> provider
		AND NOT suspended AND valid_from <= $3 AND (valid_until = 0 OR valid_until > $3) ORDER BY consumer`, tx.Tenant(), lid, now.UnixMilli())
}

// pinGrants holds the grants that the scope gave on a LID, have not ended and
// follow the newest version to a version, and returns which.
func pinGrants(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string, now time.Time) ([]string, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (id string, err error) { return id, scan(&id) },
		`UPDATE grant_grant SET version = $1 WHERE ($2 = '*' OR provider = $2) AND lid = $3 AND version = ''
		AND (valid_until = 0 OR valid_until > $4) RETURNING id`, version, tx.Tenant(), lid, now.UnixMilli())
}

// heldOn lists the grants that the scope gave on a LID and that have not ended,
// on a version or on any where it is "", by their holders.
func heldOn(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string, now time.Time) ([]holding, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (h holding, err error) { return h, scan(&h.Application, &h.Request) },
		`SELECT application, request FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND ($3 = '' OR version = $3)
		AND (valid_until = 0 OR valid_until > $4) ORDER BY consumer, application`, tx.Tenant(), lid, version, now.UnixMilli())
}

// setVersion moves a grant. Whoever calls it has made sure that its holder wants
// that; it revises where the grant was there before.
func setVersion(ctx context.Context, tx *sqldb.Tx, id, version string) error {
	n, err := tx.Exec(ctx, `UPDATE grant_grant SET version = $1 WHERE ($2 = '*' OR provider = $2) AND id = $3`, version, tx.Tenant(), id)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}
