package incident

import (
	"context"

	"simpul/internal/platform/sqldb"
)

func insertNote(ctx context.Context, tx *sqldb.Tx, c Case, n Note) error {
	if err := tx.Own(c.Agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO incident_note (incident, number, agency, at, by_name, text, deed, was_at, is_at)
		SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM incident_note WHERE incident = $9`,
		c.ID, c.Agency, n.At.UnixMilli(), n.By, n.Text, n.Deed, millis(n.Was), millis(n.Is), c.ID)
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionIncident, c.ID)
}

func notesOf(ctx context.Context, tx *sqldb.Tx, id string) ([]Note, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (n Note, err error) {
		var at, was, is int64
		err = scan(&at, &n.By, &n.Text, &n.Deed, &was, &is)
		n.At, n.Was, n.Is = timeOf(at), timeOf(was), timeOf(is)
		return n, err
	}, `SELECT at, by_name, text, deed, was_at, is_at FROM incident_note WHERE `+mine+` AND incident = $2 ORDER BY number`, tx.Tenant(), id)
}
