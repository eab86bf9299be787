package vault

import (
	"context"
	"fmt"
	"os"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Attach opens the vault of a database. The database remembers by a digest which
// key file is its own; from then on Attach refuses to start with another
// ([ErrForeign]) and, where [Open] would make a fresh file, with none
// ([ErrLost]). The database must have been migrated.
func Attach(ctx context.Context, db *sqldb.DB, file string) (*Vault, error) {
	return AttachGuarded(ctx, db, file, nil)
}

// AttachGuarded is Attach for a file that is wrapped by the guard.
func AttachGuarded(ctx context.Context, db *sqldb.DB, file string, guard Guard) (*Vault, error) {
	proof, err := storedProof(ctx, db)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(file); proof != "" && missing(err) {
		return nil, lostFile(file)
	}
	v, err := OpenGuarded(file, guard)
	if err != nil {
		return nil, err
	}
	if proof == "" {
		if proof, err = v.claim(ctx, db); err != nil {
			return nil, err
		}
	}
	if proof != v.keys.Load().proof {
		return nil, foreignFile(file)
	}
	return v, nil
}

func storedProof(ctx context.Context, db *sqldb.DB) (proof string, err error) {
	err = db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		proof, err = readProof(ctx, tx)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("whose key file: %w", err)
	}
	return proof, nil
}

// claim makes this vault the database's, unless another node was faster, and
// returns whose it is.
func (v *Vault) claim(ctx context.Context, db *sqldb.DB) (proof string, err error) {
	err = db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if err := insertProof(ctx, tx, v.keys.Load().proof); err != nil {
			return err
		}
		proof, err = readProof(ctx, tx)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("remember key file: %w", err)
	}
	return proof, nil
}
