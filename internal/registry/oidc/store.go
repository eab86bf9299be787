package oidc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Kinds in the revision log. That of the applications is written by the room
// that owns them: with an application go its keys.
const (
	revisionSigningKey  = "OIDCSigningKey"
	revisionClientKeys  = "OIDCClientKeys" // ID: the application
	revisionRevocation  = "OIDCRevocation"
	revisionApplication = "Application"
)

func scanSigningKey(scan sqldb.Scan) (k storedKey, err error) {
	var from, until, kept int64
	err = scan(&k.ID, &k.sealed, &from, &until, &kept)
	k.SignsFrom, k.SignsUntil, k.KeptUntil = timeOf(from), timeOf(until), timeOf(kept)
	return k, err
}

func listSigningKeys(ctx context.Context, tx *sqldb.Tx) ([]storedKey, error) {
	return sqldb.All(ctx, tx, scanSigningKey,
		`SELECT id, sealed, signs_from, signs_until, kept_until FROM oidc_signing_key ORDER BY signs_from, id`)
}

func insertSigningKey(ctx context.Context, tx *sqldb.Tx, k storedKey) error {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_signing_key (id, sealed, signs_from, signs_until, kept_until) VALUES ($1, $2, $3, $4, $5)`,
		k.ID, k.sealed, k.SignsFrom.UnixMilli(), k.SignsUntil.UnixMilli(), k.KeptUntil.UnixMilli())
	return err
}

func deleteSigningKey(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_signing_key WHERE id = $1`, id)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func deleteSigningKeysBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_signing_key WHERE kept_until <= $1`, now.UnixMilli())
	return err
}

const clientKeyColumns = `id, application, jwk, label, created_at`

// scanClientKey parses the stored key once more, so that what is in memory is
// what the rules of today accept. One that they do not is listed and not used.
func scanClientKey(scan sqldb.Scan) (ClientKey, error) {
	var id, jwk, label string
	var application simpul.ApplicationID
	var created int64
	if err := scan(&id, &application, &jwk, &label, &created); err != nil {
		return ClientKey{}, err
	}
	k, _ := parseClientKey([]byte(jwk))
	k.ID, k.Application, k.Label, k.CreatedAt = id, application, label, timeOf(created)
	return k, nil
}

func insertClientKey(ctx context.Context, tx *sqldb.Tx, k ClientKey) error {
	if err := tx.Own(k.Application.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO oidc_client_key (id, application, agency, thumbprint, jwk, label, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		k.ID, k.Application, k.Application.Agency(), k.Thumbprint, k.jwk, k.Label, k.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionClientKeys, string(k.Application))
}

func deleteClientKey(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_client_key WHERE ($1 = '*' OR agency = $1) AND application = $2 AND id = $3`,
		tx.Tenant(), application, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionClientKeys, string(application))
}

func clientKeysOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]ClientKey, error) {
	return sqldb.All(ctx, tx, scanClientKey, `SELECT `+clientKeyColumns+` FROM oidc_client_key
		WHERE ($1 = '*' OR agency = $1) AND application = $2 ORDER BY created_at, id`, tx.Tenant(), application)
}

func allClientKeys(ctx context.Context, tx *sqldb.Tx) ([]ClientKey, error) {
	return sqldb.All(ctx, tx, scanClientKey,
		`SELECT `+clientKeyColumns+` FROM oidc_client_key WHERE $1 = '*' ORDER BY application, id`, tx.Tenant())
}

// useAssertion remembers that the application has shown the assertion. The
// second time it fails with ErrDuplicate.
func useAssertion(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, jti string, until time.Time) error {
	sum := sha256.Sum256([]byte(string(application) + "\x00" + jti))
	_, err := tx.Exec(ctx, `INSERT INTO oidc_assertion (digest, expires_at) VALUES ($1, $2)`, hex.EncodeToString(sum[:]), until.UnixMilli())
	return err
}

func deleteAssertionsBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_assertion WHERE expires_at < $1`, now.UnixMilli())
	return err
}

// revocation is a token that was revoked, until it would have expired.
type revocation struct {
	jti   string
	until time.Time
}

func scanRevocation(scan sqldb.Scan) (r revocation, err error) {
	var until int64
	err = scan(&r.jti, &until)
	r.until = timeOf(until)
	return r, err
}

func insertRevocation(ctx context.Context, tx *sqldb.Tx, r revocation) error {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_revocation (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING`, r.jti, r.until.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionRevocation, r.jti)
}

func revocationOf(ctx context.Context, tx *sqldb.Tx, jti string) (revocation, error) {
	return sqldb.One(ctx, tx, scanRevocation, `SELECT jti, expires_at FROM oidc_revocation WHERE jti = $1`, jti)
}

func revocationsSince(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]revocation, error) {
	return sqldb.All(ctx, tx, scanRevocation, `SELECT jti, expires_at FROM oidc_revocation WHERE expires_at >= $1`, now.UnixMilli())
}

func deleteRevocationsBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_revocation WHERE expires_at < $1`, now.UnixMilli())
	return err
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
