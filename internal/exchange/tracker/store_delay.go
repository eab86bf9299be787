package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const delayColumns = `id, agency, kind, subject, basis, shown_from, proposed_by, decided_by, decided_at`

func scanDelay(scan sqldb.Scan) (d Delay, err error) {
	var from, decided int64
	err = scan(&d.ID, &d.Agency, &d.Kind, &d.Subject, &d.Basis, &from, &d.ProposedBy, &d.DecidedBy, &decided)
	d.ShownFrom, d.DecidedAt = timeOf(from), timeOf(decided)
	return d, err
}

func insertDelay(ctx context.Context, tx *sqldb.Tx, d Delay) error {
	if err := tx.Own(d.Agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO tracker_delay (`+delayColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		d.ID, d.Agency, d.Kind, d.Subject, d.Basis, d.ShownFrom.UnixMilli(), d.ProposedBy, d.DecidedBy, d.DecidedAt.UnixMilli())
	return err
}

// lastDelay is the decision for the same accesses that holds longest, or ErrNoRows.
func lastDelay(ctx context.Context, tx *sqldb.Tx, w Wish) (Delay, error) {
	return sqldb.One(ctx, tx, scanDelay, `SELECT `+delayColumns+` FROM tracker_delay WHERE `+asTenant+` AND agency = $2 AND kind = $3 AND subject = $4
		ORDER BY shown_from DESC LIMIT 1`, tx.Tenant(), w.Agency, w.Kind, w.Subject)
}

// mostDelays is how many decisions are listed.
const mostDelays = 200

func listDelays(ctx context.Context, tx *sqldb.Tx) ([]Delay, error) {
	return sqldb.All(ctx, tx, scanDelay, `SELECT `+delayColumns+` FROM tracker_delay WHERE `+asTenant+` ORDER BY decided_at DESC, id LIMIT $2`, tx.Tenant(), mostDelays)
}

func withheld(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]Withheld, error) {
	all, err := sqldb.All(ctx, tx, func(scan sqldb.Scan) (w Withheld, err error) {
		var longest int64
		err = scan(&w.Agency, &w.Decisions, &longest)
		w.Longest = timeOf(longest)
		return w, err
	}, `SELECT agency, COUNT(*), MAX(shown_from) FROM tracker_delay WHERE $1 = '*' AND shown_from > $2 GROUP BY agency ORDER BY agency`, tx.Tenant(), now.UnixMilli())
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Accesses, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
			`SELECT COUNT(DISTINCT a.exchange) FROM tracker_access a WHERE `+visible+` AND a.consumer_agency = $2 AND `+shownFrom+` > $3`,
			tx.Tenant(), all[i].Agency, now.UnixMilli())
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func policies(ctx context.Context, tx *sqldb.Tx) (Policy, error) {
	p := defaultPolicy()
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var name string
		var amount int
		if err := scan(&name, &amount); err != nil {
			return err
		}
		switch name {
		case answerDays:
			p.AnswerDays = amount
		case delayDays:
			p.DelayDays = amount
		}
		return nil
	}, `SELECT name, amount FROM tracker_policy`)
	return p, err
}

func putPolicy(ctx context.Context, tx *sqldb.Tx, p Policy, now time.Time) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	for name, amount := range map[string]int{answerDays: p.AnswerDays, delayDays: p.DelayDays} {
		_, err := tx.Exec(ctx, `INSERT INTO tracker_policy (name, amount, set_at) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET amount = excluded.amount, set_at = excluded.set_at`, name, int64(amount), now.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}
