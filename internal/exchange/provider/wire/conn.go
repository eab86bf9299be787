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

	silence time.Duration // longest wait for the origin in the present exchange
	sending atomic.Bool   // a body is on its way: whoever sends it keeps the time
}

func newConn(c net.Conn, p *pool) *conn {
	x := &conn{Conn: c, pool: p}
	x.reader = bufio.NewReaderSize(timed{x}, 8<<10)
	return x
}

// timed reads from the connection for as long as the origin may be silent.
type timed struct{ *conn }

func (t timed) Read(p []byte) (int, error) {
	if !t.sending.Load() {
		if err := t.patient(); err != nil {
			return 0, err
		}
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

// lend gives the connection to an exchange that ends with the context. What it
// returns takes it back; false means that the context has closed it.
func (c *conn) lend(ctx context.Context, silence time.Duration) (regain func() bool) {
	c.silence = silence
	if ctx.Done() == nil {
		return func() bool { return true }
	}
	return context.AfterFunc(ctx, func() { c.Close() })
}

// alive reports whether an idle connection can carry an exchange: the origin has
// neither closed it nor said anything that nobody asked for.
func (c *conn) alive() bool {
	return c.reader.Buffered() == 0 && time.Since(c.rested) < longestRest && quiet(c.Conn)
}

// IsSilence reports an error that comes of the origin's silence.
func IsSilence(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }
