package agency

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// Wallet is the gateway's view in memory of the certificates by which
// applications prove themselves. Reading it takes no lock. It follows the
// revision log as the keyring does, which it asks about suspensions.
type Wallet struct {
	db      *sqldb.DB
	clock   clock.Clock
	keyring *Keyring
	now     atomic.Pointer[purse]
	turn    sync.Mutex // one refresh at a time
}

// purse is one immutable state of the view.
type purse struct {
	byID         map[string]*carried
	byThumbprint map[string]*carried
	bySubject    map[string][]*carried
}

// carried is one registered certificate; only what it has verified last changes.
type carried struct {
	Certificate
	authority *x509.Certificate      // nil where it is by thumbprint
	known     atomic.Pointer[string] // thumbprint of the last certificate that the authority was found to have issued
}

// NewWallet returns an empty wallet, which knows no certificate.
func NewWallet(db *sqldb.DB, now clock.Clock, keyring *Keyring) *Wallet {
	w := &Wallet{db: db, clock: now, keyring: keyring}
	w.now.Store(newPurse(nil))
	return w
}

func newPurse(byID map[string]*carried) *purse {
	p := &purse{byID: byID, byThumbprint: map[string]*carried{}, bySubject: map[string][]*carried{}}
	for _, c := range byID {
		switch {
		case c.Thumbprint != "":
			p.byThumbprint[c.Thumbprint] = c
		case c.authority != nil:
			p.bySubject[c.Subject] = append(p.bySubject[c.Subject], c)
		}
	}
	return p
}

// Authenticate returns the application that a certificate stands for. The caller
// knows that whoever shows it has its private key. A consumer beside an error is
// one that is known and refused.
func (w *Wallet) Authenticate(shown *x509.Certificate) (simpul.Consumer, error) {
	purse, now, thumbprint := w.now.Load(), w.clock(), thumbprintOf(shown)
	c := purse.find(shown, thumbprint)
	if c == nil {
		return simpul.Consumer{}, unknownCertificate()
	}
	switch {
	case !c.RevokedAt.IsZero():
		return simpul.Consumer{}, revokedCertificate(c)
	case now.After(shown.NotAfter):
		return simpul.Consumer{}, endedCertificate(c, shown.NotAfter)
	case now.Before(shown.NotBefore):
		return simpul.Consumer{}, earlyCertificate(c, shown.NotBefore)
	case c.authority != nil && (now.After(c.authority.NotAfter) || now.Before(c.authority.NotBefore)):
		return simpul.Consumer{}, endedAuthority(c)
	case w.keyring.IsSuspended(c.Application.Agency()):
		return simpul.Consumer{}, Suspended(c.Application.Agency())
	}
	credential := c.ID
	if c.authority != nil {
		credential += ":" + thumbprint[:16]
	}
	return simpul.Consumer{Application: c.Application, Credential: credential}, nil
}

// find looks for the certificate itself first, so that one that was revoked by
// itself does not count by its subject.
func (p *purse) find(shown *x509.Certificate, thumbprint string) *carried {
	if c := p.byThumbprint[thumbprint]; c != nil {
		return c
	}
	if len(p.bySubject) == 0 {
		return nil
	}
	for _, c := range p.bySubject[shown.Subject.String()] {
		if c.issued(shown, thumbprint) {
			return c
		}
	}
	return nil
}

// issued reports whether the authority itself has issued the certificate, for
// clients.
func (c *carried) issued(shown *x509.Certificate, thumbprint string) bool {
	if known := c.known.Load(); known != nil && *known == thumbprint {
		return true
	}
	if !bytes.Equal(shown.RawIssuer, c.authority.RawSubject) || shown.IsCA || !forClients(shown) || shown.CheckSignatureFrom(c.authority) != nil {
		return false
	}
	c.known.Store(&thumbprint)
	return true
}

// forClients reports whether the certificate may stand for a client (RFC 5280
// section 4.2.1.12).
func forClients(c *x509.Certificate) bool {
	if len(c.ExtKeyUsage) == 0 && len(c.UnknownExtKeyUsage) == 0 {
		return true
	}
	return slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageClientAuth) || slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// Load replaces the view by what is stored.
func (w *Wallet) Load(ctx context.Context) error {
	w.turn.Lock()
	defer w.turn.Unlock()
	return w.reread(ctx, func(tx *sqldb.Tx, byID map[string]*carried) error {
		clear(byID)
		all, err := allCertificates(ctx, tx)
		carry(byID, all)
		return err
	})
}

// Refresh reads again what the revisions name, if it is the wallet's matter.
func (w *Wallet) Refresh(ctx context.Context, changes []sqldb.Revision) error {
	w.turn.Lock()
	defer w.turn.Unlock()
	changes = slices.DeleteFunc(slices.Clone(changes), func(c sqldb.Revision) bool {
		return c.Kind != revisionCertificate && (c.Kind != revisionApplication || !w.now.Load().names(simpul.ApplicationID(c.ID)))
	})
	if len(changes) == 0 {
		return nil
	}
	return w.reread(ctx, func(tx *sqldb.Tx, byID map[string]*carried) error {
		for _, c := range changes {
			all, err := rereadCertificates(ctx, tx, byID, c)
			if err != nil {
				return err
			}
			carry(byID, all)
		}
		return nil
	})
}

func rereadCertificates(ctx context.Context, tx *sqldb.Tx, byID map[string]*carried, change sqldb.Revision) ([]Certificate, error) {
	if change.Kind == revisionCertificate {
		delete(byID, change.ID)
		return certificatesNamed(ctx, tx, change.ID)
	}
	application := simpul.ApplicationID(change.ID)
	maps.DeleteFunc(byID, func(_ string, c *carried) bool { return c.Application == application })
	return certificatesOf(ctx, tx, application)
}

func (p *purse) names(application simpul.ApplicationID) bool {
	for _, c := range p.byID {
		if c.Application == application {
			return true
		}
	}
	return false
}

func (w *Wallet) reread(ctx context.Context, change func(*sqldb.Tx, map[string]*carried) error) error {
	byID := maps.Clone(w.now.Load().byID)
	if byID == nil {
		byID = map[string]*carried{}
	}
	err := w.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return change(tx, byID) })
	if err == nil {
		w.now.Store(newPurse(byID))
	}
	return err
}

// carry adds what was read. An authority that cannot be read any more, which was
// checked when it was stored, vouches for nobody.
func carry(byID map[string]*carried, all []Certificate) {
	for _, c := range all {
		one := &carried{Certificate: c}
		if c.Authority != "" {
			one.authority, _ = parsePEM("authority", c.Authority)
		}
		byID[c.ID] = one
	}
}

func unknownCertificate() error {
	return refusedCertificate(errors.New("not registered"),
		"Sertifikat ini tidak terdaftar untuk aplikasi mana pun.", "This certificate is not registered for any application.",
		"Daftarkan sertifikatnya pada halaman aplikasi Anda, atau kirim kunci pada kepala X-API-Key.", "Register the certificate on the page of your application, or send a key in the header X-API-Key.")
}

func revokedCertificate(c *carried) error {
	on := day0(c.RevokedAt)
	return refusedCertificate(nil, "Sertifikat "+c.ID+" sudah dicabut pada "+on+".", "Certificate "+c.ID+" was revoked on "+on+".",
		"Buat sertifikat baru dan daftarkan pada halaman aplikasi Anda.", "Make a new certificate and register it on the page of your application.")
}

func endedCertificate(c *carried, end time.Time) error {
	return refusedCertificate(nil, "Sertifikat "+c.ID+" berakhir pada "+day0(end)+".", "Certificate "+c.ID+" ended on "+day0(end)+".",
		"Perpanjang sertifikatnya, lalu daftarkan yang baru pada halaman aplikasi Anda.", "Renew the certificate, and register the new one on the page of your application.")
}

func earlyCertificate(c *carried, begin time.Time) error {
	return refusedCertificate(nil, "Sertifikat "+c.ID+" baru berlaku mulai "+day0(begin)+".", "Certificate "+c.ID+" is valid from "+day0(begin)+" only.",
		"Periksa jam mesin yang menerbitkannya, atau tunggu sampai mulai berlaku.", "Check the clock of the machine that issued it, or wait until then.")
}

func endedAuthority(c *carried) error {
	return refusedCertificate(nil, "Otoritas penerbit sertifikat "+c.ID+" tidak berlaku lagi.", "The authority that issued certificate "+c.ID+" is not valid any more.",
		"Daftarkan sertifikat otoritas yang baru pada halaman aplikasi Anda.", "Register the certificate of the new authority on the page of your application.")
}

func refusedCertificate(cause error, id, en, remedyID, remedyEN string) error {
	return &simpul.Error{Code: simpul.CodeUnauthenticated, Err: cause, Message: simpul.Text{ID: id, EN: en}, Remedy: simpul.Text{ID: remedyID, EN: remedyEN}}
}
