package evidence

import (
	"context"
	"sync"
)

// position is a sequence that grows and that others wait for.
type position struct {
	mu    sync.Mutex
	at    uint64
	moved chan struct{} // closed by the next move; nil while nobody waits
}

func (p *position) get() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

// advance moves the position forward; one that is already further stays.
func (p *position) advance(to uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if to > p.at {
		p.set(to)
	}
}

// reset moves the position anywhere.
func (p *position) reset(to uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set(to)
}

func (p *position) set(to uint64) {
	p.at = to
	if p.moved != nil {
		close(p.moved)
		p.moved = nil
	}
}

// await returns once the position has reached the sequence.
func (p *position) await(ctx context.Context, sequence uint64) error {
	for {
		moved := p.ahead(sequence)
		if moved == nil {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ahead returns nil if the sequence has been reached, or what the next move closes.
func (p *position) ahead(sequence uint64) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.at >= sequence {
		return nil
	}
	if p.moved == nil {
		p.moved = make(chan struct{})
	}
	return p.moved
}
