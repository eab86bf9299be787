package traffic

import (
	"math"

	"simpul"
)

// loan is what the background asks the database for one lease, and the answer.
type loan struct {
	subject simpul.Subject
	window  Window
	lease   *lease
	limit   int64
	left    int64 // that the lease has
	want    int64 // that it should have

	careful bool // only book what was used: others have not yet said what they used

	granted int64 // below 0: given back
	rest    int64 // that nobody has leased
}

const (
	ahead     = 4   // seconds of its recent use that a node leases ahead
	leastPart = 200 // of a quota, one of so many is leased in any case
	fewCalls  = 25  // and at least as many calls, where there are plenty
	mostDebt  = 100 // calls beyond the lease that may wait to be booked
)

// leased is how many calls a node leases ahead: what it needs in a few seconds,
// and at least so many that a burst does not wait for the database.
func leased(limit, rest int64, perMinute float64, nodes int) int64 {
	soon := int64(math.Ceil(perMinute / 60 * ahead))
	return min(limit, max(soon, limit/leastPart, min(rest/int64(4*nodes)+1, fewCalls)))
}

// credit is how many calls a node may let through that it has not leased: a few,
// so that nobody is refused while there are some, and never more than its even
// part of what is left, so that all nodes together stay within it.
func credit(limit, rest int64, nodes int) int64 {
	return min(rest/int64(nodes), max(limit/100, mostDebt))
}

// needed is the loan that a lease needs now; nil where it is well.
func (l *lease) needed(limit int64, perMinute float64, nodes int, booked bool) *loan {
	left := l.left.Load()
	want := leased(limit, max(l.rest.Load(), l.left.Load()), perMinute, nodes)
	if booked && left >= (want+1)/2 && left <= 2*want {
		return nil
	}
	return &loan{lease: l, limit: limit, left: left, want: want}
}

// divide decides what a node gets of a quota of which so many are taken. What it
// has used without a lease is booked in any case. While nodes share the quota,
// one takes at most half of what is left.
func (l *loan) divide(taken int64, nodes int) {
	free := l.limit - taken
	debt := max(0, -l.left)
	switch {
	case l.careful:
		l.granted = debt
	case free < 0: // the limit was lowered
		l.granted = debt - min(max(0, l.left), -free)
	case l.want < l.left:
		l.granted = l.want - l.left
	default:
		most := max(0, free-debt)
		if nodes > 1 {
			most = (most + 1) / 2
		}
		l.granted = debt + min(l.want-l.left-debt, most)
	}
	l.granted = max(l.granted, -taken)
	l.rest = max(0, l.limit-taken-l.granted)
}

// settle makes the answer count.
func (l *loan) settle(nodes int) {
	l.lease.rest.Store(l.rest)
	if l.careful {
		l.lease.debt.Add(-min(l.granted, l.lease.debt.Load()))
	} else {
		l.lease.debt.Store(credit(l.limit, l.rest, nodes))
	}
	l.lease.low.Store(l.want / 2)
	l.lease.left.Add(l.granted)
}

// away lets a node go on while the database does not answer: it may use its even
// part of what was left when it was asked last.
func (l *lease) away(nodes int) { l.debt.Store(max(l.debt.Load(), l.rest.Load()/int64(nodes))) }
