package incident

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul/internal/platform/sqldb"
)

const columns = `id, agency, application, lid, from_at, until_at, zone, noted_at, noted_by, answer, closed_at, closed_by, created_at,
	handler, clock, told, persons_at, authority_at, held_at, held_by, held_why`

func scanCase(scan sqldb.Scan) (c Case, err error) {
	var answer string
	var from, until, noted, closed, created, persons, authority, held int64
	q := &c.Question
	if err = scan(&c.ID, &c.Agency, &q.Application, &q.LID, &from, &until, &q.Zone, &noted, &c.NotedBy, &answer, &closed, &c.ClosedBy, &created,
		&c.Handler, &c.Clock, &c.told, &persons, &authority, &held, &c.HeldBy, &c.HeldWhy); err != nil {
		return c, err
	}
	q.From, q.Until, c.NotedAt, c.CreatedAt = timeOf(from), timeOf(until), timeOf(noted), timeOf(created)
	c.ClosedAt, c.PersonsAt, c.AuthorityAt, c.HeldAt = timeOf(closed), timeOf(persons), timeOf(authority), timeOf(held)
	if err = json.Unmarshal([]byte(answer), &c.Answer); err != nil {
		err = fmt.Errorf("answer of incident %s: %w", c.ID, err)
	}
	return c, err
}

// timeOf is the zero time for what has not been.
func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

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
	_, err = tx.Exec(ctx, `INSERT INTO incident_case (id, agency, application, lid, from_at, until_at, zone, noted_at, noted_by, answer, closed_at, closed_by, created_at, handler, told)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11, $12, $13)`,
		c.ID, c.Agency, q.Application, q.LID, q.From.UnixMilli(), q.Until.UnixMilli(), q.Zone, c.NotedAt.UnixMilli(), c.NotedBy, string(answer), c.CreatedAt.UnixMilli(), c.Handler, c.told)
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

// holdCase keeps others from changing a case until the transaction ends.
func holdCase(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `UPDATE incident_case SET told = told WHERE `+mine+` AND id = $2`, tx.Tenant(), id)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
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

func closeCase(ctx context.Context, tx *sqldb.Tx, c Case) error {
	return changed(ctx, tx, c.ID)(tx.Exec(ctx, `UPDATE incident_case SET closed_at = $1, closed_by = $2
		WHERE ($3 = '*' OR agency = $3 AND agency <> '') AND id = $4 AND closed_at = 0`, c.ClosedAt.UnixMilli(), c.ClosedBy, tx.Tenant(), c.ID))
}

func setReported(ctx context.Context, tx *sqldb.Tx, c Case) error {
	return changed(ctx, tx, c.ID)(tx.Exec(ctx, `UPDATE incident_case SET persons_at = $1, authority_at = $2
		WHERE ($3 = '*' OR agency = $3 AND agency <> '') AND id = $4`, millis(c.PersonsAt), millis(c.AuthorityAt), tx.Tenant(), c.ID))
}

func setNoted(ctx context.Context, tx *sqldb.Tx, c Case) error {
	return changed(ctx, tx, c.ID)(tx.Exec(ctx, `UPDATE incident_case SET noted_at = $1, clock = $2, told = $3
		WHERE ($4 = '*' OR agency = $4 AND agency <> '') AND id = $5`, c.NotedAt.UnixMilli(), c.Clock, c.told, tx.Tenant(), c.ID))
}

func setHeld(ctx context.Context, tx *sqldb.Tx, c Case) error {
	return changed(ctx, tx, c.ID)(tx.Exec(ctx, `UPDATE incident_case SET held_at = $1, held_by = $2, held_why = $3
		WHERE ($4 = '*' OR agency = $4 AND agency <> '') AND id = $5`, millis(c.HeldAt), c.HeldBy, c.HeldWhy, tx.Tenant(), c.ID))
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
