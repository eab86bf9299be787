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
	pace     *pace
	call     *call
	draining *atomic.Bool // every answer is the last of its connection
}

func (w *answerWriter) WriteHeader(status int) {
	if status < 200 {
		return
	}
	w.pace.control.SetWriteDeadline(time.Now().Add(w.pace.left()))
	h := w.Header()
	h.Set("Exchange-Id", string(w.call.exchange.ID))
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
	w.pace.control.SetWriteDeadline(now.Add(w.pace.left()))
	n, err := w.ResponseWriter.Write(b)
	w.pace.count(n, now)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *answerWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
