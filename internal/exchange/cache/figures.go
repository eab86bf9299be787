package cache

import "sync/atomic"

// figures count what became of calls.
type figures struct{ hits, misses, stale, renewed atomic.Uint64 }

// Figures are what the cache has done since it began, and what it holds.
type Figures struct {
	Hits    uint64 // answered from memory
	Misses  uint64 // answered by the provider
	Renewed uint64 // the provider said that what was kept still holds
	Stale   uint64 // answered from memory while the provider failed
	Bytes   int64  // held now
}

// Figures returns the present ones.
func (c *Cache) Figures() Figures {
	return Figures{c.figures.hits.Load(), c.figures.misses.Load(), c.figures.renewed.Load(), c.figures.stale.Load(), c.memory.bytes.Load()}
}
