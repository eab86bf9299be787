package traffic

import (
	"runtime/metrics"
	"time"
)

// lateness measures how long goroutines waited for a processor.
type lateness struct {
	sample []metrics.Sample
	before []uint64
}

func newLateness() *lateness {
	return &lateness{sample: []metrics.Sample{{Name: "/sched/latencies:seconds"}}}
}

// since returns the 99th percentile of what happened since it was asked before.
func (l *lateness) since() time.Duration {
	metrics.Read(l.sample)
	if l.sample[0].Value.Kind() != metrics.KindFloat64Histogram {
		return 0 // this version of Go does not tell
	}
	h := l.sample[0].Value.Float64Histogram()
	counts := make([]uint64, len(h.Counts))
	for i, n := range h.Counts {
		counts[i] = n
		if i < len(l.before) {
			counts[i] -= l.before[i]
		}
	}
	l.before = append(l.before[:0], h.Counts...)
	return percentile99(counts, h.Buckets)
}

// percentile99 is the lower bound, in seconds, of the bucket that the 99th
// percentile falls into. Bucket i reaches from bounds[i] to bounds[i+1].
func percentile99(counts []uint64, bounds []float64) time.Duration {
	var all, seen uint64
	for _, n := range counts {
		all += n
	}
	for i := len(counts) - 1; i > 0; i-- {
		if seen += counts[i]; seen*100 > all {
			return time.Duration(max(0, bounds[i]) * float64(time.Second))
		}
	}
	return 0
}
