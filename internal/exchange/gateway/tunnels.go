package gateway

import (
	"context"
	"sync"
)

// tunnels are the tunnels of a gateway that are under way. The server that their
// connections came from knows them no more.
type tunnels struct {
	once  sync.Once
	close sync.Once
	end   chan struct{} // closed when all must end
	mu    sync.Mutex
	under int
	none  chan struct{} // closed when the last has left; nil while nobody waits
}

func (t *tunnels) closing() chan struct{} {
	t.once.Do(func() { t.end = make(chan struct{}) })
	return t.end
}

// enter counts a tunnel until it leaves.
func (t *tunnels) enter() (leave func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.under++
	return t.leave
}

func (t *tunnels) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.under--; t.under == 0 && t.none != nil {
		close(t.none)
		t.none = nil
	}
}

// empty is closed when no tunnel is under way any more.
func (t *tunnels) empty() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.none == nil {
		t.none = make(chan struct{})
	}
	none := t.none
	if t.under == 0 {
		close(t.none)
		t.none = nil
	}
	return none
}

// EndTunnels waits for tunnels to end by themselves for as long as the context
// lasts, then ends them, and returns when their records are complete.
func (g *Gateway) EndTunnels(ctx context.Context) {
	select {
	case <-g.tunnels.empty():
		return
	case <-ctx.Done():
	}
	g.tunnels.close.Do(func() { close(g.tunnels.closing()) })
	<-g.tunnels.empty()
}
