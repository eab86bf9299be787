package gateway

import (
	"net/http"
	"sync/atomic"
	"time"
)

// answerWriter writes the answer to the consumer, at a pace, and with what every
// answer says. An interim answer (1xx) of the provider stays behind: no grant
// speaks of it.
type answerWriter struct {
	http.ResponseWriter
	pace     pace
	call     *call
	draining *atomic.Bool // every answer is the last of its connection
}

func (w *answerWriter) WriteHeader(status int) {
	if status < 200 {
		return
	}
	if !w.pace.patience.fires {
		w.pace.allowWrite(time.Now())
	}
	h := w.Header()
	w.call.set(h, "Exchange-Id", string(w.call.exchange.ID))
	w.call.trace.announce(h)
	// What is left of a body that nobody read could be taken for the next
	// request, so nothing may follow it; where calls are told apart, it cannot.
	if w.draining.Load() || !w.call.multiplexed && w.call.body != nil && !w.call.body.complete() {
		h.Set("Connection", "close")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answerWriter) Write(b []byte) (int, error) {
	now := time.Now()
	w.pace.allowWrite(now)
	n, err := w.ResponseWriter.Write(b)
	w.pace.count(n, now)
	return n, err
}

// FlushError sends what is written. Where a deadline would end the wait for the
// provider too, it is taken back; the last part, which nobody flushes, keeps it.
func (w *answerWriter) FlushError() error {
	if !w.pace.patience.fires {
		return w.pace.control.Flush()
	}
	now := time.Now()
	w.pace.allowWrite(now)
	err := w.pace.control.Flush()
	w.pace.count(0, now)
	w.pace.control.SetWriteDeadline(time.Time{})
	return err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
