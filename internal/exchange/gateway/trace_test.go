package gateway

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"simpul"
	"simpul/internal/platform/telemetry"
)

const given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

// listener keeps what it hears.
type listener struct {
	samples bool
	mu      sync.Mutex
	walks   []telemetry.Walk
	of      []simpul.Exchange
}

func (l *listener) Samples([16]byte) bool { return l.samples }

func (l *listener) Record(x *simpul.Exchange, w telemetry.Walk) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.walks, l.of = append(l.walks, w), append(l.of, *x)
}

func mustRead(t *testing.T, traceparent string) telemetry.TraceContext {
	t.Helper()
	c, ok := telemetry.ParseTraceparent(traceparent)
	if !ok {
		t.Fatalf("traceparent %q", traceparent)
	}
	return c
}

func TestATraceIsPassedOnOrBegun(t *testing.T) {
	for name, c := range map[string]struct {
		header  []string
		follows bool
		state   string
	}{
		"given":             {[]string{"Traceparent", given, "Tracestate", "rojo=1"}, true, "rojo=1"},
		"none":              {nil, false, ""},
		"a state without":   {[]string{"Tracestate", "rojo=1"}, false, ""},
		"malformed":         {[]string{"Traceparent", given + "x", "Tracestate", "rojo=1"}, false, ""},
		"a malformed state": {[]string{"Traceparent", given, "Tracestate", "rojo"}, true, ""},
	} {
		for _, samples := range []bool{false, true} {
			h := newHub(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Traceparent", "00-11111111111111111111111111111111-1111111111111111-01")
				w.Header().Set("Tracestate", "asal=1")
				io.WriteString(w, "ok")
			})
			hears := &listener{samples: samples}
			h.gateway.pipeline.Tracer = hears
			res, _, err := h.do(t, "GET", "/master/Kota", nil, c.header...)
			if err != nil {
				t.Fatal(err)
			}
			sent, said := mustRead(t, h.received.Header.Get("Traceparent")), mustRead(t, res.Header.Get("Traceparent"))
			before := mustRead(t, given)
			if sent.Trace != said.Trace || (sent.Trace == before.Trace) != c.follows || sent.Span == before.Span {
				t.Errorf("%s: the provider got %s, the consumer %s", name, sent, said)
			}
			if got := h.received.Header.Get("Tracestate"); got != c.state || res.Header.Get("Tracestate") != "" || len(res.Header.Values("Traceparent")) != 1 {
				t.Errorf("%s: tracestate %q, and back %v", name, got, res.Header)
			}
			if !samples && (len(hears.walks) > 0 || sent.Sampled != c.follows) {
				t.Errorf("%s, not sampled: %s, heard %d", name, sent, len(hears.walks))
			}
			if !samples {
				continue
			}
			<-h.recorded
			w := hears.walks[0]
			if len(hears.walks) != 1 || w.Own.Span != said.Span || w.Call != sent.Span || sent.Span == said.Span || !sent.Sampled || w.Called.IsZero() ||
				(w.Parent == before.Span) != c.follows || w.State != c.state || hears.of[0].Status != 200 {
				t.Errorf("%s: heard %+v of %s and %s", name, w, said, sent)
			}
		}
	}
}

func TestARefusalIsPartOfItsTrace(t *testing.T) {
	h := newHub(t, answer("must not be reached"))
	h.decide = &simpul.Error{Code: simpul.CodeDenied}
	hears := &listener{samples: true}
	h.gateway.pipeline.Tracer = hears
	res, _, err := h.do(t, "GET", "/master/Kota", nil, "Traceparent", given)
	if err != nil || !strings.HasPrefix(res.Header.Get("Traceparent"), given[:36]) {
		t.Fatalf("%v %v", err, res)
	}
	<-h.recorded
	if len(hears.walks) != 1 || !hears.walks[0].Called.IsZero() || hears.of[0].Outcome != simpul.CodeDenied {
		t.Errorf("heard %+v of %+v", hears.walks, hears.of)
	}
	if res, _, err = h.do(t, "GET", "/master/Kota", nil, "X-Api-Key", "bad"); err != nil || res.Header.Get("Traceparent") == "" || len(hears.walks) != 1 {
		t.Errorf("of strangers: %v, heard %d", err, len(hears.walks))
	}
}

// What a trace costs that nobody listens to.
func BenchmarkFollow(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		h := http.Header{}
		var t trace
		t.follow(h, nil)
		t.introduce(h)
		t.announce(h)
	}
}
