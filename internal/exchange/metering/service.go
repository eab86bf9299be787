package metering

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Grants tells which grants a principal may see that are in effect.
type Grants interface {
	InEffect(ctx context.Context, p simpul.Principal) ([]Granted, error)
}

// Granted is a grant that is in effect.
type Granted struct {
	ID          simpul.GrantID
	LID         simpul.Address
	Provider    simpul.AgencyID
	Application simpul.ApplicationID
	Since       time.Time
}

// Service is the use cases on what was counted.
type Service struct {
	db     *sqldb.DB
	meter  *Meter // of this process; nil: another counts
	grants Grants
	now    clock.Clock
	recent *shelf
	origin Health // nil: nobody watches origins
}

// New returns the use cases on the database.
func New(db *sqldb.DB, meter *Meter, grants Grants, now clock.Clock) *Service {
	return &Service{db: db, meter: meter, grants: grants, now: now, recent: newShelf(now)}
}

// freshWithin bounds how long a look waits for the meter of this process.
const freshWithin = 2 * time.Second

// freshen waits for the meter, but not for long: figures of a moment ago are
// better than none.
func (s *Service) freshen(ctx context.Context) {
	if s.meter == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, freshWithin)
	defer cancel()
	s.meter.CatchUp(ctx)
}

// Usage answers a question within what the principal may see.
func (s *Service) Usage(ctx context.Context, p simpul.Principal, q Question) (*Usage, error) {
	q, err := q.within(p)
	if err != nil {
		return nil, err
	}
	s.freshen(ctx)
	g := newGatherer(q, s.now())
	condition, values := q.condition()
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		return g.steps.table.each(ctx, tx, g.steps.first(), g.steps.end(), condition, values, g.add)
	})
	return g.done(), err
}

// within holds a question to what the principal may ask. Another agency is asked
// about in the same words as one that does not exist.
func (q Question) within(p simpul.Principal) (Question, error) {
	if q.Period == "" {
		q.Period = Week
	}
	switch {
	case q.View == "" && p.National && q.Agency == "":
		q.View = AsNation
	case q.View == "":
		q.View = AsProvider
	}
	if q.View == AsNation {
		q.Agency = ""
		if !p.National {
			return q, notForYou()
		}
		return q, nil
	}
	if q.Agency == "" {
		q.Agency = p.Agency
	}
	if q.Agency == "" {
		return q, simpul.Invalid("query.agency",
			simpul.Text{ID: "Instansi belum disebut.", EN: "No agency is named."},
			simpul.Text{ID: "Sebutkan domain instansi, misalnya kemendagri.go.id.", EN: "Name an agency's domain, such as kemendagri.go.id."})
	}
	if !p.Scope().Covers(q.Agency) {
		return q, simpul.NotFound(simpul.Text{ID: "Instansi", EN: "Agency"}, string(q.Agency))
	}
	return q, nil
}

func notForYou() error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Place: "query.view",
		Message: simpul.Text{ID: "Angka seluruh negara hanya untuk operator dan auditor nasional.", EN: "Figures of the whole nation are for national operators and auditors."},
		Remedy:  simpul.Text{ID: "Lihat angka instansi Anda sebagai penyedia atau sebagai pemanfaat.", EN: "Look at your agency's figures as a provider or as a consumer."},
	}
}

// Unused lists the grants in effect of a usage's question under which nothing was
// called within its period, those that stand longest first. A grant that began
// within the period is given time.
func (s *Service) Unused(ctx context.Context, p simpul.Principal, u *Usage) (unused []Granted, err error) {
	all, err := s.grants.InEffect(ctx, p)
	for _, g := range all {
		if u.concerns(g) && u.Grants[g.ID] == 0 && g.Since.Before(u.From) {
			unused = append(unused, g)
		}
	}
	sortGranted(unused)
	return unused, err
}

func (q Question) concerns(g Granted) bool {
	switch {
	case q.LID != "" && q.LID != g.LID:
		return false
	case q.View == AsProvider:
		return g.Provider == q.Agency
	case q.View == AsConsumer:
		return g.Application.Agency() == q.Agency
	}
	return true
}

// Positions says how far each journal has been counted. It is for those who act
// for the nation; others are told of none.
func (s *Service) Positions(ctx context.Context, p simpul.Principal) (all []Position, err error) {
	s.freshen(ctx)
	err = s.db.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = positions(ctx, tx)
		return err
	})
	return all, err
}

// behind is how many records are not counted yet, of every journal.
func (s *Service) behind(ctx context.Context) (n uint64, err error) {
	if s.meter != nil {
		n = s.meter.Lag()
	}
	err = s.db.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		all, err := positions(ctx, tx)
		for _, p := range all {
			if s.meter == nil || p.Journal != s.meter.journal.ID() {
				n += p.Behind()
			}
		}
		return err
	})
	return n, err
}

// revisionMetering is what the revision log calls a recount.
const revisionMetering = "Metering"

// Rebuild has every journal counted anew, each by the process that holds it.
func (s *Service) Rebuild(ctx context.Context, p simpul.Principal) error {
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := s.CountAgain(ctx, tx); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "metering.rebuild", "metering"))
	})
	return sqldb.Coded(err, simpul.Text{ID: "Hitungan", EN: "Count"}, "metering")
}

// CountAgain does what Rebuild does within the transaction of somebody who tells
// the trail.
func (s *Service) CountAgain(ctx context.Context, tx *sqldb.Tx) error {
	if _, err := countAgain(ctx, tx); err != nil {
		return err
	}
	return tx.Revise(ctx, revisionMetering, "all")
}

// PruneHours and PruneDays drop what is before the time.
func (s *Service) PruneHours(ctx context.Context, before time.Time) (int64, error) {
	return s.prune(ctx, hours, hourOf(before))
}

// PruneDays drops days; see PruneHours.
func (s *Service) PruneDays(ctx context.Context, before time.Time) (int64, error) {
	return s.prune(ctx, days, dayOf(before))
}

// prune raises the floor and then drops one hour or day after the other, so that
// meters never wait long.
func (s *Service) prune(ctx context.Context, t table, before int64) (all int64, err error) {
	err = s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return t.raiseFloor(ctx, tx, before) })
	for more := true; more && err == nil; {
		err = s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
			var n int64
			n, more, err = t.dropOldest(ctx, tx, before)
			all += n
			return err
		})
	}
	return all, err
}
