package issuer

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Kinds of revisions.
const (
	revisionIssuer      = "Issuer"
	revisionApplication = "Application" // of the agency room
)

// national refuses everybody but the nation, before the database does.
func national(tx *sqldb.Tx) error {
	if tx.Tenant() != "*" {
		return sqldb.ErrScope
	}
	return nil
}

func putIssuer(ctx context.Context, tx *sqldb.Tx, id string, s Spec, now time.Time) (httpapi.Times, error) {
	if err := national(tx); err != nil {
		return httpapi.Times{}, err
	}
	bare := s
	bare.Clients = nil
	document, err := json.Marshal(bare)
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode issuer: %w", err)
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `INSERT INTO issuer_issuer (id, issuer, spec, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (id) DO UPDATE SET issuer = excluded.issuer, spec = excluded.spec, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`, id, s.Issuer, string(document), now.UnixMilli())
	if err != nil {
		return times, err
	}
	if err := putClients(ctx, tx, id, s.Clients); err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionIssuer, id)
}

func scanTimes(scan sqldb.Scan) (httpapi.Times, error) {
	var created, updated int64
	err := scan(&created, &updated)
	return httpapi.TimesOf(created, updated), err
}

func putClients(ctx context.Context, tx *sqldb.Tx, id string, clients []Client) error {
	if _, err := tx.Exec(ctx, `DELETE FROM issuer_client WHERE issuer = $1`, id); err != nil {
		return err
	}
	for _, c := range clients {
		if _, err := tx.Exec(ctx, `INSERT INTO issuer_client (issuer, client, application, agency) VALUES ($1, $2, $3, $4)`,
			id, c.Client, c.Application, c.Application.Agency()); err != nil {
			return err
		}
	}
	return nil
}

const issuerColumns = `id, spec, created_at, updated_at`

func scanIssuer(scan sqldb.Scan) (s httpapi.Stored[Spec], err error) {
	var document string
	var created, updated int64
	if err := scan(&s.ID, &document, &created, &updated); err != nil {
		return s, err
	}
	s.Times = httpapi.TimesOf(created, updated)
	if err := json.Unmarshal([]byte(document), &s.Spec); err != nil {
		return s, fmt.Errorf("issuer %s: %w", s.ID, err)
	}
	return s, nil
}

// getIssuer and listIssuers see all or nothing: whom the gateway believes is the
// nation's matter.
func getIssuer(ctx context.Context, tx *sqldb.Tx, id string) (httpapi.Stored[Spec], error) {
	s, err := sqldb.One(ctx, tx, scanIssuer, `SELECT `+issuerColumns+` FROM issuer_issuer WHERE $1 = '*' AND id = $2`, tx.Tenant(), id)
	if err != nil {
		return s, err
	}
	s.Spec.Clients, err = clientsOf(ctx, tx, id)
	return s, err
}

func listIssuers(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[Spec], error) {
	all, err := sqldb.All(ctx, tx, scanIssuer, `SELECT `+issuerColumns+` FROM issuer_issuer WHERE $1 = '*' AND id > $2 ORDER BY id LIMIT $3`,
		tx.Tenant(), page.After, page.Limit)
	for i := range all {
		if err == nil {
			all[i].Spec.Clients, err = clientsOf(ctx, tx, all[i].ID)
		}
	}
	return all, err
}

func clientsOf(ctx context.Context, tx *sqldb.Tx, id string) ([]Client, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (c Client, err error) { return c, scan(&c.Client, &c.Application) },
		`SELECT client, application FROM issuer_client WHERE ($1 = '*' OR agency = $1) AND issuer = $2 ORDER BY client`, tx.Tenant(), id)
}

func deleteIssuer(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM issuer_issuer WHERE $1 = '*' AND id = $2`, tx.Tenant(), id)
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionIssuer, id)
}

// stored is an issuer as the view reads it.
type stored struct {
	id   string
	spec Spec
	kept keptKeys
}

// keptKeys is what was fetched last.
type keptKeys struct {
	source, document string
	at               time.Time
}

// allIssuers and revocationsAfter are the gateway's: they see every tenant.
func allIssuers(ctx context.Context, tx *sqldb.Tx) ([]stored, error) {
	all, err := sqldb.All(ctx, tx, scanIssuer, `SELECT `+issuerColumns+` FROM issuer_issuer ORDER BY id`)
	if err != nil {
		return nil, err
	}
	rows := make([]stored, len(all))
	for i, s := range all {
		rows[i] = stored{id: s.ID, spec: s.Spec}
		if rows[i].spec.Clients, err = clientsOf(ctx, tx, s.ID); err != nil {
			return nil, err
		}
		if rows[i].kept, err = keysOf(ctx, tx, s.ID); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func keysOf(ctx context.Context, tx *sqldb.Tx, id string) (kept keptKeys, err error) {
	all, err := sqldb.All(ctx, tx, func(scan sqldb.Scan) (k keptKeys, err error) {
		var fetched int64
		err = scan(&k.source, &k.document, &fetched)
		k.at = time.UnixMilli(fetched).UTC()
		return k, err
	}, `SELECT source, document, fetched_at FROM issuer_keys WHERE issuer = $1`, id)
	if len(all) > 0 {
		kept = all[0]
	}
	return kept, err
}

// putKeys keeps what was fetched. An issuer that was deleted meanwhile keeps
// nothing.
func putKeys(ctx context.Context, tx *sqldb.Tx, id string, k keptKeys) error {
	if err := national(tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO issuer_keys (issuer, source, document, fetched_at)
		SELECT id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM issuer_issuer WHERE id = $1
		ON CONFLICT (issuer) DO UPDATE SET source = excluded.source, document = excluded.document, fetched_at = excluded.fetched_at`,
		id, k.source, k.document, k.at.UnixMilli())
	return err
}

type revocation struct {
	issuer, digest string
	until          time.Time
}

func insertRevocation(ctx context.Context, tx *sqldb.Tx, r revocation) error {
	if err := national(tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO issuer_revocation (issuer, digest, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		r.issuer, r.digest, r.until.UnixMilli()); err != nil {
		return err
	}
	return tx.Revise(ctx, revisionIssuer, r.issuer)
}

func revocationsAfter(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]revocation, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (r revocation, err error) {
		var until int64
		err = scan(&r.issuer, &r.digest, &until)
		r.until = time.UnixMilli(until)
		return r, err
	}, `SELECT issuer, digest, expires_at FROM issuer_revocation WHERE expires_at > $1`, now.UnixMilli())
}

// dropRevocations forgets those that have ended by themselves.
func dropRevocations(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM issuer_revocation WHERE expires_at <= $1`, now.UnixMilli())
	return err
}
