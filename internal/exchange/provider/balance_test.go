package provider

import (
	"math/rand/v2"
	"testing"
	"time"
)

func someOrigins(n int) []*origin {
	all := make([]*origin, n)
	for i := range all {
		all[i] = &origin{}
	}
	return all
}

// simulate sends calls at even distances to origins that take as long as is
// said, each serving one call at a time, and returns how many each got and how
// long calls took on average.
func simulate(took []time.Duration, calls int, every time.Duration) (got []int, mean time.Duration) {
	origins := someOrigins(len(took))
	type ending struct {
		at   time.Time
		o    int
		took time.Duration
	}
	var under []ending
	free := make([]time.Time, len(took))
	got = make([]int, len(took))
	now := noon
	var all time.Duration
	for range calls {
		now = now.Add(every)
		rest := under[:0]
		for _, e := range under {
			if e.at.After(now) {
				rest = append(rest, e)
				continue
			}
			origins[e.o].underWay.Add(-1)
			origins[e.o].latency.observe(e.took, e.at)
		}
		under = rest
		o := choose(origins, nil, now)
		for i := range origins {
			if origins[i] == o {
				o.underWay.Add(1)
				begin := now
				if free[i].After(begin) {
					begin = free[i]
				}
				free[i] = begin.Add(took[i])
				under = append(under, ending{free[i], i, free[i].Sub(now)})
				all += free[i].Sub(now)
				got[i]++
			}
		}
	}
	return got, all / time.Duration(calls)
}

func TestOriginsThatAreAlikeShareAlike(t *testing.T) {
	got, _ := simulate([]time.Duration{5 * time.Millisecond, 5 * time.Millisecond, 5 * time.Millisecond, 5 * time.Millisecond}, 20_000, 2*time.Millisecond)
	for i, n := range got {
		if n < 4_000 || n > 6_000 {
			t.Errorf("origin %d gets %d of 20,000 calls: %v", i, n, got)
		}
	}
}

func TestASlowOriginGetsLess(t *testing.T) {
	got, mean := simulate([]time.Duration{2 * time.Millisecond, 2 * time.Millisecond, 50 * time.Millisecond}, 20_000, 2*time.Millisecond)
	if got[2] == 0 || got[2] > 1_000 {
		t.Errorf("the slow one gets %d of 20,000 calls", got[2])
	}
	if mean > 10*time.Millisecond {
		t.Errorf("calls take %s on average", mean)
	}
}

// Of any states of any number of origins: who is chosen may be called; nobody is
// chosen only where nobody may be; who is to be avoided, or says that it is
// sick, only where there is no other.
func TestWhoIsChosenMayBeCalled(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		origins := someOrigins(1 + random.IntN(6))
		callable := map[*origin]bool{}
		for _, o := range origins {
			if random.IntN(3) == 0 {
				tellBreaker(&o.breaker, noon, refused, refusedInARow)
			} else {
				callable[o] = true
			}
			o.sick.Store(random.IntN(3) == 0)
			o.underWay.Store(int64(random.IntN(5)))
			o.latency.observe(time.Duration(random.IntN(1_000_000)), noon)
		}
		avoid := origins[random.IntN(len(origins))]
		got := choose(origins, avoid, noon.Add(time.Second))
		if (got == nil) != (len(callable) == 0) || got != nil && !callable[got] {
			t.Fatalf("got %v of %d that may be called", got, len(callable))
		}
		for o := range callable {
			if o != avoid && !o.sick.Load() && (got == avoid || got.sick.Load()) && len(origins) > 1 {
				t.Fatal("one that is well and not to be avoided was left out")
			}
		}
	}
}

func TestAnEstimateFollowsPeaksAtOnceAndFades(t *testing.T) {
	var l latency
	l.observe(10*time.Millisecond, noon)
	l.observe(100*time.Millisecond, noon)
	if got := time.Duration(l.now(noon)); got != 100*time.Millisecond {
		t.Errorf("a peak counts as %s", got)
	}
	l.observe(10*time.Millisecond, noon.Add(time.Second))
	if got := time.Duration(l.now(noon.Add(time.Second))); got < 80*time.Millisecond || got > 100*time.Millisecond {
		t.Errorf("one fast call makes it %s", got)
	}
	if got := time.Duration(l.now(noon.Add(time.Minute))); got > 2*time.Millisecond || got <= 0 {
		t.Errorf("after a minute it is still %s", got)
	}
}
