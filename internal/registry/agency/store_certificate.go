package agency

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// revisionCertificate names certificates in the revision log.
const revisionCertificate = "Certificate"

func insertCertificate(ctx context.Context, tx *sqldb.Tx, c Certificate) error {
	if err := tx.Own(c.Application.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO agency_certificate (id, application, agency, label, thumbprint, subject, authority, authority_key, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Application, c.Application.Agency(), c.Label, c.Thumbprint, c.Subject, c.Authority, authorityKeyOf(c.Authority), c.CreatedAt.UnixMilli(), orZero(c.ExpiresAt))
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionCertificate, c.ID)
}

const certificateColumns = `id, application, label, thumbprint, subject, authority, created_at, expires_at, revoked_at`

func scanCertificate(scan sqldb.Scan) (c Certificate, err error) {
	var created, expires, revoked int64
	err = scan(&c.ID, &c.Application, &c.Label, &c.Thumbprint, &c.Subject, &c.Authority, &created, &expires, &revoked)
	c.CreatedAt, c.ExpiresAt, c.RevokedAt = instant(created), instant(expires), instant(revoked)
	return c, err
}

func listCertificates(ctx context.Context, tx *sqldb.Tx, application string) ([]Certificate, error) {
	return sqldb.All(ctx, tx, scanCertificate, `SELECT `+certificateColumns+` FROM agency_certificate
		WHERE ($1 = '*' OR agency = $1) AND application = $2 ORDER BY created_at, id`, tx.Tenant(), application)
}

// revokeCertificate ends a certificate; one that has ended before stays so.
func revokeCertificate(ctx context.Context, tx *sqldb.Tx, application, id string, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE agency_certificate SET revoked_at = CASE WHEN revoked_at > 0 THEN revoked_at ELSE $1 END
		WHERE ($2 = '*' OR agency = $2) AND application = $3 AND id = $4`, now.UnixMilli(), tx.Tenant(), application, id)
	return removed(ctx, tx, n, err, revisionCertificate, id)
}

// allCertificates, certificatesOf and certificateOf are the gateway's: they see
// every tenant.
func allCertificates(ctx context.Context, tx *sqldb.Tx) ([]Certificate, error) {
	return sqldb.All(ctx, tx, scanCertificate, `SELECT `+certificateColumns+` FROM agency_certificate`)
}

func certificatesOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]Certificate, error) {
	return sqldb.All(ctx, tx, scanCertificate, `SELECT `+certificateColumns+` FROM agency_certificate WHERE application = $1`, application)
}

func certificatesNamed(ctx context.Context, tx *sqldb.Tx, id string) ([]Certificate, error) {
	return sqldb.All(ctx, tx, scanCertificate, `SELECT `+certificateColumns+` FROM agency_certificate WHERE id = $1`, id)
}
