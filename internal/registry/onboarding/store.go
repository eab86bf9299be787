package onboarding

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const revisionForm = "Onboarding"

// Sealer seals what people wrote.
type Sealer interface {
	Seal(plaintext []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
}

// store reads and writes with what must be sealed.
type store struct{ sealer Sealer }

func (s store) seal(value any, table, row, column string) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", column, err)
	}
	sealed, err := s.sealer.Seal(plain, table, row, column)
	return base64.StdEncoding.EncodeToString(sealed), err
}

func (s store) open(text, table, row, column string, into any) error {
	if text == "" {
		return nil
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("decode %s: %w", column, err)
	}
	plain, err := s.sealer.Open(sealed, table, row, column)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}

func (s store) insert(ctx context.Context, tx *sqldb.Tx, c Case, code string) error {
	if err := tx.Own(c.Owner); err != nil {
		return err
	}
	draft, err := s.seal(c.Form, "onboarding_form", c.ID, "draft")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO onboarding_form (id, agency, owner, state, code, version, draft, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`, c.ID, c.Form.Agency, c.Owner, c.State, code, c.Version, draft, c.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionForm, c.ID)
}

const caseColumns = `id, owner, state, version, draft, submitted_at, created_at, updated_at, pruned_at`

func (s store) scan(scan sqldb.Scan) (c Case, err error) {
	var draft string
	var submitted, created, updated, pruned int64
	if err := scan(&c.ID, &c.Owner, &c.State, &c.Version, &draft, &submitted, &created, &updated, &pruned); err != nil {
		return c, err
	}
	c.SubmittedAt, c.CreatedAt, c.UpdatedAt, c.PrunedAt = instant(submitted), instant(created), instant(updated), instant(pruned)
	return c, s.open(draft, "onboarding_form", c.ID, "draft", &c.Form)
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// byID sees what the scope covers.
func (s store) byID(ctx context.Context, tx *sqldb.Tx, id string) (Case, error) {
	return sqldb.One(ctx, tx, s.scan, `SELECT `+caseColumns+` FROM onboarding_form WHERE ($1 = '*' OR owner = $1 AND owner <> '') AND id = $2`, tx.Tenant(), id)
}

func (s store) byOwner(ctx context.Context, tx *sqldb.Tx, owner simpul.AgencyID) (Case, error) {
	return sqldb.One(ctx, tx, s.scan, `SELECT `+caseColumns+` FROM onboarding_form WHERE ($1 = '*' OR owner = $1) AND owner = $2 AND owner <> ''`, tx.Tenant(), owner)
}

// byCode is for whoever holds the code: it needs the nation's scope.
func (s store) byCode(ctx context.Context, tx *sqldb.Tx, digest string) (Case, error) {
	return sqldb.One(ctx, tx, s.scan, `SELECT `+caseColumns+` FROM onboarding_form WHERE code = $1 AND code <> ''`, digest)
}

// inState lists the cases in a state, the longest waiting first.
func (s store) inState(ctx context.Context, tx *sqldb.Tx, state State, limit int) ([]Case, error) {
	return sqldb.All(ctx, tx, s.scan, `SELECT `+caseColumns+` FROM onboarding_form
		WHERE ($1 = '*' OR owner = $1 AND owner <> '') AND state = $2 ORDER BY submitted_at, id LIMIT $3`, tx.Tenant(), state, limit)
}

// hold makes changes of one case follow one another.
func (s store) hold(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE onboarding_form SET updated_at = updated_at WHERE ($1 = '*' OR owner = $1) AND id = $2`, tx.Tenant(), id)
	return err
}

// save stores a case that is held.
func (s store) save(ctx context.Context, tx *sqldb.Tx, c Case) error {
	draft, err := s.seal(c.Form, "onboarding_form", c.ID, "draft")
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE onboarding_form SET agency = $1, owner = $2, state = $3, version = $4, draft = $5, submitted_at = $6, updated_at = $7
		WHERE ($8 = '*' OR owner = $8) AND id = $9`,
		c.Form.Agency, c.Owner, c.State, c.Version, draft, millis(c.SubmittedAt), c.UpdatedAt.UnixMilli(), tx.Tenant(), c.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionForm, c.ID)
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// endCode makes the code of a case worth nothing.
func (s store) endCode(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE onboarding_form SET code = '' WHERE ($1 = '*' OR owner = $1) AND id = $2`, tx.Tenant(), id)
	return err
}

func versionRow(form string, number int) string { return fmt.Sprintf("%s/%d", form, number) }

func (s store) insertVersion(ctx context.Context, tx *sqldb.Tx, form string, v Version) error {
	content, err := s.seal(v.Form, "onboarding_version", versionRow(form, v.Number), "content")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO onboarding_version (form, version, content, author, submitted_at) VALUES ($1, $2, $3, $4, $5)`,
		form, v.Number, content, v.Author, v.SubmittedAt.UnixMilli())
	return err
}

// decideVersion writes down what was decided on a version, once.
func (s store) decideVersion(ctx context.Context, tx *sqldb.Tx, form string, v Version) error {
	reasons, err := s.seal(v.Reasons, "onboarding_version", versionRow(form, v.Number), "reasons")
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE onboarding_version SET outcome = $1, reasons = $2, decided_by = $3, decided_at = $4
		WHERE form = $5 AND version = $6 AND outcome = ''`, v.Outcome, reasons, v.DecidedBy, v.DecidedAt.UnixMilli(), form, v.Number)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

// versions lists what was submitted of a form that the caller has read, newest
// first.
func (s store) versions(ctx context.Context, tx *sqldb.Tx, form string) ([]Version, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (v Version, err error) {
		var content, reasons string
		var decided, submitted int64
		if err := scan(&v.Number, &content, &v.Author, &v.Outcome, &reasons, &v.DecidedBy, &decided, &submitted); err != nil {
			return v, err
		}
		v.DecidedAt, v.SubmittedAt = instant(decided), instant(submitted)
		if err := s.open(content, "onboarding_version", versionRow(form, v.Number), "content", &v.Form); err != nil {
			return v, err
		}
		return v, s.open(reasons, "onboarding_version", versionRow(form, v.Number), "reasons", &v.Reasons)
	}, `SELECT version, content, author, outcome, reasons, decided_by, decided_at, submitted_at FROM onboarding_version WHERE form = $1 ORDER BY version DESC`, form)
}

func (s store) insertDocument(ctx context.Context, tx *sqldb.Tx, form string, d Document, content []byte, now time.Time) error {
	sealed, err := s.sealer.Seal(content, "onboarding_document", d.ID, "content")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO onboarding_document (id, form, content, size, digest, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		d.ID, form, base64.StdEncoding.EncodeToString(sealed), d.Size, d.Digest, now.UnixMilli())
	return err
}

func countDocuments(ctx context.Context, tx *sqldb.Tx, form string) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM onboarding_document WHERE form = $1`, form)
}

// bytesOfStrangers is how much the documents take of forms that belong to no
// agency yet.
func bytesOfStrangers(ctx context.Context, tx *sqldb.Tx) (int64, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`SELECT CAST(COALESCE(SUM(d.size), 0) AS BIGINT) FROM onboarding_document d JOIN onboarding_form f ON f.id = d.form WHERE f.owner = ''`)
}

// document reads a file of a form that the caller has read.
func (s store) document(ctx context.Context, tx *sqldb.Tx, form, id string) ([]byte, error) {
	text, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (text string, err error) { return text, scan(&text) },
		`SELECT content FROM onboarding_document WHERE form = $1 AND id = $2`, form, id)
	if err != nil {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("decode document: %w", err)
	}
	return s.sealer.Open(sealed, "onboarding_document", id, "content")
}

// neverAccepted lists cases after the ID that nobody touched since the time and
// of which nothing was dropped since.
func neverAccepted(ctx context.Context, tx *sqldb.Tx, before time.Time, after string, most int) ([]string, error) {
	return sqldb.All(ctx, tx, scanText, `SELECT id FROM onboarding_form
		WHERE $1 = '*' AND updated_at < $2 AND pruned_at < updated_at AND state IN ('draft', 'returned') AND id > $3
			AND NOT EXISTS (SELECT 1 FROM onboarding_version v WHERE v.form = onboarding_form.id AND v.outcome = 'accepted')
		ORDER BY id LIMIT $4`, tx.Tenant(), before.UnixMilli(), after, most)
}

// withOldDocuments lists cases after the ID with a version that was accepted,
// and a document that was stored, before the time.
func withOldDocuments(ctx context.Context, tx *sqldb.Tx, before time.Time, after string, most int) ([]string, error) {
	return sqldb.All(ctx, tx, scanText, `SELECT id FROM onboarding_form
		WHERE $1 = '*' AND id > $3
			AND EXISTS (SELECT 1 FROM onboarding_version v WHERE v.form = onboarding_form.id AND v.outcome = 'accepted' AND v.decided_at < $2)
			AND EXISTS (SELECT 1 FROM onboarding_document d WHERE d.form = onboarding_form.id AND d.created_at < $2)
		ORDER BY id LIMIT $4`, tx.Tenant(), before.UnixMilli(), after, most)
}

func scanText(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }

// stripVersion replaces what a version says, and forgets why it was returned.
func (s store) stripVersion(ctx context.Context, tx *sqldb.Tx, form string, number int, f Form) error {
	content, err := s.seal(f, "onboarding_version", versionRow(form, number), "content")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE onboarding_version SET content = $1, reasons = '' WHERE form = $2 AND version = $3 AND $4 = '*'`, content, form, number, tx.Tenant())
	return err
}

func documentsBefore(ctx context.Context, tx *sqldb.Tx, form string, before time.Time) ([]string, error) {
	return sqldb.All(ctx, tx, scanText, `SELECT id FROM onboarding_document WHERE form = $1 AND created_at < $2`, form, before.UnixMilli())
}

func dropDocument(ctx context.Context, tx *sqldb.Tx, form, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM onboarding_document WHERE form = $1 AND id = $2 AND $3 = '*'`, form, id, tx.Tenant())
	return err
}

func dropDocuments(ctx context.Context, tx *sqldb.Tx, form string) error {
	_, err := tx.Exec(ctx, `DELETE FROM onboarding_document WHERE form = $1 AND $2 = '*'`, form, tx.Tenant())
	return err
}

// markPruned notes when something of the case was dropped.
func (s store) markPruned(ctx context.Context, tx *sqldb.Tx, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE onboarding_form SET pruned_at = $1 WHERE id = $2 AND $3 = '*'`, now.UnixMilli(), id, tx.Tenant())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionForm, id)
}

// sweep drops drafts of people without an account that were left alone.
func sweep(ctx context.Context, tx *sqldb.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM onboarding_form WHERE owner = '' AND version = 0 AND state = 'draft' AND updated_at < $1`, before.UnixMilli())
}
