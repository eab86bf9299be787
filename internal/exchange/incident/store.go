package incident

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul/internal/platform/sqldb"
)

const columns = `id, agency, application, lid, from_at, until_at, zone, noted_at, noted_by, answer, closed_at, closed_by, created_at`

func scanCase(scan sqldb.Scan) (c Case, err error) {
	var answer string
	var from, until, noted, closed, created int64
	q := &c.Question
	if err = scan(&c.ID, &c.Agency, &q.Application, &q.LID, &from, &until, &q.Zone, &noted, &c.NotedBy, &answer, &closed, &c.ClosedBy, &created); err != nil {
		return c, err
	}
	q.From, q.Until, c.NotedAt, c.CreatedAt = timeOf(from), timeOf(until), timeOf(noted), timeOf(created)
	if closed != 0 {
		c.ClosedAt = timeOf(closed)
	}
	if err = json.Unmarshal([]byte(answer), &c.Answer); err != nil {
		err = fmt.Errorf("answer of incident %s: %w", c.ID, err)
	}
	return c, err
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

const revisionIncident = "Incident"

func insertCase(ctx context.Context, tx *sqldb.Tx, c Case) error {
	if err := tx.Own(c.Agency); err != nil {
		return err
	}
	answer, err := json.Marshal(c.Answer)
	if err != nil {
		return err
	}
	q := c.Question
	_, err = tx.Exec(ctx, `INSERT INTO incident_case (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11)`,
		c.ID, c.Agency, q.Application, q.LID, q.From.UnixMilli(), q.Until.UnixMilli(), q.Zone, c.NotedAt.UnixMilli(), c.NotedBy, string(answer), c.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionIncident, c.ID)
}

// mine are the cases that a transaction's scope covers; the tenant is $1.
const mine = `($1 = '*' OR agency = $1 AND agency <> '')`

func getCase(ctx context.Context, tx *sqldb.Tx, id string) (Case, error) {
	return sqldb.One(ctx, tx, scanCase, `SELECT `+columns+` FROM incident_case WHERE `+mine+` AND id = $2`, tx.Tenant(), id)
}

// listCases returns the newest cases before a place, which pageKey writes.
func listCases(ctx context.Context, tx *sqldb.Tx, before int64, id string, limit int) ([]Case, error) {
	return sqldb.All(ctx, tx, scanCase, `SELECT `+columns+` FROM incident_case
		WHERE `+mine+` AND (created_at < $2 OR created_at = $2 AND id < $3) ORDER BY created_at DESC, id DESC LIMIT $4`,
		tx.Tenant(), before, id, limit)
}

func setAnswer(ctx context.Context, tx *sqldb.Tx, id string, a Answer) error {
	answer, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return changed(ctx, tx, id)(tx.Exec(ctx, `UPDATE incident_case SET answer = $1 WHERE ($2 = '*' OR agency = $2 AND agency <> '') AND id = $3`,
		string(answer), tx.Tenant(), id))
}

func closeCase(ctx context.Context, tx *sqldb.Tx, id, by string, at time.Time) error {
	return changed(ctx, tx, id)(tx.Exec(ctx, `UPDATE incident_case SET closed_at = $1, closed_by = $2
		WHERE ($3 = '*' OR agency = $3 AND agency <> '') AND id = $4 AND closed_at = 0`, at.UnixMilli(), by, tx.Tenant(), id))
}

// changed revises a case that a statement changed; ErrNoRows where there was none.
func changed(ctx context.Context, tx *sqldb.Tx, id string) func(int64, error) error {
	return func(n int64, err error) error {
		if err == nil && n == 0 {
			err = sqldb.ErrNoRows
		}
		if err != nil {
			return err
		}
		return tx.Revise(ctx, revisionIncident, id)
	}
}

func insertNote(ctx context.Context, tx *sqldb.Tx, c Case, n Note) error {
	if err := tx.Own(c.Agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO incident_note (incident, number, agency, at, by_name, text)
		SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5 FROM incident_note WHERE incident = $6`,
		c.ID, c.Agency, n.At.UnixMilli(), n.By, n.Text, c.ID)
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionIncident, c.ID)
}

func notesOf(ctx context.Context, tx *sqldb.Tx, id string) ([]Note, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (n Note, err error) {
		var at int64
		err = scan(&at, &n.By, &n.Text)
		n.At = timeOf(at)
		return n, err
	}, `SELECT at, by_name, text FROM incident_note WHERE `+mine+` AND incident = $2 ORDER BY number`, tx.Tenant(), id)
}
