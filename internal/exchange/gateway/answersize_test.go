package gateway

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul"
)

func TestAnswersAreHeldToTheirSize(t *testing.T) {
	const most = 100_000
	streamed := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			for rest := n; rest > 0; rest -= 1000 {
				w.Write(make([]byte, min(rest, 1000)))
				http.NewResponseController(w).Flush()
			}
		}
	}
	declared := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(n))
			w.Write(make([]byte, n))
		}
	}
	for name, c := range map[string]struct {
		provider http.HandlerFunc
		method   string
		status   int
		breaks   bool
		outcome  simpul.Code
	}{
		"just":           {declared(most), "GET", 200, false, ""},
		"just, streamed": {streamed(most), "GET", 200, false, ""},
		"too long":       {declared(most + 1), "GET", 502, false, simpul.CodeUpstream},
		"streamed":       {streamed(most + 1), "GET", 200, true, simpul.CodeUpstream},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t, c.provider)
			h.route.Delivery = &simpul.Delivery{MaxAnswerBytes: most}
			res, body, err := h.do(t, c.method, "/master/Kota", nil)
			if res == nil && !c.breaks || res != nil && res.StatusCode != c.status || (err != nil) != c.breaks {
				t.Errorf("%v: %v, %d bytes", err, res, len(body))
			}
			<-h.recorded
			if x := h.record(t); x.Outcome != c.outcome || x.ResponseBytes > most {
				t.Errorf("record %+v", x)
			}
			if len(body) > most {
				t.Errorf("%d bytes came through", len(body))
			}
		})
	}
}

// A short answer over its limit is told, whether it says its length or not, where
// the whole of it waits for its record.
func TestAHeldAnswerOverItsSizeIsRefused(t *testing.T) {
	h := newHub(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("x", 500))
		http.NewResponseController(w).Flush()
	})
	h.route.Class, h.route.Delivery = simpul.Terbatas, &simpul.Delivery{MaxAnswerBytes: 100}
	res, body, err := h.do(t, "GET", "/master/Kota", nil)
	if err != nil || res.StatusCode != 502 {
		t.Fatalf("%v %v", err, res)
	}
	if p := problem(t, res, body); p.Owner != "kemendagri.go.id" || !strings.Contains(p.Detail, "100") {
		t.Errorf("got %+v", p)
	}
}

// endless is a body that never ends, of which it is counted what was taken.
type endless struct{ taken atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.taken.Add(int64(len(p)))
	return len(p), nil
}

func (e *endless) Close() error { return nil }

// slowConsumer takes one write at a time, when it is let.
type slowConsumer struct {
	httptest.ResponseRecorder
	head    http.Header
	written atomic.Int64
	step    chan struct{}
}

func (c *slowConsumer) Header() http.Header              { return c.head }
func (c *slowConsumer) WriteHeader(int)                  {}
func (c *slowConsumer) Flush()                           {}
func (c *slowConsumer) SetWriteDeadline(time.Time) error { return nil }
func (c *slowConsumer) SetReadDeadline(time.Time) error  { return nil }
func (c *slowConsumer) EnableFullDuplex() error          { return nil }
func (c *slowConsumer) Write(p []byte) (int, error) {
	if _, ok := <-c.step; !ok {
		return 0, io.ErrClosedPipe
	}
	c.written.Add(int64(len(p)))
	return len(p), nil
}

// Whatever the size of an answer or a body, the hub has no more of it at one time
// than its buffers: it takes from one side what it has given to the other.
func TestBodiesOfAnySizeAreNeverHeld(t *testing.T) {
	for _, class := range []simpul.LIDClass{simpul.Terbuka, simpul.Terbatas} {
		h := newHub(t, nil)
		h.route.Class = class
		down := &endless{}
		w := &slowConsumer{head: http.Header{}, step: make(chan struct{})}
		g := New(h, &Pipeline{Resolver: h, Decider: h, Recorder: h, Mediator: h, MaxBody: 1 << 40, Caller: calling(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: down, ContentLength: -1, Request: r}, nil
		})}, Patience{Grace: time.Minute, MinRate: 1}, slog.New(slog.DiscardHandler))
		done := make(chan any)
		go func() {
			defer func() { done <- recover() }()
			g.ServeHTTP(w, asking("GET", nil))
		}()
		for range 1000 {
			w.step <- struct{}{}
			if ahead := down.taken.Load() - w.written.Load(); ahead > heldBytes+3*copySize {
				t.Fatalf("%s: %d bytes are in the hub's hands", class, ahead)
			}
		}
		close(w.step)
		if <-done != http.ErrAbortHandler {
			t.Error("an answer that broke off does not end the connection")
		}
	}
}

func TestBodiesOfCallsAreNeverHeld(t *testing.T) {
	h := newHub(t, nil)
	up := &endless{}
	g := New(h, &Pipeline{Resolver: h, Decider: h, Recorder: h, Mediator: h, MaxBody: 1 << 40, Caller: calling(func(r *http.Request) (*http.Response, error) {
		part := make([]byte, 4<<10)
		for sent := int64(0); sent < 64<<20; sent += int64(len(part)) {
			if _, err := io.ReadFull(r.Body, part); err != nil {
				return nil, err
			}
			if ahead := up.taken.Load() - sent; ahead > copySize {
				t.Fatalf("%d bytes are in the hub's hands", ahead)
			}
		}
		return &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	})}, Patience{Grace: time.Minute, MinRate: 1}, slog.New(slog.DiscardHandler))
	g.ServeHTTP(&slowConsumer{head: http.Header{}}, asking("POST", up))
	if x := h.record(t); x.RequestBytes != 64<<20 || x.Status != 204 {
		t.Errorf("record %+v", x)
	}
}

type calling func(*http.Request) (*http.Response, error)

func (c calling) Call(_ *simpul.Route, r *http.Request) (*http.Response, error) { return c(r) }

func asking(method string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, "/master/Kota", body)
	r.Header.Set("X-Api-Key", "good")
	return r
}
