package provider

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
)

func TestWhatIsRepeated(t *testing.T) {
	for _, c := range []struct {
		name   string
		method string
		body   io.Reader
		first  http.HandlerFunc
		want   int
		calls  int64 // that the bad origin and the good one got together
	}{
		{"a reset", http.MethodGet, nil, hangsUp, 200, 2},
		{"503", http.MethodGet, nil, status(503), 200, 2},
		{"502", http.MethodHead, nil, status(502), 200, 2},
		{"a small body", http.MethodPut, strings.NewReader("isi"), status(503), 200, 2},
		{"500", http.MethodGet, nil, status(500), 500, 1},
		{"404", http.MethodGet, nil, status(404), 404, 1},
		{"what is not idempotent", http.MethodPost, strings.NewReader("isi"), status(503), 503, 1},
		{"a large body", http.MethodPut, strings.NewReader(strings.Repeat("x", replayBytes+1)), status(503), 503, 1},
		{"a body of unknown length", http.MethodPut, io.MultiReader(strings.NewReader("isi")), status(503), 503, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var bodies sync.Map
			keep := func(next http.HandlerFunc) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					b, _ := io.ReadAll(r.Body)
					bodies.Store(r.Host, string(b))
					next(w, r)
				}
			}
			first, second := newPeer(t, keep(c.first)), newPeer(t, keep(status(200)))
			caller, _ := clocked(t)
			route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 1}}, first.URL, second.URL)
			tilt(caller, route, second.URL)
			code, _, err := fetch(t, caller, route, request(t, c.method, "/", c.body))
			if err != nil || code != c.want {
				t.Fatalf("got %d, %v; want %d", code, err, c.want)
			}
			if got := first.calls.Load() + second.calls.Load(); got != c.calls {
				t.Errorf("%d attempts, want %d", got, c.calls)
			}
			if a, ok := bodies.Load(second.Listener.Addr().String()); ok {
				if b, _ := bodies.Load(first.Listener.Addr().String()); a != b {
					t.Errorf("the second origin got the body %q, the first %q", a, b)
				}
			}
		})
	}
}

// tilt makes an origin look slow, so that the first attempt goes elsewhere.
func tilt(c *Caller, route *simpul.Route, away string) {
	for _, o := range c.groupOf(route).stable {
		took := time.Millisecond
		if strings.HasPrefix(o.key.url, away) {
			took = time.Second
		}
		o.latency.observe(took, c.now())
	}
}

func TestAnOriginThatWantsToBeLeftAloneIs(t *testing.T) {
	p := newPeer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	c, _ := clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 3}}, p.URL)
	if code, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); err != nil || code != 503 || p.calls.Load() != 1 {
		t.Errorf("got %d, %v after %d calls", code, err, p.calls.Load())
	}
}

// While everything fails, what the hub adds to the calls stays within the budget.
func TestAnOutageIsNotMultiplied(t *testing.T) {
	one, two := newPeer(t, status(503)), newPeer(t, status(503))
	c, past := clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 3}}, one.URL, two.URL)
	const calls = 2_000
	passed := 0
	for i := range calls {
		past.Store(int64(time.Duration(i) * time.Millisecond))
		if _, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil)); !errors.Is(err, errResting) {
			passed++
		}
	}
	attempts := int(one.calls.Load() + two.calls.Load())
	most := passed + calls/10 + int((calls * time.Millisecond).Seconds()) + budgetMost/1_000
	if attempts > most || attempts == 0 {
		t.Errorf("%d attempts for %d calls that passed, want at most %d", attempts, passed, most)
	}
	t.Logf("%d calls, %d passed the breakers, %d attempts", calls, passed, attempts)
}

// The same without breakers in the way: a fifth of the answers is 503, so neither
// opens, and more calls would like to be repeated than the budget allows.
func TestRepeatingStaysWithinATenth(t *testing.T) {
	var n atomic.Int64
	flaps := func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%5 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
	one, two := newPeer(t, flaps), newPeer(t, flaps)
	c, _ := clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 3}}, one.URL, two.URL)
	const calls = 2_000
	for range calls {
		fetch(t, c, route, request(t, http.MethodGet, "/", nil))
	}
	attempts := int(one.calls.Load() + two.calls.Load())
	if most := calls + calls/10 + budgetMost/1_000; attempts > most || attempts < calls {
		t.Errorf("%d attempts for %d calls, want at most %d", attempts, calls, most)
	}
}

func TestRepeatingEndsWithTheDeadline(t *testing.T) {
	var c *Caller
	var past *atomic.Int64
	p := newPeer(t, func(w http.ResponseWriter, r *http.Request) {
		past.Add(int64(20 * time.Second)) // each attempt takes so long
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	var told []string
	p.answers(func(w http.ResponseWriter, r *http.Request) {
		told = append(told, r.Header.Get(deadlineField))
		past.Add(int64(20 * time.Second))
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	c, past = clocked(t)
	route := routeAcross(t, simpul.Delivery{Retry: &simpul.Retry{Attempts: 3}}, p.URL)
	route.Timeout = 50 * time.Second
	code, _, err := fetch(t, c, route, request(t, http.MethodGet, "/", nil))
	if err != nil || code != 503 {
		t.Fatalf("got %d, %v", code, err)
	}
	if got := fmt.Sprint(told); got != "[50 30 10]" {
		t.Errorf("the origin was told %s", got)
	}
}
