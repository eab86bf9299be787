package traffic

import (
	"sync/atomic"
	"time"
)

// quota holds calls to a number in each day or month. The database has the number
// of all nodes; a node counts down what it has leased of it. Taking reads memory
// only; the lease is filled up in the background, see settle.go.
type quota struct {
	window   Window
	calendar Calendar
	initial  atomic.Int64 // debt with which a new period begins
	lease    atomic.Pointer[lease]
}

// lease is what one node has of one period.
type lease struct {
	begins, ends int64        // nanoseconds since the epoch
	left         atomic.Int64 // calls that it may still count; below 0: counted and not yet booked
	low          atomic.Int64 // when as many are left, it is time to book more
	debt         atomic.Int64 // how far below 0 left may fall
	rest         atomic.Int64 // that nobody had leased when the database was asked last
	booked       booking      // the background's own
}

// booking is when a lease was booked last, and under which limit.
type booking struct {
	limit int64
	at    time.Time
}

// at is the lease of the period that holds now. In a new one the node has leased
// nothing yet and goes into debt.
func (q *quota) at(now int64) *lease {
	for {
		l := q.lease.Load()
		if l != nil && now < l.ends {
			return l
		}
		next := &lease{}
		next.begins, next.ends = q.calendar.span(q.window, now)
		next.debt.Store(q.initial.Load())
		next.rest.Store(q.initial.Load())
		next.low.Store(-1) // the first call fills it up
		if q.lease.CompareAndSwap(l, next) {
			return next
		}
	}
}

// take uses one call. low says that the lease should be filled up.
func (q *quota) take(now int64) (ok, low bool) {
	l := q.at(now)
	left := l.left.Add(-1)
	if left < -l.debt.Load() {
		l.left.Add(1)
		return false, left+1+l.rest.Load() > 0
	}
	return true, left == l.low.Load()
}

func (q *quota) giveBack(now int64) { q.at(now).left.Add(1) }

// remains is how many calls the period has left, as far as this node knows, and
// how long it lasts.
func (q *quota) remains(now int64) (calls int64, ends time.Duration) {
	l := q.at(now)
	return max(0, l.left.Load()+l.rest.Load()), time.Duration(l.ends - now)
}

// unused is how many calls the node has leased and not used; below 0 for those
// that it has used and not yet booked.
func (q *quota) unused() float64 {
	if l := q.lease.Load(); l != nil {
		return float64(l.left.Load())
	}
	return 0
}

// wait is how long a call would have to wait: until the period ends, or, where
// other nodes or the database have some left, a moment.
func (q *quota) wait(now int64) time.Duration {
	l := q.at(now)
	left := l.left.Load()
	switch {
	case left > -l.debt.Load():
		return 0
	case left+l.rest.Load() > 0:
		return time.Second
	}
	return time.Duration(l.ends - now)
}
