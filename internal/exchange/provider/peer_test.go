package provider

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
)

// peer is one origin of a test, and what it was asked.
type peer struct {
	*httptest.Server
	calls  atomic.Int64
	answer atomic.Pointer[http.HandlerFunc]
}

func newPeer(t *testing.T, answer http.HandlerFunc) *peer {
	t.Helper()
	p := &peer{}
	p.answers(answer)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.calls.Add(1)
		(*p.answer.Load())(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *peer) answers(h http.HandlerFunc) { p.answer.Store(&h) }

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, text) }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// hangsUp closes the connection before it says anything.
func hangsUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
}

// nowhere is an address at which nobody listens.
func nowhere(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// clocked returns a caller whose time stands still until the test moves it.
func clocked(t *testing.T) (*Caller, *atomic.Int64) {
	c := newCaller(t)
	var past atomic.Int64
	c.now = func() time.Time { return noon.Add(time.Duration(past.Load())) }
	return c, &past
}

// routeAcross is a route to several origins.
func routeAcross(t *testing.T, d simpul.Delivery, origins ...string) *simpul.Route {
	t.Helper()
	route := routeTo(t, origins[0])
	d.Origins = origins[1:]
	route.Delivery = &d
	return route
}

// fetch makes a call and returns what it brought.
func fetch(t *testing.T, c *Caller, route *simpul.Route, r *http.Request) (int, string, error) {
	t.Helper()
	res, err := c.Call(route, r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}
