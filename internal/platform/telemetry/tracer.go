package telemetry

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"simpul"
)

const (
	tracesHeld  = 4096            // spans that wait for the collector; more are dropped
	tracesBatch = 512             // spans that are sent at a time
	tracesEvery = 2 * time.Second // and how often at least
	tracesTime  = 5 * time.Second // for one batch
	tracesClose = 2 * time.Second // for what is left when the hub stops
)

// TracerOptions say where traces go and what they say of the hub.
type TracerOptions struct {
	Collector  string // base URL
	Ratio      float64
	Version    string
	Attributes []string // name=value
	Log        *slog.Logger
}

// Tracer sends spans of exchanges to a collector by OTLP over HTTP. A collector
// that is slow or gone costs exchanges nothing: what it does not take in time is
// dropped.
type Tracer struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	bound    uint64 // traces whose number is below are recorded
}

// NewTracer returns a tracer. Close it.
func NewTracer(ctx context.Context, o TracerOptions) (*Tracer, error) {
	base, err := url.Parse(o.Collector)
	if err != nil {
		return nil, fmt.Errorf("collector of traces: %w", err)
	}
	exporter, err := otlptracehttp.New(ctx,
		otlptracehttp.WithEndpointURL(o.Collector),
		otlptracehttp.WithURLPath(strings.TrimSuffix(base.Path, "/")+"/v1/traces"),
		otlptracehttp.WithTimeout(tracesTime),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: false}))
	if err != nil {
		return nil, fmt.Errorf("collector of traces: %w", err)
	}
	attributes := []attribute.KeyValue{attribute.String("service.name", "simpul"), attribute.String("service.version", o.Version)}
	for _, a := range o.Attributes {
		name, value, _ := strings.Cut(a, "=")
		attributes = append(attributes, attribute.String(name, value))
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithResource(resource.NewSchemaless(attributes...)),
		sdktrace.WithSampler(sdktrace.AlwaysSample()), // Samples has decided
		sdktrace.WithIDGenerator(given{}),
		sdktrace.WithBatcher(&lossy{SpanExporter: exporter, log: o.Log}, sdktrace.WithMaxQueueSize(tracesHeld),
			sdktrace.WithMaxExportBatchSize(tracesBatch), sdktrace.WithBatchTimeout(tracesEvery), sdktrace.WithExportTimeout(tracesTime)))
	return &Tracer{provider, provider.Tracer("simpul/gateway"), uint64(o.Ratio * math.MaxInt64)}, nil
}

// Close sends what is left, for a moment. What the collector does not take by
// then is lost.
func (t *Tracer) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), tracesClose)
	defer cancel()
	t.provider.Shutdown(ctx)
}

// Samples reports whether a trace is recorded. It goes by the trace's number, so
// that all hubs of one ratio choose the same, and not by the caller's wish: what
// the collector gets is the operator's matter.
func (t *Tracer) Samples(trace [16]byte) bool {
	return binary.BigEndian.Uint64(trace[8:])>>1 < t.bound
}

// Walk is where an exchange stands in its trace.
type Walk struct {
	Own    TraceContext // of the exchange
	Parent [8]byte      // span of the consumer; zero where it gave none
	State  string       // tracestate of the consumer
	Call   [8]byte      // span of the call to the provider
	Called time.Time    // when it was called; zero where it was not
}

// Record sends the spans of an exchange that has ended. It does not wait.
func (t *Tracer) Record(x *simpul.Exchange, w Walk) {
	parent := trace.SpanContextConfig{TraceID: w.Own.Trace, SpanID: w.Parent, TraceFlags: trace.FlagsSampled, Remote: true}
	if w.State != "" {
		parent.TraceState, _ = trace.ParseTraceState(w.State)
	}
	ctx := trace.ContextWithSpanContext(context.Background(), trace.NewSpanContext(parent))
	ctx, exchange := t.tracer.Start(context.WithValue(ctx, givenKey{}, w.Own), serverName(x),
		trace.WithTimestamp(x.OpenedAt), trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(serverAttributes(x)...))
	if !w.Called.IsZero() {
		call := TraceContext{Trace: w.Own.Trace, Span: w.Call}
		_, upstream := t.tracer.Start(context.WithValue(ctx, givenKey{}, call), x.Operation.Method,
			trace.WithTimestamp(w.Called), trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(clientAttributes(x)...))
		fail(upstream, x, http.StatusBadRequest)
		upstream.End(trace.WithTimestamp(w.Called.Add(x.Upstream)))
	}
	fail(exchange, x, http.StatusInternalServerError)
	exchange.End(trace.WithTimestamp(x.OpenedAt.Add(x.Latency)))
}

// serverName is the name of an exchange's span: what the contract says, and never
// what was asked for.
func serverName(x *simpul.Exchange) string {
	return strings.TrimSpace(cmp.Or(x.Operation.Method, "HTTP") + " " + routeOf(x))
}

func routeOf(x *simpul.Exchange) string {
	if x.Address == "" {
		return ""
	}
	return "/" + string(x.Address) + strings.TrimSuffix(x.Operation.Path, "/")
}

// serverAttributes follow the semantic conventions for HTTP servers. There is no
// path, query or address of anybody: they may be personal data.
func serverAttributes(x *simpul.Exchange) []attribute.KeyValue {
	all := make([]attribute.KeyValue, 0, 10)
	add := func(name, value string) {
		if value != "" {
			all = append(all, attribute.String(name, value))
		}
	}
	add("http.request.method", x.Operation.Method)
	add("http.route", routeOf(x))
	add("simpul.exchange.id", string(x.ID))
	add("simpul.lid", string(x.Address))
	add("simpul.lid.version", x.Version)
	add("simpul.provider", string(x.Provider))
	add("simpul.application", string(x.Consumer.Application))
	if x.Status != 0 {
		all = append(all, attribute.Int("http.response.status_code", x.Status))
	}
	return append(all, attribute.Int64("http.request.body.size", x.RequestBytes), attribute.Int64("http.response.body.size", x.ResponseBytes))
}

func clientAttributes(x *simpul.Exchange) []attribute.KeyValue {
	all := []attribute.KeyValue{
		attribute.String("http.request.method", x.Operation.Method),
		attribute.String("url.template", x.Operation.Path),
		attribute.String("peer.service", string(x.Provider)),
	}
	if x.Outcome == "" {
		all = append(all, attribute.Int("http.response.status_code", x.Status))
	}
	return all
}

// fail marks a span of an exchange that did not go well: an outcome of its own,
// or a status from the given one on.
func fail(s trace.Span, x *simpul.Exchange, from int) {
	switch {
	case x.Outcome != "":
		s.SetAttributes(attribute.String("error.type", string(x.Outcome)))
		if x.Status == 0 || x.Status >= from {
			s.SetStatus(codes.Error, "")
		}
	case x.Status >= from:
		s.SetAttributes(attribute.String("error.type", fmt.Sprint(x.Status)))
		s.SetStatus(codes.Error, "")
	}
}

type givenKey struct{}

// given takes the identifiers of spans from the context: they were sent to the
// provider before.
type given struct{}

func (given) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	c, _ := ctx.Value(givenKey{}).(TraceContext)
	return c.Trace, c.Span
}

func (given) NewSpanID(ctx context.Context, _ trace.TraceID) trace.SpanID {
	c, _ := ctx.Value(givenKey{}).(TraceContext)
	return c.Span
}

// lossy gives spans to an exporter and forgets those that it fails to send. It
// says once that it does, and once that it does no more.
type lossy struct {
	sdktrace.SpanExporter
	log    *slog.Logger
	failed atomic.Bool
}

func (l *lossy) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := l.SpanExporter.ExportSpans(ctx, spans)
	switch was := l.failed.Swap(err != nil); {
	case err != nil && !was:
		l.log.Warn("traces do not reach their collector and are lost", "error", err)
	case err == nil && was:
		l.log.Warn("traces reach their collector again")
	}
	return nil
}
