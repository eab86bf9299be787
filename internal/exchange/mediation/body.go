package mediation

import (
	"io"
	"net/http"

	"simpul"
)

// body is the body of an answer, reduced to the granted fields. Like every
// response body it has one reader; Close may come at any time.
type body struct {
	response  *http.Response
	source    io.Closer
	provider  simpul.AgencyID
	mediator  *Mediator
	selection *selection // nil once the document has ended
	err       error
}

func (b *body) Read(p []byte) (int, error) {
	if b.selection == nil || len(p) == 0 {
		return 0, b.err
	}
	for {
		if n := b.selection.deliver(p); n > 0 {
			return n, nil
		}
		if b.err != nil {
			b.finish()
			return 0, b.err
		}
		if err := b.selection.fill(); err != nil {
			b.stop(err)
		}
	}
}

// stop records why no more will be selected. What was selected before a flaw was
// found is not delivered.
func (b *body) stop(err error) {
	if b.err = err; err == io.EOF {
		return
	}
	b.selection.discard()
	if b.err = b.selection.source.err; b.err == nil {
		b.err = invalid(b.provider, err)
	}
}

// finish gives the selection back. It happens in Read alone, so that no other
// exchange can get a selection that is still being read.
func (b *body) finish() {
	b.response.Trailer = nil // it describes, or repeats, what was not delivered
	b.mediator.keep(b.selection)
	b.selection = nil
}

// Close ends the reading of the provider's answer.
func (b *body) Close() error { return b.source.Close() }
