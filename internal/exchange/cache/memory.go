package cache

import (
	"sync"
	"sync/atomic"

	"simpul"
)

// Limits bound what is kept, in bytes.
type Limits struct {
	Total   int64 // over all tenants
	Tenant  int64 // for one tenant
	Entry   int64 // one answer
	Waiters int   // calls that wait for one answer; further ones call the provider themselves
}

// Within are the usual limits of a hub that keeps so many bytes in all.
func Within(total int64) Limits {
	return Limits{Total: total, Tenant: total / 4, Entry: 1 << 20, Waiters: 100}
}

// memory is what is kept for all tenants. Each has a lock of its own; there is none
// over all.
type memory struct {
	limits Limits
	shares sync.Map // simpul.AgencyID → *share
	bytes  atomic.Int64
}

func (m *memory) of(tenant simpul.AgencyID) *share {
	if s, known := m.shares.Load(tenant); known {
		return s.(*share)
	}
	s, _ := m.shares.LoadOrStore(tenant, newShare())
	return s.(*share)
}

// put keeps an entry. A tenant that has more than its share loses what it used
// longest ago; when all together have too much, so does whoever has most: others
// never lose to it.
func (m *memory) put(q *question, e *entry) {
	if e.size() > min(m.limits.Entry+overhead*8, m.limits.Tenant) {
		return
	}
	s := m.of(q.tenant)
	m.bytes.Add(s.put(q, e))
	m.bytes.Add(-s.shrink(m.limits.Tenant))
	for m.bytes.Load() > m.limits.Total {
		largest := m.largest()
		gone := largest.shrink(largest.bytes.Load() - (m.bytes.Load() - m.limits.Total))
		if m.bytes.Add(-gone); gone == 0 {
			return // others are at it
		}
	}
}

func (m *memory) largest() (most *share) {
	for _, s := range m.shares.Range {
		if s := s.(*share); most == nil || s.bytes.Load() > most.bytes.Load() {
			most = s
		}
	}
	return most
}

func (m *memory) drop(q *question, e *entry) { m.bytes.Add(-m.of(q.tenant).drop(e)) }

// sweep removes what the judgement says of every tenant, and returns how many.
func (m *memory) sweep(void func(*entry) bool) (n int) {
	for _, s := range m.shares.Range {
		some, shrunk := s.(*share).sweep(void)
		m.bytes.Add(-shrunk)
		n += some
	}
	return n
}
