package telemetry

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"simpul"
)

// collector keeps what it is sent.
type collector struct {
	*httptest.Server
	got chan *v1.ExportTraceServiceRequest
}

func newCollector(t *testing.T, before func()) *collector {
	c := &collector{got: make(chan *v1.ExportTraceServiceRequest, 1000)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before()
		var body io.Reader = r.Body
		if r.Header.Get("Content-Encoding") == "gzip" {
			body, _ = gzip.NewReader(r.Body)
		}
		text, err := io.ReadAll(body)
		sent := &v1.ExportTraceServiceRequest{}
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(text, sent) != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		c.got <- sent
	}))
	t.Cleanup(c.Close)
	return c
}

// spans are all that came.
func (c *collector) spans() (all []*tracepb.Span) {
	close(c.got)
	for sent := range c.got {
		for _, resource := range sent.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				all = append(all, scope.Spans...)
			}
		}
	}
	return all
}

func newTestTracer(t *testing.T, url string, ratio float64, log io.Writer) *Tracer {
	t.Helper()
	tracer, err := NewTracer(t.Context(), TracerOptions{Collector: url, Ratio: ratio, Version: "9.9", Attributes: []string{"deployment.environment.name=uji"},
		Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tracer.Close)
	return tracer
}

func attributes(s []*commonpb.KeyValue) string {
	var b strings.Builder
	for _, a := range s {
		b.WriteString(a.Key + "=" + a.Value.GetStringValue())
		if _, ok := a.Value.Value.(*commonpb.AnyValue_IntValue); ok {
			b.WriteString(strings.TrimPrefix(a.Value.String(), "int_value:"))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestAnExchangeBecomesTwoSpans(t *testing.T) {
	c := newCollector(t, func() {})
	tracer := newTestTracer(t, c.URL, 1, t.Output())
	own, _ := ParseTraceparent(example)
	parent := own.Span
	own = own.Next()
	opened := time.UnixMilli(1_800_000_000_000)
	call := own.Next().Span
	tracer.Record(&simpul.Exchange{
		ID: "01890a5d-ac96-774b-bcce-b302099a8057", OpenedAt: opened, Address: "master/Kota", Version: "1.2", Provider: "kemendagri.go.id",
		Consumer: simpul.Consumer{Application: "layanan@bandungkota.go.id", Credential: "k-1", Subject: "3273"}, Purpose: "rahasia",
		Operation: simpul.Operation{Method: "GET", Path: "/{kode}"}, Status: 200, ResponseBytes: 12, Latency: 5 * time.Millisecond, Upstream: 3 * time.Millisecond,
	}, Walk{Own: own, Parent: parent, State: "rojo=1", Call: call, Called: opened.Add(time.Millisecond)})
	tracer.Close()

	spans := c.spans()
	if len(spans) != 2 {
		t.Fatalf("%d spans", len(spans))
	}
	upstream, exchange := spans[0], spans[1]
	if hex.EncodeToString(exchange.TraceId) != "4bf92f3577b34da6a3ce929d0e0e4736" || !bytes.Equal(upstream.TraceId, exchange.TraceId) ||
		!bytes.Equal(exchange.ParentSpanId, parent[:]) || !bytes.Equal(exchange.SpanId, own.Span[:]) ||
		!bytes.Equal(upstream.ParentSpanId, own.Span[:]) || !bytes.Equal(upstream.SpanId, call[:]) || exchange.TraceState != "rojo=1" {
		t.Errorf("not in line:\n%v\n%v", exchange, upstream)
	}
	if exchange.Name != "GET /master/Kota/{kode}" || exchange.Kind != tracepb.Span_SPAN_KIND_SERVER || exchange.EndTimeUnixNano-exchange.StartTimeUnixNano != 5e6 ||
		upstream.Name != "GET" || upstream.Kind != tracepb.Span_SPAN_KIND_CLIENT || upstream.EndTimeUnixNano-upstream.StartTimeUnixNano != 3e6 {
		t.Errorf("got\n%v\n%v", exchange, upstream)
	}
	said := attributes(exchange.Attributes) + attributes(upstream.Attributes)
	for _, want := range []string{"http.request.method=GET\n", "http.route=/master/Kota/{kode}\n", "http.response.status_code=200\n", "simpul.lid=master/Kota\n", "peer.service=kemendagri.go.id\n", "url.template=/{kode}\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	for _, hidden := range []string{"rahasia", "3273", "k-1", "error.type"} {
		if strings.Contains(said, hidden) {
			t.Errorf("tells %q:\n%s", hidden, said)
		}
	}
}

func TestTheResourceIsTheHub(t *testing.T) {
	c := newCollector(t, func() {})
	tracer := newTestTracer(t, c.URL+"/", 1, t.Output())
	tracer.Record(&simpul.Exchange{OpenedAt: time.Now(), Outcome: simpul.CodeDenied, Status: 403}, Walk{Own: NewTrace()})
	tracer.Close()
	sent := <-c.got
	said := attributes(sent.ResourceSpans[0].Resource.Attributes)
	for _, want := range []string{"service.name=simpul\n", "service.version=9.9\n", "deployment.environment.name=uji\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	span := sent.ResourceSpans[0].ScopeSpans[0].Spans
	if len(span) != 1 || !strings.Contains(attributes(span[0].Attributes), "error.type=denied") || span[0].Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR || len(span[0].ParentSpanId) != 0 {
		t.Errorf("a refusal of a call that began a trace: %v", span)
	}
}

func TestHowManyTracesAreSampled(t *testing.T) {
	c := newCollector(t, func() {})
	for ratio, want := range map[float64][2]int{0: {0, 0}, 0.25: {2200, 2800}, 1: {10_000, 10_000}} {
		tracer, n := newTestTracer(t, c.URL, ratio, t.Output()), 0
		for range 10_000 {
			if tracer.Samples(NewTrace().Trace) {
				n++
			}
		}
		if n < want[0] || n > want[1] {
			t.Errorf("%v: %d of 10,000", ratio, n)
		}
	}
}

// A collector that answers nothing keeps nobody waiting, and what is held for it
// is bounded.
func TestASlowCollectorCostsNothing(t *testing.T) {
	const exchanges = 20_000
	release := make(chan struct{})
	c := newCollector(t, func() { <-release })
	tracer := newTestTracer(t, c.URL, 1, t.Output())
	for range exchanges {
		tracer.Record(&simpul.Exchange{OpenedAt: time.Now()}, Walk{Own: NewTrace()})
	}
	close(release)
	tracer.Close()
	if n := len(c.spans()); n == 0 || n > tracesHeld+2*tracesBatch {
		t.Errorf("%d of %d spans were held", n, exchanges)
	}
}

func TestADeadCollectorIsReportedOnce(t *testing.T) {
	var log bytes.Buffer
	c := newCollector(t, func() {})
	c.Server.Close()
	tracer := newTestTracer(t, c.URL, 1, &log)
	for range 3 * tracesBatch {
		tracer.Record(&simpul.Exchange{OpenedAt: time.Now()}, Walk{Own: NewTrace()})
	}
	tracer.Close()
	if n := strings.Count(log.String(), "traces do not reach"); n != 1 {
		t.Errorf("said %d times:\n%s", n, &log)
	}
}

func BenchmarkRecord(b *testing.B) {
	tracer, err := NewTracer(b.Context(), TracerOptions{Collector: "http://127.0.0.1:9", Ratio: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(tracer.Close)
	x := &simpul.Exchange{OpenedAt: time.Now(), Address: "master/Kota", Operation: simpul.Operation{Method: "GET", Path: "/{kode}"}}
	b.ReportAllocs()
	for b.Loop() {
		own := NewTrace()
		tracer.Record(x, Walk{Own: own, Call: own.Next().Span, Called: x.OpenedAt})
	}
}
