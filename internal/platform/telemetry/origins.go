package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Origins counts what happens to the origins of LIDs. No counter names an origin
// or a LID: whoever reads metrics may be anybody who watches the hub.
type Origins struct {
	turns, repeats, asked *prometheus.CounterVec
	rollbacks             prometheus.Counter
}

// Origins returns counters at zero. counts tells how many origins there are now,
// by what their breakers do, and how many say that they are sick. It is called
// once.
func (m *Metrics) Origins(counts func() (byBreaker map[string]int, sick int)) *Origins {
	o := &Origins{
		turns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "simpul_origin_breaker_turns_total", Help: "Times that the breaker of an origin turned, by what it turned to.",
		}, []string{"to"}),
		repeats: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "simpul_origin_repeats_total", Help: "Calls that the hub repeated (retry) or sent to a second origin beside the first (hedge); refused: not afforded by the budget.",
		}, []string{"kind", "result"}),
		asked: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "simpul_origin_health_checks_total", Help: "Origins that were asked whether they are well, by answer.",
		}, []string{"answer"}),
		rollbacks: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "simpul_canary_rollbacks_total", Help: "Canaries that this process took out because they failed.",
		}),
	}
	m.registry.MustRegister(o.turns, o.repeats, o.asked, o.rollbacks, &originCounts{counts})
	return o
}

// Turned counts a breaker that turned.
func (o *Origins) Turned(to string) { o.turns.WithLabelValues(to).Inc() }

// Repeated counts a call that was to be repeated.
func (o *Origins) Repeated(kind string, made bool) {
	o.repeats.WithLabelValues(kind, map[bool]string{true: "made", false: "refused"}[made]).Inc()
}

// Asked counts an answer of an origin that was asked how it is.
func (o *Origins) Asked(well bool) {
	o.asked.WithLabelValues(map[bool]string{true: "well", false: "sick"}[well]).Inc()
}

// RolledBack counts a canary that was taken out.
func (o *Origins) RolledBack() { o.rollbacks.Inc() }

// originCounts asks for the present numbers when somebody reads them.
type originCounts struct{ now func() (map[string]int, int) }

func (c *originCounts) breakers() *prometheus.Desc {
	return prometheus.NewDesc("simpul_origins", "Origins that this process knows, by what their breakers do.", []string{"breaker"}, nil)
}

func (c *originCounts) sick() *prometheus.Desc {
	return prometheus.NewDesc("simpul_origins_sick", "Origins that say that they are not well when they are asked.", nil, nil)
}

// Describe implements prometheus.Collector.
func (c *originCounts) Describe(out chan<- *prometheus.Desc) { out <- c.breakers(); out <- c.sick() }

// Collect implements prometheus.Collector.
func (c *originCounts) Collect(out chan<- prometheus.Metric) {
	byBreaker, sick := c.now()
	for breaker, n := range byBreaker {
		out <- prometheus.MustNewConstMetric(c.breakers(), prometheus.GaugeValue, float64(n), breaker)
	}
	out <- prometheus.MustNewConstMetric(c.sick(), prometheus.GaugeValue, float64(sick))
}
