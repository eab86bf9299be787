package evidence

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const revisionKey = "EvidenceKey"

// storedKey is a row of evidence_key.
type storedKey struct {
	id      string
	class   simpul.LIDClass
	month   int
	sealed  []byte
	created time.Time
}

func listKeys(ctx context.Context, tx *sqldb.Tx) ([]storedKey, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (s storedKey, err error) {
		var created int64
		err = scan(&s.id, &s.class, &s.month, &s.sealed, &created)
		s.created = time.UnixMilli(created).UTC()
		return s, err
	}, `SELECT id, class, month, sealed, created_at FROM evidence_key WHERE $1 = '*' ORDER BY month DESC, class`, tx.Tenant())
}

// insertKey leaves a key that somebody else has just made.
func insertKey(ctx context.Context, tx *sqldb.Tx, s storedKey) error {
	n, err := tx.Exec(ctx, `INSERT INTO evidence_key (id, class, month, sealed, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		s.id, s.class, s.month, s.sealed, s.created.UnixMilli())
	if err != nil || n == 0 {
		return err
	}
	return tx.Revise(ctx, revisionKey, s.id)
}

// knownKeys are all keys, destroyed ones among them.
func knownKeys(ctx context.Context, tx *sqldb.Tx) (months, error) {
	known := months{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var class simpul.LIDClass
		var month int
		var destroyed bool
		err := scan(&class, &month, &destroyed)
		known.add(class, month, destroyed)
		return err
	}, `SELECT class, month, FALSE FROM evidence_key WHERE $1 = '*' UNION ALL SELECT class, month, TRUE FROM evidence_key_end WHERE $1 = '*'`, tx.Tenant())
	return known, err
}

// wipeKey writes over the key and then deletes it; false where there is none.
func wipeKey(ctx context.Context, tx *sqldb.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE evidence_key SET sealed = $1 WHERE $2 = '*' AND id = $3`, make([]byte, sealedKeyBytes), tx.Tenant(), id)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM evidence_key WHERE $1 = '*' AND id = $2`, tx.Tenant(), id)
	return true, err
}

// sealedKeyBytes is how long a sealed key is, so that zeros take its very place.
const sealedKeyBytes = keyBytes + 33

func insertEnd(ctx context.Context, tx *sqldb.Tx, e KeyEnd) error {
	_, err := tx.Exec(ctx, `INSERT INTO evidence_key_end (id, class, month, at, actor, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
		e.ID, e.Class, e.month, e.At.UnixMilli(), e.Actor, e.Reason)
	return err
}

func endedKeys(ctx context.Context, tx *sqldb.Tx) (map[string]time.Time, error) {
	all, err := listEnds(ctx, tx)
	ended := make(map[string]time.Time, len(all))
	for _, e := range all {
		ended[e.ID] = e.At
	}
	return ended, err
}

func listEnds(ctx context.Context, tx *sqldb.Tx) ([]KeyEnd, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (e KeyEnd, err error) {
		var at int64
		err = scan(&e.ID, &e.Class, &e.month, &at, &e.Actor, &e.Reason)
		e.At = time.UnixMilli(at).UTC()
		return e, err
	}, `SELECT id, class, month, at, actor, reason FROM evidence_key_end WHERE $1 = '*' ORDER BY month DESC, class`, tx.Tenant())
}
