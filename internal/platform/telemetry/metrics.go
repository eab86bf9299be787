package telemetry

import (
	"net/http"

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
	m.registry.MustRegister(m.exchanges, m.latency, m.upstream,
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
	m.latency.Observe(x.Latency.Seconds())
	if x.Upstream > 0 {
		m.upstream.Observe(x.Upstream.Seconds())
	}
}

// Handler serves the counters in the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
