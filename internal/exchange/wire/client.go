package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	dialTime = 5 * time.Second // to connect, and again for the TLS handshake
	interims = 10              // most interim answers before the final one
	attempts = 3               // most connections that one call tries
)

var noDeadline time.Time

// ErrHTTP2 says that the origin chose HTTP/2, which this package does not speak.
var ErrHTTP2 = errors.New("the origin speaks HTTP/2")

// Client calls origins. Its connections are kept for each origin.
type Client struct {
	// Dial connects to an address. It may be set before the first call.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Party tells on whose behalf a request is made; one party has at most three
	// quarters of the connections to an origin. Nil, and "", are nobody in particular.
	// It may be set before the first call.
	Party func(*http.Request) string

	connections int
	tls         *tls.Config
	pools       sync.Map // of *pool, by originKey
}

// New returns a client with at most so many connections to one origin. A TLS
// configuration is not changed; nil is the standard one.
func New(connections int, secured *tls.Config) *Client {
	if secured == nil {
		secured = &tls.Config{}
	}
	secured = secured.Clone()
	if secured.NextProtos == nil {
		secured.NextProtos = []string{"h2", "http/1.1"}
	}
	dialer := &net.Dialer{Timeout: dialTime, KeepAlive: 30 * time.Second}
	return &Client{Dial: dialer.DialContext, connections: connections, tls: secured}
}

// Close closes idle connections.
func (c *Client) Close() {
	c.pools.Range(func(_, p any) bool {
		p.(*pool).close()
		return true
	})
}

// Do sends the request to the address and returns the answer when its head has
// come. Method, header, body and its length are taken from the request, and
// nothing else. The body is closed in any case but [ErrHTTP2], after which it can
// still be sent by other means. silence is the longest that the origin may keep
// anybody waiting.
func (c *Client) Do(r *http.Request, to *url.URL, silence time.Duration) (*http.Response, error) {
	x := &exchange{client: c, request: r, to: to, silence: silence, length: bodyLength(r)}
	res, err := x.carry()
	if errors.Is(err, ErrHTTP2) && !x.handed {
		x.restoreBody()
		return nil, err
	}
	x.closeBody()
	return res, err
}

// carry tries connections until one has carried the exchange.
func (x *exchange) carry() (*http.Response, error) {
	if err := x.gather(); err != nil {
		return nil, err
	}
	for attempt := 1; ; attempt++ {
		res, err := x.try()
		if err == nil || attempt == attempts || !x.repeatable(err) {
			return res, err
		}
	}
}

// exchange is one call and its answer.
type exchange struct {
	client  *Client
	request *http.Request
	to      *url.URL
	silence time.Duration
	length  int64  // of the request's body
	small   []byte // the whole body, where it is small
	handed  bool   // the body is with its sender, who closes it
	reused  bool   // the last try went over a connection that had been idle
}

// gather reads a small body, so that it can go out with its head.
func (x *exchange) gather() error {
	if x.length <= 0 || x.length > smallBody {
		return nil
	}
	x.small = make([]byte, x.length)
	_, err := io.ReadFull(x.request.Body, x.small)
	return err
}

// streams reports a body that goes out as it comes.
func (x *exchange) streams() bool { return x.length != 0 && x.small == nil }

// restoreBody gives the request its small body back.
func (x *exchange) restoreBody() {
	if x.small != nil {
		x.request.Body = restored{bytes.NewReader(x.small), x.request.Body}
	}
}

// restored is a body that was read, to be read again.
type restored struct {
	io.Reader
	io.Closer
}

func (x *exchange) closeBody() {
	if x.request.Body != nil && !x.handed {
		x.request.Body.Close()
	}
}

// repeatable reports whether a try that failed had no effect that a second one
// would double: an idle connection had ended, and whatever came over it was a
// request that may be made twice.
func (x *exchange) repeatable(err error) bool {
	if !x.reused || x.handed || !errors.Is(err, ErrNothing) || IsSilence(err) || x.request.Context().Err() != nil {
		return false
	}
	switch x.request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}

// try makes the call over one connection.
func (x *exchange) try() (*http.Response, error) {
	ctx, p := x.request.Context(), x.client.pool(x.to)
	if x.streams() {
		if err := p.beginStream(ctx, x.silence); err != nil {
			return nil, err
		}
		defer func() {
			if !x.handed { // else its sender ends it
				p.endStream()
			}
		}()
	}
	c, err := p.get(ctx, x.party(), x.silence)
	if err != nil {
		return nil, err
	}
	x.reused = c.used
	c.lend(ctx, x.silence)
	sent, err := x.send(c)
	if err != nil {
		c.regain()
		c.pool.drop(c)
		return nil, because(ctx, err)
	}
	res, err := x.receive(c, sent)
	if err != nil {
		c.regain()
		c.pool.drop(c)
		return nil, because(ctx, err)
	}
	return res, nil
}

func (x *exchange) party() string {
	if x.client.Party == nil {
		return ""
	}
	return x.client.Party(x.request)
}

// because tells that the context ended where that is why something failed.
func because(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// send writes the request, and a body that streams in a goroutine of its own,
// since an answer may come before it has ended. What it returns is closed when
// the body is sent; its error then says whether all of it was.
func (x *exchange) send(c *conn) (*sending, error) {
	length := x.length
	head, err := appendHead(c.scratch[:0], x.request, x.to.Host, x.to.RequestURI(), length)
	if err != nil {
		return nil, err
	}
	head = append(head, x.small...)
	c.scratch = head
	streams := x.streams()
	c.sending.Store(streams)
	if _, err := c.Write(head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNothing, err)
	}
	if !streams {
		return nil, nil
	}
	// The answer is awaited from now on, perhaps before the body's sender runs: the
	// deadline of the last exchange may not end that.
	if err := c.SetReadDeadline(noDeadline); err != nil {
		return nil, err
	}
	s := &sending{done: make(chan struct{})}
	x.handed = true
	c.watch()
	go c.stream(s, x.request.Body, length)
	return s, nil
}

// stream sends a body. One that does not come to its end ends the connection: the
// origin waits for the rest, and nobody else can tell it.
func (c *conn) stream(s *sending, body io.ReadCloser, length int64) {
	s.err = c.sendBody(body, length)
	c.pool.endStream()
	body.Close()
	c.sending.Store(false)
	close(s.done)
	if s.err != nil {
		c.Close()
	}
}

// sending is a body on its way.
type sending struct {
	done chan struct{}
	err  error // when done
}

// whole reports whether a request was sent to its end; nil is one without a body
// that streams.
func (s *sending) whole() bool {
	if s == nil {
		return true
	}
	select {
	case <-s.done:
		return s.err == nil
	default:
		return false
	}
}

// blame tells that the body broke off where that is why there was no answer.
func (s *sending) blame(err error) error {
	if s == nil {
		return err
	}
	select {
	case <-s.done:
		return errors.Join(s.err, err)
	default:
		return err
	}
}

// reply is an answer and its body, in one piece.
type reply struct {
	response http.Response
	body     answer
}

// receive reads the head of the final answer and makes its body ready.
func (x *exchange) receive(c *conn, sent *sending) (*http.Response, error) {
	h, err := x.final(c)
	if err != nil {
		return nil, sent.blame(err)
	}
	f, err := frame(x.request.Method, h)
	if err != nil {
		return nil, err
	}
	r := &reply{response: http.Response{
		Status: h.line, StatusCode: h.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: h.minor,
		Header: h.header, Request: x.request, ContentLength: f.declared, Close: !f.lasts,
	}}
	res, a := &r.response, &r.body
	if h.status == http.StatusSwitchingProtocols {
		res.Body = &tunnel{c}
		return res, nil
	}
	*a = answer{conn: c, sent: sent, left: f.length, lasts: f.lasts, response: res}
	if f.length == chunked {
		a.chunks = &Chunks{source: c.reader}
		res.TransferEncoding = []string{"chunked"}
		res.Trailer = announced(h.header)
	}
	if f.length == 0 {
		a.failed = io.EOF
		a.end(true)
		res.Body = http.NoBody
		return res, nil
	}
	res.Body = a
	return res, nil
}

// final reads over interim answers up to the final one, or up to the change of
// protocols that was asked for.
func (x *exchange) final(c *conn) (h head, err error) {
	for range interims {
		if h, c.scratch, err = readHead(c.reader, c.scratch); err != nil {
			return h, err
		}
		if h.status == http.StatusSwitchingProtocols && x.request.Header.Get("Upgrade") == "" {
			return h, fault("it switches protocols unasked")
		}
		if h.status >= 200 || h.status == http.StatusSwitchingProtocols {
			return h, nil
		}
	}
	return h, fault("it does not come to its final answer")
}

// announced are the names of a trailer, without values as long as it has not come.
func announced(h http.Header) http.Header {
	names := h["Trailer"]
	if len(names) == 0 {
		return nil
	}
	delete(h, "Trailer")
	trailer := http.Header{}
	for _, list := range names {
		for name := range Tokens(list) {
			if IsToken(name) && !isOwn(name) {
				trailer[http.CanonicalHeaderKey(name)] = nil
			}
		}
	}
	return trailer
}

// tunnel is a connection that changed its protocol.
type tunnel struct{ *conn }

func (t *tunnel) Read(p []byte) (int, error) {
	if t.reader.Buffered() > 0 {
		return t.reader.Read(p)
	}
	t.SetReadDeadline(noDeadline) // both sides may be silent for as long as they like
	return t.conn.Conn.Read(p)
}

func (t *tunnel) Close() error {
	t.regain()
	t.pool.drop(t.conn)
	return nil
}

// pool returns the connections to the origin of an address.
func (c *Client) pool(to *url.URL) *pool {
	key := originKey{to.Scheme, to.Host}
	if p, ok := c.pools.Load(key); ok {
		return p.(*pool)
	}
	p, _ := c.pools.LoadOrStore(key, newPool(c.connections, c.dial(to)))
	return p.(*pool)
}

type originKey struct{ scheme, host string }

// dial returns how to connect to the origin of an address.
func (c *Client) dial(to *url.URL) func(context.Context) (net.Conn, error) {
	address, name := to.Host, to.Hostname()
	if to.Port() == "" {
		address = net.JoinHostPort(name, map[string]string{"http": "80", "https": "443"}[to.Scheme])
	}
	return func(ctx context.Context) (net.Conn, error) {
		plain, err := c.Dial(ctx, "tcp", address)
		if err != nil || to.Scheme != "https" {
			return plain, err
		}
		return c.secure(ctx, plain, name)
	}
}

// secure makes the TLS handshake.
func (c *Client) secure(ctx context.Context, plain net.Conn, name string) (net.Conn, error) {
	config := c.tls.Clone()
	if config.ServerName == "" {
		config.ServerName = name
	}
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	secured := tls.Client(plain, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		plain.Close()
		return nil, err
	}
	if secured.ConnectionState().NegotiatedProtocol == "h2" {
		secured.Close()
		return nil, ErrHTTP2
	}
	return secured, nil
}
