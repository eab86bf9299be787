package gateway

import (
	"io"
	"net/http"
	"time"
)

// What the hub still takes of a body that nobody wants, at most.
const (
	lingerBytes = 16 << 20
	lingerTime  = 5 * time.Second
)

// linger reads on, after the answer, what the consumer is still sending, and
// drops it. A connection that is closed on bytes that nobody read is reset, and
// the reset can overtake the answer, so that the consumer never learns why it was
// refused (RFC 9112, section 9.6). Where calls share a connection, each is ended
// for itself.
func (c *call) linger(r *http.Request) {
	if c.multiplexed || c.body == nil || !c.body.coming() || r.Header.Get("Expect") != "" {
		return
	}
	flush(&c.writer)
	pace := &c.writer.pace
	pace.control.SetReadDeadline(time.Now().Add(min(lingerTime, pace.patience.Grace)))
	io.CopyN(io.Discard, c.body.source.ReadCloser, lingerBytes)
}
