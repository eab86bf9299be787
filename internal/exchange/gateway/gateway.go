package gateway

import (
	"log/slog"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
)

// Gateway serves applications.
type Gateway struct {
	auth     Authenticator
	pipeline *Pipeline
	patience Patience
	log      *slog.Logger
	proxy    *httputil.ReverseProxy
	draining atomic.Bool
}

// New returns a gateway that carries exchanges through the pipeline.
func New(auth Authenticator, pipeline *Pipeline, patience Patience, log *slog.Logger) *Gateway {
	g := &Gateway{auth: auth, pipeline: pipeline, patience: patience, log: log}
	g.proxy = &httputil.ReverseProxy{
		Rewrite:       func(*httputil.ProxyRequest) {}, // the pipeline writes the request
		Transport:     carrier{pipeline},
		ErrorHandler:  func(w http.ResponseWriter, r *http.Request, err error) { g.refuse(w, r, callOf(r), err) },
		BufferPool:    &copyBuffers{},
		FlushInterval: 100 * time.Millisecond,
		ErrorLog:      slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return g
}

// carrier makes the pipeline the reverse proxy's transport: what the proxy
// knows of hop-by-hop headers, trailers, interim answers and streaming stands
// around it.
type carrier struct{ pipeline *Pipeline }

func (t carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	return t.pipeline.Carry(callOf(r), r)
}

// Drain makes every answer from now on the last of its connection, so that a
// stop that follows finds no connection on which a request could be under way.
func (g *Gateway) Drain() { g.draining.Store(true) }

// ServeHTTP answers one call.
func (g *Gateway) ServeHTTP(writer http.ResponseWriter, r *http.Request) {
	start := time.Now()
	c := &call{start: start, exchange: simpul.Exchange{ID: simpul.NewExchangeID(start), OpenedAt: start.UTC()}}
	defer c.leave()
	w := &answerWriter{ResponseWriter: writer, pace: newPace(writer, g.patience), call: c, draining: &g.draining}
	if c.body = newRequestBody(writer, r, g.patience); c.body != nil {
		r.Body = c.body
	}
	if err := g.admit(r, c); err != nil {
		g.refuse(w, r, c, err)
		return
	}
	g.proxy.ServeHTTP(w, c.attach(r))
}

// admit finds out who calls what.
func (g *Gateway) admit(r *http.Request, c *call) error {
	credential, err := credentialOf(r.Header)
	if err != nil {
		return err
	}
	if c.exchange.Consumer, err = g.auth.Authenticate(r, credential); err != nil {
		return err
	}
	if c.target, err = parseTarget(r); err != nil {
		return err
	}
	if r.Header.Get("Upgrade") != "" || r.Method == http.MethodConnect {
		return noUpgrade()
	}
	return nil
}

func noUpgrade() error {
	return simpul.Invalid("header.Upgrade",
		simpul.Text{ID: "Gerbang ini tidak beralih ke protokol lain.", EN: "This gateway does not switch to another protocol."},
		simpul.Text{ID: "Panggil dengan HTTP biasa, tanpa kepala Upgrade.", EN: "Call with plain HTTP, without the Upgrade header."})
}

// copyBuffers lends the buffers through which answers are copied.
type copyBuffers struct{ pool sync.Pool }

func (p *copyBuffers) Get() []byte {
	if b, ok := p.pool.Get().(*[]byte); ok {
		return *b
	}
	return make([]byte, 32<<10)
}

func (p *copyBuffers) Put(b []byte) { p.pool.Put(&b) }
