package traffic

import (
	"testing"
	"time"
)

func TestWhoeverIsBelowTheirPartIsNotRefused(t *testing.T) {
	c := newCrowd(100)
	greedy, modest := &tenant{}, &tenant{}
	for i := range 100 {
		if !c.enter(greedy) {
			t.Fatalf("call %d of an agency that is alone was refused", i)
		}
	}
	if c.enter(greedy) {
		t.Error("a full hub took one more of the agency that fills it")
	}
	for i := range 50 {
		if !c.enter(modest) {
			t.Fatalf("call %d of an agency below its part was refused", i)
		}
	}
	if c.enter(modest) || c.enter(greedy) {
		t.Error("a full hub took a call above a fair part")
	}
	for range 51 {
		c.leave(greedy)
	}
	if !c.enter(greedy) {
		t.Error("a hub that is not full refused")
	}
	if inside, present := c.inside.Load(), c.present.Load(); inside != 100 || present != 2 {
		t.Errorf("%d calls of %d agencies, want 100 of 2", inside, present)
	}
}

// One agency floods, another makes ten calls a second that take a second each:
// it loses none, over an hour.
func TestAFloodTakesNothingFromOthers(t *testing.T) {
	c := newCrowd(64)
	flood, modest := &tenant{}, &tenant{}
	ends := make([][2]int, 360_000+1001) // per tick of 10 ms: calls that end, of either
	lost, shed := 0, 0
	for tick := range 360_000 {
		for range ends[tick][0] {
			c.leave(flood)
		}
		for range ends[tick][1] {
			c.leave(modest)
		}
		for range 20 { // 2,000 calls a second that take two seconds
			if c.enter(flood) {
				ends[tick+200][0]++
			} else {
				shed++
			}
		}
		if tick%10 == 0 {
			if c.enter(modest) {
				ends[tick+100][1]++
			} else {
				lost++
			}
		}
	}
	if lost != 0 || shed == 0 {
		t.Errorf("the modest agency lost %d calls, the flood %d", lost, shed)
	}
}

func TestAHubThatIsLateTakesLess(t *testing.T) {
	c := newCrowd(4000)
	busy := &tenant{}
	for range 1000 {
		c.enter(busy)
	}
	for range 10 {
		c.adapt(time.Second)
	}
	if able := c.able.Load(); able >= 1000 || able < least {
		t.Errorf("a late hub takes %d", able)
	}
	for range 100 {
		c.adapt(time.Second)
	}
	if able := c.able.Load(); able != least {
		t.Errorf("a hub that stays late takes %d, want %d", able, least)
	}
	for range 100 {
		c.adapt(0)
	}
	if able := c.able.Load(); able != 4000 {
		t.Errorf("a hub that is on time again takes %d, want 4000", able)
	}
	few := newCrowd(10) // fewer than the least
	few.adapt(time.Second)
	if able := few.able.Load(); able != 10 {
		t.Errorf("a hub that is configured for 10 takes %d", able)
	}
}

func TestThePercentileOfLateness(t *testing.T) {
	bounds := []float64{0, 0.001, 0.1, 1}
	for _, c := range []struct {
		counts []uint64
		want   time.Duration
	}{
		{[]uint64{0, 0, 0}, 0}, {[]uint64{100, 0, 0}, 0}, {[]uint64{99, 0, 1}, 0}, {[]uint64{98, 0, 2}, 100 * time.Millisecond},
		{[]uint64{90, 10, 0}, time.Millisecond}, {[]uint64{0, 0, 5}, 100 * time.Millisecond},
	} {
		if got := percentile99(c.counts, bounds); got != c.want {
			t.Errorf("%v: %v, want %v", c.counts, got, c.want)
		}
	}
	l := newLateness()
	l.since()
	if late := l.since(); late < 0 || late > time.Hour {
		t.Errorf("measured %v", late)
	}
}
