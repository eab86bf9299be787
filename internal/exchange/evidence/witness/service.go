package witness

import (
	"context"
	"slices"
	"sync"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
)

// shownFor is how long a log stays in the list of which this process has nothing
// but the rows: that of another process, or of one that has ended.
const shownFor = 24 * time.Hour

// Service tells where logs stand with their witnesses.
type Service struct {
	db  *sqldb.DB
	now clock.Clock

	mu     sync.RWMutex
	peers  []Peer
	origin string   // of this process's log; empty: it has none
	ended  []string // origins of logs that are not cosigned any more
}

// New returns a service for the configured witnesses.
func New(db *sqldb.DB, peers []Peer, now clock.Clock) *Service {
	return &Service{db: db, peers: peers, now: now}
}

// Add makes the hub ask one more witness; it is for the time before gathering
// begins.
func (s *Service) Add(p Peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peers = append(s.peers, p)
}

// Peers lists the witnesses that the hub asks.
func (s *Service) Peers() []Peer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.peers)
}

// Own names the log of this process.
func (s *Service) Own(origin string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.origin = origin
}

// Ended names a log that has ended: it is not shown among those that await witnesses.
func (s *Service) Ended(origin string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, origin)
}

// KeyLines are the keys of the witnesses for a file of public keys, such as
// /.well-known/simpul-keys: each with a comment that says whose it is.
func (s *Service) KeyLines(context.Context) (lines []string, err error) {
	for _, p := range s.Peers() {
		whose := "# " + oneLine(p.Name)
		if p.Own {
			whose += " (dijalankan operator hub sendiri, bukan saksi independen / run by the hub's own operator, not an independent witness)"
		}
		lines = append(lines, whose, p.Key.Line())
	}
	return lines, nil
}

// Reports tells where each log of the hub stands: that of this process first.
func (s *Service) Reports(ctx context.Context, scope simpul.Scope) ([]Report, error) {
	var all []Standing
	err := s.db.Read(ctx, scope, func(tx *sqldb.Tx) (err error) {
		all, err = standings(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	own, peers, ended := s.origin, slices.Clone(s.peers), slices.Clone(s.ended)
	s.mu.RUnlock()
	all = slices.DeleteFunc(all, func(st Standing) bool { return slices.Contains(ended, st.Origin) })
	var reports []Report
	for _, origin := range origins(own, all, s.now().Add(-shownFor)) {
		reports = append(reports, reportOf(origin, peers, all, s.now()))
	}
	return reports, nil
}

// origins lists the logs that are to be shown; one without a name where there is
// none yet, so that the witnesses are.
func origins(own string, all []Standing, since time.Time) []string {
	names := []string{own}
	for _, s := range all {
		if s.Tried.After(since) && !slices.Contains(names, s.Origin) {
			names = append(names, s.Origin)
		}
	}
	if own == "" && len(names) > 1 {
		return names[1:]
	}
	return names
}

// Brief is the state of the hub's logs in one sentence, for everybody.
func (s *Service) Brief(ctx context.Context) (simpul.Text, error) {
	reports, err := s.Reports(ctx, simpul.NationScope())
	if err != nil || len(reports) == 0 {
		return simpul.Text{}, err
	}
	return overallText(reports[0]), nil
}
