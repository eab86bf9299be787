package grant

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// delayed lists what is late, and more so than people were told.
func delayed(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]Request, error) {
	return sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request
		WHERE state = 'submitted' AND (due_at < $1 AND delay_told < 2 OR open_due_at > 0 AND open_due_at < $1 AND opened_at = 0 AND delay_told < 1)`, now.UnixMilli())
}

// requests is where requests are kept.
type requests struct{ sealer Sealer }

const requestColumns = `id, lid, provider, application, class, state, version, renews, grant_id, proposal, due_at, submitted_at, created_at, updated_at,
	open_due_at, opened_at, opened_by, delay_told`

func scanRequest(scan sqldb.Scan) (r Request, err error) {
	var due, submitted, created, updated, openDue, opened int64
	err = scan(&r.ID, &r.LID, &r.Provider, &r.Application, &r.Class, &r.State, &r.Version, &r.Renews, &r.Grant, &r.Proposal, &due, &submitted, &created, &updated, &openDue, &opened, &r.OpenedBy, &r.DelayTold)
	r.OpenDue, r.OpenedAt = moment(openDue), moment(opened)
	r.Due, r.SubmittedAt = time.UnixMilli(due).UTC(), time.UnixMilli(submitted).UTC()
	r.CreatedAt, r.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	return r, err
}

func insertRequest(ctx context.Context, tx *sqldb.Tx, r Request) error {
	if !tx.Scope().Covers(r.Consumer()) && !tx.Scope().Covers(r.Provider) {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO grant_request (id, lid, provider, application, consumer, class, state, version, renews, due_at, submitted_at, created_at, updated_at, open_due_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)`,
		r.ID, r.LID, r.Provider, r.Application, r.Consumer(), r.Class, r.State, r.Version, r.Renews, r.Due.UnixMilli(), r.SubmittedAt.UnixMilli(), r.CreatedAt.UnixMilli(), stamp(r.OpenDue))
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionRequest, r.ID)
}

// holdRequest makes changes of one request follow one another.
func holdRequest(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE grant_request SET updated_at = updated_at WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id = $2`, tx.Tenant(), id)
	return err
}

// saveRequest stores a request that is held.
func saveRequest(ctx context.Context, tx *sqldb.Tx, r Request) error {
	n, err := tx.Exec(ctx, `UPDATE grant_request SET class = $1, state = $2, version = $3, renews = $4, grant_id = $5, proposal = $6, due_at = $7, submitted_at = $8, updated_at = $9,
		open_due_at = $10, opened_at = $11, opened_by = $12, delay_told = $13
		WHERE ($14 = '*' OR provider = $14 OR consumer = $14) AND id = $15`,
		r.Class, r.State, r.Version, r.Renews, r.Grant, r.Proposal, r.Due.UnixMilli(), r.SubmittedAt.UnixMilli(), r.UpdatedAt.UnixMilli(),
		stamp(r.OpenDue), stamp(r.OpenedAt), r.OpenedBy, r.DelayTold, tx.Tenant(), r.ID)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionRequest, r.ID)
}

// getRequest sees what the scope asked or was asked.
func getRequest(ctx context.Context, tx *sqldb.Tx, id string) (Request, error) {
	return sqldb.One(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id = $2`, tx.Tenant(), id)
}

// narrowRequests is the condition of a filter without the state.
func narrowRequests(tx *sqldb.Tx, f Filter) *narrowing {
	n := seenBy(tx)
	n.equal("provider", string(f.Provider))
	n.equal("consumer", string(f.Consumer))
	n.containing("lid", f.LID)
	n.containing("application || ' ' || provider", f.Party)
	return n
}

// listRequests narrows what the scope asked or was asked, by ID.
func listRequests(ctx context.Context, tx *sqldb.Tx, f Filter, page httpapi.Page) ([]Request, error) {
	n := narrowRequests(tx, f)
	n.equal("state", string(f.State))
	n.and("id > ?", page.After)
	return sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request`+n.String()+n.window("id", 0, page.Limit), n.args...)
}

// browseRequests lists what the scope asked or was asked, what waits first and by
// when it is due, then the newest; and counts it by its state.
func browseRequests(ctx context.Context, tx *sqldb.Tx, f Filter, offset, limit int) ([]Request, map[string]int, error) {
	all := narrowRequests(tx, f)
	counts, err := tally(ctx, tx, `SELECT state, COUNT(*) FROM grant_request`+all.String()+` GROUP BY state`, all.args...)
	if err != nil {
		return nil, nil, err
	}
	some := narrowRequests(tx, f)
	some.equal("state", string(f.State))
	order := "CASE state WHEN 'submitted' THEN 0 WHEN 'returned' THEN 1 ELSE 2 END, CASE state WHEN 'submitted' THEN due_at ELSE -submitted_at END, id"
	rows, err := sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request`+some.String()+some.window(order, offset, limit), some.args...)
	return rows, counts, err
}

// neglected lists what nobody acted on since a time.
func neglected(ctx context.Context, tx *sqldb.Tx, before time.Time) ([]Request, error) {
	return sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request
		WHERE state IN ('submitted', 'returned') AND due_at < $1`, before.UnixMilli())
}

func (s requests) insertVersion(ctx context.Context, tx *sqldb.Tx, request string, v Version) error {
	plain := v.Ask
	plain.Contact = ""
	content, err := json.Marshal(plain)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	contact, err := s.sealer.Seal([]byte(v.Ask.Contact), "grant_request_version", versionRow(request, v.Number), "contact")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO grant_request_version (request, version, content, contact, author, author_account, submitted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		request, v.Number, string(content), base64.StdEncoding.EncodeToString(contact), v.Author, v.AuthorAccount, v.SubmittedAt.UnixMilli())
	return err
}

func versionRow(request string, number int) string { return fmt.Sprintf("%s/%d", request, number) }

// decideVersion writes down what was decided on a version, once.
func decideVersion(ctx context.Context, tx *sqldb.Tx, request string, v Version) error {
	given, err := json.Marshal(v.Given)
	if err != nil {
		return fmt.Errorf("encode terms: %w", err)
	}
	agreement, err := json.Marshal(v.Agreement)
	if err != nil {
		return fmt.Errorf("encode agreement: %w", err)
	}
	n, err := tx.Exec(ctx, `UPDATE grant_request_version SET outcome = $1, reason = $2, given = $3, agreement = $4, decided_by = $5, decided_at = $6
		WHERE request = $7 AND version = $8 AND outcome = ''`,
		v.Outcome, v.Reason, string(given), string(agreement), v.DecidedBy, v.DecidedAt.UnixMilli(), request, v.Number)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

// versions lists what was submitted of a request that the caller has read,
// newest first.
func (s requests) versions(ctx context.Context, tx *sqldb.Tx, request string) ([]Version, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (v Version, err error) {
		var content, contact, given, agreement string
		var submitted, decided int64
		err = scan(&v.Number, &content, &contact, &v.Author, &v.AuthorAccount, &submitted, &v.Outcome, &v.Reason, &given, &agreement, &v.DecidedBy, &decided)
		if err != nil {
			return v, err
		}
		v.SubmittedAt = time.UnixMilli(submitted).UTC()
		if at := instant(decided); at != nil {
			v.DecidedAt = *at
		}
		if err := s.open(&v, request, content, contact); err != nil {
			return v, err
		}
		if v.Outcome == "" {
			return v, nil
		}
		return v, errors.Join(json.Unmarshal([]byte(given), &v.Given), json.Unmarshal([]byte(agreement), &v.Agreement))
	}, `SELECT version, content, contact, author, author_account, submitted_at, outcome, reason, given, agreement, decided_by, decided_at
		FROM grant_request_version WHERE request = $1 ORDER BY version DESC`, request)
}

func (s requests) open(v *Version, request, content, contact string) error {
	if err := json.Unmarshal([]byte(content), &v.Ask); err != nil {
		return fmt.Errorf("decode request: %w", err)
	}
	sealed, err := base64.StdEncoding.DecodeString(contact)
	if err != nil {
		return fmt.Errorf("decode contact: %w", err)
	}
	plain, err := s.sealer.Open(sealed, "grant_request_version", versionRow(request, v.Number), "contact")
	v.Ask.Contact = string(plain)
	return err
}
