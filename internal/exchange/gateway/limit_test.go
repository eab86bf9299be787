package gateway

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
)

// turnstile counts who is inside.
type turnstile struct {
	refusal  error
	inside   atomic.Int64
	entered  atomic.Int64
	left     chan struct{}
	seenRate int
	seen     simpul.Exchange
}

func (s *turnstile) Admit(x *simpul.Exchange, route *simpul.Route, ratePerMin int) (Pass, error) {
	s.seenRate, s.seen = ratePerMin, *x
	if s.refusal == nil {
		s.inside.Add(1)
		s.entered.Add(1)
	}
	return s, s.refusal
}

func (s *turnstile) Announce(h http.Header) { h.Set("RateLimit", `"grant";r=1`) }

func (s *turnstile) Release() {
	s.inside.Add(-1)
	s.left <- struct{}{}
}

// limited is the hub of the test behind a turnstile.
func limited(t *testing.T, h *hub, refusal error) *turnstile {
	t.Helper()
	s := &turnstile{refusal: refusal, left: make(chan struct{}, 10)}
	g := New(h, &Pipeline{Resolver: h, Decider: h, Limiter: s, Recorder: h, Mediator: h, Caller: h, MaxBody: 1000},
		Patience{Grace: time.Minute, MinRate: 1 << 20}, slog.New(slog.DiscardHandler))
	front := httptest.NewServer(g)
	t.Cleanup(front.Close)
	h.url = front.URL
	return s
}

// However an exchange ends, it is inside once and leaves once; what is refused
// before it is counted never enters.
func TestWhoeverEntersLeaves(t *testing.T) {
	for name, c := range map[string]struct {
		provider http.HandlerFunc
		path     string
		change   func(*hub)
		entered  int64
		status   int
	}{
		"delivered":        {answer("ok"), "/master/Kota", nil, 1, 200},
		"no such LID":      {answer("ok"), "/master/Lain", nil, 0, 404},
		"no grant":         {answer("ok"), "/master/Kota", func(h *hub) { h.decide = &simpul.Error{Code: simpul.CodeDenied} }, 0, 403},
		"no such path":     {answer("ok"), "/master/Kota/a/b", nil, 0, 404},
		"not recorded":     {answer("ok"), "/master/Kota", func(h *hub) { h.openErr = &simpul.Error{Code: simpul.CodeUnavailable} }, 1, 503},
		"not sealed":       {answer("ok"), "/master/Kota", func(h *hub) { h.route.Class = simpul.Terbatas; h.sealErr = &simpul.Error{Code: simpul.CodeUnavailable} }, 1, 503},
		"provider's error": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "mati", 500) }, "/master/Kota", nil, 1, 500},
		"provider breaks":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "/master/Kota", nil, 1, 500},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, c.provider)
			h.decision.RatePerMin = 7
			if c.change != nil {
				c.change(h)
			}
			s := limited(t, h, nil)
			res, _, err := h.do(t, "GET", c.path, nil)
			if err != nil || res.StatusCode != c.status {
				t.Fatalf("%v %v", res, err)
			}
			if c.entered > 0 {
				<-s.left
			}
			if got := s.entered.Load(); got != c.entered || s.inside.Load() != 0 {
				t.Errorf("%d entered, %d are inside", got, s.inside.Load())
			}
			if told := res.Header.Get("RateLimit") != ""; told != (c.entered > 0) || c.entered > 0 && s.seenRate != 7 {
				t.Errorf("told of the limit: %v, rate %d", told, s.seenRate)
			}
		})
	}
}

// The sandbox is held to limits too, under no grant.
func TestTheSandboxEnters(t *testing.T) {
	h := newHub(t, func(http.ResponseWriter, *http.Request) { t.Error("the provider was called") })
	s := &turnstile{left: make(chan struct{}, 10)}
	g := New(h, &Pipeline{Resolver: h, Decider: h, Limiter: s, Recorder: h, Stager: staging{}, MaxBody: 1000}, Patience{Grace: time.Second}, slog.New(slog.DiscardHandler))
	front := httptest.NewServer(g)
	t.Cleanup(front.Close)
	h.url = front.URL
	res, _, err := h.do(t, "GET", "/master/Kota", nil, "Simpul-Sandbox", "true")
	if err != nil || res.StatusCode != 200 || res.Header.Get("RateLimit") == "" {
		t.Fatalf("%v %v", res, err)
	}
	<-s.left
	if s.entered.Load() != 1 || s.inside.Load() != 0 || !s.seen.Rehearsed() || s.seenRate != 0 {
		t.Errorf("entered %d, inside %d, %+v", s.entered.Load(), s.inside.Load(), s.seen)
	}
	s.refusal = &simpul.Error{Code: simpul.CodeLimited}
	if res, _, err := h.do(t, "GET", "/master/Kota", nil, "Simpul-Sandbox", "true"); err != nil || res.StatusCode != 429 {
		t.Errorf("%v %v", res, err)
	}
}

func TestARefusedCallDoesNotEnter(t *testing.T) {
	h := newHub(t, answer("ok"))
	s := limited(t, h, &simpul.Error{Code: simpul.CodeLimited, Retry: 1500 * time.Millisecond})
	res, _, err := h.do(t, "GET", "/master/Kota", nil)
	if err != nil || res.StatusCode != 429 || res.Header.Get("Retry-After") != "2" || res.Header.Get("RateLimit") == "" {
		t.Fatalf("%v %v", res, err)
	}
	if x := h.record(t); x.Outcome != simpul.CodeLimited {
		t.Errorf("recorded as %q", x.Outcome)
	}
	if len(s.left) != 0 || s.inside.Load() != 0 {
		t.Error("it left without having entered")
	}
}

func TestAConsumerThatHangsUpLeaves(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
	})
	defer close(release)
	s := limited(t, h, nil)
	ctx, hangUp := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, "GET", h.url+"/master/Kota", nil)
	r.Header.Set("X-Api-Key", "good")
	done := make(chan struct{})
	go func() {
		defer close(done)
		if res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r); err == nil {
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
	}()
	<-begun
	if n := s.inside.Load(); n != 1 {
		t.Errorf("%d are inside while the provider thinks", n)
	}
	hangUp()
	<-done
	<-s.left
	if n := s.inside.Load(); n != 0 {
		t.Errorf("%d are inside", n)
	}
}
