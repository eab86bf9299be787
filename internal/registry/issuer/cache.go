package issuer

import (
	"crypto/sha256"
	"encoding/binary"
	"sync/atomic"
	"time"
)

// The cache holds at most sets × ways tokens, some 1 kB each: 8 MB when full.
const (
	cacheSets = 2048 // a power of two
	cacheWays = 4
)

// cache remembers tokens whose signature was found good, by their digest, for as
// long as the keys that found it are those of the issuer. Whether a token is
// valid is judged each time. A token has one set in which it may stand; where
// that is full, the one that expires first makes room, so nothing has to be swept.
type cache struct {
	sets [cacheSets][cacheWays]atomic.Pointer[verified]
}

// verified is a token whose signature the keys found good.
type verified struct {
	digest     [sha256.Size]byte
	keys       *keySet
	claims     claims
	credential string // in evidence
	revocation string // digest under which it is revoked
	expires    time.Time
}

func (c *cache) get(digest [sha256.Size]byte) *verified {
	set := c.set(digest)
	for i := range set {
		if found := set[i].Load(); found != nil && found.digest == digest {
			return found
		}
	}
	return nil
}

func (c *cache) put(v *verified) {
	set, place := c.set(v.digest), 0
	first := set[0].Load()
	for i := 1; i < len(set) && first != nil && first.digest != v.digest; i++ {
		if next := set[i].Load(); next == nil || next.digest == v.digest || next.expires.Before(first.expires) {
			place, first = i, next
		}
	}
	set[place].Store(v)
}

func (c *cache) set(digest [sha256.Size]byte) *[cacheWays]atomic.Pointer[verified] {
	return &c.sets[binary.LittleEndian.Uint16(digest[:])%cacheSets]
}
