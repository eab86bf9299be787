package front

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"simpul/internal/exchange/wire"
)

// readFraming finds out where the body ends (RFC 9112 section 6.3): -1 for one
// in chunks. Transfer-Encoding leaves the header, since the codings of one
// connection are not those of the next.
func (r *request) readFraming() error {
	codings, lengths := r.Header["Transfer-Encoding"], r.Header["Content-Length"]
	switch {
	case len(codings) > 0 && len(lengths) > 0:
		return malformed("it has both Transfer-Encoding and Content-Length")
	case len(codings) > 0 && r.ProtoMinor == 0:
		return malformed("Transfer-Encoding is not for HTTP/1.0")
	case len(codings) > 1 || len(codings) == 1 && !strings.EqualFold(codings[0], "chunked"):
		return &refusal{http.StatusNotImplemented, "its transfer coding is not chunked"}
	case len(codings) == 1:
		delete(r.Header, "Transfer-Encoding")
		delete(r.Header, "Trailer") // what follows the body is read over
		r.ContentLength, r.TransferEncoding = -1, []string{"chunked"}
	case len(lengths) > 0:
		n, err := wire.ParseLength(lengths)
		if err != nil {
			return malformed(err.Error())
		}
		r.ContentLength = n
	}
	return nil
}

// expects reports whether the consumer waits for leave to send its body.
func (r *request) expects() (leave bool, err error) {
	expectations := r.Header["Expect"]
	switch {
	case len(expectations) == 0:
		return false, nil
	case len(expectations) == 1 && strings.EqualFold(expectations[0], "100-continue"):
		return r.ProtoMinor == 1 && r.ContentLength != 0, nil
	}
	return false, &refusal{http.StatusExpectationFailed, "the only expectation that is met is 100-continue"}
}

// body is what a consumer sends behind a head. Whoever reads it may do so in a
// goroutine that outlives the handler: from then on it is closed.
type body struct {
	conn   *conn
	chunks *wire.Chunks // nil for a body with a length
	left   int64
	leave  bool // the consumer waits for leave to send it

	mu     sync.Mutex
	ended  bool // it was read to its end
	closed bool
}

var errClosed = errors.New("the body of a request is read no more once it is answered")

func (c *conn) newBody(r *request, leave bool) *body {
	b := &body{conn: c, left: r.ContentLength, leave: leave}
	if r.ContentLength < 0 {
		b.chunks = wire.NewChunks(c.reader)
	}
	return b
}

// Read reads from the connection; io.EOF means that the whole body was read.
func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.ended:
		return 0, io.EOF
	case b.closed:
		return 0, errClosed
	}
	if b.leave {
		b.leave = false
		if err := b.conn.grant(); err != nil {
			return 0, err
		}
	}
	n, err := b.read(p)
	b.ended = err == io.EOF
	return n, err
}

func (b *body) read(p []byte) (int, error) {
	if b.chunks != nil {
		return b.chunks.Read(p)
	}
	n, err := b.conn.reader.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	switch {
	case b.left == 0:
		return n, io.EOF
	case err == io.EOF:
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

// Close does nothing: what is left stays unread, and the connection ends with it.
func (b *body) Close() error { return nil }

// finish ends the reading when the handler has returned, and reports whether the
// next request begins here. A reader that waits for the consumer is not waited
// for: the connection ends, and with it the wait.
func (b *body) finish() bool {
	if !b.mu.TryLock() {
		return false
	}
	defer b.mu.Unlock()
	b.closed = true
	return b.ended
}
