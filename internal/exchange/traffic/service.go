package traffic

import (
	"context"
	"errors"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Parties are who has to do with the limit of a subject.
type Parties struct {
	Provider simpul.AgencyID // who may set it; empty where only the national operator may
	Consumer simpul.AgencyID // who is held to it; empty where many are
}

// Registry knows the subjects.
type Registry interface {
	// Parties returns who has to do with a subject that the principal sees. Any
	// other is not found.
	Parties(ctx context.Context, p simpul.Principal, s simpul.Subject) (Parties, error)
	// Declared returns the limits that grants and LIDs bring by themselves, of
	// those that the principal sees; at least those of the subjects in use.
	Declared(ctx context.Context, p simpul.Principal, inUse []simpul.Subject) ([]Declared, error)
}

// Declared is a limit that another resource brings with it.
type Declared struct {
	Subject    simpul.Subject
	Title      string // what people call the subject; empty for nothing else
	RatePerMin int    // of a grant
	Origins    int    // calls that a LID's origins take at one time
	Parties
}

var kindLimit = simpul.Text{ID: "Batas", EN: "Limit"}

// Service is the use cases on limits.
type Service struct {
	db       *sqldb.DB
	registry Registry
	now      clock.Clock
	calendar Calendar
}

// NewService returns the use cases on the database.
func NewService(db *sqldb.DB, registry Registry, calendar Calendar, now clock.Clock) *Service {
	return &Service{db, registry, now, calendar}
}

// Put creates or replaces the limit of a subject.
func (s *Service) Put(ctx context.Context, p simpul.Principal, id string, spec Spec, dryRun bool) (stored httpapi.Stored[Spec], err error) {
	subject, err := simpul.ParseSubject(id)
	if err != nil {
		return stored, simpul.At("metadata.id", err)
	}
	if err := spec.validate(subject); err != nil {
		return stored, err
	}
	parties, err := s.parties(ctx, p, subject)
	if err != nil {
		return stored, simpul.At("metadata.id", err)
	}
	stored = httpapi.Stored[Spec]{ID: id, Spec: spec}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		before, err := getLimit(ctx, tx, subject)
		existed, err := sqldb.Exists(before, err)
		if err != nil {
			return err
		}
		stored.Created = !existed
		if stored.Times, err = putLimit(ctx, tx, subject, parties, spec, s.now()); err != nil {
			return err
		}
		return sqldb.Rehearse(dryRun, trail.Append(ctx, tx, trail.By(p, parties.Provider, "limit.put", id)))
	})
	return stored, sqldb.Coded(err, kindLimit, id)
}

// parties finds who has to do with a subject, and refuses whoever may not set its
// limit. Of applications and agencies nobody but the nation is told whether they
// exist.
func (s *Service) parties(ctx context.Context, p simpul.Principal, subject simpul.Subject) (Parties, error) {
	national := subject.Kind == simpul.SubjectApplication || subject.Kind == simpul.SubjectAgency
	if national && !p.National {
		return Parties{}, onlyTheNation()
	}
	parties, err := s.registry.Parties(ctx, p, subject)
	if err == nil && !p.Scope().Covers(parties.Provider) {
		err = sqldb.Coded(sqldb.ErrScope, kindLimit, subject.String())
	}
	return parties, err
}

func onlyTheNation() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Batas instansi dan aplikasi hanya ditetapkan operator nasional.", EN: "Limits of agencies and applications are set by the national operator only."},
		Remedy:  simpul.Text{ID: "Batasi izin atau LID Anda sendiri, atau hubungi operator nasional.", EN: "Limit a grant or a LID of your own, or contact the national operator."},
	}
}

// Get returns the limit of a subject that the principal set or is held to.
func (s *Service) Get(ctx context.Context, p simpul.Principal, id string) (httpapi.Stored[Spec], error) {
	subject, err := simpul.ParseSubject(id)
	if err != nil {
		return httpapi.Stored[Spec]{}, simpul.NotFound(kindLimit, id)
	}
	var found row
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) (err error) {
		found, err = getLimit(ctx, tx, subject)
		return err
	})
	return found.stored(), sqldb.Coded(err, kindLimit, id)
}

// List returns the limits that the principal set or is held to.
func (s *Service) List(ctx context.Context, p simpul.Principal, page httpapi.Page) (all []httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		rows, err := listLimits(ctx, tx, page)
		for _, r := range rows {
			all = append(all, r.stored())
		}
		return err
	})
	return all, err
}

func (r row) stored() httpapi.Stored[Spec] {
	return httpapi.Stored[Spec]{ID: r.Subject.String(), Spec: r.Spec, Times: r.Times}
}

// Delete removes a limit that the principal may set. A limit that they are only
// held to is refused, any other is not found.
func (s *Service) Delete(ctx context.Context, p simpul.Principal, id string) error {
	subject, err := simpul.ParseSubject(id)
	if err != nil {
		return simpul.NotFound(kindLimit, id)
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		provider, err := deleteLimit(ctx, tx, subject)
		if errors.Is(err, sqldb.ErrNoRows) {
			if _, seen := getLimit(ctx, tx, subject); seen == nil {
				return sqldb.ErrScope
			}
		}
		if err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, provider, "limit.delete", id))
	})
	return sqldb.Coded(err, kindLimit, id)
}

// Prune forgets the quotas of periods that ended before a time.
func (s *Service) Prune(ctx context.Context) error {
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return pruneQuotas(ctx, tx, s.now().AddDate(0, 0, -keepDays))
	})
}

// keepDays is how long a quota is remembered after its period.
const keepDays = 62
