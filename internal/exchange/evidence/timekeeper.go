package evidence

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// mostOff is by how much a clock that is proven may be wrong.
const mostOff = time.Second

// watchEvery is how often the state of the clock is read: between two readings a
// clock drifts by microseconds.
const watchEvery = 5 * time.Second

// Timekeeper knows whether the machine's clock is right: the kernel, which some NTP
// program disciplines, says so (adjtimex(2)) and bounds the error to less than a second. A nil
// Timekeeper knows nothing.
type Timekeeper struct {
	read  func() (off time.Duration, proven bool)
	milli atomic.Int64 // most by which the clock is wrong; 0: nobody knows
}

// NewTimekeeper reads the state of the clock; Run reads it again and again.
func NewTimekeeper() *Timekeeper { return newTimekeeper(kernelClock) }

func newTimekeeper(read func() (time.Duration, bool)) *Timekeeper {
	t := &Timekeeper{read: read}
	t.look()
	return t
}

// Run keeps the state up to date until ctx ends.
func (t *Timekeeper) Run(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			t.look()
		}
	}
}

// Off returns the most by which the clock is wrong, in whole milliseconds, rounded up;
// 0 where that is not known or a second and more.
func (t *Timekeeper) Off() time.Duration { return t.off() }

func (t *Timekeeper) off() time.Duration {
	if t == nil {
		return 0
	}
	return time.Duration(t.milli.Load()) * time.Millisecond
}

func (t *Timekeeper) look() {
	off, proven := t.read()
	if !proven || off < 0 || off >= mostOff {
		t.milli.Store(0)
		return
	}
	t.milli.Store(max(1, (off + time.Millisecond - 1).Milliseconds()))
}

// kernelClock asks the kernel, and changes nothing. The bound is its maxerror, which
// grows from each correction to the next (500 µs a second), so that a clock that
// nobody corrects any more ceases to be proven.
func kernelClock() (off time.Duration, proven bool) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	if err != nil || state == unix.TIME_ERROR || t.Status&unix.STA_UNSYNC != 0 {
		return 0, false
	}
	return time.Duration(t.Maxerror) * time.Microsecond, true
}
