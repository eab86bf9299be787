package standard

import (
	"context"
	"fmt"
	"slices"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Subject is what this room needs to know of a LID.
type Subject struct {
	Agency    simpul.AgencyID
	Published bool
	Fields    []string // that its answers have; nil for a draft without a contract
}

// Catalogue tells about LIDs that the scope sees.
type Catalogue interface {
	Subject(ctx context.Context, scope simpul.Scope, address simpul.Address) (Subject, error)
}

// Bindings are the use cases on what fields mean.
type Bindings struct {
	db        *sqldb.DB
	catalogue Catalogue
	now       clock.Clock
}

// NewBindings returns the use cases on the database.
func NewBindings(db *sqldb.DB, catalogue Catalogue, now clock.Clock) *Bindings {
	return &Bindings{db, catalogue, now}
}

// Put binds the fields of a LID of an agency that the scope covers: these, and
// no others any more.
func (b *Bindings) Put(ctx context.Context, p simpul.Principal, id string, s BindingSpec, dryRun bool) (stored httpapi.Stored[BindingSpec], err error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return stored, simpul.At("metadata.id", err)
	}
	if err := s.Validate(); err != nil {
		return stored, err
	}
	lid, err := b.catalogue.Subject(ctx, p.Scope(), address)
	if err != nil {
		return stored, err
	}
	if !p.Scope().Covers(lid.Agency) {
		return stored, sqldb.Coded(sqldb.ErrScope, kindBinding, id)
	}
	if err := s.within(lid.Fields); err != nil {
		return stored, err
	}
	err = b.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getBinding(ctx, tx, address)
		existed, err := sqldb.Exists(before, err)
		if err != nil {
			return err
		}
		for i := range s.Fields {
			if err := settle(ctx, tx, &s.Fields[i], fmt.Sprintf("spec.fields[%d]", i)); err != nil {
				return err
			}
		}
		created := b.now()
		if existed {
			created = before.Times.CreatedAt
		}
		if err := replaceBinding(ctx, tx, address, lid, s, created, b.now()); err != nil {
			return err
		}
		if err := recordBinding(ctx, tx, p, lid.Agency, address, "binding.put"); err != nil {
			return err
		}
		stored, err = getBinding(ctx, tx, address)
		stored.Created = !existed
		return sqldb.Rehearse(dryRun, err)
	})
	return stored, sqldb.Coded(err, kindBinding, id)
}

// within refuses fields that the contract lacks.
func (s BindingSpec) within(fields []string) error {
	for i, f := range s.Fields {
		if fields != nil && !slices.Contains(fields, f.Field) {
			return simpul.Invalid(fmt.Sprintf("spec.fields[%d].field", i),
				simpul.Text{ID: "Kontrak LID tidak punya bidang \"" + f.Field + "\".", EN: "The LID's contract has no field \"" + f.Field + "\"."},
				simpul.Text{ID: "Salin jalur bidang dari halaman LID di katalog, misalnya items.kode.", EN: "Copy the path of a field from the LID's page in the catalogue, such as items.kode."})
		}
	}
	return nil
}

// settle holds a binding against what there is: an approved standard, whose
// version is filled in, and a published list.
func settle(ctx context.Context, tx *sqldb.Tx, f *BoundField, place string) error {
	if f.Standard != "" {
		v, err := approvedVersion(ctx, tx, f.Standard)
		if f.Version > 0 {
			v, err = getVersion(ctx, tx, f.Standard, f.Version)
		}
		if err != nil {
			return simpul.At(place+".standard", sqldb.Coded(err, kindStandard, string(f.Standard)))
		}
		if v.Spec.State != Approved {
			return simpul.Invalid(place+".standard",
				simpul.Text{ID: "Standar " + versionName(f.Standard, v.Spec.Version) + " tidak berlaku.", EN: "Standard " + versionName(f.Standard, v.Spec.Version) + " is not in force."},
				simpul.Text{ID: "Ikat ke versi yang sudah disetujui Pembina Data.", EN: "Bind to a version that the authority has approved."})
		}
		f.Version = v.Spec.Version
	}
	if f.List == "" {
		return nil
	}
	l, err := getList(ctx, tx, f.List)
	if err != nil {
		return simpul.At(place+".list", sqldb.Coded(err, kindList, string(f.List)))
	}
	if l.Spec.State != ListPublished {
		return simpul.Invalid(place+".list",
			simpul.Text{ID: "Daftar " + string(f.List) + " masih rancangan.", EN: "List " + string(f.List) + " is still a draft."},
			simpul.Text{ID: "Terbitkan daftarnya dahulu.", EN: "Publish the list first."})
	}
	return nil
}

// revisionBinding is the kind of revision by which bindings change.
const revisionBinding = "Binding"

func recordBinding(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, agency simpul.AgencyID, address simpul.Address, action string) error {
	if err := trail.Append(ctx, tx, trail.By(p, agency, action, string(address))); err != nil {
		return err
	}
	return tx.Revise(ctx, revisionBinding, string(address))
}

// Get returns the binding of a LID that is published or that the scope covers.
func (b *Bindings) Get(ctx context.Context, p simpul.Principal, id string) (s httpapi.Stored[BindingSpec], err error) {
	err = b.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		s, err = getBinding(ctx, tx, simpul.Address(id))
		return err
	})
	return s, sqldb.Coded(err, kindBinding, id)
}

// List returns the bindings that the scope sees, in the order of addresses.
func (b *Bindings) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[BindingSpec], err error) {
	err = b.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listBindings(ctx, tx, page)
		return err
	})
	return all, err
}

// Delete unbinds every field of a LID of an agency that the scope covers.
func (b *Bindings) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := b.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		agency, err := deleteBinding(ctx, tx, simpul.Address(id))
		if err != nil {
			return err
		}
		return recordBinding(ctx, tx, p, agency, simpul.Address(id), "binding.delete")
	})
	return sqldb.Coded(err, kindBinding, id)
}

// Use is one field that is bound to a standard or a list.
type Use struct {
	LID simpul.Address `json:"lid"`
	BoundField
}

// Uses returns who uses a standard, or a list: at most limit fields.
func (b *Bindings) Uses(ctx context.Context, p simpul.Principal, standard StandardID, list ListID, limit int) (all []Use, err error) {
	err = b.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = usesOf(ctx, tx, standard, list, limit)
		return err
	})
	return all, err
}
