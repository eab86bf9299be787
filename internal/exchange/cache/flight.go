package cache

import (
	"context"

	"simpul"
)

// flight is a call to a provider on whose answer others wait.
type flight struct {
	landed  chan struct{}
	waiters int

	// What the caller leaves behind before it lands.
	err       error // why there is no answer, for all
	abandoned bool  // its consumer has gone; somebody else should call
}

// join makes the call the first of its kind under way, or has it wait for that. It
// does neither where the call goes alone, or too many wait already.
func (s *share) join(key string, most int, alone bool) (f *flight, first bool) {
	if alone {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f = s.flights[key]
	switch {
	case f == nil:
		f = &flight{landed: make(chan struct{})}
		s.flights[key] = f
		return f, true
	case f.waiters >= most:
		return nil, false
	}
	f.waiters++
	return f, false
}

// leave tells those that wait what became of the call. Nobody waits for a call that
// goes alone, which is nil.
func (f *flight) leave(err error, caller context.Context) {
	if f == nil {
		return
	}
	if f.abandoned = caller.Err() != nil; !f.abandoned {
		f.err = err
	}
}

// land lets the others look at what came.
func (s *share) land(key string, f *flight) {
	if f == nil {
		return
	}
	s.mu.Lock()
	delete(s.flights, key)
	s.mu.Unlock()
	close(f.landed)
}

// wait waits until the flight has landed, or the caller has gone. A provider that
// failed has failed for all that waited.
func (f *flight) wait(ctx context.Context) (abandoned bool, err error) {
	select {
	case <-f.landed:
		return f.abandoned, f.err
	case <-ctx.Done():
		return false, &simpul.Error{Code: simpul.CodeAborted, Err: ctx.Err()}
	}
}
