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

func tell(ctx context.Context, tx *sqldb.Tx, node string, s simpul.Subject, d demand, now time.Time) error {
	if d == (demand{}) {
		_, err := tx.Exec(ctx, `DELETE FROM traffic_demand WHERE subject = $1 AND node = $2`, s.String(), node)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO traffic_demand (subject, node, per_minute, used, peak, missing, day_left, month_left, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (subject, node) DO UPDATE SET per_minute = excluded.per_minute, used = excluded.used, peak = excluded.peak, missing = excluded.missing,
			day_left = excluded.day_left, month_left = excluded.month_left, at = excluded.at`,
		s.String(), node, int64(d.perMinute*thousandths), int64(d.used*thousandths), int64(d.peak*thousandths), int64(d.missing*thousandths),
		int64(d.day), int64(d.month), now.UnixMilli())
	return err
}

// demands adds up what living nodes but one were asked for, by subject.
func demands(ctx context.Context, tx *sqldb.Tx, except string, since time.Time) (map[simpul.Subject]demand, error) {
	all := map[simpul.Subject]demand{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var text string
		var perMinute, used, peak, missing, day, month int64
		if err := scan(&text, &perMinute, &used, &peak, &missing, &day, &month); err != nil {
			return err
		}
		s, err := simpul.ParseSubject(text)
		all[s] = demand{
			perMinute: float64(perMinute) / thousandths, used: float64(used) / thousandths, peak: float64(peak) / thousandths,
			missing: float64(missing) / thousandths, day: float64(day), month: float64(month),
		}
		return err
	}, `SELECT d.subject, CAST(SUM(d.per_minute) AS BIGINT), CAST(SUM(d.used) AS BIGINT), CAST(SUM(d.peak) AS BIGINT), CAST(SUM(d.missing) AS BIGINT),
			CAST(SUM(d.day_left) AS BIGINT), CAST(SUM(d.month_left) AS BIGINT)
		FROM traffic_demand d JOIN traffic_node n ON n.node = d.node
		WHERE d.node <> $1 AND n.seen_at >= $2 GROUP BY d.subject`, except, since.UnixMilli())
	return all, err
}

// pots are the calls that are on their way from one node's bucket to another's.
func pots(ctx context.Context, tx *sqldb.Tx) (map[simpul.Subject]float64, error) {
	all := map[simpul.Subject]float64{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var text string
		var missing int64
		if err := scan(&text, &missing); err != nil {
			return err
		}
		s, err := simpul.ParseSubject(text)
		all[s] = float64(missing) / thousandths
		return err
	}, `SELECT subject, missing FROM traffic_pot`)
	return all, err
}

// carry takes calls out of the pot, as many of them as are still there, or below
// 0 puts some in. It returns how many move.
func carry(ctx context.Context, tx *sqldb.Tx, s simpul.Subject, calls float64) (float64, error) {
	if calls == 0 {
		return 0, nil
	}
	held, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`INSERT INTO traffic_pot (subject, missing) VALUES ($1, 0)
		ON CONFLICT (subject) DO UPDATE SET missing = traffic_pot.missing RETURNING missing`, s.String())
	if err != nil {
		return 0, err
	}
	move := min(int64(calls*thousandths), held)
	if left := held - move; left > 0 {
		_, err = tx.Exec(ctx, `UPDATE traffic_pot SET missing = $1 WHERE subject = $2`, left, s.String())
	} else {
		_, err = tx.Exec(ctx, `DELETE FROM traffic_pot WHERE subject = $1`, s.String())
	}
	return float64(move) / thousandths, err
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
