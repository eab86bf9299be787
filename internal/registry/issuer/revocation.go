package issuer

import (
	"sync"
	"time"
)

// revocations are the tokens that are refused before they end. Reading takes no
// lock.
type revocations struct{ until sync.Map } // issuer and digest to time.Time

func (r *revocations) add(issuer, digest string, until time.Time) {
	r.until.Store(issuer+" "+digest, until)
}

func (r *revocations) has(issuer, digest string, now time.Time) bool {
	until, found := r.until.Load(issuer + " " + digest)
	return found && now.Before(until.(time.Time))
}

// forget drops what has ended by itself.
func (r *revocations) forget(now time.Time) {
	r.until.Range(func(key, until any) bool {
		if !now.Before(until.(time.Time)) {
			r.until.Delete(key)
		}
		return true
	})
}
