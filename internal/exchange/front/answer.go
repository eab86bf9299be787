package front

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"simpul/internal/exchange/wire"
)

// answer writes the answer to one request: the http.ResponseWriter of a handler.
type answer struct {
	conn    *conn
	request *request
	header  http.Header
	status  int   // 0: the handler has not said
	length  int64 // of the body; unknown, or chunked
	sent    int64 // bytes of the body
	headed  bool  // the head is written
	lasts   bool  // the connection can go on
	taken   bool  // by the handler, who hijacked it
	paced   bool  // the handler sets deadlines of writes
	failed  error
}

// Lengths of bodies that have none.
const (
	unknown = -1 // not said, and nothing is written yet
	chunked = -2
	toClose = -3 // until the connection ends, for HTTP/1.0
)

var errLonger = errors.New("the handler wrote more than the length that it said")

// Header returns the fields that WriteHeader will send.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader decides the status. Interim answers are not sent: nobody who uses
// this package has any.
func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 {
		return
	}
	a.status, a.length = status, declared(a.header)
}

func declared(h http.Header) int64 {
	lengths := h["Content-Length"]
	if len(lengths) == 0 {
		return unknown
	}
	n, err := wire.ParseLength(lengths)
	if err != nil {
		delete(h, "Content-Length")
		return unknown
	}
	return n
}

// Write sends a part of the body, or keeps it for the next one.
func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	switch {
	case a.failed != nil:
		return 0, a.failed
	case a.bodiless():
		a.sent += int64(len(p))
		return len(p), nil
	case a.length >= 0 && a.sent+int64(len(p)) > a.length:
		return 0, errLonger
	}
	if !a.headed && a.length == unknown && len(a.conn.out)+len(p) <= keptBytes {
		return a.keep(p), nil
	}
	a.sendHead()
	a.sent += int64(len(p))
	return len(p), a.put(p)
}

// bodiless reports an answer whose body nobody sends (RFC 9110 section 6.4.1).
func (a *answer) bodiless() bool {
	return a.request.Method == http.MethodHead || a.status == http.StatusNoContent || a.status == http.StatusNotModified
}

// keep holds a short body back until its length is known.
func (a *answer) keep(p []byte) int {
	a.conn.held = append(a.conn.held, p...)
	a.sent += int64(len(p))
	if len(a.conn.held) > keptBytes {
		a.sendHead()
	}
	return len(p)
}

// sendHead writes the head, and what was held back.
func (a *answer) sendHead() {
	if a.headed {
		return
	}
	a.headed = true
	a.chooseLength()
	a.conn.out = a.appendHead(a.conn.out)
	if held := a.conn.held; len(held) > 0 {
		a.conn.held = held[:0]
		a.put(held)
	}
}

// chooseLength decides how the body's end is told.
func (a *answer) chooseLength() {
	switch {
	case a.bodiless() || a.length >= 0:
	case a.request.ProtoMinor == 1:
		a.length = chunked
	default:
		a.length, a.lasts = toClose, false
	}
}

// put writes bytes of the body in the answer's framing.
func (a *answer) put(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	out := a.conn.out
	if a.length == chunked {
		out = append(strconv.AppendInt(out, int64(len(p)), 16), "\r\n"...)
	}
	if len(out)+len(p) <= keptBytes {
		out = append(out, p...)
		p = nil
	}
	a.conn.out = out
	if p != nil {
		a.fail(a.conn.send(p))
	}
	if a.length == chunked {
		a.conn.out = append(a.conn.out, "\r\n"...)
	}
	return a.failed
}

// fail notes the first failure; the connection does not outlive it.
func (a *answer) fail(err error) {
	if err != nil && a.failed == nil {
		a.failed, a.lasts = err, false
	}
}

// Flush sends what is ready.
func (a *answer) Flush() { a.FlushError() }

// FlushError is Flush, for http.ResponseController.
func (a *answer) FlushError() error {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	a.sendHead()
	a.fail(a.conn.send(nil))
	return a.failed
}

// finish completes the answer when its handler has returned. An answer that is
// shorter than it said ends the connection, so that nobody waits for the rest.
func (a *answer) finish() {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	if !a.headed && a.length == unknown && a.knowsLength() {
		a.length = a.sent
	}
	a.sendHead()
	if a.length == chunked && !a.bodiless() {
		a.conn.out = a.appendTrailer(append(a.conn.out, "0\r\n"...))
	}
	a.fail(a.conn.send(nil))
	if a.length >= 0 && a.sent != a.length && !a.bodiless() {
		a.lasts = false
	}
}

// knowsLength reports whether the body that was written is all of it, or, of an
// answer to HEAD, would be.
func (a *answer) knowsLength() bool {
	if a.request.Method == http.MethodHead {
		return 0 < a.sent && a.sent <= keptBytes && !a.hasTrailer()
	}
	return !a.bodiless() && !a.hasTrailer()
}

// SetReadDeadline bounds the wait for the consumer's body.
func (a *answer) SetReadDeadline(t time.Time) error { return a.conn.SetReadDeadline(t) }

// SetWriteDeadline bounds the wait for the consumer to take the answer, in place of
// [Server.WriteTimeout] from then on.
func (a *answer) SetWriteDeadline(t time.Time) error {
	a.paced = true
	return a.conn.SetWriteDeadline(t)
}

// EnableFullDuplex does nothing: an answer may always begin before the request
// has ended.
func (a *answer) EnableFullDuplex() error { return nil }

// Hijack hands the connection to the handler, who closes it.
func (a *answer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if a.headed || a.taken {
		return nil, nil, http.ErrHijacked
	}
	a.taken, a.lasts = true, false
	a.conn.hand()
	return a.conn.Conn, bufio.NewReadWriter(a.conn.reader, bufio.NewWriter(a.conn.Conn)), nil
}

// hasTrailer reports whether the handler sends fields behind the body.
func (a *answer) hasTrailer() bool {
	if len(a.header["Trailer"]) > 0 {
		return true
	}
	for name := range a.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			return true
		}
	}
	return false
}
