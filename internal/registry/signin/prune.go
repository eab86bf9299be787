package signin

import (
	"context"
	"time"

	"simpul/internal/platform/sqldb"
)

// PruneSessions drops what is left of sessions that were over before the time,
// with their devices, and ceremonies that were. It returns how many. Nothing
// that is in use goes, whatever the time.
func (s *Service) PruneSessions(ctx context.Context, before time.Time) (int64, error) {
	before = earlier(before, s.now())
	var dropped int64
	for {
		n, err := s.counted(ctx, func(tx *sqldb.Tx) (int64, error) { return s.sweep(ctx, tx, before) })
		dropped += n
		if err != nil {
			return dropped, err
		}
		if n < sessionsAtOnce {
			break
		}
	}
	n, err := s.counted(ctx, func(tx *sqldb.Tx) (int64, error) { return deleteCeremoniesBefore(ctx, tx, before) })
	return dropped + n, err
}

// PruneAttempts drops failures from before the time, and which authenticator
// codes were used until then. It returns how many. What still decides whether
// somebody may sign in stays, whatever the time: a delay is of minutes, and a
// code of two.
func (s *Service) PruneAttempts(ctx context.Context, before time.Time) (int64, error) {
	before = earlier(before, s.now().Add(-keptFailures))
	return s.counted(ctx, func(tx *sqldb.Tx) (int64, error) {
		failures, err := deleteFailuresBefore(ctx, tx, before)
		if err != nil {
			return 0, err
		}
		marks, err := forgetSteps(ctx, tx, before.Unix()/totpPeriod)
		return failures + marks, err
	})
}

// counted runs a change, and returns how many rows it was of once it is stored.
func (s *Service) counted(ctx context.Context, fn func(*sqldb.Tx) (int64, error)) (n int64, err error) {
	var changed int64
	err = s.write(ctx, func(tx *sqldb.Tx) (err error) {
		changed, err = fn(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
