package front

import (
	"cmp"
	"slices"
	"time"
)

// part is which part of the connections makes room at a time: one in so many.
const part = 100

// makeRoom takes a place for one connection more. Where all are taken, those that
// have been idle for longest are ended, as RFC 9112 section 9.5 lets a server do at
// any time: nobody can keep others out by connections on which nothing is asked, nor
// by those that are answered and only end. One on which a request is under way, or has
// begun to come, is never ended; that is bounded by the time that a head, a body and
// an answer have.
func (s *Server) makeRoom(room chan<- struct{}) {
	select {
	case room <- struct{}{}:
		return
	default:
	}
	again := time.NewTicker(glance)
	defer again.Stop()
	for !s.stopping.Load() {
		s.endLongestIdle()
		select {
		case room <- struct{}{}:
			return
		case <-again.C:
		}
	}
}

// endLongestIdle ends a part of the connections. The consumer of one that is ended
// as its next request arrives sees what it sees when any idle connection ends.
func (s *Server) endLongestIdle() {
	idle := s.idle()
	slices.SortFunc(idle, func(a, b rest) int { return cmp.Compare(a.since, b.since) })
	for _, r := range idle[:min(len(idle), s.Connections/part+1)] {
		r.conn.endIfIdle(r.since)
	}
}

// rest is a connection that was idle.
type rest struct {
	conn  *conn
	since int64
}

func (s *Server) idle() (all []rest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if since := max(c.idle.Load(), c.spent.Load()); since != 0 {
			all = append(all, rest{c, since})
		}
	}
	return all
}
