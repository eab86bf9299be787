package catalog

import (
	"context"
	"errors"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
	"simpul/internal/registry/catalog/contract"
)

// Service is the use cases on LIDs.
type Service struct {
	db        *sqldb.DB
	proposals Proposer
	now       clock.Clock
}

// New returns the use cases on the database.
func New(db *sqldb.DB, proposals Proposer, now clock.Clock) *Service {
	return &Service{db, proposals, now}
}

// Put creates or replaces a LID of an agency that the scope covers, or proposes
// to do so where that needs a second person.
func (s *Service) Put(ctx context.Context, p simpul.Principal, id string, spec Spec, dryRun bool) (httpapi.Stored[Spec], error) {
	address, err := simpul.ParseAddress(id)
	if err != nil {
		return httpapi.Stored[Spec]{}, simpul.At("metadata.id", err)
	}
	if _, err := spec.read(); err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	stored := httpapi.Stored[Spec]{ID: id, Spec: spec}
	now := s.now()
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := hold(ctx, tx, address, spec); err != nil {
			return err
		}
		before, err := ownLID(ctx, tx, id)
		if err != nil {
			return err
		}
		if !p.IsHub() && needsSecond(before.spec, spec) {
			stored.Waits = true
			stored.Proposal, err = s.propose(ctx, tx, p, address, before, spec)
			if dryRun {
				stored.Proposal = ""
			}
			return sqldb.Rehearse(dryRun, err)
		}
		stored.Created = before.spec == nil
		created, updated, err := putLID(ctx, tx, address, spec, now)
		if err != nil {
			return err
		}
		stored.Times = httpapi.TimesOf(created, updated)
		event := trail.By(p, spec.Agency, "lid.put", id)
		event.Detail = string(spec.State) + " " + spec.Version
		return sqldb.Rehearse(dryRun, trail.Append(ctx, tx, event))
	})
	return stored, refusal(err, id, spec)
}

// hold makes sure that the address is the agency's, and not retired. It does not
// say whose a taken address is: the LID there may be a draft.
func hold(ctx context.Context, tx *sqldb.Tx, address simpul.Address, spec Spec) error {
	retired, err := holdAddress(ctx, tx, address, spec.Agency, spec.State == Retired)
	switch taken := errors.Is(err, sqldb.ErrNoRows) || errors.Is(err, sqldb.ErrScope); {
	case taken && tx.Scope().Covers(spec.Agency):
		return addressTaken(address)
	case err != nil:
		return err
	case retired && spec.State != Retired:
		return retiredForGood(address)
	}
	return nil
}

func addressTaken(address simpul.Address) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "metadata.id",
		Message: simpul.Text{ID: "Alamat " + string(address) + " sudah dipakai instansi lain.", EN: "Address " + string(address) + " is taken by another agency."},
		Remedy:  simpul.Text{ID: "Pilih alamat lain; satu alamat selamanya milik satu instansi.", EN: "Choose another address; an address belongs to one agency for ever."},
	}
}

func retiredForGood(address simpul.Address) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "spec.state",
		Message: simpul.Text{ID: "LID " + string(address) + " sudah pensiun dan tidak dapat hidup kembali.", EN: "LID " + string(address) + " is retired and cannot come back."},
		Remedy:  simpul.Text{ID: "Terbitkan LID baru dengan alamat lain.", EN: "Publish a new LID at another address."},
	}
}

func refusal(err error, id string, spec Spec) error {
	switch {
	case errors.Is(err, sqldb.ErrReference):
		return simpul.Invalid("spec.agency",
			simpul.Text{ID: "Instansi " + string(spec.Agency) + " belum terdaftar.", EN: "Agency " + string(spec.Agency) + " is not registered."},
			simpul.Text{ID: "Daftarkan instansinya dahulu.", EN: "Register the agency first."})
	case errors.Is(err, sqldb.ErrDuplicate):
		return &simpul.Error{
			Code: simpul.CodeConflict, Place: "spec.context", Err: err,
			Message: simpul.Text{ID: "Alamat lama /" + spec.legacyKey() + " sudah dipakai LID lain.", EN: "The older address /" + spec.legacyKey() + " is taken by another LID."},
			Remedy:  simpul.Text{ID: "Pilih context atau version lain.", EN: "Choose another context or version."},
		}
	}
	return sqldb.Coded(err, kindLID, id)
}

// Get returns a LID that is published or that the scope covers. Only its owner
// and the operator learn the upstream.
func (s *Service) Get(ctx context.Context, p simpul.Principal, id string) (l httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		l, err = getLID(ctx, tx, id)
		return err
	})
	return discreet(l, p.Scope()), sqldb.Coded(err, kindLID, id)
}

// List returns the LIDs that are published or that the scope covers.
func (s *Service) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = listLIDs(ctx, tx, page)
		return err
	})
	for i := range all {
		all[i] = discreet(all[i], p.Scope())
	}
	return all, err
}

// discreet hides the provider's own address from everybody but its owner, so
// that nobody can go around the hub. A contract that names the provider's
// servers names the LID's address instead.
func discreet(l httpapi.Stored[Spec], scope simpul.Scope) httpapi.Stored[Spec] {
	if scope.Covers(l.Spec.Agency) {
		return l
	}
	l.Spec.Upstream = ""
	if len(l.Spec.Contract) > 0 {
		document, err := contract.Document(l.Spec.Contract, "/"+l.ID)
		if err != nil {
			document = nil // rather no contract than one that tells too much
		}
		l.Spec.Contract = document
	}
	return l
}

// Delete removes a LID of an agency that the scope covers, unless a grant still
// names it. The address stays the agency's. A closed one retires first, which
// nothing undoes: else it would be deleted and come back open, by one person.
func (s *Service) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := lockAddress(ctx, tx, id); err != nil {
			return err
		}
		before, err := ownLID(ctx, tx, id)
		if err != nil {
			return err
		}
		if closed := before.spec; closed != nil && closed.Class == simpul.Tertutup && closed.State != Retired {
			return retireFirst(simpul.Address(id))
		}
		owner, err := deleteLID(ctx, tx, id)
		if err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, owner, "lid.delete", id))
	})
	return sqldb.Coded(err, kindLID, id)
}

func retireFirst(address simpul.Address) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "LID " + string(address) + " berkelas tertutup, jadi tidak dihapus begitu saja.", EN: "LID " + string(address) + " is of class tertutup, so it is not simply deleted."},
		Remedy:  simpul.Text{ID: "Pensiunkan dahulu; alamatnya lalu tidak dapat dipakai lagi.", EN: "Retire it first; its address cannot be used again then."},
	}
}

// Owner returns the agency of a LID that the scope sees, and its contract.
func (s *Service) Owner(ctx context.Context, scope simpul.Scope, address simpul.Address) (simpul.AgencyID, *contract.Contract, error) {
	var l httpapi.Stored[Spec]
	err := s.db.Read(ctx, scope, func(tx *sqldb.Tx) (err error) {
		l, err = getLID(ctx, tx, string(address))
		return err
	})
	if err != nil {
		return "", nil, sqldb.Coded(err, kindLID, string(address))
	}
	read, err := l.Spec.read()
	return l.Spec.Agency, read, err
}
