package gateway

import (
	"io"
	"net/http"
	"sync"
)

// deliver passes the provider's answer to the consumer as it comes. An answer
// that breaks off breaks the consumer's connection off too, so that nobody takes
// a part for the whole; http.ErrAbortHandler is the server's word for that.
func deliver(w http.ResponseWriter, res *http.Response) {
	defer res.Body.Close()
	dropConnectionHeaders(res.Header)
	takeHeader(w.Header(), res.Header)
	announced := announceTrailers(w.Header(), res.Trailer)
	w.WriteHeader(res.StatusCode)
	if announced > 0 || converses(res) && res.ContentLength != 0 {
		flush(w) // a trailer needs a body without a length; who converses looks at the head first
	}
	if err := copyBody(w, res); err != nil {
		panic(http.ErrAbortHandler)
	}
	passTrailers(w, res.Trailer, announced)
}

// takeHeader moves the fields of an answer, whose header is read no more.
func takeHeader(to, from http.Header) {
	for name, values := range from {
		if had := to[name]; had != nil {
			values = append(had, values...)
		}
		to[name] = values
	}
}

// announceTrailers names the fields that the provider says will follow its body.
func announceTrailers(h, trailer http.Header) int {
	for name := range trailer {
		h.Add("Trailer", name)
	}
	return len(trailer)
}

// passTrailers sends what followed the body. Fields that nobody announced go by
// the server's own way for those.
func passTrailers(w http.ResponseWriter, trailer http.Header, announced int) {
	if len(trailer) == 0 {
		return
	}
	prefix := ""
	if len(trailer) != announced {
		prefix = http.TrailerPrefix
	}
	flush(w)
	for name, values := range trailer {
		for _, value := range values {
			w.Header().Add(prefix+name, value)
		}
	}
}

// copySize is how much of an answer is in the hub's hands at one time, bytes.
const copySize = 32 << 10

var copyBuffers = sync.Pool{New: func() any { return new([copySize]byte) }}

// copyBody copies until the answer ends. What has come is sent at once: who knows
// when more does. Only the end needs no help to leave.
func copyBody(w http.ResponseWriter, res *http.Response) error {
	if res.Body == http.NoBody {
		return nil
	}
	buffer := copyBuffers.Get().(*[copySize]byte)
	defer copyBuffers.Put(buffer)
	var sent int64
	for {
		n, err := res.Body.Read(buffer[:])
		if n > 0 {
			if _, werr := w.Write(buffer[:n]); werr != nil {
				return werr
			}
			if sent += int64(n); sent != res.ContentLength {
				flush(w)
			}
		}
		switch err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
	}
}

func flush(w http.ResponseWriter) { http.NewResponseController(w).Flush() }
