package provider

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// tell notes a verdict so many times, a millisecond apart.
func tellBreaker(b *breaker, at time.Time, v verdict, times int) {
	for i := range times {
		b.note(v, at.Add(time.Duration(i)*time.Millisecond))
	}
}

func TestWhatOpensABreaker(t *testing.T) {
	for _, c := range []struct {
		name string
		told func(*breaker)
		want phase
	}{
		{"nothing", func(*breaker) {}, closed},
		{"good calls", func(b *breaker) { tellBreaker(b, noon, good, 100) }, closed},
		{"consumers who gave up", func(b *breaker) { tellBreaker(b, noon, neutral, 100) }, closed},
		{"two refused connections", func(b *breaker) { tellBreaker(b, noon, refused, 2) }, closed},
		{"three refused connections", func(b *breaker) { tellBreaker(b, noon, refused, 3) }, open},
		{"refused connections with a good call between", func(b *breaker) {
			tellBreaker(b, noon, refused, 2)
			b.note(good, noon)
			tellBreaker(b, noon, refused, 2)
		}, closed},
		{"nine failures in a row", func(b *breaker) { tellBreaker(b, noon, bad, 9) }, closed},
		{"ten failures in a row", func(b *breaker) { tellBreaker(b, noon, bad, 10) }, open},
		{"half of few", func(b *breaker) {
			for range 9 {
				b.note(good, noon)
				b.note(bad, noon)
			}
		}, closed},
		{"half of enough", func(b *breaker) {
			for range 10 {
				b.note(good, noon)
				b.note(bad, noon)
			}
		}, open},
		{"a third of many", func(b *breaker) {
			for range 50 {
				b.note(good, noon)
				b.note(good, noon)
				b.note(bad, noon)
			}
		}, closed},
		{"half of enough, long ago", func(b *breaker) {
			for range 9 {
				b.note(good, noon)
				b.note(bad, noon)
			}
			b.note(bad, noon.Add(time.Minute))
			b.note(bad, noon.Add(time.Minute))
		}, closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := &breaker{}
			c.told(b)
			if got := b.is(noon.Add(time.Second)); got != c.want {
				t.Errorf("it is %s, want %s", got, c.want)
			}
		})
	}
}

func TestABreakerLetsOneTrialPassAtATime(t *testing.T) {
	b := &breaker{}
	tellBreaker(b, noon, refused, 3)
	if b.admit(noon.Add(time.Second)) {
		t.Fatal("a call passes an open breaker")
	}
	later := noon.Add(firstRest + time.Second)
	if !b.admit(later) || b.admit(later) {
		t.Fatal("not exactly one trial passes")
	}
	b.note(neutral, later) // its consumer gave up: another may try
	for i := range trialsToClose {
		if !b.admit(later) {
			t.Fatalf("trial %d does not pass", i+1)
		}
		b.note(good, later)
	}
	if b.is(later) != closed || !b.admit(later) || !b.admit(later) {
		t.Error("it does not close after good trials")
	}
}

func TestABreakerRestsLongerEachTime(t *testing.T) {
	b := &breaker{}
	tellBreaker(b, noon, refused, 3)
	at := noon
	for _, rest := range []time.Duration{firstRest, 2 * firstRest, 4 * firstRest, 8 * firstRest, longestRest, longestRest} {
		if wait := b.wait(at); wait > rest || wait < rest*9/10-time.Millisecond*10 {
			t.Fatalf("it rests for %s, want about %s", wait, rest)
		}
		if at = at.Add(rest); !b.admit(at) {
			t.Fatalf("no trial passes after %s", rest)
		}
		if to, turned := b.note(bad, at); to != open || !turned {
			t.Fatalf("a bad trial turns it to %s, %v", to, turned)
		}
	}
}

func TestABreakerForgetsWhenItCloses(t *testing.T) {
	b := &breaker{}
	tellBreaker(b, noon, bad, 19)
	later := noon.Add(firstRest)
	for range trialsToClose {
		b.admit(later)
		b.note(good, later)
	}
	tellBreaker(b, later, bad, failedInARow-1)
	if got := b.is(later); got != closed {
		t.Errorf("failures before it opened still count: %s", got)
	}
}
