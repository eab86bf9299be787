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
	course    Course
	holders   Holders
	timers    Timers
	seen      *summaries
	now       clock.Clock

	delivers Deliverer // nil: nothing is asked
}

// New returns the use cases on the database.
func New(db *sqldb.DB, proposals Proposer, course Course, now clock.Clock) *Service {
	return &Service{db: db, proposals: proposals, course: course, holders: nobody{}, timers: customary{}, seen: newSummaries(), now: now}
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
	if err := s.deliverable(spec); err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	return s.store(ctx, p, change{address: address, spec: spec, trying: dryRun})
}

// store carries out a change, or proposes it where that needs a second person.
func (s *Service) store(ctx context.Context, p simpul.Principal, c change) (httpapi.Stored[Spec], error) {
	id := string(c.address)
	stored := httpapi.Stored[Spec]{ID: id, Spec: c.spec}
	if err := s.prepare(ctx, p, c); err != nil {
		return stored, refusal(err, id, c.spec)
	}
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, m, err := s.plan(ctx, tx, p, c)
		if err != nil {
			return err
		}
		stored.Spec = m.Spec
		if !p.IsHub() && needsSecond(before.spec, m.Spec) {
			stored.Waits = true
			stored.Proposal, err = s.propose(ctx, tx, p, c.address, before, m.Spec)
			if c.trying {
				stored.Proposal = ""
			}
			return sqldb.Rehearse(c.trying, err)
		}
		stored.Created = before.spec == nil
		if stored.Times, err = s.write(ctx, tx, p, m); err != nil {
			return err
		}
		event := trail.By(p, m.Spec.Agency, "lid.put", id)
		event.Detail = string(m.Spec.State) + " " + m.Spec.Version
		return sqldb.Rehearse(c.trying, trail.Append(ctx, tx, event))
	})
	return stored, refusal(err, id, c.spec)
}

// plan finds out what the change does to what is stored, which nobody else
// changes until the transaction ends. The spec of the move it returns has the
// state and the step that the LID will be in.
func (s *Service) plan(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, c change) (present, Move, error) {
	if err := hold(ctx, tx, c.address, c.spec); err != nil {
		return present{}, Move{}, err
	}
	before, err := ownLID(ctx, tx, string(c.address))
	if err != nil {
		return before, Move{}, err
	}
	if err := mayWaive(p, before.spec, c.spec); err != nil {
		return before, Move{}, err
	}
	m := c.from(before.spec)
	place, err := s.course.Check(ctx, tx, p, m)
	m.Spec.State, m.Spec.Step = place.State, place.Step
	if err == nil {
		err = s.keepFaith(ctx, tx, before, m)
	}
	return before, m, err
}

// write makes the move and stores the LID as it is then.
func (s *Service) write(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, m Move) (httpapi.Times, error) {
	if _, err := s.course.Follow(ctx, tx, p, m); err != nil {
		return httpapi.Times{}, err
	}
	if _, err := m.Spec.read(); err != nil { // the state may ask for more than the one that was written
		return httpapi.Times{}, err
	}
	if err := hold(ctx, tx, m.Address, m.Spec); err != nil {
		return httpapi.Times{}, err
	}
	if err := s.record(ctx, tx, p, m); err != nil {
		return httpapi.Times{}, err
	}
	return s.carryOut(ctx, tx, p, m)
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
	l.Spec.Upstream, l.Spec.Delivery = "", discreetDelivery(l.Spec.Delivery)
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
		if err := s.course.Forget(ctx, tx, simpul.Address(id)); err != nil {
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
