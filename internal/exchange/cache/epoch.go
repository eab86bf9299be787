package cache

import (
	"sync"
	"sync/atomic"

	"simpul"
)

// epochs count what makes kept answers void: a write to a LID or a purge of it, and
// changes of grants. An answer is good while both counts are what they were when it
// was asked for, so that one that was under way meanwhile is not kept either.
type epochs struct {
	lids   sync.Map // simpul.Address → *atomic.Uint64
	grants sync.Map // simpul.GrantID → *atomic.Uint64
}

// epoch is the counts of one LID and one grant at one moment.
type epoch struct{ lid, grant uint64 }

func (e *epochs) now(address simpul.Address, grant simpul.GrantID) epoch {
	return epoch{counter(&e.lids, address).Load(), counter(&e.grants, grant).Load()}
}

// endLID makes what is kept of a LID void.
func (e *epochs) endLID(address simpul.Address) { counter(&e.lids, address).Add(1) }

// endGrant makes what is kept for a grant void. One for which nothing was ever kept
// is not counted, so that grants that use no such LID take no room.
func (e *epochs) endGrant(id simpul.GrantID) {
	if c, known := e.grants.Load(id); known {
		c.(*atomic.Uint64).Add(1)
	}
}

func counter(of *sync.Map, key any) *atomic.Uint64 {
	if c, known := of.Load(key); known {
		return c.(*atomic.Uint64)
	}
	c, _ := of.LoadOrStore(key, &atomic.Uint64{})
	return c.(*atomic.Uint64)
}
