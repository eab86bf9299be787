package provider

import (
	"math"
	"sync/atomic"
	"time"
)

const (
	latencyMemory = 10 * time.Second // after which an estimate has faded to a third
	failureCosts  = time.Second      // that a failure counts at least: one that fails fast must not look fast
	unknownCosts  = float64(time.Minute)
)

// latency estimates how long an origin takes, in the manner of Finagle's peak
// EWMA: what is slower than the estimate counts at once, what is faster bit by
// bit. Two calls that end at the same moment may lose one of the two.
type latency struct {
	cost atomic.Uint64 // float64 of nanoseconds
	at   atomic.Int64  // nanoseconds since 1970
}

func (l *latency) observe(took time.Duration, now time.Time) {
	fade := l.fade(now)
	cost := math.Float64frombits(l.cost.Load())
	next := cost*fade + float64(took)*(1-fade)
	if float64(took) > cost*fade {
		next = float64(took)
	}
	l.cost.Store(math.Float64bits(next))
	l.at.Store(now.UnixNano())
}

// now is the estimate, which fades while nobody calls; 0 where none is.
func (l *latency) now(now time.Time) float64 {
	cost := math.Float64frombits(l.cost.Load())
	if cost == 0 {
		return 0
	}
	return max(cost*l.fade(now), 1)
}

// last is the estimate as the last call left it.
func (l *latency) last() time.Duration { return time.Duration(math.Float64frombits(l.cost.Load())) }

func (l *latency) fade(now time.Time) float64 {
	past := now.UnixNano() - l.at.Load()
	return math.Exp(-float64(max(past, 0)) / float64(latencyMemory))
}
