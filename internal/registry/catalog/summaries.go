package catalog

import (
	"sync"

	"simpul/internal/registry/catalog/contract/compare"
)

// summaries remembers what two contracts differ in, by their digests: revisions
// never change, and reading a large contract takes a while.
type summaries struct {
	mu   sync.Mutex
	held map[[2]string]compare.Result // without the differences
}

// mostSummaries bounds what is remembered; one takes some 100 bytes.
const mostSummaries = 10_000

func newSummaries() *summaries { return &summaries{held: map[[2]string]compare.Result{}} }

func (s *summaries) get(before, after string) (compare.Result, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.held[[2]string{before, after}]
	return r, ok
}

func (s *summaries) put(before, after string, r compare.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.held) >= mostSummaries {
		clear(s.held)
	}
	r.Differences = nil
	s.held[[2]string{before, after}] = r
}
