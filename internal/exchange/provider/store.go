package provider

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// revisionCanary names the canaries of a LID in the revision log.
const revisionCanary = "Canary"

const fallColumns = `address, print, agency, calls, failed, fell_at`

func scanFall(scan sqldb.Scan) (f Fall, err error) {
	var at int64
	err = scan(&f.Address, &f.Print, &f.Owner, &f.Calls, &f.Failed, &at)
	f.At = time.UnixMilli(at).UTC()
	return f, err
}

// insertFall stores a fall, and reports whether it is the first of that canary.
func insertFall(ctx context.Context, tx *sqldb.Tx, f Fall) (first bool, err error) {
	if err := tx.Own(f.Owner); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO provider_fall (address, print, agency, calls, failed, fell_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (address, print) DO NOTHING`,
		f.Address, f.Print, f.Owner, f.Calls, f.Failed, f.At.UnixMilli())
	return n > 0, err
}

func everyFall(ctx context.Context, tx *sqldb.Tx) ([]Fall, error) {
	return sqldb.All(ctx, tx, scanFall, `SELECT `+fallColumns+` FROM provider_fall WHERE ($1 = '*' OR agency = $1) ORDER BY address, print`, tx.Tenant())
}

func fallsOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address) ([]Fall, error) {
	return sqldb.All(ctx, tx, scanFall, `SELECT `+fallColumns+` FROM provider_fall WHERE ($1 = '*' OR agency = $1) AND address = $2 ORDER BY print`, tx.Tenant(), address)
}

// deleteFall returns the agency whose canary may begin anew.
func deleteFall(ctx context.Context, tx *sqldb.Tx, address simpul.Address, print string) (simpul.AgencyID, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (agency simpul.AgencyID, err error) {
		return agency, scan(&agency)
	}, `DELETE FROM provider_fall WHERE ($1 = '*' OR agency = $1) AND address = $2 AND print = $3 RETURNING agency`, tx.Tenant(), address, print)
}
