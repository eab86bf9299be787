package grant

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Catalogue is what this room needs of the catalogue.
type Catalogue interface {
	// Owner returns the agency of a LID that the scope sees and its contract,
	// which is nil for a draft without one. A LID that the scope does not see
	// is not found.
	Owner(ctx context.Context, scope simpul.Scope, address simpul.Address) (simpul.AgencyID, Contract, error)
	// Subject returns what a grant on a LID depends on, of a LID whose agency the
	// transaction covers. Any other is not found.
	Subject(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (Subject, error)
}

// Subject is a LID as a grant depends on it, published or not.
type Subject struct {
	Provider simpul.AgencyID
	Class    simpul.LIDClass
	Contract Contract // nil for a draft without one
	Fields   bool     // its answers have fields that can be named
}

// Service is the use cases on grants.
type Service struct {
	db        *sqldb.DB
	catalogue Catalogue
	proposals Proposer
	limits    Limits
	now       clock.Clock
}

// New returns the use cases on the database.
func New(db *sqldb.DB, catalogue Catalogue, proposals Proposer, limits Limits, now clock.Clock) *Service {
	return &Service{db, catalogue, proposals, limits, now}
}

// Put creates or replaces a grant on a LID of an agency that the scope covers, or
// proposes to do so where that needs a second person.
func (s *Service) Put(ctx context.Context, p simpul.Principal, id string, spec Spec, dryRun bool) (httpapi.Stored[Spec], error) {
	if _, err := simpul.ParseGrantID(id); err != nil {
		return httpapi.Stored[Spec]{}, simpul.At("metadata.id", err)
	}
	if _, err := simpul.ParseAddress(string(spec.LID)); err != nil {
		return httpapi.Stored[Spec]{}, simpul.At("spec.lid", err)
	}
	provider, contract, err := s.catalogue.Owner(ctx, p.Scope(), spec.LID)
	if err != nil {
		return httpapi.Stored[Spec]{}, simpul.At("spec.lid", err)
	}
	if !p.Scope().Covers(provider) {
		return httpapi.Stored[Spec]{}, notTheOwner(spec.LID)
	}
	if err := spec.validate(contract); err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	spec.From, spec.Until = instant(millis(spec.From)), instant(millis(spec.Until)) // as a reading will give them
	stored := httpapi.Stored[Spec]{ID: id, Spec: spec}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := s.held(ctx, tx, id)
		if err != nil {
			return err
		}
		if stored.Waits, err = s.weigh(ctx, tx, p, before, spec); err != nil {
			return err
		}
		stored.Created = before == nil
		from := origin{DecidedBy: p.ID, SuspendedBy: spec.suspender(p, before)}
		if stored.Times, err = putGrant(ctx, tx, id, spec, provider, from, changedAt(before), s.now()); err != nil {
			return err
		}
		if stored.Spec.Version, err = keepVersion(ctx, tx, p, id, stored.Created, spec); err != nil {
			return err
		}
		// What waits for a second person is tried as well: what cannot be stored is
		// not worth their time.
		return sqldb.Rehearse(dryRun || stored.Waits, trail.Append(ctx, tx, trail.By(p, provider, "grant.put", id)))
	})
	if err == nil && stored.Waits && !dryRun {
		err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
			stored.Proposal, err = s.propose(ctx, tx, p, written{id, provider, spec}, "")
			return err
		})
	}
	return stored, refusal(err, id, spec)
}

// changedAt is when a grant was last changed; zero for none.
func changedAt(r *row) time.Time {
	if r == nil {
		return time.Time{}
	}
	return r.Times.UpdatedAt
}

func notTheOwner(address simpul.Address) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Place: "spec.lid",
		Message: simpul.Text{ID: "LID " + string(address) + " bukan milik instansi Anda; hanya pemiliknya yang memberi izin.", EN: "LID " + string(address) + " does not belong to your agency; only its owner gives grants."},
		Remedy:  simpul.Text{ID: "Mintalah izin kepada pemilik LID.", EN: "Ask the owner of the LID for a grant."},
	}
}

func refusal(err error, id string, spec Spec) error {
	switch {
	case errors.Is(err, sqldb.ErrReference):
		return simpul.Invalid("spec.application",
			simpul.Text{ID: "Aplikasi " + string(spec.Application) + " belum terdaftar.", EN: "Application " + string(spec.Application) + " is not registered."},
			simpul.Text{ID: "Minta instansi pemakai mendaftarkannya dahulu.", EN: "Ask the consumer agency to register it first."})
	case errors.Is(err, sqldb.ErrDuplicate):
		return &simpul.Error{
			Code: simpul.CodeConflict, Place: "spec.application", Err: err,
			Message: simpul.Text{ID: "Aplikasi " + string(spec.Application) + " sudah memiliki izin untuk " + string(spec.LID) + ".", EN: "Application " + string(spec.Application) + " already has a grant for " + string(spec.LID) + "."},
			Remedy:  simpul.Text{ID: "Ubah izin yang ada; satu aplikasi punya satu izin untuk satu LID.", EN: "Change the existing grant; an application has one grant for a LID."},
		}
	case errors.Is(err, sqldb.ErrNoRows), errors.Is(err, sqldb.ErrScope): // the ID belongs to another provider's grant
		return &simpul.Error{
			Code: simpul.CodeConflict, Place: "metadata.id",
			Message: simpul.Text{ID: "ID izin " + id + " sudah dipakai.", EN: "Grant ID " + id + " is taken."},
			Remedy:  simpul.Text{ID: "Pilih ID lain.", EN: "Choose another ID."},
		}
	}
	return sqldb.Coded(err, kindGrant, id)
}

// Get returns a grant that the scope gave or was given.
func (s *Service) Get(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[Spec], error) {
	var r row
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		r, err = getGrant(ctx, tx, id)
		return err
	})
	return r.stored(), sqldb.Coded(err, kindGrant, id)
}

// List returns the grants that the scope gave or was given.
func (s *Service) List(ctx context.Context, p simpul.Principal, page httpapi.Page) ([]httpapi.Stored[Spec], error) {
	var rows []row
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		rows, err = listGrants(ctx, tx, page)
		return err
	})
	all := make([]httpapi.Stored[Spec], len(rows))
	for i, r := range rows {
		all[i] = r.stored()
	}
	return all, err
}

// Held returns the grants that an application holds, of those that the scope
// gave or was given.
func (s *Service) Held(ctx context.Context, p simpul.Principal, application simpul.ApplicationID) ([]httpapi.Stored[Spec], error) {
	var rows []row
	err := s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		rows, err = grantsOf(ctx, tx, application)
		return err
	})
	all := make([]httpapi.Stored[Spec], len(rows))
	for i, r := range rows {
		all[i] = r.stored()
	}
	return all, err
}

// Delete removes a grant that the scope gave; the next call is refused in
// under a second.
func (s *Service) Delete(ctx context.Context, p simpul.Principal, id string) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		provider, err := deleteGrant(ctx, tx, id, ending{By: p.ID, At: s.now()})
		if err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, provider, "grant.delete", id))
	})
	return sqldb.Coded(err, kindGrant, id)
}

func (r row) stored() httpapi.Stored[Spec] {
	return httpapi.Stored[Spec]{ID: r.ID, Spec: r.Spec, Times: r.Times}
}

// All returns every grant, for the policy that enforces them.
func (s *Service) All(ctx context.Context) (all []simpul.Grant, err error) {
	known := words{map[string]string{}, map[string][]string{}}
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return eachGrant(ctx, tx, func(r row) { all = append(all, known.share(r.Spec.grant(r.ID, r.Provider))) })
	})
	return all, err
}

// words are what many grants say alike. Each is kept in memory once, since the
// policy keeps all grants.
type words struct {
	texts map[string]string
	lists map[string][]string
}

func (w words) text(s string) string {
	if known, ok := w.texts[s]; ok {
		return known
	}
	w.texts[s] = s
	return s
}

func (w words) share(g simpul.Grant) simpul.Grant {
	g.LID, g.Provider, g.Consumer = simpul.Address(w.text(string(g.LID))), simpul.AgencyID(w.text(string(g.Provider))), simpul.ApplicationID(w.text(string(g.Consumer)))
	g.Purpose, g.LegalBasis = w.text(g.Purpose), w.text(g.LegalBasis)
	key := strings.Join(g.Fields, "\n")
	if known, ok := w.lists[key]; ok && len(known) == len(g.Fields) {
		g.Fields = known
	} else {
		w.lists[key] = g.Fields
	}
	return g
}

// Find returns one grant for the policy; found is false for one that is gone.
func (s *Service) Find(ctx context.Context, id simpul.GrantID) (g simpul.Grant, found bool, err error) {
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		r, err := getGrant(ctx, tx, string(id))
		if found, err = sqldb.Exists(r, err); found {
			g = r.Spec.grant(r.ID, r.Provider)
		}
		return err
	})
	return g, found, err
}
