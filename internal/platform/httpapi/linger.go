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

// Linger sends the answer and reads on, for as long as given and 5 s at most, what
// the client is still sending, up to 16 MiB, and drops it. A connection that is closed
// on bytes that nobody read is reset, and the reset can overtake the answer, so that
// the client never learns why it was refused (RFC 9112, section 9.6). It is for the
// end of a call over HTTP/1; where calls share a connection, each is ended for itself.
func Linger(w http.ResponseWriter, body io.Reader, within time.Duration) {
	control := http.NewResponseController(w)
	control.Flush()
	control.SetReadDeadline(time.Now().Add(min(within, lingerTime)))
	io.CopyN(io.Discard, body, lingerBytes)
}

// soonRead is what net/http reads by itself of a body that a handler left.
const soonRead = 256 << 10

// Lingering has every answer arrive, also where the handler left a large body unread.
func Lingering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		next.ServeHTTP(w, r)
		if r.ProtoMajor == 1 && (r.ContentLength < 0 || r.ContentLength > soonRead) && !AwaitsContinue(r) {
			Linger(w, body, lingerTime)
		}
	})
}

// AwaitsContinue reports whether the client sends the body only once it is told to.
func AwaitsContinue(r *http.Request) bool { return r.Header.Get("Expect") != "" }
