package agency

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// How often a call from elsewhere is written down, and how many wait for it.
const (
	strayEvery  = time.Hour // for one credential
	mostWaiting = 1000
)

// Strays writes calls with a right credential from a wrong address into the
// audit trail: at most one for each credential and hour, so that a misplaced
// program does not fill it. The call itself does not wait.
type Strays struct {
	db    *sqldb.DB
	now   clock.Clock
	mu    sync.Mutex
	noted map[string]time.Time // credentials, until they may be noted again
	wait  []trail.Event
}

// NewStrays returns a collection of none.
func NewStrays(db *sqldb.DB, now clock.Clock) *Strays {
	return &Strays{db: db, now: now, noted: map[string]time.Time{}}
}

// Note keeps a refused call to be stored.
func (s *Strays) Note(c simpul.Consumer, from netip.Addr) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(s.noted[c.Credential]) || len(s.wait) >= mostWaiting {
		return
	}
	s.noted[c.Credential] = now.Add(strayEvery)
	s.wait = append(s.wait, trail.Event{
		At: now, Agency: c.Application.Agency(), Actor: string(c.Application), Action: "key.stray", Subject: c.Credential,
		Outcome: simpul.CodeDenied, Origin: from.String(),
	})
}

// take returns what waits, and forgets credentials whose hour is over.
func (s *Strays) take() []trail.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting, now := s.wait, s.now()
	s.wait = nil
	for credential, until := range s.noted {
		if !now.Before(until) {
			delete(s.noted, credential)
		}
	}
	return waiting
}

// Store writes down what waits, except for what another process wrote within
// the hour.
func (s *Strays) Store(ctx context.Context) error {
	waiting := s.take()
	if len(waiting) == 0 {
		return nil
	}
	return s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		for _, e := range waiting {
			since := trail.Filter{Action: e.Action, Subject: e.Subject, Since: e.At.Add(-strayEvery)}
			known, err := trail.List(ctx, tx, since, 0, 1)
			if err != nil {
				return err
			}
			if len(known) > 0 {
				continue
			}
			if err := trail.Append(ctx, tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}
