package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// addRevision is the only statement that changes revisions: there is none that
// alters or removes one.
func addRevision(ctx context.Context, tx *sqldb.Tx, r Revision) error {
	if err := tx.Own(r.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(r.Spec)
	if err != nil {
		return fmt.Errorf("encode revision: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO catalog_revision (address, number, agency, digest, contract, author, at, version, state, document)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.Address, r.Number, r.Agency, r.Digest, r.Contract, r.Author, r.At.UnixMilli(), r.Version, r.State, string(document))
	if err != nil {
		return fmt.Errorf("add revision: %w", err)
	}
	return nil
}

const revisionColumns = `address, number, agency, digest, contract, author, at, version, state`

func scanRevision(scan sqldb.Scan, more ...any) (r Revision, err error) {
	var at int64
	err = scan(append([]any{&r.Address, &r.Number, &r.Agency, &r.Digest, &r.Contract, &r.Author, &at, &r.Version, &r.State}, more...)...)
	r.At = time.UnixMilli(at).UTC()
	return r, err
}

func scanBareRevision(scan sqldb.Scan) (Revision, error) { return scanRevision(scan) }

func scanWholeRevision(scan sqldb.Scan) (Revision, error) {
	var document string
	r, err := scanRevision(scan, &document)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(document), &r.Spec); err != nil {
		return r, fmt.Errorf("decode revision %d of %s: %w", r.Number, r.Address, err)
	}
	return r, nil
}

// lastRevision returns the newest revision of a LID of the scope's agency.
func lastRevision(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (Revision, error) {
	return sqldb.One(ctx, tx, scanBareRevision, `SELECT `+revisionColumns+` FROM catalog_revision
		WHERE ($1 = '*' OR agency = $1) AND address = $2 ORDER BY number DESC LIMIT 1`, tx.Tenant(), address)
}

// lastLiveRevision returns what everybody saw last of a LID of the scope's
// agency.
func lastLiveRevision(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (Revision, error) {
	return sqldb.One(ctx, tx, scanWholeRevision, `SELECT `+revisionColumns+`, document FROM catalog_revision
		WHERE ($1 = '*' OR agency = $1) AND address = $2 AND state IN ('published', 'deprecated') ORDER BY number DESC LIMIT 1`, tx.Tenant(), address)
}

// seenRevision is what the scope sees of revisions.
const seenRevision = `($1 = '*' OR agency = $1 OR state IN ('published', 'deprecated'))`

func newestRevision(ctx context.Context, tx *sqldb.Tx, address string) (Revision, error) {
	return sqldb.One(ctx, tx, scanBareRevision, `SELECT `+revisionColumns+` FROM catalog_revision
		WHERE `+seenRevision+` AND address = $2 ORDER BY number DESC LIMIT 1`, tx.Tenant(), address)
}

// listRevisions lists what the scope sees, the newest first, from below the
// number on.
func listRevisions(ctx context.Context, tx *sqldb.Tx, address string, before int64, limit int) ([]Revision, error) {
	return sqldb.All(ctx, tx, scanBareRevision, `SELECT `+revisionColumns+` FROM catalog_revision
		WHERE `+seenRevision+` AND address = $2 AND number < $3 ORDER BY number DESC LIMIT $4`, tx.Tenant(), address, before, limit)
}

func getRevision(ctx context.Context, tx *sqldb.Tx, address string, number int64) (Revision, error) {
	return sqldb.One(ctx, tx, scanWholeRevision, `SELECT `+revisionColumns+`, document FROM catalog_revision
		WHERE `+seenRevision+` AND address = $2 AND number = $3`, tx.Tenant(), address, number)
}
