package wire

import (
	"io"
	"net/http"
	"sync"
)

// answer is the body of an answer on its way to the consumer. When its end is
// read the connection goes back, or ends.
type answer struct {
	conn   *conn
	sent   *sending // the request's body
	chunks *Chunks  // nil where the body is not chunked
	left   int64    // bytes of a body with a length; untilClose for all
	lasts  bool     // the connection can be used again after the body
	once   sync.Once
	failed error

	response *http.Response // takes the trailer
}

func (a *answer) Read(p []byte) (int, error) {
	if a.failed != nil {
		return 0, a.failed
	}
	n, err := a.read(p)
	if err != nil {
		a.failed = err
		a.end(err == io.EOF)
	}
	return n, err
}

func (a *answer) read(p []byte) (int, error) {
	switch {
	case a.chunks != nil:
		return a.chunks.Read(p)
	case a.left == untilClose:
		return a.conn.reader.Read(p)
	case a.left == 0:
		return 0, io.EOF
	}
	n, err := a.conn.reader.Read(p[:min(int64(len(p)), a.left)])
	if a.left -= int64(n); a.left == 0 {
		return n, io.EOF
	}
	return n, broken(err)
}

// Close ends the exchange. A connection whose answer was not read to its end
// ends with it: what is left could be taken for the next answer.
func (a *answer) Close() error {
	a.end(false)
	if a.failed == nil {
		a.failed = http.ErrBodyReadAfterClose
	}
	return nil
}

func (a *answer) end(whole bool) {
	a.once.Do(func() {
		if whole && a.chunks != nil {
			a.response.Trailer = a.chunks.trailer
		}
		a.part(whole && a.lasts && a.sent.whole() && a.conn.reader.Buffered() == 0)
	})
}

// part gives the connection back, or ends it.
func (a *answer) part(reusable bool) {
	if !a.conn.regain() || !reusable {
		a.conn.pool.drop(a.conn)
		return
	}
	a.conn.pool.put(a.conn)
}
