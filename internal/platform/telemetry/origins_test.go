package telemetry

import (
	"strings"
	"testing"
)

func TestOriginsAreCounted(t *testing.T) {
	m := NewMetrics()
	o := m.Origins(func() (map[string]int, int) { return map[string]int{"closed": 3, "open": 1}, 2 })
	o.Turned("open")
	o.Repeated("retry", true)
	o.Repeated("retry", true)
	o.Repeated("hedge", false)
	o.Asked(true)
	o.Asked(false)
	o.RolledBack()
	got := map[string]bool{}
	for line := range strings.SplitSeq(scrape(t, m), "\n") {
		got[line] = true
	}
	for _, want := range []string{
		`simpul_origin_breaker_turns_total{to="open"} 1`,
		`simpul_origin_repeats_total{kind="retry",result="made"} 2`,
		`simpul_origin_repeats_total{kind="hedge",result="refused"} 1`,
		`simpul_origin_health_checks_total{answer="well"} 1`,
		`simpul_origin_health_checks_total{answer="sick"} 1`,
		`simpul_canary_rollbacks_total 1`,
		`simpul_origins{breaker="closed"} 3`,
		`simpul_origins{breaker="open"} 1`,
		`simpul_origins_sick 2`,
	} {
		if !got[want] {
			t.Errorf("%s is missing of %v", want, got)
		}
	}
}
