package grant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const (
	revisionGrant   = "Grant"
	revisionRequest = "AccessRequest"
)

// row is a stored grant.
type row struct {
	ID       string
	Spec     Spec
	Provider simpul.AgencyID
	Times    httpapi.Times
	origin
	SuspendedWhy string
	UnusedAt     *time.Time // when both parties heard that nobody uses it; nil for never
}

// origin is where a grant comes from.
type origin struct {
	Request   string // "" for one that was written directly
	DecidedBy string // principal
	// SuspendedBy is the principal that suspended it; the hub's for want of use,
	// empty for one that is not suspended.
	SuspendedBy string
}

// holdGrant makes changes of one grant follow one another.
func holdGrant(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE grant_grant SET updated_at = updated_at WHERE ($1 = '*' OR provider = $1) AND id = $2`, tx.Tenant(), id)
	return err
}

// putGrant writes a grant over one that was last changed at a time; zero for one
// that was not there. It finds no row where that is not so any more.
func putGrant(ctx context.Context, tx *sqldb.Tx, id string, s Spec, provider simpul.AgencyID, from origin, over, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(provider); err != nil {
		return httpapi.Times{}, err
	}
	fields, err := json.Marshal(append([]string{}, s.Fields...))
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode fields: %w", err)
	}
	rows, err := json.Marshal(append([]Row{}, s.Rows...))
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode rows: %w", err)
	}
	agreement, err := agreementText(s.Agreement)
	if err != nil {
		return httpapi.Times{}, err
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `
		INSERT INTO grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, rate_per_min,
			valid_from, valid_until, suspended, created_at, updated_at, row_limits, request, decided_by,
			agreement, seldom, suspended_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (id) DO UPDATE SET lid = excluded.lid, provider = excluded.provider, application = excluded.application,
			consumer = excluded.consumer, purpose = excluded.purpose, legal_basis = excluded.legal_basis, fields = excluded.fields,
			rate_per_min = excluded.rate_per_min, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
			suspended = excluded.suspended, updated_at = excluded.updated_at, row_limits = excluded.row_limits,
			request = CASE WHEN excluded.request <> '' THEN excluded.request ELSE grant_grant.request END,
			decided_by = excluded.decided_by, suspended_why = CASE WHEN excluded.suspended THEN grant_grant.suspended_why ELSE '' END,
			agreement = excluded.agreement, seldom = excluded.seldom, suspended_by = excluded.suspended_by, unused_at = 0
		WHERE grant_grant.provider = excluded.provider AND grant_grant.updated_at = $20
		RETURNING created_at, updated_at`,
		id, s.LID, provider, s.Application, s.Application.Agency(), s.Purpose, s.LegalBasis, string(fields), s.RatePerMinute,
		millis(s.From), millis(s.Until), s.Suspended, now.UnixMilli(), string(rows), from.Request, from.DecidedBy,
		agreement, s.Seldom, from.SuspendedBy, over.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionGrant, id)
}

const grantColumns = `id, lid, provider, application, purpose, legal_basis, fields, rate_per_min, valid_from, valid_until, suspended, created_at, updated_at,
	row_limits, request, decided_by, suspended_why, agreement, seldom, suspended_by, unused_at, version`

func scanGrant(scan sqldb.Scan) (r row, err error) {
	var fields, rows, agreement string
	var from, until, created, updated, unused int64
	err = scan(&r.ID, &r.Spec.LID, &r.Provider, &r.Spec.Application, &r.Spec.Purpose, &r.Spec.LegalBasis, &fields,
		&r.Spec.RatePerMinute, &from, &until, &r.Spec.Suspended, &created, &updated,
		&rows, &r.Request, &r.DecidedBy, &r.SuspendedWhy, &agreement, &r.Spec.Seldom, &r.SuspendedBy, &unused, &r.Spec.Version)
	if err != nil {
		return r, err
	}
	r.Spec.From, r.Spec.Until, r.UnusedAt, r.Times = instant(from), instant(until), instant(unused), httpapi.TimesOf(created, updated)
	if agreement != "" {
		if err := json.Unmarshal([]byte(agreement), &r.Spec.Agreement); err != nil {
			return r, fmt.Errorf("decode agreement of grant %s: %w", r.ID, err)
		}
	}
	if err := json.Unmarshal([]byte(fields), &r.Spec.Fields); err != nil {
		return r, fmt.Errorf("decode grant %s: %w", r.ID, err)
	}
	if rows == "[]" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(rows), &r.Spec.Rows); err != nil {
		return r, fmt.Errorf("decode rows of grant %s: %w", r.ID, err)
	}
	return r, nil
}

func agreementText(g *Agreement) (string, error) {
	if g == nil || *g == (Agreement{}) {
		return "", nil
	}
	text, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("encode agreement: %w", err)
	}
	return string(text), nil
}

// getGrant sees what the scope gave or was given.
func getGrant(ctx context.Context, tx *sqldb.Tx, id string) (row, error) {
	return sqldb.One(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id = $2`, tx.Tenant(), id)
}

// listGrants goes through both sides of a tenant by their indexes: grants of
// others are not read.
func listGrants(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]row, error) {
	if tx.Tenant() == simpul.NationScope().Key() {
		return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant WHERE id > $1 ORDER BY id LIMIT $2`, page.After, page.Limit)
	}
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant WHERE id IN (
			SELECT id FROM (SELECT id FROM grant_grant WHERE provider = $1 AND id > $2 ORDER BY id LIMIT $3) given
			UNION SELECT id FROM (SELECT id FROM grant_grant WHERE consumer = $1 AND id > $2 ORDER BY id LIMIT $3) held)
		ORDER BY id LIMIT $3`, tx.Tenant(), page.After, page.Limit)
}

// eachGrant goes through every grant without holding all of them.
func eachGrant(ctx context.Context, tx *sqldb.Tx, do func(row)) error {
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		r, err := scanGrant(scan)
		if err == nil {
			do(r)
		}
		return err
	}, `SELECT `+grantColumns+` FROM grant_grant`)
}

// grantsOf is what an application holds, as the scope gave or was given it.
func grantsOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND application = $2 ORDER BY lid`, tx.Tenant(), application)
}

// notOver counts the grants on a LID that have not ended.
func notOver(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, now time.Time) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND (valid_until = 0 OR valid_until > $3)`, tx.Tenant(), lid, now.UnixMilli())
}

// ending is how a grant was ended.
type ending struct {
	Reason string
	By     string // principal
	At     time.Time
}

// deleteGrant returns who gave the grant that is gone, and keeps that it ended.
func deleteGrant(ctx context.Context, tx *sqldb.Tx, id string, e ending) (provider simpul.AgencyID, err error) {
	_, err = tx.Exec(ctx, `INSERT INTO grant_end (grant_id, lid, provider, application, consumer, reason, ended_by, ended_at)
		SELECT id, lid, provider, application, consumer, $1, $2, $3 FROM grant_grant WHERE ($4 = '*' OR provider = $4) AND id = $5`,
		e.Reason, e.By, e.At.UnixMilli(), tx.Tenant(), id)
	if err != nil {
		return "", err
	}
	provider, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (provider simpul.AgencyID, err error) {
		return provider, scan(&provider)
	}, `DELETE FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND id = $2 RETURNING provider`, tx.Tenant(), id)
	if err != nil {
		return "", err
	}
	return provider, tx.Revise(ctx, revisionGrant, id)
}

// wasEnded reports whether a grant of the application on the LID was ever ended.
func wasEnded(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, lid simpul.Address) (bool, error) {
	n, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM grant_end WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND application = $2 AND lid = $3`, tx.Tenant(), application, lid)
	return n > 0, err
}

// grantOfPair is what an application holds on a LID.
func grantOfPair(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, lid simpul.Address) (row, error) {
	return sqldb.One(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND application = $2 AND lid = $3`, tx.Tenant(), application, lid)
}

// suspension is how a grant was stopped; zero for one that goes on.
type suspension struct {
	By  string // principal
	Why string
}

// suspendGrant stops a grant, or lets it go on.
func suspendGrant(ctx context.Context, tx *sqldb.Tx, id string, s suspension, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE grant_grant SET suspended = $1, suspended_why = $2, suspended_by = $3, unused_at = 0, updated_at = $4
		WHERE ($5 = '*' OR provider = $5) AND id = $6`, s.By != "", s.Why, s.By, now.UnixMilli(), tx.Tenant(), id)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionGrant, id)
}

// expiring lists the grants that end in the time between.
func expiring(ctx context.Context, tx *sqldb.Tx, after, until time.Time) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE valid_until > $1 AND valid_until <= $2 ORDER BY valid_until`, after.UnixMilli(), until.UnixMilli())
}

// stamp and moment map the zero time to 0 and back.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func scanTimes(scan sqldb.Scan) (httpapi.Times, error) {
	var created, updated int64
	err := scan(&created, &updated)
	return httpapi.TimesOf(created, updated), err
}

// millis and instant map an absent time to 0 and back.
func millis(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC()
	return &t
}

// restingSince lists the grants in effect that nobody has changed since a time,
// without those that are rarely used.
func restingSince(ctx context.Context, tx *sqldb.Tx, since, now time.Time, after string, limit int) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE id > $1 AND updated_at < $2 AND valid_from < $2 AND (valid_until = 0 OR valid_until > $3) AND NOT suspended AND seldom = '' ORDER BY id LIMIT $4`,
		after, since.UnixMilli(), now.UnixMilli(), limit)
}

// markUnused notes that both parties heard of disuse, which changes nothing of
// the grant.
func markUnused(ctx context.Context, tx *sqldb.Tx, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE grant_grant SET unused_at = $1 WHERE ($2 = '*' OR provider = $2) AND id = $3`, now.UnixMilli(), tx.Tenant(), id)
	return err
}
