package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Kept is what the hub does with answers that it keeps.
type Kept struct {
	Hits, Misses, Renewed, Stale uint64 // answers since the start
	Bytes                        int64  // held now
}

// WatchKept shows what the hub does with answers that it keeps.
func (m *Metrics) WatchKept(read func() Kept) {
	for outcome, of := range map[string]func(Kept) uint64{
		"hit":     func(k Kept) uint64 { return k.Hits },
		"miss":    func(k Kept) uint64 { return k.Misses },
		"renewed": func(k Kept) uint64 { return k.Renewed },
		"stale":   func(k Kept) uint64 { return k.Stale },
	} {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "simpul_cache_answers_total", Help: "Answers of LIDs of which the hub keeps answers, by where they came from.",
			ConstLabels: prometheus.Labels{"outcome": outcome},
		}, func() float64 { return float64(of(read())) }))
	}
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "simpul_cache_bytes", Help: "What the answers take that the hub keeps, in bytes.",
	}, func() float64 { return float64(read().Bytes) }))
}
