package incident

import (
	"context"
	"time"

	"simpul/internal/platform/sqldb"
)

// atATime bounds what one round tells of, and what one transaction drops.
const atATime = 500

// unreported is true of a case of which somebody has not got the notice.
const unreported = `closed_at = 0 AND (persons_at = 0 OR authority_at = 0)`

// dueCases are those of which there is something to tell that nobody was told.
func dueCases(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]Case, error) {
	since := func(left time.Duration) int64 { return now.Add(left - Term).UnixMilli() }
	return sqldb.All(ctx, tx, scanCase, `SELECT `+columns+` FROM incident_case WHERE $1 = '*' AND `+unreported+`
		AND (told < 1 OR told < 2 AND noted_at <= $2 OR told < 3 AND noted_at <= $3 OR told < 4 AND noted_at <= $4)
		ORDER BY noted_at, id LIMIT 500`,
		tx.Tenant(), since(dayBefore), since(hoursBefore), since(0))
}

// markTold reports whether it was this transaction that is to tell of a stage.
func markTold(ctx context.Context, tx *sqldb.Tx, c Case, at stage) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE incident_case SET told = $1 WHERE $2 = '*' AND id = $3 AND clock = $4 AND told < $5 AND `+unreported,
		at, tx.Tenant(), c.ID, c.Clock, at)
	if err != nil || n == 0 {
		return false, err
	}
	return true, tx.Revise(ctx, revisionIncident, c.ID)
}

// closedBefore are cases that retention may drop.
func closedBefore(ctx context.Context, tx *sqldb.Tx, before time.Time) ([]string, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (id string, err error) { return id, scan(&id) },
		`SELECT id FROM incident_case WHERE $1 = '*' AND closed_at > 0 AND closed_at < $2 AND held_at = 0 ORDER BY id LIMIT 500`,
		tx.Tenant(), before.UnixMilli())
}

// dropCase drops a case with its notes, unless somebody has put it on hold.
func dropCase(ctx context.Context, tx *sqldb.Tx, id string, before time.Time) (int64, error) {
	n, err := tx.Exec(ctx, `UPDATE incident_case SET told = told WHERE $1 = '*' AND id = $2 AND closed_at > 0 AND closed_at < $3 AND held_at = 0`,
		tx.Tenant(), id, before.UnixMilli())
	if err != nil || n == 0 {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM incident_note WHERE $1 = '*' AND incident = $2`, tx.Tenant(), id); err != nil {
		return 0, err
	}
	if n, err = tx.Exec(ctx, `DELETE FROM incident_case WHERE $1 = '*' AND id = $2`, tx.Tenant(), id); err != nil {
		return 0, err
	}
	return n, tx.Revise(ctx, revisionIncident, id)
}
