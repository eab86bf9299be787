package traffic

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// What nodes tell each other belongs to the hub and to no tenant: only the
// nation's scope reaches it.

// beat says that a node lives, and forgets those that have not for long.
func beat(ctx context.Context, tx *sqldb.Tx, node string, now time.Time) error {
	if _, err := tx.Exec(ctx, `INSERT INTO traffic_node (node, seen_at) VALUES ($1, $2)
		ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at`, node, now.UnixMilli()); err != nil {
		return err
	}
	gone := now.Add(-goneAfter).UnixMilli()
	if _, err := tx.Exec(ctx, `DELETE FROM traffic_demand WHERE node IN (SELECT node FROM traffic_node WHERE seen_at < $1)`, gone); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM traffic_node WHERE seen_at < $1`, gone)
	return err
}

// forget takes a node out that stops.
func forget(ctx context.Context, tx *sqldb.Tx, node string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM traffic_demand WHERE node = $1`, node); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM traffic_node WHERE node = $1`, node)
	return err
}

// livingNodes counts the nodes that were seen since a time, this one among them
// in any case.
func livingNodes(ctx context.Context, tx *sqldb.Tx, node string, since time.Time) (int, error) {
	others, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM traffic_node WHERE node <> $1 AND seen_at >= $2`, node, since.UnixMilli())
	return others + 1, err
}

// Demands are kept as whole numbers, in thousandths.
const thousandths = 1000

func tell(ctx context.Context, tx *sqldb.Tx, node string, v voice, now time.Time) error {
	if v.demand == (demand{}) {
		_, err := tx.Exec(ctx, `DELETE FROM traffic_demand WHERE subject = $1 AND node = $2`, v.subject.String(), node)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO traffic_demand (subject, node, per_minute, used, peak, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (subject, node) DO UPDATE SET per_minute = excluded.per_minute, used = excluded.used, peak = excluded.peak, at = excluded.at`,
		v.subject.String(), node, int64(v.demand.perMinute*thousandths), int64(v.demand.used*thousandths), int64(v.demand.peak*thousandths), now.UnixMilli())
	return err
}

// demands adds up what living nodes but one were asked for, by subject.
func demands(ctx context.Context, tx *sqldb.Tx, except string, since time.Time) (map[simpul.Subject]demand, error) {
	all := map[simpul.Subject]demand{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var text string
		var perMinute, used, peak int64
		if err := scan(&text, &perMinute, &used, &peak); err != nil {
			return err
		}
		s, err := simpul.ParseSubject(text)
		all[s] = demand{float64(perMinute) / thousandths, float64(used) / thousandths, float64(peak) / thousandths}
		return err
	}, `SELECT d.subject, CAST(SUM(d.per_minute) AS BIGINT), CAST(SUM(d.used) AS BIGINT), CAST(SUM(d.peak) AS BIGINT)
		FROM traffic_demand d JOIN traffic_node n ON n.node = d.node
		WHERE d.node <> $1 AND n.seen_at >= $2 GROUP BY d.subject`, except, since.UnixMilli())
	return all, err
}

// lend books what a node takes of a quota, or gives back. Nodes wait for each
// other at the quota's row.
func lend(ctx context.Context, tx *sqldb.Tx, l *loan, nodes int) error {
	begins, ends := l.lease.begins/int64(time.Millisecond), l.lease.ends/int64(time.Millisecond)
	taken, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`INSERT INTO traffic_quota (subject, span, begins_at, ends_at, taken) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (subject, span, begins_at) DO UPDATE SET taken = traffic_quota.taken RETURNING taken`, l.subject.String(), l.window, begins, ends)
	if err != nil {
		return err
	}
	if l.divide(taken, nodes); l.granted == 0 {
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE traffic_quota SET taken = taken + $1 WHERE subject = $2 AND span = $3 AND begins_at = $4`,
		l.granted, l.subject.String(), l.window, begins)
	return err
}

// spent is how much of a subject's quotas is taken at a time, by window.
func spent(ctx context.Context, tx *sqldb.Tx, now time.Time) (map[simpul.Subject]map[Window]int64, error) {
	all := map[simpul.Subject]map[Window]int64{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var text string
		var span Window
		var taken int64
		if err := scan(&text, &span, &taken); err != nil {
			return err
		}
		s, err := simpul.ParseSubject(text)
		if all[s] == nil {
			all[s] = map[Window]int64{}
		}
		all[s][span] = taken
		return err
	}, `SELECT subject, span, taken FROM traffic_quota WHERE begins_at <= $1 AND ends_at > $1`, now.UnixMilli())
	return all, err
}

// pruneQuotas forgets the quotas of periods that ended before a time.
func pruneQuotas(ctx context.Context, tx *sqldb.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM traffic_quota WHERE ends_at < $1`, before.UnixMilli())
	return err
}
