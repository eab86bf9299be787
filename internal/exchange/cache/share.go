package cache

import (
	"container/list"
	"slices"
	"sync"
	"sync/atomic"
)

// maxVariants is how many answers are kept under one key, for requests that differ
// in the fields by which the answers vary.
const maxVariants = 8

// share is what is kept for one tenant. What was used longest ago goes first.
type share struct {
	mu      sync.Mutex
	slots   map[string][]*entry
	used    list.List // of *entry; the one used last in front
	flights map[string]*flight

	bytes atomic.Int64
}

func newShare() *share { return &share{slots: map[string][]*entry{}, flights: map[string]*flight{}} }

// find returns the newest entry that answers the question, nil for none; known
// reports whether there is one for other fields of the request.
func (s *share) find(q *question) (e *entry, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.slots[q.key] {
		if !e.stands(q) {
			continue
		}
		if known = true; selects(e.selectors, q.request.Header) {
			s.used.MoveToFront(e.place)
			return e, true
		}
	}
	return nil, known
}

// put keeps an entry in the place of those that no longer stand and of the one for
// the same request, and returns by how much the share grew.
func (s *share) put(q *question, e *entry) (grown int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.bytes.Load()
	for _, old := range slices.Clone(s.slots[e.key]) {
		if !old.stands(q) || selects(old.selectors, q.request.Header) {
			s.remove(old)
		}
	}
	if all := s.slots[e.key]; len(all) == maxVariants {
		s.remove(all[maxVariants-1])
	}
	s.slots[e.key] = slices.Insert(s.slots[e.key], 0, e)
	e.place = s.used.PushFront(e)
	s.bytes.Add(e.size())
	return s.bytes.Load() - before
}

// remove needs the lock.
func (s *share) remove(e *entry) {
	all := slices.DeleteFunc(s.slots[e.key], func(other *entry) bool { return other == e })
	if s.slots[e.key] = all; len(all) == 0 {
		delete(s.slots, e.key)
	}
	s.used.Remove(e.place)
	s.bytes.Add(-e.size())
}

// drop removes an entry that no longer holds, unless it was replaced already.
func (s *share) drop(e *entry) (shrunk int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.slots[e.key], e) {
		return 0
	}
	s.remove(e)
	return e.size()
}

// shrink removes what was used longest ago until no more than the limit is left, and
// returns how much went.
func (s *share) shrink(limit int64) (shrunk int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.bytes.Load() > limit && s.used.Len() > 0 {
		oldest := s.used.Back().Value.(*entry)
		s.remove(oldest)
		shrunk += oldest.size()
	}
	return shrunk
}

// sweep removes what the judgement says, and returns how many and how much.
func (s *share) sweep(void func(*entry) bool) (n int, shrunk int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for at := s.used.Front(); at != nil; {
		e := at.Value.(*entry)
		at = at.Next()
		if void(e) {
			s.remove(e)
			n, shrunk = n+1, shrunk+e.size()
		}
	}
	return n, shrunk
}
