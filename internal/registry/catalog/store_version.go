package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// legacyFree refuses an older call address that names an earlier version of
// another LID.
func legacyFree(ctx context.Context, tx *sqldb.Tx, key string, address simpul.Address) error {
	if key == "" {
		return nil
	}
	n, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM catalog_version WHERE ($1 = '*' OR agency = $1) AND legacy = $2 AND address <> $3`, tx.Tenant(), key, address)
	if err == nil && n > 0 {
		return sqldb.ErrDuplicate
	}
	return err
}

// keepVersion keeps what was live as an earlier version, with the older call
// address that names it.
func keepVersion(ctx context.Context, tx *sqldb.Tx, address simpul.Address, s Spec, since, sunset time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode version: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO catalog_version (address, major, agency, legacy, document, since, sunset) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		address, simpul.Major(s.Version), s.Agency, orNull(s.legacyKey()), string(document), since.UnixMilli(), sunset.UnixMilli())
	return err
}

const versionColumns = `address, major, COALESCE(legacy, ''), document, since, sunset`

func scanVersion(scan sqldb.Scan) (k kept, err error) {
	var since, sunset int64
	err = scan(&k.address, &k.major, &k.legacy, &k.document, &since, &sunset)
	k.since, k.sunset = time.UnixMilli(since).UTC(), time.UnixMilli(sunset).UTC()
	return k, err
}

// versionsOf lists the earlier versions of a LID that the scope covers, newest
// first.
func versionsOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address) ([]kept, error) {
	all, err := sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM catalog_version
		WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
	return newestFirst(all), err
}

// everyVersion lists those of all LIDs, newest first, for the nation.
func everyVersion(ctx context.Context, tx *sqldb.Tx) ([]kept, error) {
	all, err := sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM catalog_version WHERE $1 = '*'`, tx.Tenant())
	return newestFirst(all), err
}

func moveSunset(ctx context.Context, tx *sqldb.Tx, address simpul.Address, major string, sunset time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE catalog_version SET sunset = $1 WHERE ($2 = '*' OR agency = $2) AND address = $3 AND major = $4`,
		sunset.UnixMilli(), tx.Tenant(), address, major)
	return err
}

// markEnd notes what follows a LID. One that retires as a draft stays unseen.
func markEnd(ctx context.Context, tx *sqldb.Tx, t turn) error {
	if t.spec.State != Retired {
		_, err := tx.Exec(ctx, `UPDATE catalog_address SET successor = $1 WHERE ($2 = '*' OR agency = $2) AND address = $3`,
			t.spec.successor(), tx.Tenant(), t.address)
		return err
	}
	unseen := t.before == nil || t.before.State == Draft
	_, err := tx.Exec(ctx, `UPDATE catalog_address SET successor = $1, unseen = (unseen OR $2),
		retired_at = CASE WHEN retired_at = 0 THEN $3 ELSE retired_at END
		WHERE ($4 = '*' OR agency = $4) AND address = $5`, t.spec.successor(), unseen, t.now.UnixMilli(), tx.Tenant(), t.address)
	return err
}

// successorOf is what follows a LID, whose ever it is: that is public.
func successorOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (next simpul.Address, err error) {
	next, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (next simpul.Address, err error) { return next, scan(&next) },
		`SELECT successor FROM catalog_address WHERE address = $1 AND successor <> ''`, address)
	_, err = sqldb.Exists(next, err)
	return next, err
}

const goneColumns = `a.address, a.agency, a.successor, a.retired_at, COALESCE(l.legacy, '')
	FROM catalog_address a LEFT JOIN catalog_lid l ON l.address = a.address WHERE a.retired AND NOT a.unseen`

func scanGone(scan sqldb.Scan) (g gone, err error) {
	return g, scan(&g.address, &g.agency, &g.successor, &g.retired, &g.legacy)
}

// everyGone lists the LIDs that are retired, as everybody may know of them.
func everyGone(ctx context.Context, tx *sqldb.Tx) ([]gone, error) {
	return sqldb.All(ctx, tx, scanGone, `SELECT `+goneColumns)
}

func goneLID(ctx context.Context, tx *sqldb.Tx, address string) (gone, error) {
	return sqldb.One(ctx, tx, scanGone, `SELECT `+goneColumns+` AND a.address = $1`, address)
}
