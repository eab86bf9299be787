package traffic

import (
	"hash/maphash"
	"maps"
	"sync"
	"sync/atomic"

	"simpul"
)

// parts is into how many maps the passes are divided. With 100,000 grants one has
// four hundred, which the first call of another grant copies in microseconds.
const parts = 256

// slot is where the pass of a grant is, once it was compiled.
type slot = atomic.Pointer[Pass]

// passes finds the pass of a grant. Finding takes no lock.
type passes struct {
	once sync.Once
	seed maphash.Seed
	mu   sync.Mutex // one change at a time
	maps [parts]atomic.Pointer[map[simpul.GrantID]*slot]
}

func (p *passes) part(id simpul.GrantID) *atomic.Pointer[map[simpul.GrantID]*slot] {
	p.once.Do(func() { p.seed = maphash.MakeSeed() })
	return &p.maps[maphash.String(p.seed, string(id))%parts]
}

// find returns the slot of a grant; nil for one that was not called yet.
func (p *passes) find(id simpul.GrantID) *slot {
	m := p.part(id).Load()
	if m == nil {
		return nil
	}
	return (*m)[id]
}

// add makes a slot for a grant, unless there is one.
func (p *passes) add(id simpul.GrantID) *slot {
	return p.change(id, func(m map[simpul.GrantID]*slot) *slot {
		if m[id] == nil {
			m[id] = &slot{}
		}
		return m[id]
	})
}

// drop forgets a grant. A call that is about to use its slot still can.
func (p *passes) drop(id simpul.GrantID) {
	p.change(id, func(m map[simpul.GrantID]*slot) *slot {
		delete(m, id)
		return nil
	})
}

func (p *passes) change(id simpul.GrantID, do func(map[simpul.GrantID]*slot) *slot) *slot {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.part(id)
	next := map[simpul.GrantID]*slot{}
	if m := at.Load(); m != nil {
		next = maps.Clone(*m)
	}
	s := do(next)
	at.Store(&next)
	return s
}
