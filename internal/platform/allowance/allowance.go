// Package allowance bounds how much strangers may begin, before anybody knows
// who they are: what a stranger begins is stored, and storage is everybody's.
package allowance

import (
	"sync"
	"time"

	"simpul/internal/platform/clock"
)

// Allowance bounds how often something is begun from one place. What was spent
// comes back evenly. Its memory is bounded by the places that have spent within
// the time.
type Allowance struct {
	most   float64
	within time.Duration
	now    clock.Clock

	mu    sync.Mutex
	spent map[string]account
	tidy  int // how many places there are when those that owe nothing are dropped
}

// account is what one place has spent by a time.
type account struct {
	spent float64
	at    time.Time
}

// leastTidied keeps small tables from being swept at every call.
const leastTidied = 1024

// New returns an allowance of so many at once, all of which come back within the
// time.
func New(most int, within time.Duration, now clock.Clock) *Allowance {
	return &Allowance{most: float64(most), within: within, now: now, spent: map[string]account{}, tidy: leastTidied}
}

// Take spends one from the place, or reports that nothing is left there.
func (a *Allowance) Take(place string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	if len(a.spent) >= a.tidy {
		a.sweep(now)
	}
	owed := a.owed(a.spent[place], now)
	if owed+1 > a.most {
		return false
	}
	a.spent[place] = account{owed + 1, now}
	return true
}

// owed is what has not come back yet.
func (a *Allowance) owed(of account, now time.Time) float64 {
	back := float64(now.Sub(of.at)) / float64(a.within) * a.most
	return max(0, of.spent-max(0, back))
}

func (a *Allowance) sweep(now time.Time) {
	for place, of := range a.spent {
		if a.owed(of, now) == 0 {
			delete(a.spent, place)
		}
	}
	a.tidy = max(leastTidied, 2*len(a.spent))
}
