package traffic

import (
	"sync/atomic"
	"time"
)

// bucket holds calls to a rate by the generic cell rate algorithm (GCRA, ITU-T
// I.371): as many calls at once as the burst, and one more for each interval that
// passes. It is one number, changed without a lock.
type bucket struct {
	tat  atomic.Int64 // theoretical arrival time, nanoseconds since the epoch
	pace atomic.Pointer[pace]
}

// pace is how a bucket refills. It never changes: a bucket gets another.
type pace struct {
	interval int64 // nanoseconds in which one call comes back
	burst    int64 // nanoseconds in which all of them do
}

// paceOf is the part of a rate that one node has. The whole rate is kept to the
// nanosecond. One call at once is the least, whatever the part.
func paceOf(perMinute, burst int, part float64) *pace {
	if part >= 1 {
		interval := int64(time.Minute) / int64(perMinute)
		return &pace{interval, interval * int64(burst)}
	}
	interval := float64(time.Minute) / (float64(perMinute) * part)
	return &pace{int64(interval), int64(interval * max(1, float64(burst)*part))}
}

// take uses one call, or says how long to wait for one.
func (b *bucket) take(now int64) (wait time.Duration) {
	p := b.pace.Load()
	for {
		tat := b.tat.Load()
		next := max(tat, now) + p.interval
		if ahead := next - now; ahead > p.burst {
			return time.Duration(ahead - p.burst)
		}
		if b.tat.CompareAndSwap(tat, next) {
			return 0
		}
	}
}

// giveBack undoes a take of a call that did not take place after all.
func (b *bucket) giveBack() { b.tat.Add(-b.pace.Load().interval) }

// wait is how long a call would have to wait, without using one.
func (b *bucket) wait(now int64) time.Duration {
	p := b.pace.Load()
	return time.Duration(max(0, max(b.tat.Load(), now)+p.interval-now-p.burst))
}

// left is how many calls may come at once, and when the whole burst may again.
func (b *bucket) left(now int64) (calls int64, whole time.Duration) {
	p := b.pace.Load()
	used := max(0, b.tat.Load()-now)
	return max(0, (p.burst-used)/p.interval), time.Duration(used)
}

// used is how many calls are missing from a full bucket.
func (b *bucket) used(now int64) float64 {
	return float64(max(0, b.tat.Load()-now)) / float64(b.pace.Load().interval)
}

// shift takes calls out of the bucket, or puts some in, that other nodes used or
// take over.
func (b *bucket) shift(calls float64, now int64) {
	by := int64(calls * float64(b.pace.Load().interval))
	for {
		tat := b.tat.Load()
		if b.tat.CompareAndSwap(tat, max(tat, now)+by) {
			return
		}
	}
}

// forgive lets a bucket whose burst was lowered be empty, and not emptier.
func (b *bucket) forgive(now int64) {
	if tat, most := b.tat.Load(), now+b.pace.Load().burst; tat > most {
		b.tat.CompareAndSwap(tat, most)
	}
}

// change gives the bucket another pace. Calls that were used stay used: rewriting
// a limit, and sharing it differently among nodes, gives no fresh allowance.
func (b *bucket) change(to *pace, now int64) {
	from := b.pace.Swap(to)
	if from == nil || *from == *to {
		return
	}
	tat := b.tat.Load()
	if tat <= now {
		return
	}
	used := float64(tat-now) / float64(from.interval)
	b.tat.CompareAndSwap(tat, now+int64(used*float64(to.interval)))
}
