package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Reading calls each for the accesses that were asked for, the earliest first; of
// persons whose pseudonym, after its month, begins with one of the initials, or of
// all where there are none.
type Reading func(initials string, each func(Access) error) error

// Affected calls each for every person's access by the application within the
// time, the earliest first: what an agency must know to tell the people whom an
// incident concerns (UU 27/2022 art. 46). A person who was asked for several times
// comes several times. An empty application stands for all that the scope sees.
func (s *Service) Affected(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time, each func(Access) error) error {
	return s.Readings(ctx, scope, application, from, until, func(read Reading) error { return read("", each) })
}

// Readings is Affected for whoever reads more than once: every reading calls for
// the same accesses, whatever is written meanwhile, and none is held in memory. What
// was refused affected nobody and is left out; an answer that broke off may have. An
// access has what tells whom it affected and by what, and nothing else.
func (s *Service) Readings(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time, fn func(Reading) error) error {
	s.freshen(ctx)
	return s.DB.Read(ctx, scope, func(tx *sqldb.Tx) error {
		return fn(func(initials string, each func(Access) error) error {
			return eachAffected(ctx, tx, application, from, until, initials, each)
		})
	})
}

// KeptSince is the time before which retention has dropped every access; the
// beginning of 1970 where it never has.
func (s *Service) KeptSince(ctx context.Context) (floor time.Time, err error) {
	err = s.DB.Read(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		floor, err = storedFloor(ctx, tx)
		return err
	})
	return floor, err
}
