package gateway

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"simpul"
)

// readClose reads up to the end and returns the code of the close frame.
func readClose(t *testing.T, c *websocket.Conn) websocket.StatusCode {
	t.Helper()
	for {
		if _, _, err := c.Read(t.Context()); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

func TestATunnelEndsWithItsGrant(t *testing.T) {
	for name, revoke := range map[string]func(*standings){
		"grant":      func(s *standings) { s.grant.Store(true) },
		"credential": func(s *standings) { s.credential.Store(true) },
		"LID":        func(s *standings) { s.route.Store(true) },
		"permission": func(s *standings) { s.upgrade.Store(true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHub(t, echoing(t)).switching()
			s := &standings{hub: h}
			h.gateway.auth, h.gateway.pipeline.Resolver, h.gateway.pipeline.Foreseer = s, s, s
			s.limited.Store(true) // which ends nothing
			c, _ := h.mustDial(t)
			mustEcho(t, c, "halo")
			revoke(s)
			if code := readClose(t, c); code != websocket.StatusPolicyViolation {
				t.Errorf("closed with %v", code)
			}
			<-h.recorded
			if x := h.record(t); x.Outcome == "" || x.Outcome == simpul.CodeAborted || x.ResponseBytes == 0 {
				t.Errorf("record %+v", x)
			}
		})
	}
}

// standings are a hub whose word may change.
type standings struct {
	*hub
	grant, credential, route, upgrade, limited atomic.Bool
}

func (s *standings) Authenticate(r *http.Request, key simpul.Secret) (simpul.Consumer, error) {
	if s.credential.Load() {
		return simpul.Consumer{}, &simpul.Error{Code: simpul.CodeUnauthenticated}
	}
	return s.hub.Authenticate(r, key)
}

func (s *standings) Resolve(key string) (*simpul.Route, error) {
	if s.route.Load() {
		return nil, &simpul.Error{Code: simpul.CodeNotFound}
	}
	if s.upgrade.Load() {
		without := *s.hub.route
		without.Delivery = nil
		return &without, nil
	}
	return s.hub.Resolve(key)
}

func (s *standings) Foresee(simpul.Consumer, *simpul.Route, time.Time) (simpul.Decision, error) {
	switch {
	case s.grant.Load():
		return simpul.Decision{}, &simpul.Error{Code: simpul.CodeDenied}
	case s.limited.Load():
		return s.decision, &simpul.Error{Code: simpul.CodeLimited}
	}
	return s.decision, nil
}

func TestAStopEndsTunnels(t *testing.T) {
	h := newHub(t, echoing(t)).switching()
	c, _ := h.mustDial(t)
	mustEcho(t, c, "halo")
	h.gateway.Drain()
	mustEcho(t, c, "masih") // until the time is over
	over, cancel := context.WithCancel(t.Context())
	cancel()
	closed := make(chan websocket.StatusCode, 1)
	go func() { closed <- readClose(t, c) }()
	h.gateway.EndTunnels(over)
	if x := h.record(t); x.Outcome != simpul.CodeUnavailable || x.ResponseBytes == 0 {
		t.Errorf("record %+v", x)
	}
	if code := <-closed; code != websocket.StatusGoingAway {
		t.Errorf("closed with %v", code)
	}
	h.gateway.EndTunnels(over) // there is none any more
}

func TestAStopWaitsForTunnelsThatEnd(t *testing.T) {
	h := newHub(t, echoing(t)).switching()
	c, _ := h.mustDial(t)
	stopped := make(chan struct{})
	go func() {
		h.gateway.EndTunnels(t.Context())
		close(stopped)
	}()
	mustEcho(t, c, "halo")
	c.Close(websocket.StatusNormalClosure, "")
	<-stopped
	if x := h.record(t); x.Outcome != "" {
		t.Errorf("record %+v", x)
	}
}

func TestASilentTunnelEnds(t *testing.T) {
	h := newHub(t, echoing(t)).switching()
	h.gateway.patience.Idle = time.Second
	c, _ := h.mustDial(t)
	if code := readClose(t, c); code != websocket.StatusGoingAway {
		t.Errorf("closed with %v", code)
	}
	<-h.recorded
	if x := h.record(t); x.Outcome != simpul.CodeTimeout {
		t.Errorf("record %+v", x)
	}
}

func TestWhoseDoingTheEndWas(t *testing.T) {
	h := newHub(t, echoing(t)).switching()
	c, _ := h.mustDial(t)
	mustEcho(t, c, "halo")
	c.CloseNow() // the consumer is gone without a word
	<-h.recorded
	if x := h.record(t); x.Outcome != simpul.CodeAborted {
		t.Errorf("consumer gone: %+v", x)
	}
	h = newHub(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err == nil {
			c.CloseNow()
		}
	}).switching()
	c, _ = h.mustDial(t)
	if code := readClose(t, c); code != websocket.StatusGoingAway {
		t.Errorf("provider gone: closed with %v", code)
	}
	<-h.recorded
	if x := h.record(t); x.Outcome != simpul.CodeUpstream {
		t.Errorf("provider gone: %+v", x)
	}
}
