package oidc

import (
	"crypto/sha256"
	"encoding/binary"
	"sync/atomic"
)

// The cache holds at most sets × ways tokens. With some 400 bytes for each it
// takes 6.5 MB when it is full.
const (
	cacheSets = 4096 // a power of two
	cacheWays = 4
)

// cache remembers tokens whose signature was found good, by their digest: never
// whether they are still valid, which is judged each time. A token has one set
// in which it may stand; where that is full, the one that expires first makes
// room, so that nothing has to be swept. Only who holds good tokens can push
// others out, and costs them no more than a signature.
type cache struct {
	sets [cacheSets][cacheWays]atomic.Pointer[cached]
}

type cached struct {
	digest [sha256.Size]byte
	claims *accessClaims
}

func (c *cache) get(digest [sha256.Size]byte) (*accessClaims, bool) {
	set := c.set(digest)
	for i := range set {
		if found := set[i].Load(); found != nil && found.digest == digest {
			return found.claims, true
		}
	}
	return nil, false
}

func (c *cache) put(digest [sha256.Size]byte, claims *accessClaims) {
	set, place := c.set(digest), 0
	first := set[0].Load()
	for i := 1; i < len(set) && first != nil; i++ {
		if next := set[i].Load(); next == nil || next.claims.Expiry < first.claims.Expiry {
			place, first = i, next
		}
	}
	set[place].Store(&cached{digest, claims})
}

func (c *cache) set(digest [sha256.Size]byte) *[cacheWays]atomic.Pointer[cached] {
	return &c.sets[binary.LittleEndian.Uint16(digest[:])%cacheSets]
}
