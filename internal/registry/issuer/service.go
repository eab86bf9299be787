package issuer

import (
	"context"
	"errors"
	"slices"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Issuers are the use cases. Only the nation has any.
type Issuers struct {
	db       *sqldb.DB
	now      clock.Clock
	notifier Notifier
	own      func() string // iss of the hub's own tokens; empty where it is not known yet
}

// NewIssuers returns the use cases on the database.
func NewIssuers(db *sqldb.DB, now clock.Clock, notifier Notifier, own func() string) *Issuers {
	return &Issuers{db, now, notifier, own}
}

var kindIssuer = simpul.Text{ID: "Penerbit token", EN: "Issuer of tokens"}

// Put declares an issuer, or replaces what is declared of it. Agencies whose
// applications it may speak for are told.
func (s *Issuers) Put(ctx context.Context, p simpul.Principal, id string, spec Spec, dryRun bool) (httpapi.Stored[Spec], error) {
	if err := checkID(id); err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	spec, err := spec.normal()
	if err == nil && spec.Issuer == s.own() {
		err = bad("issuer", "Ini alamat hub sendiri.", "This is the hub's own address.", "Token hub sendiri selalu diterima; daftarkan penerbit lain.", "The hub's own tokens are always accepted; declare another issuer.")
	}
	if err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	stored := httpapi.Stored[Spec]{ID: id, Spec: spec}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := s.put(ctx, tx, p, &stored); err != nil {
			return err
		}
		return sqldb.Rehearse(dryRun, nil)
	})
	return stored, coded(err, id)
}

func (s *Issuers) put(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, stored *httpapi.Stored[Spec]) error {
	before, err := getIssuer(ctx, tx, stored.ID)
	existed, err := sqldb.Exists(before, err)
	if err != nil {
		return err
	}
	stored.Created = !existed
	if stored.Times, err = putIssuer(ctx, tx, stored.ID, stored.Spec, s.now()); err != nil {
		return err
	}
	e := trail.By(p, "", "issuer.put", stored.ID)
	e.Detail = stored.Spec.Issuer
	if err := trail.Append(ctx, tx, e); err != nil {
		return err
	}
	for _, c := range stored.Spec.Clients {
		if slices.Contains(before.Spec.Clients, c) {
			continue
		}
		if err := s.notifier.Notify(ctx, tx, vouching(stored.ID, stored.Spec, c)); err != nil {
			return err
		}
	}
	return nil
}

// vouching tells an agency that somebody else vouches for its application now.
func vouching(id string, s Spec, c Client) simpul.Notice {
	application := string(c.Application)
	return simpul.Notice{
		Topic: "issuer.mapped", Agency: c.Application.Agency(), Holding: simpul.WriteApplications, Link: "/aplikasi/" + application, Urgent: true,
		Title: simpul.Text{ID: "Token dari " + s.Name + " berlaku untuk " + application, EN: "Tokens of " + s.Name + " count for " + application},
		Body: simpul.Text{
			ID: "Operator nasional memasangkan klien " + printable(c.Client) + " dari penerbit " + id + " dengan aplikasi Anda. Siapa yang memegang klien itu dapat memanggil dengan izin aplikasi ini. Bila Anda tidak memintanya, segera hubungi operator nasional.",
			EN: "The national operator mapped the client " + printable(c.Client) + " of the issuer " + id + " to your application. Whoever holds that client can call with the grants of this application. If you did not ask for it, contact the national operator at once."},
	}
}

// coded tells an application that does not exist, and an issuer that is declared
// under another ID, in words.
func coded(err error, id string) error {
	switch {
	case errors.Is(err, sqldb.ErrReference):
		return bad("clients", "Salah satu aplikasi tidak ada di hub ini.", "One of the applications does not exist on this hub.",
			"Periksa ID aplikasi; bentuknya nama@domain-instansi.", "Check the application's ID; it is name@agency-domain.")
	case errors.Is(err, sqldb.ErrDuplicate):
		return &simpul.Error{Code: simpul.CodeConflict, Place: "spec.issuer",
			Message: simpul.Text{ID: "Alamat penerbit ini sudah didaftarkan dengan ID lain.", EN: "This issuer is declared under another ID."},
			Remedy:  simpul.Text{ID: "Ubah pendaftaran yang ada.", EN: "Change the declaration that exists."}}
	}
	return sqldb.Coded(err, kindIssuer, id)
}

// Get returns one issuer.
func (s *Issuers) Get(ctx context.Context, p simpul.Principal, id string) (stored httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		stored, err = getIssuer(ctx, tx, id)
		return err
	})
	return stored, sqldb.Coded(err, kindIssuer, id)
}

// List returns the issuers in the order of their IDs.
func (s *Issuers) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listIssuers(ctx, tx, page)
		return err
	})
	return all, err
}

// Delete stops to believe an issuer. Its tokens are refused in under a second.
func (s *Issuers) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := deleteIssuer(ctx, tx, id); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "issuer.delete", id))
	})
	return sqldb.Coded(err, kindIssuer, id)
}

// RevokeToken refuses one token of an issuer, by its jti, until it must have
// ended by itself.
func (s *Issuers) RevokeToken(ctx context.Context, p simpul.Principal, id, jti string) error {
	if !isWord(jti) {
		return simpul.Invalid("jti",
			simpul.Text{ID: "jti tidak terbaca.", EN: "The jti is not readable."},
			simpul.Text{ID: "Salin jti dari token, atau dari kredensial pada catatan pertukaran, tanpa nama penerbit di depannya.", EN: "Copy the jti of the token, or the credential in the record of the exchange, without the issuer's name before it."})
	}
	now := s.now()
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if _, err := getIssuer(ctx, tx, id); err != nil {
			return err
		}
		if err := dropRevocations(ctx, tx, now); err != nil {
			return err
		}
		if err := insertRevocation(ctx, tx, revocation{id, digestOf(jti), now.Add(longestLife + 2*leeway + time.Minute)}); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "issuer.revoke", id))
	})
	return sqldb.Coded(err, kindIssuer, id)
}
