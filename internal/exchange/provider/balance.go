package provider

import (
	"math/rand/v2"
	"net/url"
	"sync/atomic"
	"time"

	"simpul"
)

// originKey names what is known of an origin. It is of one LID: what one LID
// meets, with its own path, timeout and credential, never counts against another
// on the same host.
type originKey struct {
	lid simpul.Address
	url string
}

// origin is what this process knows of one base URL of a LID. It outlives the
// route that named it.
type origin struct {
	key      originKey
	base     *url.URL
	breaker  breaker
	latency  latency
	underWay atomic.Int64 // calls whose answers have not ended
	sick     atomic.Bool  // says so itself when it is asked
	stranger atomic.Bool  // the hub cannot prove itself to it
	asked    health
	used     atomic.Int64 // seconds since 1970 at which a route named it last
}

// fit reports an origin that is well as far as it says, and knows the hub.
func (o *origin) fit() bool { return !o.sick.Load() && !o.stranger.Load() }

// cost is what another call would be likely to take. Of an origin that nobody
// knows yet, the first call tells; others do not wait for it.
func (o *origin) cost(now time.Time) float64 {
	waiting := float64(o.underWay.Load())
	each := o.latency.now(now)
	if each == 0 && waiting > 0 {
		return unknownCosts * waiting
	}
	return (waiting + 1) * each
}

// choose picks an origin that may be called by the power of two choices: of two
// at random the one with less to do, measured by calls under way and latency.
// That one is not avoid, unless there is nobody else. It returns nil where the
// breakers of all are open. What is well is preferred; where none says that it
// is, all are called: it is the question that is likely to be wrong then, and
// the breakers judge by calls.
func choose(origins []*origin, avoid *origin, now time.Time) *origin {
	if len(origins) == 1 {
		if o := origins[0]; o.breaker.admit(now) {
			return o
		}
		return nil
	}
	n := len(origins)
	i := rand.IntN(n)
	j := (i + 1 + rand.IntN(n-1)) % n
	a, b := origins[i], origins[j]
	if preferred(b, a, now) {
		a, b = b, a
	}
	for _, o := range [...]*origin{a, b} {
		if o != avoid && o.fit() && o.breaker.admit(now) {
			return o
		}
	}
	return anyOf(origins, i, avoid, now)
}

// preferred reports whether to call a rather than b. One that is due for a trial
// comes first: nothing else would find out that it is back.
func preferred(a, b *origin, now time.Time) bool {
	if trial, other := a.breaker.is(now) == halfOpen, b.breaker.is(now) == halfOpen; trial != other {
		return trial
	}
	return a.cost(now) < b.cost(now)
}

// anyOf takes the first that may be called, from one on: those that are well,
// then all but avoid, then all.
func anyOf(origins []*origin, from int, avoid *origin, now time.Time) *origin {
	for _, fits := range [...]func(*origin) bool{
		func(o *origin) bool { return o != avoid && o.fit() },
		func(o *origin) bool { return o != avoid },
		func(o *origin) bool { return true },
	} {
		for k := range origins {
			if o := origins[(from+k)%len(origins)]; fits(o) && o.breaker.admit(now) {
				return o
			}
		}
	}
	return nil
}
