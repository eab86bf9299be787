package policy

import (
	"sync/atomic"
	"time"

	"simpul"
)

// limiter holds one grant to its rate by the generic cell rate algorithm
// (GCRA, ITU-T I.371): a bucket of a minute's calls that refills evenly. It is
// one number, changed without a lock.
type limiter struct {
	perMinute int
	tat       atomic.Int64 // theoretical arrival time, nanoseconds since the epoch
}

// take uses one call. It returns what is left, or how long to wait.
func (l *limiter) take(now time.Time) (rate simpul.Rate, wait time.Duration) {
	interval := int64(time.Minute) / int64(l.perMinute)
	burst := interval * int64(l.perMinute)
	for {
		tat := l.tat.Load()
		next := max(tat, now.UnixNano()) + interval
		ahead := next - now.UnixNano()
		if ahead > burst {
			return simpul.Rate{PerMinute: l.perMinute, Reset: time.Duration(ahead - interval)}, time.Duration(ahead - burst)
		}
		if l.tat.CompareAndSwap(tat, next) {
			return simpul.Rate{PerMinute: l.perMinute, Remaining: int((burst - ahead) / interval), Reset: time.Duration(ahead)}, 0
		}
	}
}

// wait is how long a call would have to wait, without using one.
func (l *limiter) wait(now time.Time) time.Duration {
	interval := int64(time.Minute) / int64(l.perMinute)
	ahead := max(l.tat.Load(), now.UnixNano()) + interval - now.UnixNano()
	return time.Duration(max(0, ahead-interval*int64(l.perMinute)))
}
