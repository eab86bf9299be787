package evidence

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhetherTheClockIsProven(t *testing.T) {
	for name, c := range map[string]struct {
		off    time.Duration
		proven bool
		want   time.Duration
	}{
		"in step":            {1500 * time.Microsecond, true, 2 * time.Millisecond},
		"exactly":            {0, true, time.Millisecond},
		"nearly a second":    {time.Second - 1, true, time.Second},
		"a second":           {time.Second, true, 0},
		"nobody corrects it": {time.Millisecond, false, 0},
		"less than nothing":  {-1, true, 0},
	} {
		tk := newTimekeeper(func() (time.Duration, bool) { return c.off, c.proven })
		if got := tk.Off(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		record := string(appendClock(appendRecord(nil, Sealed, delivery(0)), tk.off()))
		if got := decoded(t, record).Clock; got != c.want || strings.Contains(record, `"clock"`) != (c.want > 0) {
			t.Errorf("%s: the record says %v: %s", name, got, record)
		}
	}
	var none *Timekeeper
	if none.Off() != 0 {
		t.Error("nobody knows the time")
	}
	for _, odd := range []string{`-5`, `99999999999`, `0`} {
		if got := decoded(t, `{"kind":"sealed","clock":`+odd+`}`).Clock; got < 0 || got > mostOff {
			t.Errorf("%s is read as %v", odd, got)
		}
	}
}

func TestTheClockIsLookedAtAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var proven atomic.Bool
		proven.Store(true)
		tk := newTimekeeper(func() (time.Duration, bool) { return 0, proven.Load() })
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go tk.Run(ctx)
		proven.Store(false)
		time.Sleep(watchEvery + time.Millisecond)
		synctest.Wait()
		if tk.Off() != 0 {
			t.Error("still proven")
		}
	})
}

// Reading the kernel's state needs no privilege and changes nothing.
func TestTheKernelIsAsked(t *testing.T) {
	if off, proven := kernelClock(); proven && off < 0 {
		t.Errorf("%v", off)
	}
	NewTimekeeper()
}
