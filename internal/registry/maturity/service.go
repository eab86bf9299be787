package maturity

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Sources are whom this room asks.
type Sources struct {
	Registry Registry
	Ledger   Ledger
	Shelf    Shelf
	Hub      func() string // names this hub
}

// Service is the use cases on evidence reports.
type Service struct {
	db  *sqldb.DB
	of  Sources
	now clock.Clock
}

// New returns the use cases on the database.
func New(db *sqldb.DB, of Sources, now clock.Clock) *Service { return &Service{db, of, now} }

// samples is how many exchanges a report names.
const samples = 3

var kindAgency = simpul.Text{ID: "Instansi", EN: "Agency"}

// Make gathers the report of an agency that the principal's scope covers, and
// notes in the audit trail that it was made, as what.
func (s *Service) Make(ctx context.Context, p simpul.Principal, agency simpul.AgencyID, period Period, format string) (Document, error) {
	d, err := s.Look(ctx, p, agency, period)
	if err != nil {
		return d, err
	}
	err = s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		event := trail.By(p, agency, "report.make", string(agency))
		event.Detail = format + " " + period.From + " " + period.Until + " sha256 " + d.SHA256
		return trail.Append(ctx, tx, event)
	})
	return d, err
}

// Look gathers a report for a look at it on the screen.
func (s *Service) Look(ctx context.Context, p simpul.Principal, agency simpul.AgencyID, period Period) (d Document, err error) {
	if !p.Scope().Covers(agency) {
		return d, simpul.NotFound(kindAgency, string(agency))
	}
	d.GeneratedAt = s.now().UTC().Truncate(time.Second)
	if d.Data, err = s.gather(ctx, p, agency, period); err != nil {
		return d, err
	}
	d.SHA256, err = d.Data.Digest()
	return d, err
}

// gather asks everybody in the scope of the agency.
func (s *Service) gather(ctx context.Context, p simpul.Principal, agency simpul.AgencyID, period Period) (r Report, err error) {
	scope := simpul.AgencyScope(agency)
	r = Report{Hub: s.of.Hub(), Period: period, How: hows()}
	if r.Agency, r.Approval, err = s.of.Registry.Agency(ctx, p, agency); err != nil {
		return r, err
	}
	if r.LIDs, err = s.of.Registry.LIDs(ctx, scope, agency); err != nil {
		return r, err
	}
	if r.Grants, err = s.of.Ledger.Grants(ctx, scope, agency); err != nil {
		return r, err
	}
	if r.Exchanges, err = s.trace(ctx, scope, agency, period); err != nil {
		return r, err
	}
	if r.Norms, err = s.of.Shelf.Norms(ctx, scope, agency); err != nil {
		return r, err
	}
	model, err := s.Model(ctx, period.Until)
	r.Model, r.Findings = model.From, findings(r, model)
	return r.given(), err
}

func (s *Service) trace(ctx context.Context, scope simpul.Scope, agency simpul.AgencyID, period Period) (x Exchanges, err error) {
	for _, m := range period.months() {
		counts, err := s.of.Ledger.Counts(ctx, scope, agency, m.from, m.until)
		if err != nil {
			return x, err
		}
		for _, c := range counts {
			c.Month = m.name
			x.Counts = append(x.Counts, c)
			x.add(c)
		}
	}
	from, until := period.bounds()
	kept, err := s.of.Ledger.Kept(ctx)
	if err != nil {
		return x, err
	}
	if kept.After(from) {
		x.Kept = &kept
	}
	x.Samples, err = s.of.Ledger.Samples(ctx, scope, agency, from, until, samples)
	return x, err
}

func (x *Exchanges) add(c Count) {
	sum := &x.Called
	if c.Side == Provided {
		sum = &x.Provided
	}
	sum.Ended, sum.Delivered = sum.Ended+c.Ended, sum.Delivered+c.Delivered
}

// given has lists without entries be lists.
func (r Report) given() Report {
	r.LIDs, r.Findings = listed(r.LIDs), listed(r.Findings)
	r.Exchanges.Counts, r.Exchanges.Samples = listed(r.Exchanges.Counts), listed(r.Exchanges.Samples)
	r.Norms.Authored, r.Norms.Followed, r.Norms.Forms = listed(r.Norms.Authored), listed(r.Norms.Followed), listed(r.Norms.Forms)
	return r
}

func listed[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// Model returns what assessments ask for on a day; today where it is empty.
func (s *Service) Model(ctx context.Context, day string) (m Model, err error) {
	on, err := parseDay("date", day, s.now().In(wib))
	if err != nil {
		return m, err
	}
	found := false
	err = s.db.Read(ctx, simpul.PublicScope(), func(tx *sqldb.Tx) error {
		m, found, err = modelOn(ctx, tx, on.Format(time.DateOnly))
		return err
	})
	if !found {
		m = FirstModel()
	}
	return m, err
}

// PutModel stores what assessments ask for from a day on. It is the nation's.
func (s *Service) PutModel(ctx context.Context, p simpul.Principal, m Model) error {
	if err := m.Validate(); err != nil {
		return err
	}
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := putModel(ctx, tx, m, p.ID, s.now()); err != nil {
			return err
		}
		if err := tx.Revise(ctx, "MaturityModel", m.From); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "maturity.put", m.From))
	})
	return sqldb.Coded(err, simpul.Text{ID: "Daftar permintaan penilaian", EN: "List of criteria"}, m.From)
}
