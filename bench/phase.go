//go:build linux

package main

import (
	"slices"
	"time"
)

// phase is one stretch of load on connections that are already open, bounded in
// time and in count.
type phase struct {
	Duration time.Duration `json:"duration_ns"` // no request is due later
	Max      int           `json:"max"`         // requests at most
	Rate     float64       `json:"rate"`        // a second, open loop; 0: closed loop, as fast as answers come
}

// due returns when request number i is to be sent, measured from the start of
// the phase, and false when the phase has no such request any more. In an open
// loop that is a matter of i alone: a slow answer delays no later request, so
// the time it makes others wait is counted (no coordinated omission).
func (p phase) due(i int, now time.Duration) (time.Duration, bool) {
	switch {
	case i >= p.Max:
		return 0, false
	case p.Rate == 0:
		return now, now < p.Duration
	}
	at := time.Duration(float64(i) / p.Rate * float64(time.Second))
	return at, at < p.Duration
}

// phaseResult is what the load saw in one phase.
type phaseResult struct {
	Sent     int            `json:"sent"`
	OK       int            `json:"ok"` // 200 with exactly the expected body
	Failures map[string]int `json:"failures,omitempty"`
	Elapsed  time.Duration  `json:"elapsed_ns"`
	P50      time.Duration  `json:"p50_ns"` // from when the request was due to the whole answer
	P99      time.Duration  `json:"p99_ns"`
	Max      time.Duration  `json:"max_ns"`
	LateP99  time.Duration  `json:"late_p99_ns"` // from when a request was due to its sending
}

// recorder gathers a phaseResult while the phase runs.
type recorder struct {
	phaseResult
	latencies []time.Duration
	lateness  []time.Duration
}

func (r *recorder) sent(late time.Duration) {
	r.Sent++
	r.lateness = append(r.lateness, late)
}

func (r *recorder) answered(latency time.Duration) {
	r.OK++
	r.latencies = append(r.latencies, latency)
}

// failed counts a failure by its reason. Reasons that quote the answer could be
// many, so they are capped.
func (r *recorder) failed(reason string) {
	if r.Failures == nil {
		r.Failures = map[string]int{}
	}
	if _, known := r.Failures[reason]; !known && len(r.Failures) >= 10 {
		reason = "other reasons"
	}
	r.Failures[reason]++
}

func (r *recorder) result(elapsed time.Duration) phaseResult {
	slices.Sort(r.latencies)
	slices.Sort(r.lateness)
	r.Elapsed = elapsed
	r.P50 = percentile(r.latencies, 50)
	r.P99 = percentile(r.latencies, 99)
	r.Max = percentile(r.latencies, 100)
	r.LateP99 = percentile(r.lateness, 99)
	return r.phaseResult
}
