package retention

import (
	"context"
	"time"

	"simpul/internal/platform/sqldb"
)

const revisionRetention = "Retention"

func changedRules(ctx context.Context, tx *sqldb.Tx) (map[string]Rule, error) {
	found := map[string]Rule{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var kind string
		var r Rule
		var updated int64
		if err := scan(&kind, &r.Days, &r.Basis, &updated); err != nil {
			return err
		}
		r.UpdatedAt = time.UnixMilli(updated).UTC()
		found[kind] = r
		return nil
	}, `SELECT kind, days, basis, updated_at FROM retention_rule`)
	return found, err
}

func putRule(ctx context.Context, tx *sqldb.Tx, w Wish, now time.Time) error {
	if tx.Tenant() != "*" {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO retention_rule (kind, days, basis, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind) DO UPDATE SET days = excluded.days, basis = excluded.basis, updated_at = excluded.updated_at`,
		w.Kind, w.Days, w.Basis, now.UnixMilli())
	return err
}

func lastRuns(ctx context.Context, tx *sqldb.Tx) (map[string]Rule, error) {
	found := map[string]Rule{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var kind string
		var r Rule
		var at int64
		if err := scan(&kind, &at, &r.Dropped); err != nil {
			return err
		}
		r.RanAt = time.UnixMilli(at).UTC()
		found[kind] = r
		return nil
	}, `SELECT kind, at, dropped FROM retention_run`)
	return found, err
}

func putRun(ctx context.Context, tx *sqldb.Tx, kind string, at time.Time, dropped int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO retention_run (kind, at, dropped) VALUES ($1, $2, $3)
		ON CONFLICT (kind) DO UPDATE SET at = excluded.at, dropped = excluded.dropped`, kind, at.UnixMilli(), dropped)
	return err
}
