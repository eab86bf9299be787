package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// longestRest is how long a connection may be idle and still be used again.
const longestRest = 90 * time.Second

// ErrCrowded says that no connection to the origin became free in time. It says
// nothing of the origin: whoever holds them may wait for a consumer.
var ErrCrowded = errors.New("all connections to the origin are taken")

// crowded tells of a wait for room that its context ended.
func crowded(ctx context.Context) error { return fmt.Errorf("%w: %w", ErrCrowded, context.Cause(ctx)) }

// pool keeps the connections to one origin, at most so many at a time.
type pool struct {
	dial    func(ctx context.Context) (net.Conn, error)
	most    int
	streams chan struct{} // a place for each body that is on its way

	mu      sync.Mutex
	open    int          // connections, and promises of one
	idle    []*conn      // the one that was used last is last, and taken first
	waiting []chan *conn // of calls for which there was no room; nil is the promise of room
	sweeper *time.Timer  // runs while connections are idle
}

func newPool(most int, dial func(context.Context) (net.Conn, error)) *pool {
	return &pool{most: most, dial: dial, streams: make(chan struct{}, (most+1)/2)}
}

// beginStream waits for a place for a body that streams. Such bodies have half of the
// connections at most, so that consumers who take their time over one leave the
// origin to the calls of others.
func (p *pool) beginStream(ctx context.Context, patience time.Duration) error {
	select {
	case p.streams <- struct{}{}:
		return nil
	default:
	}
	enough := time.NewTimer(patience)
	defer enough.Stop()
	select {
	case p.streams <- struct{}{}:
		return nil
	case <-ctx.Done():
		return crowded(ctx)
	case <-enough.C:
		return ErrCrowded
	}
}

// endStream gives the place of a body back.
func (p *pool) endStream() { <-p.streams }

// get lends a connection: one that is idle, or a new one, or, where as many are
// open as may be, the first that comes back within the patience.
func (p *pool) get(ctx context.Context, patience time.Duration) (*conn, error) {
	for {
		c, wait := p.take()
		switch {
		case wait != nil:
			var err error
			if c, err = p.await(ctx, patience, wait); err != nil {
				return nil, err
			}
		case c == nil:
			return p.fresh(ctx)
		}
		if c == nil {
			return p.fresh(ctx)
		}
		if c.alive() {
			return c, nil
		}
		p.drop(c)
	}
}

// take returns an idle connection, or a place in the line; neither is the
// promise of room for a new connection.
func (p *pool) take() (*conn, chan *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle[n-1] = nil
		p.idle = p.idle[:n-1]
		return c, nil
	}
	if p.open < p.most {
		p.open++
		return nil, nil
	}
	wait := make(chan *conn, 1)
	p.waiting = append(p.waiting, wait)
	return nil, wait
}

// await waits for a connection, or for the promise of one, which is nil.
func (p *pool) await(ctx context.Context, patience time.Duration, wait chan *conn) (*conn, error) {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	select {
	case c := <-wait:
		return c, nil
	case <-ctx.Done():
		return nil, p.quit(wait, crowded(ctx))
	case <-enough.C:
		return nil, p.quit(wait, ErrCrowded)
	}
}

// quit leaves the line.
func (p *pool) quit(wait chan *conn, why error) error {
	p.mu.Lock()
	i := slices.Index(p.waiting, wait)
	if i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	p.mu.Unlock()
	if i < 0 { // it came at the same moment, and is for somebody else
		p.giveBack(<-wait)
	}
	return why
}

func (p *pool) giveBack(c *conn) {
	if c == nil {
		p.leave()
		return
	}
	p.put(c)
}

// fresh opens the connection for which there is room.
func (p *pool) fresh(ctx context.Context) (*conn, error) {
	c, err := p.dial(ctx)
	if err != nil {
		p.leave()
		return nil, err
	}
	return newConn(c, p), nil
}

// put takes back a connection that can be used again.
func (p *pool) put(c *conn) {
	c.used, c.rested = true, time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 {
		p.next() <- c
		return
	}
	p.idle = append(p.idle, c)
	if p.sweeper == nil {
		p.sweeper = time.AfterFunc(longestRest, p.sweep)
	}
}

// drop closes a connection for good.
func (p *pool) drop(c *conn) {
	c.Close()
	p.leave()
}

// leave gives up the room of one connection.
func (p *pool) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waiting) > 0 {
		p.next() <- nil
		return
	}
	p.open--
}

// next takes the first of the line. Its channel has room for one.
func (p *pool) next() chan *conn {
	wait := p.waiting[0]
	p.waiting = p.waiting[1:]
	return wait
}

// sweep closes what has been idle for too long, and comes back while anything is.
func (p *pool) sweep() {
	p.mu.Lock()
	old := 0
	for old < len(p.idle) && time.Since(p.idle[old].rested) >= longestRest {
		old++
	}
	gone := slices.Clone(p.idle[:old])
	p.idle = slices.Delete(p.idle, 0, old)
	p.sweeper = nil
	if len(p.idle) > 0 {
		p.sweeper = time.AfterFunc(longestRest, p.sweep)
	}
	p.mu.Unlock()
	for _, c := range gone {
		p.drop(c)
	}
}

// close closes what is idle.
func (p *pool) close() {
	p.mu.Lock()
	gone := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, c := range gone {
		p.drop(c)
	}
}
