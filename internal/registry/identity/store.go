package identity

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

func insertToken(ctx context.Context, tx *sqldb.Tx, id, digest string, role simpul.Role, agency simpul.AgencyID, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_token (id, digest, role, agency, created_at) VALUES ($1, $2, $3, $4, $5)`,
		id, digest, role, agency, now.UnixMilli())
	return err
}

func listTokens(ctx context.Context, tx *sqldb.Tx) ([]Token, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (t Token, err error) {
		var created int64
		err = scan(&t.ID, &t.Role, &t.Agency, &created)
		t.CreatedAt = time.UnixMilli(created).UTC()
		return t, err
	}, `SELECT id, role, agency, created_at FROM identity_token ORDER BY created_at, id`)
}

// deleteToken also ends the token's sessions, which refer to it.
func deleteToken(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM identity_token WHERE id = $1`, id)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func scanPrincipal(scan sqldb.Scan) (simpul.Principal, error) {
	var t Token
	if err := scan(&t.ID, &t.Role, &t.Agency); err != nil {
		return simpul.Principal{}, err
	}
	return simpul.Acting(t.ID, t.Role, t.Agency), nil
}

func tokenByDigest(ctx context.Context, tx *sqldb.Tx, digest string) (simpul.Principal, error) {
	return sqldb.One(ctx, tx, scanPrincipal, `SELECT id, role, agency FROM identity_token WHERE digest = $1`, digest)
}

func insertSession(ctx context.Context, tx *sqldb.Tx, digest, token string, now, until time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_session (digest, token, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		digest, token, now.UnixMilli(), until.UnixMilli())
	return err
}

func principalBySession(ctx context.Context, tx *sqldb.Tx, digest string, now time.Time) (simpul.Principal, error) {
	return sqldb.One(ctx, tx, scanPrincipal, `
		SELECT t.id, t.role, t.agency FROM identity_session s JOIN identity_token t ON t.id = s.token
		WHERE s.digest = $1 AND s.expires_at > $2`, digest, now.UnixMilli())
}

func sessionBegan(ctx context.Context, tx *sqldb.Tx, digest string) (time.Time, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (at time.Time, err error) {
		var ms int64
		err = scan(&ms)
		return time.UnixMilli(ms).UTC(), err
	}, `SELECT created_at FROM identity_session WHERE digest = $1`, digest)
}

func deleteSession(ctx context.Context, tx *sqldb.Tx, digest string) error {
	_, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE digest = $1`, digest)
	return err
}

func deleteExpiredSessions(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE expires_at <= $1`, now.UnixMilli())
	return err
}
