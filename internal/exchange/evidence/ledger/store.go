package ledger

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// own fails outside of the nation's scope: the logs are the hub's own.
func own(tx *sqldb.Tx) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	return nil
}

// storedKey is the key of a log as the database holds it.
type storedKey struct {
	journal   string
	origin    string
	verifier  string
	sealed    string // base64
	createdAt time.Time
}

func readKey(ctx context.Context, tx *sqldb.Tx, journal string) (storedKey, error) {
	if err := own(tx); err != nil {
		return storedKey{}, err
	}
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (k storedKey, err error) {
		var created int64
		err = scan(&k.journal, &k.origin, &k.verifier, &k.sealed, &created)
		k.createdAt = time.UnixMilli(created)
		return k, err
	}, `SELECT journal, origin, verifier, sealed, created_at FROM evidence_log WHERE journal = $1`, journal)
}

func insertKey(ctx context.Context, tx *sqldb.Tx, k storedKey) error {
	if err := own(tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_log (journal, origin, verifier, sealed, created_at) VALUES ($1, $2, $3, $4, $5)`,
		k.journal, k.origin, k.verifier, k.sealed, k.createdAt.UnixMilli())
	return err
}

// published is the public key of a log, and how it ended, if it did.
type published struct {
	verifier  string
	cause     string // empty: it has not ended
	entries   uint64
	successor string // origin of the log that goes on; empty: it is not known yet
}

func listVerifiers(ctx context.Context, tx *sqldb.Tx) ([]published, error) {
	if err := own(tx); err != nil {
		return nil, err
	}
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (p published, err error) {
		return p, scan(&p.verifier, &p.cause, &p.entries, &p.successor)
	}, `SELECT l.verifier, COALESCE(e.cause, ''), COALESCE(e.entries, 0), COALESCE(s.origin, '') FROM evidence_log l
		LEFT JOIN evidence_ending e ON e.journal = l.journal LEFT JOIN evidence_log s ON s.journal = e.successor ORDER BY l.created_at, l.journal`)
}

func readHead(ctx context.Context, tx *sqldb.Tx, journal string) (size uint64, root string, err error) {
	if err := own(tx); err != nil {
		return 0, "", err
	}
	type head struct {
		size uint64
		root string
	}
	h, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (h head, err error) {
		return h, scan(&h.size, &h.root)
	}, `SELECT size, root FROM evidence_log WHERE journal = $1`, journal)
	return h.size, h.root, err
}

// noteHead moves the head forward; one that is further stays.
func noteHead(ctx context.Context, tx *sqldb.Tx, journal string, size uint64, root string) error {
	if err := own(tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE evidence_log SET size = $1, root = $2 WHERE journal = $3 AND size < $1`, size, root, journal)
	return err
}
