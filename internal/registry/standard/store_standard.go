package standard

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// standardVisible admits the versions that the scope ($1) sees.
const standardVisible = `(state IN ('approved', 'withdrawn') OR $1 = '*' OR agency = $1)`

const versionColumns = `standard, version, state, document, author, author_account, proposer, proposer_account, decider, decided_at, note, created_at, updated_at`

func scanVersion(scan sqldb.Scan) (v Version, err error) {
	var document string
	var state State
	var version int
	var decided, created, updated int64
	if err = scan(&v.ID, &version, &state, &document, &v.author.id, &v.author.account, &v.proposer.id, &v.proposer.account, &v.decider, &decided, &v.Note, &created, &updated); err != nil {
		return v, err
	}
	if err = json.Unmarshal([]byte(document), &v.Spec); err != nil {
		return v, fmt.Errorf("standard %s: %w", v.ID, err)
	}
	v.Spec.State, v.Spec.Version = state, version
	v.Times = httpapi.TimesOf(created, updated)
	if decided > 0 {
		at := time.UnixMilli(decided).UTC()
		v.DecidedAt = &at
	}
	return v, nil
}

func getVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, version int) (Version, error) {
	return sqldb.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 AND version = $3`, tx.Tenant(), id, version)
}

func latestVersion(ctx context.Context, tx *sqldb.Tx, id StandardID) (Version, error) {
	return sqldb.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 ORDER BY version DESC LIMIT 1`, tx.Tenant(), id)
}

// approvedVersion is the version of a standard that is in force.
func approvedVersion(ctx context.Context, tx *sqldb.Tx, id StandardID) (Version, error) {
	return sqldb.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 AND state = 'approved' ORDER BY version DESC LIMIT 1`, tx.Tenant(), id)
}

func versionsOf(ctx context.Context, tx *sqldb.Tx, id StandardID) ([]Version, error) {
	return sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 ORDER BY version DESC`, tx.Tenant(), id)
}

func searchVersions(ctx context.Context, tx *sqldb.Tx, text string, page httpapi.Page) ([]Version, error) {
	return sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version v
		WHERE `+standardVisible+` AND standard > $2 AND folded LIKE $3 ESCAPE '!'
			AND NOT EXISTS (SELECT 1 FROM standard_version w WHERE w.standard = v.standard AND w.version > v.version AND (w.state IN ('approved', 'withdrawn') OR $1 = '*' OR w.agency = $1))
		ORDER BY standard LIMIT $4`, tx.Tenant(), page.After, contains(strings.ToLower(text)), page.Limit)
}

// putVersion writes a draft: a new version, or the same one anew.
func putVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, s StandardSpec, author actor, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	s.State = ""
	document, err := json.Marshal(s)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE standard_version SET authority = $1, folded = $2, document = $3, author = $4, author_account = $5, updated_at = $6
		WHERE standard = $7 AND version = $8 AND state = 'draft' AND ($9 = '*' OR agency = $9)`,
		s.Authority, s.folded(), string(document), author.id, author.account, now.UnixMilli(), id, s.Version, tx.Tenant())
	if err != nil || n == 1 {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO standard_version (standard, version, agency, authority, state, folded, document, author, author_account, created_at, updated_at)
		VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $9)`,
		id, s.Version, s.Agency, s.Authority, s.folded(), string(document), author.id, author.account, now.UnixMilli())
	return err
}

// moveVersion takes a version from the state that the step begins in to the one
// where it ends; of two who decide at once, the second changes nothing.
func moveVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, version int, step Step, by actor, note string, now time.Time) error {
	set, args := `decider = $1, decided_at = $2`, []any{by.id, now.UnixMilli()}
	if step == Propose {
		set, args = `proposer = $1, proposer_account = $2`, []any{by.id, by.account}
	}
	n, err := tx.Exec(ctx, `UPDATE standard_version SET `+set+`, state = $3, note = $4, updated_at = $5
		WHERE standard = $6 AND version = $7 AND state = $8 AND ($9 = '*' OR agency = $9)`,
		append(args, step.to(), note, now.UnixMilli(), id, version, step.from(), tx.Tenant())...)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func deleteVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, version int) error {
	_, err := tx.Exec(ctx, `DELETE FROM standard_version WHERE ($1 = '*' OR agency = $1) AND standard = $2 AND version = $3 AND state = 'draft'`, tx.Tenant(), id, version)
	return err
}

// standardsOf lists the versions that an agency wrote and that are in force.
func standardsOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]Version, error) {
	return sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND agency = $2 AND state = 'approved' ORDER BY standard, version`, tx.Tenant(), agency)
}
