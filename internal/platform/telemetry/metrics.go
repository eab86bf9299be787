package telemetry

import (
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"simpul"
)

// Metrics are the counters of one hub.
type Metrics struct {
	registry  *prometheus.Registry
	exchanges *prometheus.CounterVec
	latency   prometheus.Histogram
	upstream  prometheus.Histogram
	results   *prometheus.CounterVec
	known     [4][4]atomic.Pointer[prometheus.Counter] // of results, by side and class, since looking one up costs more than counting
}

// buckets are seconds, from a cached answer to a provider's longest silence.
var buckets = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// NewMetrics returns counters at zero.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		exchanges: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "simpul_exchanges_total", Help: "Exchanges of known applications, by outcome; delivered or an error code.",
		}, []string{"outcome"}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "simpul_exchange_seconds", Help: "From the request's head to the sealed record.", Buckets: buckets,
		}),
		upstream: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "simpul_upstream_seconds", Help: "Waiting for the provider's answer to begin.", Buckets: buckets,
		}),
	}
	m.results = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "simpul_exchange_results_total", Help: "Exchanges of known applications, by whose matter a failure is (none, consumer, provider, hub) and by the class of the LID.",
	}, []string{"owner", "class"})
	m.registry.MustRegister(m.exchanges, m.latency, m.upstream, m.results,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Count adds one sealed exchange.
func (m *Metrics) Count(x *simpul.Exchange) {
	outcome := string(x.Outcome)
	switch {
	case x.Rehearsed():
		m.exchanges.WithLabelValues("sandbox").Inc() // no provider had a part in it
		return
	case outcome == "":
		outcome = "delivered"
	}
	m.exchanges.WithLabelValues(outcome).Inc()
	m.result(x).Inc()
	m.latency.Observe(x.Latency.Seconds())
	if x.Upstream > 0 {
		m.upstream.Observe(x.Upstream.Seconds())
	}
}

// result is the counter of an exchange by side and class.
func (m *Metrics) result(x *simpul.Exchange) prometheus.Counter {
	side, owner := sideOf(x.Blame())
	class, openness := classOf(x.Class)
	known := &m.known[side][class]
	if c := known.Load(); c != nil {
		return *c
	}
	c := m.results.WithLabelValues(owner, openness)
	known.Store(&c)
	return c
}

func sideOf(s simpul.Side) (int, string) {
	switch s {
	case simpul.ConsumerSide:
		return 1, string(s)
	case simpul.ProviderSide:
		return 2, string(s)
	case simpul.HubSide:
		return 3, string(s)
	}
	return 0, "none"
}

func classOf(c simpul.LIDClass) (int, string) {
	switch c {
	case simpul.Terbuka:
		return 1, string(c)
	case simpul.Terbatas:
		return 2, string(c)
	case simpul.Tertutup:
		return 3, string(c)
	}
	return 0, "unknown"
}

// Gauge shows a value that is asked for at each scrape.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Handler serves the counters in the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
