package catalog

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// credentialRow is a stored credential whose value nobody has opened yet.
type credentialRow struct {
	Credential
	address simpul.Address
	sealed  string
	updated int64
}

const credentialColumns = `address, origin, header, sealed, print, updated_at`

func scanCredential(scan sqldb.Scan) (r credentialRow, err error) {
	return r, scan(&r.address, &r.Origin, &r.Header, &r.sealed, &r.Print, &r.updated)
}

func putCredential(ctx context.Context, tx *sqldb.Tx, address string, agency simpul.AgencyID, c Credential, sealed string, now time.Time) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO catalog_credential (address, agency, origin, header, sealed, print, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (address) DO UPDATE SET origin = excluded.origin, header = excluded.header, sealed = excluded.sealed, print = excluded.print, updated_at = excluded.updated_at
		WHERE catalog_credential.agency = excluded.agency`,
		address, agency, c.Origin, c.Header, sealed, c.Print, now.UnixMilli())
	return err
}

func credentialOf(ctx context.Context, tx *sqldb.Tx, address string) (credentialRow, error) {
	return sqldb.One(ctx, tx, scanCredential, `SELECT `+credentialColumns+` FROM catalog_credential WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
}

func credentials(ctx context.Context, tx *sqldb.Tx) ([]credentialRow, error) {
	return sqldb.All(ctx, tx, scanCredential, `SELECT `+credentialColumns+` FROM catalog_credential WHERE ($1 = '*' OR agency = $1) ORDER BY address`, tx.Tenant())
}

// deleteCredential returns the agency whose credential is gone.
func deleteCredential(ctx context.Context, tx *sqldb.Tx, address string) (agency simpul.AgencyID, err error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (agency simpul.AgencyID, err error) {
		return agency, scan(&agency)
	}, `DELETE FROM catalog_credential WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), address)
}
