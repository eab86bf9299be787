package gateway

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"simpul"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hub is a gateway whose rooms are stood in for by the test.
type hub struct {
	url      string
	gateway  *Gateway
	route    *simpul.Route
	pipeline *Pipeline
	decision simpul.Decision
	decide   error
	gone     error // beside the route

	mu       sync.Mutex
	openErr  error
	sealErr  error
	recorded chan struct{} // gets one value for each sealed record
	opened   []simpul.Exchange
	sealed   []simpul.Exchange
	received *http.Request // by the provider
}

func (h *hub) Authenticate(_ *http.Request, key simpul.Secret) (simpul.Consumer, error) {
	if key != "good" {
		return simpul.Consumer{}, &simpul.Error{Code: simpul.CodeUnauthenticated}
	}
	return simpul.Consumer{Application: "layanan@bandungkota.go.id", Credential: "k-1"}, nil
}

func (h *hub) Resolve(key string) (*simpul.Route, error) {
	if key != string(h.route.Address) {
		return nil, &simpul.Error{Code: simpul.CodeNotFound}
	}
	return h.route, h.gone
}

func (h *hub) Decide(simpul.Consumer, *simpul.Route, time.Time) (simpul.Decision, error) {
	return h.decision, h.decide
}

func (h *hub) Open(_ context.Context, x *simpul.Exchange) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.opened = append(h.opened, *x)
	return h.openErr
}

func (h *hub) Seal(_ context.Context, x *simpul.Exchange) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sealed = append(h.sealed, *x)
	h.recorded <- struct{}{}
	return h.sealErr
}

func (h *hub) Request(*simpul.Exchange, *simpul.Route, simpul.Obligations, *http.Request) error {
	return nil
}

func (h *hub) Response(*simpul.Exchange, *simpul.Route, simpul.Obligations, *http.Response) error {
	return nil
}

// Call goes to the test's provider without the guarantees of the provider room.
func (h *hub) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	u := *route.Upstream
	u.Path, u.RawQuery = u.Path+r.URL.Path, r.URL.RawQuery
	r.URL = &u
	return http.DefaultTransport.RoundTrip(r)
}

// record returns the one record that the exchange must have left.
func (h *hub) record(t *testing.T) simpul.Exchange {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.sealed) != 1 {
		t.Fatalf("%d sealed records, want 1: %+v", len(h.sealed), h.sealed)
	}
	return h.sealed[0]
}

func newHub(t *testing.T, provider http.HandlerFunc) *hub {
	t.Helper()
	h := &hub{recorded: make(chan struct{}, 100)}
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.received = r.Clone(context.Background())
		h.mu.Unlock()
		provider(w, r)
	}))
	t.Cleanup(func() { origin.Close(); http.DefaultTransport.(*http.Transport).CloseIdleConnections() })
	upstream, _ := url.Parse(origin.URL)
	h.route = &simpul.Route{
		Address: "master/Kota", Version: "1.0", Class: simpul.Terbuka, Owner: "kemendagri.go.id", Upstream: upstream,
		Operations: simpul.NewOperations([]simpul.Operation{{Method: "GET", Path: "/"}, {Method: "GET", Path: "/{kode}"}, {Method: "POST", Path: "/"}}),
		Timeout:    time.Minute,
	}
	h.decision = simpul.Decision{Grant: "bandung-kota", Purpose: "Layanan warga"}
	h.pipeline = &Pipeline{Resolver: h, Decider: h, Recorder: h, Mediator: h, Caller: h, MaxBody: 1000}
	g := New(h, h.pipeline,
		Patience{Grace: time.Minute, MinRate: 1 << 20}, slog.New(slog.DiscardHandler))
	h.gateway = g
	front := httptest.NewServer(g)
	t.Cleanup(front.Close)
	h.url = front.URL
	return h
}

func (h *hub) do(t *testing.T, method, path string, body io.Reader, header ...string) (*http.Response, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Api-Key", "good")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res, string(text), err
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
}

// problem decodes a problem document and checks what every one must have.
func problem(t *testing.T, res *http.Response, body string) (p struct {
	Code, Remedy, Detail, Owner string
	ExchangeID                  string `json:"exchange_id"`
}) {
	t.Helper()
	if ct := res.Header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	if p.ExchangeID != res.Header.Get("Exchange-Id") || p.ExchangeID == "" {
		t.Errorf("exchange %q in the body, %q in the header", p.ExchangeID, res.Header.Get("Exchange-Id"))
	}
	return p
}
