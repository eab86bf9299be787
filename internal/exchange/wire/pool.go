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
	open    int            // connections, and promises of one
	idle    []*conn        // the one that was used last is last, and taken first
	lent    map[string]int // connections and promises, by the party that has them
	waiting []waiter       // of calls for which there was no room
	sweeper *time.Timer    // runs while connections are idle
}

// waiter is a call in the line. Its channel has room for one: a connection, or nil,
// the promise of room for a new one.
type waiter struct {
	ready chan *conn
	party string
}

func newPool(most int, dial func(context.Context) (net.Conn, error)) *pool {
	return &pool{dial: dial, most: most, streams: make(chan struct{}, (most+1)/2), lent: map[string]int{}}
}

// may reports whether the party may have one connection more. Three quarters of all
// are enough for any: one whose calls take their time, as slow readers of long answers
// do, leaves the origin to others.
func (p *pool) may(party string) bool { return party == "" || p.lent[party] < p.most-p.most/4 }

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

// get lends the party a connection: one that is idle, or a new one, or, where as many
// are open as may be, or as the party may have, the first that comes back within the
// patience.
func (p *pool) get(ctx context.Context, party string, patience time.Duration) (*conn, error) {
	for {
		c, wait := p.take(party)
		if wait != nil {
			var err error
			if c, err = p.await(ctx, party, patience, wait); err != nil {
				return nil, err
			}
		}
		if c == nil {
			return p.fresh(ctx, party)
		}
		if c.alive() {
			return c, nil
		}
		p.drop(c)
	}
}

// take lends the party an idle connection, or gives it a place in the line; neither is
// the promise of room for a new connection.
func (p *pool) take(party string) (*conn, chan *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.may(party) {
		if c, ok := p.assign(party); ok {
			return c, nil
		}
	}
	wait := make(chan *conn, 1)
	p.waiting = append(p.waiting, waiter{wait, party})
	return nil, wait
}

// assign gives the party a connection, or the promise of one, if there is room.
func (p *pool) assign(party string) (c *conn, ok bool) {
	if n := len(p.idle); n > 0 {
		c = p.idle[n-1]
		p.idle[n-1] = nil
		p.idle = p.idle[:n-1]
		c.party = party
	} else if p.open < p.most {
		p.open++
	} else {
		return nil, false
	}
	if party != "" {
		p.lent[party]++
	}
	return c, true
}

// release takes back what the party had, and serves whoever waits for it.
func (p *pool) release(party string) {
	if n := p.lent[party]; n > 1 {
		p.lent[party] = n - 1
	} else {
		delete(p.lent, party)
	}
	for i := 0; i < len(p.waiting); {
		w := p.waiting[i]
		if !p.may(w.party) {
			i++
			continue
		}
		c, ok := p.assign(w.party)
		if !ok {
			return
		}
		p.waiting = slices.Delete(p.waiting, i, i+1)
		w.ready <- c
	}
}

// await waits for a connection, or for the promise of one, which is nil.
func (p *pool) await(ctx context.Context, party string, patience time.Duration, wait chan *conn) (*conn, error) {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	select {
	case c := <-wait:
		return c, nil
	case <-ctx.Done():
		p.quit(party, wait)
		return nil, crowded(ctx)
	case <-enough.C:
		p.quit(party, wait)
		return nil, ErrCrowded
	}
}

// quit leaves the line. What came at the same moment is for somebody else.
func (p *pool) quit(party string, wait chan *conn) {
	p.mu.Lock()
	i := slices.IndexFunc(p.waiting, func(w waiter) bool { return w.ready == wait })
	if i >= 0 {
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
	p.mu.Unlock()
	if i >= 0 {
		return
	}
	if c := <-wait; c != nil {
		p.put(c)
		return
	}
	p.leave(party)
}

// fresh opens the connection for which there is room.
func (p *pool) fresh(ctx context.Context, party string) (*conn, error) {
	c, err := p.dial(ctx)
	if err != nil {
		p.leave(party)
		return nil, err
	}
	fresh := newConn(c, p)
	fresh.party = party
	return fresh, nil
}

// put takes back a connection that can be used again.
func (p *pool) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	party := c.party
	c.used, c.rested, c.party = true, time.Now(), ""
	p.idle = append(p.idle, c)
	p.release(party)
	if p.sweeper == nil && len(p.idle) > 0 {
		p.sweeper = time.AfterFunc(longestRest, p.sweep)
	}
}

// drop closes a connection for good.
func (p *pool) drop(c *conn) {
	c.Close()
	p.leave(c.party)
}

// leave gives up the room of one connection, which the party had.
func (p *pool) leave(party string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open--
	p.release(party)
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
