package standard

import (
	"context"
	"errors"
	"strconv"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Notifier tells people what waits for them, in the transaction of what it
// tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}

// Standards are the use cases on data standards.
type Standards struct {
	db     *sqldb.DB
	notify Notifier
	now    clock.Clock
}

// NewStandards returns the use cases on the database.
func NewStandards(db *sqldb.DB, notify Notifier, now clock.Clock) *Standards {
	return &Standards{db, notify, now}
}

// Put writes a version of a standard. A draft may be written again; a version
// that was proposed or decided on never changes, and the next one follows it.
func (s *Standards) Put(ctx context.Context, p simpul.Principal, id string, spec StandardSpec, dryRun bool) (stored httpapi.Stored[StandardSpec], err error) {
	name, err := ParseStandardID(id)
	if err != nil {
		return stored, simpul.At("metadata.id", err)
	}
	if err := spec.Validate(); err != nil {
		return stored, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		created, err := s.write(ctx, tx, p, name, spec)
		if err != nil {
			return err
		}
		v, err := getVersion(ctx, tx, name, spec.Version)
		stored = v.stored()
		stored.Created = created
		return sqldb.Rehearse(dryRun, err)
	})
	return stored, unknownAgency(err, kindStandard, id, spec.Agency)
}

func (s *Standards) write(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, id StandardID, spec StandardSpec) (created bool, err error) {
	if err := knownList(ctx, tx, spec.List); err != nil {
		return false, err
	}
	latest, err := latestVersion(ctx, tx, id)
	existed, err := sqldb.Exists(latest, err)
	if err != nil {
		return false, err
	}
	if existed && !tx.Scope().Covers(latest.Spec.Agency) {
		return false, tx.Own(latest.Spec.Agency)
	}
	if existed && latest.Spec.Agency != spec.Agency {
		return false, standardStays(id, latest.Spec.Agency)
	}
	before, err := getVersion(ctx, tx, id, spec.Version)
	there, err := sqldb.Exists(before, err)
	switch {
	case err != nil:
		return false, err
	case there && before.Spec.same(spec):
		return false, nil
	case there && before.Spec.State != Draft:
		return false, unchangeable(id, before, latest.Spec.Version+1)
	case !there && spec.Version != latest.Spec.Version+1:
		return false, wrongVersion(latest.Spec.Version + 1)
	case !there && existed && (latest.Spec.State == Draft || latest.Spec.State == Proposed):
		return false, stillOpen(id, latest)
	}
	if err := putVersion(ctx, tx, id, spec, actorOf(p), s.now()); err != nil {
		return false, err
	}
	return !there, recordStandard(ctx, tx, p, spec.Agency, id, spec.Version, "standard.put", "")
}

// knownList refuses a standard whose codes come from a list that is not there.
func knownList(ctx context.Context, tx *sqldb.Tx, id ListID) error {
	if id == "" {
		return nil
	}
	_, err := getList(ctx, tx, id)
	return simpul.At("spec.list", sqldb.Coded(err, kindList, string(id)))
}

func recordStandard(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, agency simpul.AgencyID, id StandardID, version int, action, detail string) error {
	event := trail.By(p, agency, action, versionName(id, version))
	event.Detail = detail
	if err := trail.Append(ctx, tx, event); err != nil {
		return err
	}
	return tx.Revise(ctx, "Standard", string(id))
}

// Get returns the latest version that the scope sees.
func (s *Standards) Get(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[StandardSpec], error) {
	var v Version
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		v, err = latestVersion(ctx, tx, StandardID(id))
		return err
	})
	return v.stored(), sqldb.Coded(err, kindStandard, id)
}

// List returns the latest version of each standard that the scope sees.
func (s *Standards) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[StandardSpec], err error) {
	found, err := s.Search(ctx, p, "", page)
	for _, v := range found {
		all = append(all, v.stored())
	}
	return all, err
}

// Search returns the latest versions whose name, field, concept or unit holds
// the text.
func (s *Standards) Search(ctx context.Context, p simpul.Principal, text string, page httpapi.Page) (all []Version, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = searchVersions(ctx, tx, text, page)
		return err
	})
	return all, err
}

// Versions returns every version that the scope sees, newest first.
func (s *Standards) Versions(ctx context.Context, p simpul.Principal, id string) (all []Version, err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if all, err = versionsOf(ctx, tx, StandardID(id)); err == nil && len(all) == 0 {
			err = sqldb.ErrNoRows
		}
		return err
	})
	return all, sqldb.Coded(err, kindStandard, id)
}

// Delete removes a draft of an agency that the scope covers. What was proposed
// or in force stays, so that what was bound to it can be read for ever.
func (s *Standards) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		latest, err := latestVersion(ctx, tx, StandardID(id))
		if err != nil {
			return err
		}
		if !tx.Scope().Covers(latest.Spec.Agency) {
			return sqldb.ErrNoRows
		}
		if latest.Spec.State != Draft {
			return keeps(StandardID(id), latest)
		}
		if err := deleteVersion(ctx, tx, StandardID(id), latest.Spec.Version); err != nil {
			return err
		}
		return recordStandard(ctx, tx, p, latest.Spec.Agency, StandardID(id), latest.Spec.Version, "standard.delete", "")
	})
	return sqldb.Coded(err, kindStandard, id)
}

func (v Version) stored() httpapi.Stored[StandardSpec] {
	return httpapi.Stored[StandardSpec]{ID: string(v.ID), Spec: v.Spec, Times: v.Times}
}

func standardStays(id StandardID, agency simpul.AgencyID) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.agency", Owner: agency,
		Message: simpul.Text{ID: "Standar " + string(id) + " diajukan oleh " + string(agency) + " dan tidak berpindah tangan.", EN: "Standard " + string(id) + " is " + string(agency) + "'s and does not change hands."},
		Remedy:  simpul.Text{ID: "Tulis standar dengan nama lain.", EN: "Write a standard of another name."},
	}
}

func unchangeable(id StandardID, v Version, next int) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.version",
		Message: simpul.Text{ID: "Versi " + strconv.Itoa(v.Spec.Version) + " dari " + string(id) + " sudah diajukan atau diputuskan dan tidak berubah lagi.", EN: "Version " + strconv.Itoa(v.Spec.Version) + " of " + string(id) + " was proposed or decided on and changes no more."},
		Remedy:  simpul.Text{ID: "Tulis perubahannya sebagai versi " + strconv.Itoa(next) + ".", EN: "Write the change as version " + strconv.Itoa(next) + "."},
	}
}

func wrongVersion(next int) error {
	return simpul.Invalid("spec.version",
		simpul.Text{ID: "Versi berikutnya adalah " + strconv.Itoa(next) + ".", EN: "The next version is " + strconv.Itoa(next) + "."},
		simpul.Text{ID: "Tulis version: " + strconv.Itoa(next) + ".", EN: "Write version: " + strconv.Itoa(next) + "."})
}

func stillOpen(id StandardID, v Version) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.version",
		Message: simpul.Text{ID: "Versi " + strconv.Itoa(v.Spec.Version) + " dari " + string(id) + " belum diputuskan.", EN: "Version " + strconv.Itoa(v.Spec.Version) + " of " + string(id) + " is not decided on yet."},
		Remedy:  simpul.Text{ID: "Selesaikan versi itu dahulu.", EN: "Finish that version first."},
	}
}

func keeps(id StandardID, v Version) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Standar " + string(id) + " sudah diajukan atau disetujui, jadi tetap tersimpan.", EN: "Standard " + string(id) + " was proposed or approved, so it stays."},
		Remedy:  simpul.Text{ID: "Minta Pembina Data mencabutnya bila tidak berlaku lagi.", EN: "Ask the data authority to withdraw it if it is no longer in force."},
	}
}

// unknownAgency says what an unknown agency or another fault means.
func unknownAgency(err error, kind simpul.Text, id string, agency simpul.AgencyID) error {
	if errors.Is(err, sqldb.ErrReference) {
		return simpul.Invalid("spec.agency",
			simpul.Text{ID: "Instansi " + string(agency) + " belum terdaftar.", EN: "Agency " + string(agency) + " is not registered."},
			simpul.Text{ID: "Daftarkan instansinya dahulu.", EN: "Register the agency first."})
	}
	return sqldb.Coded(err, kind, id)
}
