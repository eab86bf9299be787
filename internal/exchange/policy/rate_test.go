package policy

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul"
)

// intervalOf is how long one call takes to come back, to the nanosecond below.
func intervalOf(perMinute int) time.Duration { return time.Minute / time.Duration(perMinute) }

func TestABurstIsTheLimitAndNoMore(t *testing.T) {
	for _, perMinute := range []int{1, 2, 7, 60, 999, 10_000} {
		l := &limiter{perMinute: perMinute}
		for i := range perMinute {
			rate, wait := l.take(noon)
			want := simpul.Rate{PerMinute: perMinute, Remaining: perMinute - 1 - i, Reset: time.Duration(i+1) * intervalOf(perMinute)}
			if wait != 0 || rate != want {
				t.Fatalf("call %d of %d: got %+v, wait %v; want %+v", i+1, perMinute, rate, wait, want)
			}
		}
		full := time.Duration(perMinute) * intervalOf(perMinute)
		for range 3 { // a refused call uses nothing
			rate, wait := l.take(noon)
			if want := (simpul.Rate{PerMinute: perMinute, Reset: full}); wait != intervalOf(perMinute) || rate != want {
				t.Fatalf("call above %d: got %+v, wait %v; want %+v", perMinute, rate, wait, want)
			}
		}
	}
}

func TestTheLimitRefillsEvenly(t *testing.T) {
	for _, perMinute := range []int{1, 6, 7, 600} {
		l := &limiter{perMinute: perMinute}
		now := noon
		for range perMinute {
			l.take(now)
		}
		for i := range 3 * perMinute {
			now = now.Add(intervalOf(perMinute) - 1)
			if _, wait := l.take(now); wait != 1 {
				t.Fatalf("refill %d of %d a minute came a nanosecond early: wait %v", i, perMinute, wait)
			}
			now = now.Add(1)
			if rate, wait := l.take(now); wait != 0 || rate.Remaining != 0 {
				t.Fatalf("refill %d of %d a minute: got %+v, wait %v", i, perMinute, rate, wait)
			}
		}
	}
}

func TestARestGivesTheWholeLimitAndNoMore(t *testing.T) {
	for _, rest := range []time.Duration{time.Minute, time.Hour, 365 * 24 * time.Hour} {
		l := &limiter{perMinute: 60}
		for range 60 {
			l.take(noon)
		}
		later, allowed := noon.Add(rest), 0
		for range 200 {
			if _, wait := l.take(later); wait == 0 {
				allowed++
			}
		}
		if allowed != 60 {
			t.Errorf("%d calls at once after %v, want 60", allowed, rest)
		}
	}
}

// allowance is the limit told in words: a bucket of perMinute calls that gains
// one each interval.
type allowance struct {
	perMinute int
	interval  time.Duration
	level     time.Duration // calls in the bucket, times the interval
	at        time.Time
}

func (a *allowance) take(now time.Time) bool {
	full := time.Duration(a.perMinute) * a.interval
	a.level, a.at = min(full, a.level+now.Sub(a.at)), now
	if a.level < a.interval {
		return false
	}
	a.level -= a.interval
	return true
}

func TestTheLimiterIsABucket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perMinute := rapid.SampledFrom([]int{1, 2, 3, 7, 60, 61, 1000, 10_000_000}).Draw(t, "perMinute")
		interval := intervalOf(perMinute)
		l := &limiter{perMinute: perMinute}
		bucket := &allowance{perMinute, interval, time.Duration(perMinute) * interval, noon}
		now := noon
		steps := rapid.SliceOfN(rapid.Int64Range(0, int64(2*interval)), 1, 60).Draw(t, "steps")
		for _, step := range steps {
			now = now.Add(time.Duration(step))
			want := bucket.take(now)
			rate, wait := l.take(now)
			if (wait == 0) != want || wait < 0 || wait > interval {
				t.Fatalf("allowed %v after %v, wait %v; want %v", wait == 0, now.Sub(noon), wait, want)
			}
			if remaining := int(bucket.level / interval); rate.Remaining != remaining {
				t.Fatalf("%d remain, want %d", rate.Remaining, remaining)
			}
			if reset := time.Duration(perMinute)*interval - bucket.level; rate.Reset != reset {
				t.Fatalf("whole again in %v, want %v", rate.Reset, reset)
			}
		}
	})
}

func TestAtOnceNeverMoreThanTheLimit(t *testing.T) {
	const perMinute, callers, each = 100_000, 8, 20_000
	l := &limiter{perMinute: perMinute}
	var allowed atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range callers {
		wg.Go(func() {
			<-start
			for range each {
				if _, wait := l.take(noon); wait == 0 {
					allowed.Add(1)
				}
			}
		})
	}
	close(start)
	wg.Wait()
	if got := allowed.Load(); got != perMinute {
		t.Errorf("%d calls were allowed at once, want %d", got, perMinute)
	}
}
