package traffic

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func bucketOf(perMinute, burst int) *bucket {
	b := &bucket{}
	b.pace.Store(paceOf(perMinute, burst, 1))
	return b
}

// intervalOf is how long one call takes to come back, to the nanosecond below.
func intervalOf(perMinute int) time.Duration { return time.Minute / time.Duration(perMinute) }

func TestABurstIsTheLimitAndNoMore(t *testing.T) {
	for _, c := range []struct{ perMinute, burst int }{{1, 1}, {2, 2}, {7, 7}, {60, 60}, {60, 5}, {60, 600}, {999, 1}, {10_000, 10_000}} {
		b := bucketOf(c.perMinute, c.burst)
		for i := range c.burst {
			if wait := b.take(noon.UnixNano()); wait != 0 {
				t.Fatalf("call %d of %+v: wait %v", i+1, c, wait)
			}
			left, whole := b.left(noon.UnixNano())
			if left != int64(c.burst-1-i) || whole != time.Duration(i+1)*intervalOf(c.perMinute) {
				t.Fatalf("after %d of %+v: %d left, whole in %v", i+1, c, left, whole)
			}
		}
		for range 3 { // a refused call uses nothing
			if wait := b.take(noon.UnixNano()); wait != intervalOf(c.perMinute) || b.wait(noon.UnixNano()) != wait {
				t.Fatalf("call above %+v: wait %v", c, wait)
			}
		}
	}
}

func TestTheLimitRefillsEvenly(t *testing.T) {
	for _, perMinute := range []int{1, 6, 7, 600} {
		b := bucketOf(perMinute, perMinute)
		now := noon
		for range perMinute {
			b.take(now.UnixNano())
		}
		for i := range 3 * perMinute {
			now = now.Add(intervalOf(perMinute) - 1)
			if wait := b.take(now.UnixNano()); wait != 1 {
				t.Fatalf("refill %d of %d a minute came a nanosecond early: wait %v", i, perMinute, wait)
			}
			now = now.Add(1)
			if wait := b.take(now.UnixNano()); wait != 0 {
				t.Fatalf("refill %d of %d a minute: wait %v", i, perMinute, wait)
			}
		}
	}
}

func TestARestGivesTheWholeLimitAndNoMore(t *testing.T) {
	for _, rest := range []time.Duration{time.Minute, time.Hour, 365 * 24 * time.Hour} {
		b := bucketOf(60, 60)
		for range 60 {
			b.take(noon.UnixNano())
		}
		allowed := 0
		for range 200 {
			if b.take(noon.Add(rest).UnixNano()) == 0 {
				allowed++
			}
		}
		if allowed != 60 {
			t.Errorf("%d calls at once after %v, want 60", allowed, rest)
		}
	}
}

// words is a bucket told in words: calls that gain one each interval.
type words struct {
	burst    int
	interval time.Duration
	level    time.Duration // calls in the bucket, times the interval
	at       time.Time
}

func (w *words) take(now time.Time) bool {
	full := time.Duration(w.burst) * w.interval
	w.level, w.at = min(full, w.level+now.Sub(w.at)), now
	if w.level < w.interval {
		return false
	}
	w.level -= w.interval
	return true
}

func TestTheRateIsABucket(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perMinute := rapid.SampledFrom([]int{1, 2, 3, 7, 60, 61, 1000, 10_000_000}).Draw(t, "perMinute")
		burst := rapid.SampledFrom([]int{1, 2, 60, perMinute}).Draw(t, "burst")
		interval := intervalOf(perMinute)
		b := bucketOf(perMinute, burst)
		want := &words{burst, interval, time.Duration(burst) * interval, noon}
		now := noon
		for _, step := range rapid.SliceOfN(rapid.Int64Range(0, int64(2*interval)), 1, 60).Draw(t, "steps") {
			now = now.Add(time.Duration(step))
			allowed := want.take(now)
			wait := b.take(now.UnixNano())
			if (wait == 0) != allowed || wait < 0 || wait > interval {
				t.Fatalf("allowed %v after %v, wait %v; want %v", wait == 0, now.Sub(noon), wait, allowed)
			}
			if left, _ := b.left(now.UnixNano()); left != int64(want.level/interval) {
				t.Fatalf("%d left, want %d", left, want.level/interval)
			}
		}
	})
}

func TestAtOnceNeverMoreThanTheLimit(t *testing.T) {
	const perMinute, callers, each = 100_000, 8, 20_000
	b := bucketOf(perMinute, perMinute)
	var allowed atomic.Int64
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range callers {
		wg.Go(func() {
			<-start
			for range each {
				if b.take(noon.UnixNano()) == 0 {
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

// Parts of a rate that are 1 together hold as many calls together as the whole,
// however they change meanwhile.
func TestPartsKeepWhatWasUsed(t *testing.T) {
	now := noon.UnixNano()
	a, b := &bucket{}, &bucket{}
	a.pace.Store(paceOf(600, 600, 0.5))
	b.pace.Store(paceOf(600, 600, 0.5))
	count := func(of *bucket, most int) (n int) {
		for n < most && of.take(now) == 0 {
			n++
		}
		return n
	}
	used := count(a, 250)
	a.change(paceOf(600, 600, 0.9), now)
	b.change(paceOf(600, 600, 0.1), now)
	used += count(a, 1000) + count(b, 1000)
	if used < 598 || used > 601 {
		t.Errorf("%d calls at once, want 600", used)
	}
}

func TestAnotherRateGivesNoFreshAllowance(t *testing.T) {
	for _, to := range []struct{ perMinute, left int }{{60, 30}, {600, 570}, {30, 0}, {40, 10}, {1, 0}} {
		b := bucketOf(60, 60)
		for range 30 {
			b.take(noon.UnixNano())
		}
		b.change(paceOf(to.perMinute, to.perMinute, 1), noon.UnixNano())
		b.forgive(noon.UnixNano())
		if wait := b.wait(noon.UnixNano()); wait > intervalOf(to.perMinute) {
			t.Errorf("30 of 60 used, then %d a minute: wait %v", to.perMinute, wait)
		}
		if left, _ := b.left(noon.UnixNano()); left != int64(to.left) {
			t.Errorf("30 of 60 used, then %d a minute: %d left, want %d", to.perMinute, left, to.left)
		}
	}
}
