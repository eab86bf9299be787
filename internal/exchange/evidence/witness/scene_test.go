package witness

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// net is a network in which each host is a handler.
type network map[string]http.Handler

func (n network) RoundTrip(r *http.Request) (*http.Response, error) {
	h, ok := n[r.URL.Host]
	if !ok {
		return nil, errors.New("connection refused")
	}
	w := httptest.NewRecorder()
	done := make(chan struct{})
	go func() { defer close(done); h.ServeHTTP(w, r) }()
	select {
	case <-done:
		return w.Result(), nil
	case <-r.Context().Done():
		<-done
		return nil, r.Context().Err()
	}
}

// scene is a hub with a log and witnesses.
type scene struct {
	t     *testing.T
	db    *sqldb.DB
	clock *clockwork
	log   *tree
	net   network
	told  *told
	roles []*Role
	peers []Peer
	g     *Gatherer
}

func newScene(t *testing.T, names ...string) *scene {
	t.Helper()
	s := &scene{t: t, db: testkit.SQLite(t), clock: &clockwork{at: noon}, log: newTree(t), net: network{}, told: &told{}}
	s.log.grow("a", 5)
	for _, name := range names {
		role := newRole(t, name, s.clock.now, s.log)
		peer, err := ParsePeer("witnesses[0]", strings.ToUpper(name), "https://"+name+"/", role.Key().String(), false)
		if err != nil {
			t.Fatal(err)
		}
		s.net[name] = role.Handler()
		s.roles, s.peers = append(s.roles, role), append(s.peers, peer)
	}
	s.restart()
	return s
}

// restart is what the hub's process does when it starts.
func (s *scene) restart() {
	s.t.Helper()
	s.g = NewGatherer(s.db, s.log, func() []Peer { return s.peers }, s.told, s.net, s.clock.now, quiet)
	if err := s.g.begin(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// round visits every witness once.
func (s *scene) round() *scene {
	s.t.Helper()
	r, err := s.g.round(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, w := range s.g.watches {
		if err := s.g.visit(s.t.Context(), w, r); err != nil {
			s.t.Fatal(err)
		}
	}
	return s
}

// lasts lets what was found last until it is certain.
func (s *scene) lasts() *scene {
	s.t.Helper()
	s.clock.pass(time.Minute)
	return s.round()
}

// want compares where the first witness stands.
func (s *scene) want(state State, reason Reason) {
	s.t.Helper()
	if got := s.g.watches[0].standing; got.State != state || got.Reason != reason {
		s.t.Errorf("%s (%s), want %s (%s)", got.State, got.Reason, state, reason)
	}
}
