package vault

import (
	"context"
	"errors"

	"simpul/internal/platform/sqldb"
)

// readProof returns "" where no vault has claimed the database.
func readProof(ctx context.Context, tx *sqldb.Tx) (string, error) {
	proof, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (proof string, err error) {
		return proof, scan(&proof)
	}, `SELECT digest FROM vault_proof WHERE id = 1`)
	if errors.Is(err, sqldb.ErrNoRows) {
		return "", nil
	}
	return proof, err
}

func insertProof(ctx context.Context, tx *sqldb.Tx, proof string) error {
	_, err := tx.Exec(ctx, `INSERT INTO vault_proof (id, digest) VALUES (1, $1) ON CONFLICT (id) DO NOTHING`, proof)
	return err
}
