package wire

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// conn is one connection to an origin. One exchange uses it at a time.
type conn struct {
	net.Conn
	pool    *pool
	reader  *bufio.Reader
	scratch []byte    // for heads, read and written
	used    bool      // it carried an exchange before
	rested  time.Time // since when it is idle
	party   string    // that has it; "" while it is idle, or lent to nobody in particular

	silence time.Duration   // longest wait for the origin in the present exchange
	ctx     context.Context // of the present exchange
	unwatch atomic.Pointer[func() bool]
	sending atomic.Bool // a body is on its way: whoever sends it keeps the time
	ear     ear
}

func newConn(c net.Conn, p *pool) *conn {
	x := &conn{Conn: c, pool: p}
	x.reader = bufio.NewReaderSize(timed{x}, 8<<10)
	x.ear.listenTo(c)
	return x
}

// pause is how long an origin may keep an exchange waiting before its context is
// watched. Most answer sooner, and watching costs more than waiting.
const pause = 20 * time.Millisecond

// timed reads from the connection for as long as the origin may be silent.
type timed struct{ *conn }

func (t timed) Read(p []byte) (int, error) {
	if t.sending.Load() {
		return t.Conn.Read(p)
	}
	if t.unwatch.Load() == nil && t.silence > pause {
		if err := t.SetReadDeadline(time.Now().Add(pause)); err != nil {
			return 0, err
		}
		if n, err := t.Conn.Read(p); n > 0 || !IsSilence(err) {
			return n, err
		}
		t.watch()
	}
	if err := t.patient(); err != nil {
		return 0, err
	}
	return t.Conn.Read(p)
}

// patient begins the wait for the origin anew.
func (c *conn) patient() error { return c.SetReadDeadline(time.Now().Add(c.silence)) }

// Write sends bytes that the origin must take in time.
func (c *conn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.silence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// lend gives the connection to an exchange that ends with the context.
func (c *conn) lend(ctx context.Context, silence time.Duration) {
	c.silence, c.ctx = silence, ctx
	if silence <= pause {
		c.watch()
	}
}

// watch has the context close the connection when it ends.
func (c *conn) watch() {
	unwatch := context.AfterFunc(c.ctx, func() { c.Close() })
	c.unwatch.Store(&unwatch)
}

// regain takes the connection back; false means that the context has closed it.
func (c *conn) regain() bool {
	unwatch := c.unwatch.Swap(nil)
	return unwatch == nil || (*unwatch)()
}

// alive reports whether an idle connection can carry an exchange: the origin has
// neither closed it nor said anything that nobody asked for.
func (c *conn) alive() bool {
	return c.reader.Buffered() == 0 && time.Since(c.rested) < longestRest && c.ear.quiet()
}

// IsSilence reports an error that comes of the origin's silence.
func IsSilence(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
