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

const revisionGrant = "Grant"

// row is a stored grant.
type row struct {
	ID       string
	Spec     Spec
	Provider simpul.AgencyID
	Times    httpapi.Times
}

func putGrant(ctx context.Context, tx *sqldb.Tx, id string, s Spec, provider simpul.AgencyID, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(provider); err != nil {
		return httpapi.Times{}, err
	}
	fields, err := json.Marshal(append([]string{}, s.Fields...))
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode fields: %w", err)
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `
		INSERT INTO grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, rate_per_min,
			valid_from, valid_until, suspended, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
		ON CONFLICT (id) DO UPDATE SET lid = excluded.lid, provider = excluded.provider, application = excluded.application,
			consumer = excluded.consumer, purpose = excluded.purpose, legal_basis = excluded.legal_basis, fields = excluded.fields,
			rate_per_min = excluded.rate_per_min, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
			suspended = excluded.suspended, updated_at = excluded.updated_at
		WHERE grant_grant.provider = excluded.provider
		RETURNING created_at, updated_at`,
		id, s.LID, provider, s.Application, s.Application.Agency(), s.Purpose, s.LegalBasis, string(fields), s.RatePerMinute,
		millis(s.From), millis(s.Until), s.Suspended, now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionGrant, id)
}

const grantColumns = `id, lid, provider, application, purpose, legal_basis, fields, rate_per_min, valid_from, valid_until, suspended, created_at, updated_at`

func scanGrant(scan sqldb.Scan) (r row, err error) {
	var fields string
	var from, until, created, updated int64
	err = scan(&r.ID, &r.Spec.LID, &r.Provider, &r.Spec.Application, &r.Spec.Purpose, &r.Spec.LegalBasis, &fields,
		&r.Spec.RatePerMinute, &from, &until, &r.Spec.Suspended, &created, &updated)
	if err != nil {
		return r, err
	}
	r.Spec.From, r.Spec.Until, r.Times = instant(from), instant(until), httpapi.TimesOf(created, updated)
	if err := json.Unmarshal([]byte(fields), &r.Spec.Fields); err != nil {
		return r, fmt.Errorf("decode grant %s: %w", r.ID, err)
	}
	return r, nil
}

// getGrant sees what the scope gave or was given.
func getGrant(ctx context.Context, tx *sqldb.Tx, id string) (row, error) {
	return sqldb.One(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id = $2`, tx.Tenant(), id)
}

func listGrants(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id > $2 ORDER BY id LIMIT $3`, tx.Tenant(), page.After, page.Limit)
}

func allGrants(ctx context.Context, tx *sqldb.Tx) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant`)
}

// grantsOf is what an application holds, as the scope gave or was given it.
func grantsOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND application = $2 ORDER BY lid`, tx.Tenant(), application)
}

// deleteGrant returns who gave the grant that is gone.
func deleteGrant(ctx context.Context, tx *sqldb.Tx, id string) (provider simpul.AgencyID, err error) {
	provider, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (provider simpul.AgencyID, err error) {
		return provider, scan(&provider)
	}, `DELETE FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND id = $2 RETURNING provider`, tx.Tenant(), id)
	if err != nil {
		return "", err
	}
	return provider, tx.Revise(ctx, revisionGrant, id)
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
