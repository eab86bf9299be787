package front

import (
	"io"
	"time"
)

// allowance is what the hub still takes, and drops, on a connection that ends.
type allowance struct {
	time  time.Duration
	bytes int64
}

var (
	silent = allowance{500 * time.Millisecond, 256 << 10} // of who has said all there is to say
	unread = allowance{5 * time.Second, 16 << 20}         // of who may still send a body that nobody wants
)

// linger ends the sending and reads on for a while. A connection that is closed on
// bytes that nobody read is reset, and the reset can overtake the answer, so that
// the consumer never learns why it was refused (RFC 9112 section 9.6). Meanwhile
// the connection is among the first to make room for others.
func (c *conn) linger(p allowance) {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	now := time.Now()
	c.spent.Store(now.UnixNano())
	c.Conn.SetReadDeadline(now.Add(min(p.time, c.server.BodyTimeout)))
	io.CopyN(io.Discard, c.Conn, p.bytes)
}
