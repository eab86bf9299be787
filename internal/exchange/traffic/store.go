package traffic

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// row is a stored limit.
type row struct {
	Subject simpul.Subject
	Parties
	Spec  Spec
	Times httpapi.Times
}

const limitColumns = `kind, id, provider, consumer, spec, created_at, updated_at`

// limitVisible admits the limits that the scope ($1) set or is held to.
const limitVisible = `($1 = '*' OR provider = $1 AND provider <> '' OR consumer = $1 AND consumer <> '')`

func scanLimit(scan sqldb.Scan) (r row, err error) {
	var spec string
	var created, updated int64
	if err = scan(&r.Subject.Kind, &r.Subject.ID, &r.Provider, &r.Consumer, &spec, &created, &updated); err != nil {
		return r, err
	}
	r.Times = httpapi.TimesOf(created, updated)
	if err := json.Unmarshal([]byte(spec), &r.Spec); err != nil {
		return r, fmt.Errorf("decode limit of %s: %w", r.Subject, err)
	}
	return r, nil
}

func getLimit(ctx context.Context, tx *sqldb.Tx, s simpul.Subject) (row, error) {
	return sqldb.One(ctx, tx, scanLimit, `SELECT `+limitColumns+` FROM traffic_limit
		WHERE `+limitVisible+` AND kind = $2 AND id = $3`, tx.Tenant(), s.Kind, s.ID)
}

// listLimits orders by the written form of the subject, and begins after one.
func listLimits(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]row, error) {
	return sqldb.All(ctx, tx, scanLimit, `SELECT `+limitColumns+` FROM traffic_limit
		WHERE `+limitVisible+` AND subject > $2 ORDER BY subject LIMIT $3`, tx.Tenant(), page.After, page.Limit)
}

// allLimits are those that the gateway enforces: every one.
func allLimits(ctx context.Context, tx *sqldb.Tx) ([]row, error) {
	return sqldb.All(ctx, tx, scanLimit, `SELECT `+limitColumns+` FROM traffic_limit WHERE `+limitVisible, tx.Tenant())
}

// putLimit writes a limit that the scope may set; one of a national subject has
// no provider, and only the nation may.
func putLimit(ctx context.Context, tx *sqldb.Tx, s simpul.Subject, p Parties, spec Spec, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(p.Provider); err != nil {
		return httpapi.Times{}, err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode limit of %s: %w", s, err)
	}
	times, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (httpapi.Times, error) {
		var created, updated int64
		err := scan(&created, &updated)
		return httpapi.TimesOf(created, updated), err
	}, `INSERT INTO traffic_limit (subject, kind, id, provider, consumer, spec, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (subject) DO UPDATE SET provider = excluded.provider, consumer = excluded.consumer, spec = excluded.spec, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`,
		s.String(), s.Kind, s.ID, p.Provider, p.Consumer, string(text), now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionLimit, s.String())
}

// deleteLimit returns whose limit is gone.
func deleteLimit(ctx context.Context, tx *sqldb.Tx, s simpul.Subject) (provider simpul.AgencyID, err error) {
	provider, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (id simpul.AgencyID, err error) { return id, scan(&id) },
		`DELETE FROM traffic_limit WHERE ($1 = '*' OR provider = $1 AND provider <> '') AND subject = $2 RETURNING provider`, tx.Tenant(), s.String())
	if err != nil {
		return "", err
	}
	return provider, tx.Revise(ctx, revisionLimit, s.String())
}
