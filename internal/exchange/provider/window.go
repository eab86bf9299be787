package provider

import (
	"sync/atomic"
	"time"
)

// panes are the parts of a window.
const panes = 10

// window counts calls and failures of the last while, without a lock. At the
// border of two panes a call may be lost: what judges by it looks at shares.
type window struct {
	pane time.Duration // width of one; a second where zero
	of   [panes]struct {
		at          atomic.Int64 // number of the pane since 1970
		calls, fail atomic.Int32
	}
}

func (w *window) number(now time.Time) int64 {
	if w.pane == 0 {
		return now.Unix()
	}
	return now.UnixNano() / int64(w.pane)
}

// add counts one call.
func (w *window) add(now time.Time, failed bool) {
	n := w.number(now)
	p := &w.of[uint64(n)%panes]
	if at := p.at.Load(); at != n && p.at.CompareAndSwap(at, n) {
		p.calls.Store(0)
		p.fail.Store(0)
	}
	p.calls.Add(1)
	if failed {
		p.fail.Add(1)
	}
}

// sum is what was counted in the window that ends now.
func (w *window) sum(now time.Time) (calls, failures int) {
	n := w.number(now)
	for i := range w.of {
		if at := w.of[i].at.Load(); n-at < panes && at <= n {
			calls += int(w.of[i].calls.Load())
			failures += int(w.of[i].fail.Load())
		}
	}
	return calls, failures
}

func (w *window) forget() {
	for i := range w.of {
		w.of[i].at.Store(0)
	}
}
