package reshape

import (
	"io"
	"net/http"

	"simpul"
)

// body is the body of an answer as it is changed. Like every response body it has
// one reader; Close may come at any time.
type body struct {
	response *http.Response
	source   io.Closer
	provider simpul.AgencyID
	changes  *Changes
	walk     *walk // nil once the document has ended
	err      error
}

func (b *body) Read(p []byte) (int, error) {
	if b.walk == nil || len(p) == 0 {
		return 0, b.err
	}
	for {
		if n := b.walk.deliver(p); n > 0 {
			return n, nil
		}
		if b.err != nil {
			b.finish()
			return 0, b.err
		}
		if err := b.walk.fill(); err != nil {
			b.stop(err)
		}
	}
}

// stop records why no more will be changed. What was changed before a flaw was
// found is not delivered.
func (b *body) stop(err error) {
	if b.err = err; err == io.EOF {
		return
	}
	b.walk.discard()
	if b.err = b.walk.source.err; b.err == nil {
		b.err = invalid(b.provider, err)
	}
}

// finish gives the walk back. It happens in Read alone, so that no other answer
// can get a walk that is still being read.
func (b *body) finish() {
	b.response.Trailer = nil // it describes what was not delivered
	b.changes.keep(b.walk)
	b.walk = nil
}

// Close ends the reading of the provider's answer.
func (b *body) Close() error { return b.source.Close() }
