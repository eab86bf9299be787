package agency

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// AddCertificate lets an application prove itself by a certificate.
func (a *Applications) AddCertificate(ctx context.Context, p simpul.Principal, application string, wish CertificateWish) (Certificate, error) {
	now := a.now().Truncate(time.Millisecond)
	c, err := wish.read(now)
	if err != nil {
		return c, err
	}
	c.ID, c.Application, c.CreatedAt = newCertificateID(), simpul.ApplicationID(application), now
	err = a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getApplication(ctx, tx, application); err != nil {
			return err
		}
		if err := insertCertificate(ctx, tx, c); err != nil {
			return err
		}
		event := trail.By(p, c.Application.Agency(), "certificate.add", c.ID)
		event.Detail = application
		return trail.Append(ctx, tx, event)
	})
	if errors.Is(err, sqldb.ErrDuplicate) {
		return c, certificateTaken()
	}
	return c, sqldb.Coded(err, kindApplication, application)
}

func certificateTaken() error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "certificate",
		Message: simpul.Text{ID: "Sertifikat ini sudah terdaftar, atau pernah terdaftar dan dicabut.", EN: "This certificate is registered, or was and is revoked."},
		Remedy:  simpul.Text{ID: "Pakai sertifikat lain untuk setiap aplikasi. Bila sertifikat ini milik Anda dan terdaftar pada instansi lain, hubungi operator nasional.", EN: "Use another certificate for each application. If this one is yours and is registered with another agency, contact the national operator."},
	}
}

// Certificates lists those of an application, also revoked ones.
func (a *Applications) Certificates(ctx context.Context, p simpul.Principal, application string) (all []Certificate, err error) {
	err = a.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getApplication(ctx, tx, application); err != nil {
			return err
		}
		all, err = listCertificates(ctx, tx, application)
		return err
	})
	return all, sqldb.Coded(err, kindApplication, application)
}

// RevokeCertificate ends a certificate; the gateway refuses it in under a second.
func (a *Applications) RevokeCertificate(ctx context.Context, p simpul.Principal, application, id string) error {
	err := a.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getApplication(ctx, tx, application); err != nil {
			return err
		}
		if err := revokeCertificate(ctx, tx, application, id, a.now()); err != nil {
			return err
		}
		event := trail.By(p, simpul.ApplicationID(application).Agency(), "certificate.revoke", id)
		event.Detail = application
		return trail.Append(ctx, tx, event)
	})
	return sqldb.Coded(err, kindCertificate, id)
}
