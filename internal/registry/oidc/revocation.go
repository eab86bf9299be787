package oidc

import (
	"sync"
	"time"
)

// revoked is the revoked tokens that have not expired, and the logins and
// sessions that have ended, in memory. Reading takes
// no lock. It only ever grows by revocations and shrinks by expiry, so it needs
// no snapshot.
type revoked struct {
	until sync.Map // jti, loginKey or sessionKey to time.Time
}

func (r *revoked) add(jti string, until time.Time) { r.until.Store(jti, until) }

func (r *revoked) has(jti string) bool {
	_, found := r.until.Load(jti)
	return found
}

// forget drops what has expired by itself.
func (r *revoked) forget(now time.Time) {
	r.until.Range(func(jti, until any) bool {
		if until.(time.Time).Before(now) {
			r.until.Delete(jti)
		}
		return true
	})
}

func loginKey(id string) string   { return "login/" + id }
func sessionKey(id string) string { return "session/" + id }
