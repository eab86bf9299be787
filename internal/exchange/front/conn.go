package front

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"simpul/internal/exchange/wire"
)

const (
	readBytes = 4 << 10 // of a connection that are read at once
	keptBytes = 8 << 10 // of an answer that are gathered before they are sent
)

// conn is one consumer's connection. One goroutine serves it.
type conn struct {
	net.Conn
	plain   net.Conn // below TLS
	server  *Server
	from    string
	secured *tls.ConnectionState // nil without TLS
	reader  *bufio.Reader
	scratch []byte // for heads
	out     []byte // of the answer, not yet sent
	held    []byte // of a body whose length is not known yet
	header  http.Header
	answer  answer

	writing sync.Mutex // guards what goes out before an answer and the answer
	spoken  bool       // a part of the answer was sent

	until  atomic.Int64                       // deadline of reads that stands, ns since the epoch; 0: none
	idle   atomic.Int64                       // since when it is between two requests, ns since the epoch; 0: it is not
	since  atomic.Int64                       // when the present request came, ns since the epoch; 0: none is answered
	spent  atomic.Int64                       // since when it only ends, ns since the epoch; 0: it does not
	cancel atomic.Pointer[context.CancelFunc] // of the present request
	ear    ear
}

func newConn(s *Server, plain net.Conn) *conn {
	c := &conn{Conn: plain, plain: plain, server: s, header: http.Header{}}
	c.ear.listenTo(plain)
	return c
}

// greet finds out who is there and, over TLS, what they speak. It reports whether
// that is HTTP/1.1; what is not was handed over.
func (c *conn) greet() bool {
	c.SetReadDeadline(time.Now().Add(c.server.HeaderTimeout))
	c.from = c.RemoteAddr().String()
	if c.server.TLS == nil {
		c.reader = bufio.NewReaderSize(c.Conn, readBytes)
		return true
	}
	secured := tls.Server(c.Conn, c.server.TLS)
	c.Conn.SetWriteDeadline(time.Now().Add(c.server.HeaderTimeout))
	if err := secured.Handshake(); err != nil {
		c.server.complain(c, err)
		return false
	}
	c.Conn.SetDeadline(time.Time{})
	c.until.Store(0)
	state := secured.ConnectionState()
	if state.NegotiatedProtocol == "h2" && c.server.Second != nil {
		c.server.forget(c)
		c.server.Second(secured)
		c.answer.taken = true
		return false
	}
	c.Conn, c.secured = secured, &state
	c.reader = bufio.NewReaderSize(secured, readBytes)
	return true
}

// serve answers requests until the connection ends.
func (c *conn) serve() {
	defer func() {
		if !c.answer.taken {
			c.server.forget(c)
			c.Close()
		}
	}()
	if !c.greet() {
		return
	}
	for c.await() {
		r, err := c.read()
		if err != nil {
			c.refuse(err)
			return
		}
		if !c.reply(r) {
			return
		}
	}
}

// await waits for the next request to begin.
func (c *conn) await() bool {
	if c.reader.Buffered() > 0 {
		return true
	}
	since := time.Now().UnixNano()
	c.idle.Store(since)
	if c.server.stopping.Load() {
		return false
	}
	c.allowRead(c.server.IdleTimeout)
	_, err := c.reader.Peek(1)
	return c.idle.CompareAndSwap(since, 0) && err == nil
}

// endIfIdle ends the connection if it is still as idle as it was. A request that
// came meanwhile is answered, or else nothing of it is done.
func (c *conn) endIfIdle(since int64) {
	if since != 0 && (c.idle.CompareAndSwap(since, 0) || c.spent.CompareAndSwap(since, 0)) {
		c.plain.Close()
	}
}

// allowRead gives the next read its time. A deadline that is nearly as far away
// stays: to move one costs more than most reads.
func (c *conn) allowRead(d time.Duration) {
	now := time.Now()
	if left := time.Duration(c.until.Load() - now.UnixNano()); left > d-d/8 && left <= d {
		return
	}
	c.SetReadDeadline(now.Add(d))
}

// SetReadDeadline bounds reads from the connection.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.until.Store(0)
	if !t.IsZero() {
		c.until.Store(t.UnixNano())
	}
	return c.Conn.SetReadDeadline(t)
}

var headEnd = []byte("\r\n\r\n")

// read reads the head of a request. One that has not come whole has a time of
// its own to do so.
func (c *conn) read() (*request, error) {
	if begun, _ := c.reader.Peek(c.reader.Buffered()); !bytes.Contains(begun, headEnd) {
		c.SetReadDeadline(time.Now().Add(c.server.HeaderTimeout))
	}
	block, err := wire.ReadBlock(c.reader, c.scratch[:0], c.server.MaxHead)
	if c.scratch = block; cap(block) > keptBytes {
		c.scratch = nil // an unusual head, for which a connection that rests keeps no room
	}
	switch {
	case errors.Is(err, wire.ErrLong):
		return nil, &refusal{http.StatusRequestHeaderFieldsTooLarge, "its head is too long"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &refusal{http.StatusRequestTimeout, "its head did not come in time"}
	case err != nil && gone(err):
		return nil, err
	case err != nil:
		return nil, malformed(err.Error())
	}
	r, err := parseHead(string(block))
	if err != nil {
		return nil, err
	}
	r.arrives(c.from, c.secured)
	return r, r.readFraming()
}

// gone reports an error of the connection, as opposed to one of what came over it.
func gone(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// refuse tells whoever sent a request that it is not served, and ends.
func (c *conn) refuse(err error) {
	why, told := errors.AsType[*refusal](err)
	if !told {
		return
	}
	c.begin(&request{Request: http.Request{Method: http.MethodGet, ProtoMinor: 1}})
	c.answer.lasts = false
	c.server.Refuse(&c.answer, why.status, why.reason)
	c.answer.finish()
	c.linger(unread)
}

func (c *conn) begin(r *request) {
	clear(c.header)
	c.out, c.held, c.spoken = c.out[:0], c.held[:0], false
	c.answer = answer{conn: c, request: r, header: c.header, lasts: true}
}

// reply answers a request and reports whether the connection goes on.
func (c *conn) reply(r *request) bool {
	c.begin(r)
	leave, err := r.expects()
	if err != nil {
		c.refuse(err)
		return false
	}
	c.answer.lasts = r.lasts()
	var sent *body
	r.Body = http.NoBody
	if r.ContentLength != 0 {
		c.allowRead(c.server.BodyTimeout)
		sent = c.newBody(r, leave)
		r.Body = sent
	}
	served := c.handle(r)
	if c.answer.taken {
		return false
	}
	whole := sent == nil || sent.finish()
	if !served {
		c.send(nil)
		return false
	}
	c.answer.lasts = c.answer.lasts && whole
	c.answer.finish()
	switch {
	case c.answer.lasts:
		return true
	case whole:
		c.linger(silent)
	default:
		c.linger(unread)
	}
	return false
}

// handle lets the handler answer, under a context that ends with it. A handler
// that panics has not answered; http.ErrAbortHandler is its way to say so.
func (c *conn) handle(r *request) (served bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c.cancel.Store(&cancel)
	c.since.Store(time.Now().UnixNano())
	defer c.since.Store(0)
	defer func() {
		if p := recover(); p != nil {
			served = false
			if p != http.ErrAbortHandler {
				c.server.Log.Error("a handler panicked", "panic", p, "stack", string(debug.Stack()))
			}
		}
	}()
	r.Request = *r.WithContext(ctx)
	c.server.Handler.ServeHTTP(&c.answer, &r.Request)
	return true
}

// send writes what was gathered, and then p.
func (c *conn) send(p []byte) error {
	out := c.out
	c.out = out[:0]
	c.writing.Lock()
	defer c.writing.Unlock()
	c.spoken = true
	if !c.answer.paced {
		c.Conn.SetWriteDeadline(time.Now().Add(c.server.WriteTimeout))
	}
	if len(out) > 0 {
		if _, err := c.Conn.Write(out); err != nil {
			return err
		}
	}
	if len(p) == 0 {
		return nil
	}
	_, err := c.Conn.Write(p)
	return err
}

// grant tells a consumer who waits to send its body. Once an answer has begun
// it is too late.
func (c *conn) grant() error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.spoken {
		return errClosed
	}
	c.Conn.SetWriteDeadline(time.Now().Add(c.server.WriteTimeout))
	_, err := c.Conn.Write([]byte("HTTP/1.1 100 Continue\r\n\r\n"))
	return err
}

// hand gives the connection away.
func (c *conn) hand() {
	c.server.forget(c)
	c.Conn.SetDeadline(time.Time{})
}
