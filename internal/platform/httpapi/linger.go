package httpapi

import (
	"io"
	"net/http"
	"time"
)

// What is still taken of a body that nobody wants, at most.
const (
	lingerBytes = 16 << 20
	lingerTime  = 5 * time.Second
)

// soonRead is what net/http reads by itself of a body that a handler left.
const soonRead = 256 << 10

// Lingering has every answer over HTTP/1 arrive, also where the handler left a large
// body unread. A connection that is closed on bytes that nobody read is reset, and the
// reset can overtake the answer, so that the client never learns why it was refused
// (RFC 9112, section 9.6). Where calls share a connection, each is ended for itself;
// a client that awaits "100 Continue" sends nothing.
func Lingering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		next.ServeHTTP(w, r)
		if r.ProtoMajor == 1 && (r.ContentLength < 0 || r.ContentLength > soonRead) && r.Header.Get("Expect") == "" {
			linger(w, body)
		}
	})
}

// linger sends the answer, and drops what the client is still sending.
func linger(w http.ResponseWriter, body io.Reader) {
	control := http.NewResponseController(w)
	control.Flush()
	control.SetReadDeadline(time.Now().Add(lingerTime))
	io.CopyN(io.Discard, body, lingerBytes)
}
