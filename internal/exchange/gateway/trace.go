package gateway

import (
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/telemetry"
)

// Tracer hears of exchanges that have ended. Neither call waits.
type Tracer interface {
	// Samples reports whether the trace of that number is recorded.
	Samples(trace [16]byte) bool
	Record(x *simpul.Exchange, w telemetry.Walk)
}

// Fields of W3C Trace Context, as net/http writes them.
const (
	traceparent = "Traceparent"
	tracestate  = "Tracestate"
)

// trace is where an exchange stands in the trace that the consumer began, or that
// the hub did. Only an exchange that is recorded has more to it than its name.
type trace struct {
	own    telemetry.TraceContext
	said   [1]string // traceparent of the exchange
	tracer Tracer
	walk   *telemetry.Walk // nil: not recorded
}

// follow reads the consumer's trace context. What is not exactly as the standard
// has it is as good as none: a trace begins here.
func (t *trace) follow(h http.Header, tracer Tracer) {
	parents, states := h[traceparent], h[tracestate]
	known, parent := false, [8]byte{}
	if len(parents) == 1 {
		t.own, known = telemetry.ParseTraceparent(parents[0])
	}
	if !known {
		t.own = telemetry.NewTrace()
	}
	if len(states) > 0 && (!known || !telemetry.ValidTracestate(states)) {
		states = nil
		delete(h, tracestate)
	}
	if known {
		parent, t.own = t.own.Span, t.own.Next()
	}
	if tracer != nil && tracer.Samples(t.own.Trace) {
		t.record(tracer, parent, states)
	}
	t.said[0] = t.own.String()
}

func (t *trace) record(tracer Tracer, parent [8]byte, states []string) {
	t.tracer, t.own.Sampled = tracer, true
	t.walk = &telemetry.Walk{Own: t.own, Parent: parent, State: strings.Join(states, ","), Call: t.own.Next().Span}
}

// introduce tells the provider which trace the call is part of.
func (t *trace) introduce(h http.Header) {
	if t.walk == nil {
		h[traceparent] = t.said[:]
		return
	}
	call := t.own
	call.Span = t.walk.Call
	h[traceparent] = []string{call.String()}
}

// called notes when the provider was called.
func (t *trace) called(at time.Time) {
	if t.walk != nil {
		t.walk.Called = at
	}
}

// announce tells the consumer of its trace. What the provider says of its own
// stays behind.
func (t *trace) announce(h http.Header) {
	h[traceparent] = t.said[:]
	delete(h, tracestate)
}

// end records the exchange, where it is recorded.
func (t *trace) end(x *simpul.Exchange) {
	if t.walk != nil {
		t.tracer.Record(x, *t.walk)
	}
}
