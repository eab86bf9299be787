package gateway

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
)

// Foreseer tells what a call would be decided now, and uses nothing up. It reads
// memory only.
type Foreseer interface {
	Foresee(c simpul.Consumer, route *simpul.Route, now time.Time) (simpul.Decision, error)
}

const (
	tunnelBuffer   = 4 << 10     // of each direction, bytes
	tunnelCheck    = time.Second // how often a tunnel is asked whether it may go on
	tunnelFarewell = time.Second // for a close frame to be answered
)

// socket is a call that asked to switch to WebSocket.
type socket struct {
	credential simpul.Secret      // which must go on to count
	asked      *http.Request      // as it came, with what proxies say of the client
	key        string             // Sec-WebSocket-Key
	provider   io.ReadWriteCloser // once the provider has switched
}

// askSwitch looks at a request that would leave HTTP.
func (g *Gateway) askSwitch(r *http.Request, c *call, credential simpul.Secret) error {
	switch {
	case !asksWebSocket(r):
		return noUpgrade()
	case g.draining.Load():
		return closing()
	}
	c.socket = &socket{credential: credential, asked: r.Clone(r.Context()), key: r.Header.Get("Sec-Websocket-Key")}
	return nil
}

func closing() error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Retry: time.Second,
		Message: simpul.Text{ID: "Hub ini sedang berhenti dan tidak membuka WebSocket baru.", EN: "This hub is stopping and opens no new WebSocket."},
		Remedy:  simpul.Text{ID: "Sambungkan lagi sebentar lagi.", EN: "Connect again shortly."},
	}
}

// introduce asks the provider for the switch. Upgrade belongs to one connection and
// was taken off with what does.
func (s *socket) introduce(h http.Header) {
	if s != nil {
		h.Set("Upgrade", "websocket")
		h.Set("Connection", "Upgrade")
	}
}

// switched takes over where the provider has switched, and reports whether it has.
func (c *call) switched(res *http.Response) (bool, error) {
	if c.socket == nil || res.StatusCode != http.StatusSwitchingProtocols {
		return false, nil
	}
	stream, ok := res.Body.(io.ReadWriteCloser)
	if !ok || !acceptsWebSocket(res.Header, c.socket.key) {
		res.Body.Close()
		return true, &simpul.Error{
			Code: simpul.CodeUpstream, Owner: c.exchange.Provider, Err: errors.New("its switch to WebSocket is not that of RFC 6455"),
			Message: simpul.Text{ID: "Penyedia beralih ke WebSocket dengan cara yang tidak sah.", EN: "The provider switched to WebSocket in a way that is not valid."},
			Remedy:  simpul.Text{ID: "Kabari penyedia dengan menyebut nomor pertukaran.", EN: "Tell the provider and quote the exchange number."},
		}
	}
	c.socket.provider = stream
	c.announce(res.Header)
	return true, nil
}

// tunnel is a WebSocket under way: the bytes of a call that has left HTTP.
type tunnel struct {
	gateway  *Gateway
	call     *call
	consumer net.Conn
	up, down direction       // to the provider, and to the consumer
	heard    atomic.Int64    // when a byte came last from either side, monotonic since the start
	open     int             // directions that have not ended, as watch knows
	over     atomic.Bool     // the hub ends it: what still comes is not passed on
	ended    chan *direction // gets each direction when it has ended
}

// direction is one way of a tunnel.
type direction struct {
	from io.Reader
	to   io.Writer

	mu     sync.Mutex // of what is written
	frames frames
	n      int64
	err    error
	stuck  bool // the error is of whoever should have taken what came
}

// tunnel joins the consumer's connection with the provider's, until either of them
// ends it, or the hub must. Its record is complete before the consumer's
// connection ends.
func (g *Gateway) tunnel(w http.ResponseWriter, r *http.Request, c *call, res *http.Response) {
	provider := c.socket.provider
	hangUp := sync.OnceFunc(func() { provider.Close() })
	defer hangUp()
	c.sealed = true
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		g.sealTunnel(r, c, simpul.CodeAborted)
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Time{})
	t := &tunnel{gateway: g, call: c, consumer: conn, open: 2, ended: make(chan *direction, 2)}
	t.up = direction{from: buffered.Reader, to: provider, frames: frames{masked: true}}
	t.down = direction{from: provider, to: patientWriter{conn, g.patience.Grace}}

	leave := g.tunnels.enter()
	defer leave()
	outcome := simpul.CodeAborted
	if t.greet(res) == nil {
		go t.pass(&t.up)
		go t.pass(&t.down)
		outcome = t.watch()
		// Neither side is read any more, so both goroutines end.
		hangUp()
		conn.SetReadDeadline(time.Now())
	}
	c.exchange.RequestBytes, c.exchange.ResponseBytes = t.up.count(), t.down.count()
	g.sealTunnel(r, c, outcome)
}

// sealTunnel writes the record. There are no digests: the bytes are masked by
// numbers that neither side keeps, so none could be compared with anything.
func (g *Gateway) sealTunnel(r *http.Request, c *call, outcome simpul.Code) {
	c.exchange.Outcome = outcome
	if err := c.seal(context.WithoutCancel(r.Context()), g.pipeline.Recorder); err != nil {
		g.log.ErrorContext(r.Context(), "the end of a tunnel is not recorded", "exchange", c.exchange.ID, "error", err)
	}
}

// greet tells the consumer that the provider has switched.
func (t *tunnel) greet(res *http.Response) error {
	h := res.Header
	dropConnectionHeaders(h)
	delete(h, "Content-Length")
	h.Set("Upgrade", "websocket")
	h.Set("Connection", "Upgrade")
	t.call.set(h, "Exchange-Id", string(t.call.exchange.ID))
	t.call.trace.announce(h)
	head := http.Response{StatusCode: http.StatusSwitchingProtocols, ProtoMajor: 1, ProtoMinor: 1, Header: h}
	return head.Write(t.down.to)
}

// pass copies one direction until it ends.
func (t *tunnel) pass(d *direction) {
	buffer := make([]byte, tunnelBuffer)
	for d.err == nil {
		n, err := d.from.Read(buffer)
		if n > 0 {
			t.heard.Store(int64(time.Since(t.call.start)))
			if werr := t.forward(d, buffer[:n]); err == nil {
				err = werr
			}
		}
		d.err = err
	}
	t.ended <- d
}

func (t *tunnel) forward(d *direction, b []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.over.Load() {
		return nil
	}
	if err := d.frames.feed(b); err != nil {
		return err
	}
	n, err := d.to.Write(b)
	d.n, d.stuck = d.n+int64(n), err != nil
	return err
}

func (d *direction) count() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

// closed reports whether one side has said that it closes.
func (d *direction) closed() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.frames.closed
}

// watch waits for the end, and tells how it came.
func (t *tunnel) watch() simpul.Code {
	check := time.NewTicker(tunnelCheck)
	defer check.Stop()
	for {
		select {
		case d := <-t.ended:
			t.open--
			return t.fell(d)
		case <-t.gateway.tunnels.closing():
			return t.end(closeGoingAway, simpul.CodeUnavailable)
		case now := <-check.C:
			if t.silent() {
				return t.end(closeGoingAway, simpul.CodeTimeout)
			}
			if err := t.gateway.stands(t.call, now); err != nil {
				return t.end(closePolicy, simpul.CodeOf(err))
			}
		}
	}
}

// silent reports whether neither side has said anything for as long as a
// conversation may be silent.
func (t *tunnel) silent() bool {
	idle := t.gateway.patience.Idle
	return idle > 0 && time.Since(t.call.start)-time.Duration(t.heard.Load()) > idle
}

// fell tells whose doing it was that a direction ended: nobody's where a side had
// said that it closes.
func (t *tunnel) fell(d *direction) simpul.Code {
	code := simpul.CodeAborted
	if (d == &t.down) != d.stuck {
		code = simpul.CodeUpstream
	}
	switch {
	case errors.Is(d.err, errNotWebSocket) && d == &t.up:
		return t.end(closeProtocol, simpul.CodeInvalid)
	case errors.Is(d.err, errNotWebSocket):
		return t.end(closeProtocol, simpul.CodeUpstream)
	case t.up.closed() || t.down.closed():
		return ""
	}
	return t.end(closeGoingAway, code)
}

// end says goodbye to both sides, as far as a frame that is under way lets it, and
// waits a moment for their answer. A connection that ended before it was read out
// could take the goodbye with it.
func (t *tunnel) end(code uint16, outcome simpul.Code) simpul.Code {
	t.over.Store(true)
	soon := time.Now().Add(tunnelFarewell)
	t.consumer.SetWriteDeadline(soon)
	if provider, ok := t.call.socket.provider.(interface{ SetWriteDeadline(time.Time) error }); ok {
		provider.SetWriteDeadline(soon)
	}
	for _, d := range []*direction{&t.down, &t.up} {
		d.mu.Lock()
		if d.frames.between() {
			d.to.Write(d.frames.closeFrame(code))
			d.frames.closed = true
		}
		d.mu.Unlock()
	}
	farewell := time.NewTimer(tunnelFarewell)
	defer farewell.Stop()
	for ; t.open > 0; t.open-- {
		select {
		case <-t.ended:
		case <-farewell.C:
			return outcome
		}
	}
	return outcome
}

// patientWriter gives the consumer its time for each part.
type patientWriter struct {
	net.Conn
	grace time.Duration
}

func (w patientWriter) Write(b []byte) (int, error) {
	w.SetWriteDeadline(time.Now().Add(w.grace))
	return w.Conn.Write(b)
}

// stands reports whether a call would still be let through: its credential counts,
// its route is there and switches, and its grant holds. A rate that is used up
// ends nothing.
func (g *Gateway) stands(c *call, now time.Time) error {
	consumer, err := g.auth.Authenticate(c.socket.asked, c.socket.credential)
	if err != nil {
		return err
	}
	route, err := g.pipeline.Resolver.Resolve(c.target.key)
	if err != nil {
		return err
	}
	var decision simpul.Decision
	if g.pipeline.Foreseer != nil {
		decision, err = g.pipeline.Foreseer.Foresee(consumer, route, now)
		if err != nil && simpul.CodeOf(err) != simpul.CodeLimited {
			return err
		}
	}
	if route, err = VersionOf(route, decision.Version, now); err != nil {
		return err
	}
	if !upgrades(route) || decision.Obligations.Fields != nil {
		return noUpgrade()
	}
	return nil
}
