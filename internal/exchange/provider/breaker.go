package provider

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// What opens a breaker, and for how long. They are the hub's own: a provider has
// no reason to have its consumers wait for what does not come.
const (
	breakerLeast   = 20              // calls of the window before its share of failures counts
	breakerShare   = 50              // percent of them that failed
	refusedInARow  = 3               // connections that were not made, one after the other
	failedInARow   = 10              // failures of any kind, one after the other
	firstRest      = 5 * time.Second // that a breaker stays open for the first time
	longestRest    = time.Minute     // and at most, when trials go on to fail
	trialsToClose  = 3               // good trials, one after the other
	trialsTogether = 1               // trials that are under way at one time
)

// phase is what a breaker does with calls.
type phase int32

const (
	closed   phase = iota // lets them pass
	open                  // refuses them
	halfOpen              // lets a trial pass at a time
)

func (p phase) String() string { return [...]string{"closed", "open", "half-open"}[p] }

// verdict is what a call tells of its origin.
type verdict int8

const (
	neutral verdict = iota // nothing: the consumer gave up, or was the cause
	good
	bad
	refused // no connection was made
)

// breaker keeps calls from an origin that fails. While it is closed, a call
// costs it two loads and an addition.
type breaker struct {
	phase  atomic.Int32
	row    atomic.Int32 // failures one after the other
	window window       // of 10 seconds

	mu    sync.Mutex
	dials int           // connections in a row that were not made
	until time.Time     // of an open one: when a trial may pass
	rest  time.Duration // that it is open for
	trial int           // under way
	wins  int           // good trials in a row
}

// isClosed reports whether calls pass.
func (b *breaker) isClosed() bool { return phase(b.phase.Load()) == closed }

// is tells what the breaker does with calls now.
func (b *breaker) is(now time.Time) phase {
	p := phase(b.phase.Load())
	if p != open {
		return p
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Before(b.until) {
		return open
	}
	return halfOpen
}

// admit reports whether a call may pass. Whoever is admitted tells its verdict
// by note.
func (b *breaker) admit(now time.Time) bool {
	if b.isClosed() {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch phase(b.phase.Load()) {
	case closed:
		return true
	case open:
		if now.Before(b.until) {
			return false
		}
		b.phase.Store(int32(halfOpen))
		b.trial, b.wins = 0, 0
	}
	if b.trial >= trialsTogether {
		return false
	}
	b.trial++
	return true
}

// wait is how long nothing passes, at least a second.
func (b *breaker) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return max(b.until.Sub(now), time.Second)
}

// note takes what a call told. It returns the phase that the breaker turned to,
// and whether it turned.
func (b *breaker) note(v verdict, now time.Time) (phase, bool) {
	if phase(b.phase.Load()) == closed {
		switch v {
		case neutral:
			return closed, false
		case good:
			b.window.add(now, false)
			if b.row.Load() != 0 {
				b.calm()
			}
			return closed, false
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if phase(b.phase.Load()) != closed {
		return b.tried(v, now)
	}
	row := b.row.Add(1)
	if b.dials++; v != refused {
		b.dials = 0
	}
	b.window.add(now, true)
	calls, failures := b.window.sum(now)
	if b.dials < refusedInARow && row < failedInARow && (calls < breakerLeast || failures*100 < calls*breakerShare) {
		return closed, false
	}
	return b.open(firstRest, now), true
}

// calm ends a row of failures.
func (b *breaker) calm() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.row.Store(0)
	b.dials = 0
}

// tried takes the verdict of a trial, or of a call that began before.
func (b *breaker) tried(v verdict, now time.Time) (phase, bool) {
	if phase(b.phase.Load()) == open {
		return open, false
	}
	b.trial = max(b.trial-1, 0)
	switch v {
	case neutral:
		return halfOpen, false
	case good:
		if b.wins++; b.wins < trialsToClose {
			return halfOpen, false
		}
		b.window.forget()
		b.row.Store(0)
		b.dials, b.rest = 0, 0
		b.phase.Store(int32(closed))
		return closed, true
	}
	return b.open(min(2*b.rest, longestRest), now), true
}

// open refuses calls for about so long: not to the moment, or every node of the
// hub would try at once.
func (b *breaker) open(rest time.Duration, now time.Time) phase {
	b.rest = rest
	b.until = now.Add(rest - rand.N(rest/10+1))
	b.phase.Store(int32(open))
	return open
}
