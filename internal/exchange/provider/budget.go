package provider

import (
	"sync/atomic"
	"time"
)

// A budget counts in thousandths of one repeated call.
const (
	budgetPerCall   = 100    // that each call of a consumer earns: a tenth
	budgetPerSecond = 1_000  // that time earns, so that little traffic can be helped too
	budgetMost      = 10_000 // that can be saved up
)

// budget bounds what the hub repeats of one LID, so that repeating never
// multiplies an outage: in any time t, at most a tenth of the calls, one for
// each second of t, and ten that were saved up. It takes no lock.
type budget struct {
	left atomic.Int64
	at   atomic.Int64 // nanoseconds since 1970 up to which time was paid out
}

func newBudget(now time.Time) *budget {
	b := &budget{}
	b.left.Store(budgetMost)
	b.at.Store(now.UnixNano())
	return b
}

// earn pays for one call of a consumer.
func (b *budget) earn() { b.add(budgetPerCall) }

// spend reports whether one more call can be afforded, and takes its price.
func (b *budget) spend(now time.Time) bool {
	at := b.at.Load()
	if gained := (now.UnixNano() - at) / int64(time.Second/budgetPerSecond); gained > 0 &&
		b.at.CompareAndSwap(at, at+gained*int64(time.Second/budgetPerSecond)) {
		b.add(gained)
	}
	for {
		left := b.left.Load()
		if left < 1_000 {
			return false
		}
		if b.left.CompareAndSwap(left, left-1_000) {
			return true
		}
	}
}

func (b *budget) add(n int64) {
	for {
		left := b.left.Load()
		if left >= budgetMost || b.left.CompareAndSwap(left, min(left+n, budgetMost)) {
			return
		}
	}
}
