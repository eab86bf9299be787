package traffic

import (
	"sync/atomic"
	"time"

	"simpul"
)

// counter is what has been used of one subject's limits, on this node. It stays
// the same as long as the subject has any, whatever becomes of its rules: what
// was used stays used.
type counter struct {
	subject  simpul.Subject
	rate     bucket
	underway atomic.Int64
	room     atomic.Int64 // calls under way that this node may have
	day      quota
	month    quota

	// What happened since the background last looked.
	asked   atomic.Int64
	refused atomic.Int64
	peak    atomic.Int64 // of calls under way

	// The background's own; see sync.go.
	rules  rules
	demand demand
	part   part
	used   time.Time // when it was asked last
}

func newCounter(s simpul.Subject, c Calendar) *counter {
	return &counter{subject: s, day: quota{window: Day, calendar: c}, month: quota{window: Month, calendar: c}, part: whole}
}

// limited is a quota with its limit.
type limited struct {
	quota *quota
	limit int64
}

// quotas are those that the rules set.
func (c *counter) quotas() (all []limited) {
	if c.rules.perDay > 0 {
		all = append(all, limited{&c.day, c.rules.perDay})
	}
	if c.rules.perMonth > 0 {
		all = append(all, limited{&c.month, c.rules.perMonth})
	}
	return all
}

// What names one of the limits of a subject.
type What string

const (
	Rate       What = "rate"
	PerDay     What = "day"
	PerMonth   What = "month"
	Concurrent What = "concurrent"
)

// verdict is how a hold took a call. The zero verdict is that it did.
type verdict struct {
	what What // the limit that was reached
	wait time.Duration
	low  bool // a lease should be filled up
}

// hold is a counter under the rules that one path was compiled with, so that
// what is counted when a call comes is what is given back when it goes.
type hold struct {
	*counter
	rules rules
}

// take counts a call against every rule, or against none. Where several calls
// compete for the last place, one that is refused may keep another out for the
// nanoseconds until it has given back what it took.
func (h *hold) take(now int64) (v verdict) {
	h.asked.Add(1)
	if h.rules.concurrent > 0 {
		n := h.underway.Add(1)
		if n > h.room.Load() {
			h.underway.Add(-1)
			return h.refuse(verdict{what: Concurrent, wait: time.Second})
		}
		if n > h.peak.Load() {
			h.peak.Store(n)
		}
	}
	if h.rules.perMinute > 0 {
		if wait := h.rate.take(now); wait > 0 {
			h.leave()
			return h.refuse(verdict{what: Rate, wait: wait})
		}
	}
	if h.rules.perDay > 0 {
		ok, low := h.day.take(now)
		if v.low = low; !ok {
			h.undoRate()
			h.leave()
			return h.refuse(verdict{what: PerDay, wait: h.day.wait(now), low: low})
		}
	}
	if h.rules.perMonth > 0 {
		ok, low := h.month.take(now)
		if v.low = v.low || low; !ok {
			h.undoDay(now)
			h.undoRate()
			h.leave()
			return h.refuse(verdict{what: PerMonth, wait: h.month.wait(now), low: v.low})
		}
	}
	return v
}

func (h *hold) refuse(v verdict) verdict {
	h.refused.Add(1)
	return v
}

// undo takes back all that take counted.
func (h *hold) undo(now int64) {
	if h.rules.perMonth > 0 {
		h.month.giveBack(now)
	}
	h.undoDay(now)
	h.undoRate()
	h.leave()
	h.refused.Add(1)
}

func (h *hold) undoDay(now int64) {
	if h.rules.perDay > 0 {
		h.day.giveBack(now)
	}
}

func (h *hold) undoRate() {
	if h.rules.perMinute > 0 {
		h.rate.giveBack()
	}
}

// leave ends a call that was under way.
func (h *hold) leave() {
	if h.rules.concurrent > 0 {
		h.underway.Add(-1)
	}
}

// foresee says how take would end, and uses nothing.
func (h *hold) foresee(now int64) verdict {
	if h.rules.concurrent > 0 && h.underway.Load() >= h.room.Load() {
		return verdict{what: Concurrent, wait: time.Second}
	}
	if h.rules.perMinute > 0 {
		if wait := h.rate.wait(now); wait > 0 {
			return verdict{what: Rate, wait: wait}
		}
	}
	if h.rules.perDay > 0 {
		if wait := h.day.wait(now); wait > 0 {
			return verdict{what: PerDay, wait: wait}
		}
	}
	if h.rules.perMonth > 0 {
		if wait := h.month.wait(now); wait > 0 {
			return verdict{what: PerMonth, wait: wait}
		}
	}
	return verdict{}
}

// rule makes the counter follow other rules.
func (c *counter) rule(r rules, nodes int, now int64) {
	c.rules = r
	c.apply(now)
	if r.perMinute > 0 {
		c.rate.forgive(now)
	}
	for _, q := range c.quotas() {
		q.quota.initial.Store(credit(q.limit, q.limit, nodes))
	}
}

// apply gives this node its part of the rate and of the calls under way.
func (c *counter) apply(now int64) {
	if c.rules.perMinute > 0 {
		c.rate.change(paceOf(c.rules.perMinute, c.rules.burst, c.part.rate), now)
	}
	if c.rules.concurrent > 0 {
		c.room.Store(max(1, int64(float64(c.rules.concurrent)*c.part.concurrent+0.5)))
	}
}
