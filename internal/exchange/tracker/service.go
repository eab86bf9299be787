package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Proposer puts before a second person what one alone must not do.
type Proposer interface {
	Propose(ctx context.Context, tx *sqldb.Tx, p simpul.Principal, action, subject string, agency simpul.AgencyID, before, content []byte, why string) (id string, err error)
}

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
	Done(ctx context.Context, tx *sqldb.Tx, key string) error
}

// Calendar knows which days are worked on.
type Calendar interface {
	After(t time.Time, workingDays int) time.Time // the same hour so many working days later
}

// Doors are what the service needs of others.
type Doors struct {
	DB        *sqldb.DB
	Keys      *Keys
	Sealer    Sealer
	Proposals Proposer
	Notices   Notifier
	Calendar  Calendar
	Proofs    Proofs    // nil: the hub makes none
	Follower  *Follower // of this process; nil: another follows
	Now       clock.Clock
}

// Service is the use cases on who looked at whose data.
type Service struct{ Doors }

// New returns the use cases.
func New(doors Doors) *Service { return &Service{doors} }

// freshWithin bounds how long a look waits for the follower of this process.
const freshWithin = 2 * time.Second

// freshen waits for the follower, but not for long: a view of a moment ago is
// better than none.
func (s *Service) freshen(ctx context.Context) {
	if s.Follower == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, freshWithin)
	defer cancel()
	s.Follower.CatchUp(ctx)
}

// Usage calls each for the accesses to the data of whoever has one of the
// pseudonyms, the newest first, within the scope. What is kept from the person
// is left out.
func (s *Service) Usage(ctx context.Context, scope simpul.Scope, tags []simpul.Pseudonym, each func(Access) error) error {
	s.freshen(ctx)
	return s.DB.Read(ctx, scope, func(tx *sqldb.Tx) error {
		for after := (place{}); ; {
			page, err := history(ctx, tx, tags, Filter{}, after, s.Now(), usageAtOnce)
			if err != nil {
				return err
			}
			for _, a := range page {
				if err := each(a); err != nil {
					return err
				}
			}
			if len(page) < usageAtOnce {
				return nil
			}
			after = placeOf(page[len(page)-1])
		}
	})
}

// usageAtOnce is how many accesses are read with one statement.
const usageAtOnce = 500

// Positions says how far the view has read each journal. It is for those who act
// for the nation; others are told of none.
func (s *Service) Positions(ctx context.Context, p simpul.Principal) (all []Position, err error) {
	s.freshen(ctx)
	err = s.DB.Read(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		all, err = positions(ctx, tx)
		return err
	})
	return all, err
}

// revisionTracker is what the revision log calls a view that is made anew.
const revisionTracker = "Tracker"

// Rebuild has the view of every journal made anew, each by the process that holds
// it.
func (s *Service) Rebuild(ctx context.Context, p simpul.Principal) error {
	if err := p.Need(simpul.KeepTracker); err != nil {
		return err
	}
	err := s.DB.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := readAgain(ctx, tx); err != nil {
			return err
		}
		if err := tx.Revise(ctx, revisionTracker, "all"); err != nil {
			return err
		}
		return trail.Append(ctx, tx, trail.By(p, "", "tracker.rebuild", "tracker"))
	})
	if err == nil && s.Follower != nil {
		s.Follower.anew()
	}
	return sqldb.Coded(err, simpul.Text{ID: "Jejak akses", EN: "Access tracker"}, "tracker")
}

// ReadAgain has the view dropped and made anew, by the processes that hold the
// journals, once the transaction has ended.
func (s *Service) ReadAgain(ctx context.Context, tx *sqldb.Tx) error { return readAgain(ctx, tx) }

// Erase drops the accesses whose records were sealed with a key that is destroyed, in the
// transaction that destroys it: of all journals, those that no process holds among them,
// and for ever, also when journals are read anew. The key seals what opened within the time.
func (s *Service) Erase(ctx context.Context, tx *sqldb.Tx, key string, from, until time.Time) error {
	_, err := erase(ctx, tx, key, from, until, s.Now())
	return err
}

// Prune drops the accesses and looks from before the time.
func (s *Service) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	err = s.DB.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		if n, err = dropBefore(ctx, tx, before); err != nil {
			return err
		}
		looks, err := dropLooks(ctx, tx, before)
		n += looks
		return err
	})
	return n, err
}
