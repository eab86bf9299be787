package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// putBegun keeps a LID that has no address yet, under a name that no address can
// have. Nobody follows it: it cannot be called, and its agency alone sees it.
func putBegun(ctx context.Context, tx *sqldb.Tx, id string, s Spec, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode LID: %w", err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO catalog_lid (address, agency, class, state, title, legacy, document, created_at, updated_at)
		VALUES ($1, $2, $3, 'draft', $4, NULL, $5, $6, $6)
		ON CONFLICT (address) DO UPDATE SET title = excluded.title, document = excluded.document, updated_at = excluded.updated_at
		WHERE catalog_lid.agency = excluded.agency`,
		begunPrefix+id, s.Agency, s.Class, s.Title, string(document), now.UnixMilli())
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

func listBegun(ctx context.Context, tx *sqldb.Tx) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND substr(address, 1, 1) = '~' ORDER BY created_at DESC, address LIMIT 1000`, tx.Tenant())
}

func countBegun(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) {
		return n, scan(&n)
	}, `SELECT COUNT(*) FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND agency = $2 AND substr(address, 1, 1) = '~'`, tx.Tenant(), agency)
}

// dropBegun returns whose it was.
func dropBegun(ctx context.Context, tx *sqldb.Tx, id string) (simpul.AgencyID, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (owner simpul.AgencyID, err error) {
		return owner, scan(&owner)
	}, `DELETE FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), begunPrefix+id)
}
