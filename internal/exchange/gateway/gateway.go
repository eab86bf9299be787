package gateway

import (
	"log/slog"
	"net/http"
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
	draining atomic.Bool
	tunnels  tunnels
}

// New returns a gateway that carries exchanges through the pipeline.
func New(auth Authenticator, pipeline *Pipeline, patience Patience, log *slog.Logger) *Gateway {
	return &Gateway{auth: auth, pipeline: pipeline, patience: patience, log: log}
}

// Drain makes every answer from now on the last of its connection, so that a
// stop that follows finds no connection on which a request could be under way.
func (g *Gateway) Drain() { g.draining.Store(true) }

// ServeHTTP answers one call.
func (g *Gateway) ServeHTTP(writer http.ResponseWriter, r *http.Request) {
	start := time.Now()
	c := &call{start: start, multiplexed: r.ProtoMajor >= 2, exchange: simpul.Exchange{ID: simpul.NewExchangeID(start), OpenedAt: start.UTC()}}
	patience := g.patience.with(r)
	c.trace.follow(r.Header, g.pipeline.Tracer)
	c.writer = answerWriter{ResponseWriter: writer, pace: newPace(writer, patience), call: c, draining: &g.draining}
	if c.body = newRequestBody(writer, r, patience); c.body != nil {
		r.Body = c.body
	}
	g.serve(c, r)
}

// serve answers the call, and ends what it holds.
func (g *Gateway) serve(c *call, r *http.Request) {
	defer c.leave()
	if c.body != nil {
		defer c.body.leave()
	}
	w := &c.writer
	if err := g.admit(r, c); err != nil {
		g.refuse(w, r, c, err)
		return
	}
	res, err := g.pipeline.Carry(c, r)
	if err != nil {
		g.refuse(w, r, c, err)
		return
	}
	if c.socket != nil && c.socket.provider != nil {
		g.tunnel(w, r, c, res)
		return
	}
	deliver(w, res)
}

// admit finds out who calls what.
func (g *Gateway) admit(r *http.Request, c *call) error {
	credential, err := credentialOf(r.Header, g.legacyKeys(r))
	if err != nil {
		return err
	}
	if c.exchange.Consumer, err = g.auth.Authenticate(r, credential); err != nil {
		return err
	}
	if c.target, err = parseTarget(r); err != nil {
		return err
	}
	if c.multiplexed && !bordered(r) {
		return unbordered()
	}
	if asksSwitch(r) {
		return g.askSwitch(r, c, credential)
	}
	return nil
}

func noUpgrade() error {
	return simpul.Invalid("header.Upgrade",
		simpul.Text{ID: "Gerbang ini tidak beralih ke protokol lain.", EN: "This gateway does not switch to another protocol."},
		simpul.Text{ID: "Panggil dengan HTTP biasa, tanpa kepala Upgrade.", EN: "Call with plain HTTP, without the Upgrade header."})
}
