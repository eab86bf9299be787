package derived

import (
	"context"
	"time"

	"simpul/internal/platform/httpapi"
)

// lagHolds is for how long the time of the oldest record that a view lacks is believed:
// finding it may read most of a file. A view only moves on, so an older time promises less, never
// too much.
const lagHolds = time.Second

// lagSeen is when a view was found to be complete until some time.
type lagSeen struct{ at, until time.Time }

// Lag says how far behind a view is, for answers that are read from it.
func (s *Service) Lag(ctx context.Context, name string) (httpapi.Lag, error) {
	v, err := s.named(name)
	if err != nil {
		return httpapi.Lag{}, err
	}
	positions, err := v.Positions(ctx)
	if err != nil {
		return httpapi.Lag{}, err
	}
	lag, now := httpapi.Lag{Behind: Standing{Positions: positions}.Behind()}, s.now().UTC()
	if lag.Behind == 0 {
		lag.CompleteUntil = &now
		return lag, nil
	}
	until, err := s.completeUntil(name, positions, now)
	if !until.IsZero() {
		lag.CompleteUntil = &until
	}
	return lag, err
}

// completeUntil is when the oldest missing record is of; zero where some are missing of the
// journal of another process.
func (s *Service) completeUntil(name string, positions []Position, now time.Time) (until time.Time, err error) {
	for _, p := range positions {
		if p.Behind() > 0 && !p.Here {
			return time.Time{}, nil
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen := s.seen[name]; !seen.at.After(now) && now.Sub(seen.at) < lagHolds {
		return seen.until, nil
	}
	for _, p := range positions {
		if p.Behind() == 0 {
			continue
		}
		if until, err = s.journal.TimeOf(p.Sequence + 1); err != nil {
			return time.Time{}, err
		}
		if until.IsZero() { // it is on its way to the disk
			until = now
		}
	}
	s.seen[name] = lagSeen{now, until}
	return until, nil
}
