//go:build linux

package main

import (
	"fmt"
	"testing"
	"time"
)

func TestPhaseDue(t *testing.T) {
	closed := phase{Duration: time.Second, Max: 10}
	open := phase{Duration: time.Second, Max: 600, Rate: 500}
	for _, c := range []struct {
		name string
		p    phase
		i    int
		now  time.Duration
		due  time.Duration
		more bool
	}{
		{"closed: at once", closed, 3, 7 * time.Millisecond, 7 * time.Millisecond, true},
		{"closed: the time is over", closed, 3, time.Second, time.Second, false},
		{"closed: the count is reached", closed, 10, 0, 0, false},
		{"open: by number, early", open, 100, 0, 200 * time.Millisecond, true},
		{"open: by number, however late", open, 100, 5 * time.Second, 200 * time.Millisecond, true},
		{"open: beyond the time", open, 500, 0, time.Second, false},
		{"open: beyond the count", phase{Duration: time.Hour, Max: 600, Rate: 500}, 600, 0, 0, false},
	} {
		due, more := c.p.due(c.i, c.now)
		if more != c.more || more && due != c.due {
			t.Errorf("%s: %v, %v; want %v, %v", c.name, due, more, c.due, c.more)
		}
	}
}

func TestRecorder(t *testing.T) {
	var r recorder
	for i := range 100 {
		r.sent(time.Duration(i) * time.Microsecond)
		r.answered(time.Duration(100-i) * time.Millisecond)
	}
	got := r.result(2 * time.Second)
	if got.Sent != 100 || got.OK != 100 || got.Elapsed != 2*time.Second {
		t.Errorf("counts: %+v", got)
	}
	if got.P50 != 50*time.Millisecond || got.P99 != 99*time.Millisecond || got.Max != 100*time.Millisecond || got.LateP99 != 98*time.Microsecond {
		t.Errorf("percentiles: %+v", got)
	}
}

func TestRecorderCapsReasons(t *testing.T) {
	var r recorder
	for i := range 1000 {
		r.failed(fmt.Sprintf("reason %d", i))
	}
	if len(r.Failures) > 11 || r.Failures["other reasons"] != 990 {
		t.Errorf("%d reasons, %d others", len(r.Failures), r.Failures["other reasons"])
	}
}

func TestPhaseResultCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		r    phaseResult
		ok   bool
	}{
		{"all answered", phaseResult{Sent: 3, OK: 3}, true},
		{"one failed", phaseResult{Sent: 3, OK: 2, Failures: map[string]int{"status 500": 1}}, false},
		{"one unaccounted for", phaseResult{Sent: 3, OK: 2}, false},
		{"nothing sent", phaseResult{}, false},
	} {
		if err := c.r.check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
