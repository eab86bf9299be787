package gateway

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// deadlines is an answer that counts how often the connection's reads are bounded.
type deadlines struct {
	http.ResponseWriter
	set int
}

func (d *deadlines) SetReadDeadline(time.Time) error { d.set++; return nil }
func (*deadlines) EnableFullDuplex() error           { return nil }

// Who sends the body on may read it after the call has ended: a provider answers
// early, a consumer goes away. Over HTTP/2 the answer's writer is nobody's then,
// and to use it is the end of the process.
func TestABodyLeavesTheConnectionWithItsCall(t *testing.T) {
	w := &deadlines{ResponseWriter: httptest.NewRecorder()}
	b := newRequestBody(w, httptest.NewRequest("POST", "/", strings.NewReader("isi")), Patience{Grace: time.Minute, MinRate: 1})
	b.limit = 10
	if _, err := b.Read(make([]byte, 1)); err != nil || w.set == 0 {
		t.Fatalf("%d deadlines, %v", w.set, err)
	}
	b.leave()
	before := w.set
	if rest, err := io.ReadAll(b); err == nil || len(rest) != 0 || w.set != before {
		t.Errorf("%q, %v; %d deadlines after the call", rest, err, w.set-before)
	}
}
