package issuer

import (
	"sync"
	"sync/atomic"
	"time"

	"simpul"
)

// well is where the keys of one issuer are drawn from, and what was drawn last.
type well struct {
	from  string
	drawn atomic.Pointer[drawn]
	asked atomic.Bool // a token names a key that is not known

	mu       sync.Mutex
	tried    time.Time
	next     time.Time // when they are fetched without being asked for
	failures int
	fault    simpul.Text
}

// drawn is keys that were fetched.
type drawn struct {
	keys     *keySet
	document string
	at       time.Time
	stored   time.Time
}

// remember takes what was stored by an earlier process, if it is of this place.
func (w *well) remember(kept keptKeys) {
	if kept.source != w.from {
		return
	}
	if keys, err := parseKeys([]byte(kept.document)); err == nil {
		w.drawn.Store(&drawn{keys, kept.document, kept.at, kept.at})
	}
}

// due reports whether the keys are to be fetched now, and notes that they are.
func (w *well) due(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked.Load() && !now.Before(w.tried.Add(askPause))
	if !asked && now.Before(w.next) {
		return false
	}
	w.asked.Store(false)
	w.tried, w.next = now, now.Add(firstRetry)
	return true
}

// succeeded keeps what was fetched, and reports whether to store it: what is the
// same as half an hour ago need not be. Keys that are the same stay the same, and
// what was verified with them.
func (w *well) succeeded(now time.Time, keys *keySet, document []byte) (store bool) {
	before, stored := w.drawn.Load(), now
	if before != nil && before.document == string(document) {
		keys = before.keys
		if now.Before(before.stored.Add(fetchEvery / 2)) {
			stored = before.stored
		}
	}
	w.drawn.Store(&drawn{keys: keys, document: string(document), at: now, stored: stored})
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures, w.fault, w.next = 0, simpul.Text{}, now.Add(fetchEvery)
	return stored.Equal(now)
}

func (w *well) failed(now time.Time, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failures++
	w.fault = wordsOf(err)
	w.next = now.Add(min(firstRetry<<min(w.failures-1, 10), lastRetry))
}

// failure says why the last fetch failed; empty where it did not.
func (w *well) failure() simpul.Text {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.fault
}
