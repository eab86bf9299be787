package traffic

import (
	"sync/atomic"
	"time"
)

// crowd is the calls under way in this process, by the agency that makes them.
// Once there are as many as the process can take, agencies are held to their
// fair part: whoever has more is refused, whoever has less is not. So there are
// never more than twice as many as it can take.
type crowd struct {
	most    int64        // that the process is configured for
	able    atomic.Int64 // that it can take as things are; between least and most
	inside  atomic.Int64
	present atomic.Int64 // agencies with a call under way
}

// least is how many calls under way the process always takes.
const least = 256

// tenant is the calls under way of one agency.
type tenant struct{ inside atomic.Int64 }

func newCrowd(most int) *crowd {
	c := &crowd{most: int64(most)}
	c.able.Store(c.most)
	return c
}

// enter counts a call in, or refuses it.
func (c *crowd) enter(t *tenant) bool {
	own := t.inside.Add(1)
	if own == 1 {
		c.present.Add(1)
	}
	if c.inside.Add(1) <= c.able.Load() || own <= c.fair() {
		return true
	}
	c.leave(t)
	return false
}

func (c *crowd) leave(t *tenant) {
	c.inside.Add(-1)
	if t.inside.Add(-1) == 0 {
		c.present.Add(-1)
	}
}

// fair is how many calls each agency may have under way when there are too many.
func (c *crowd) fair() int64 { return max(1, c.able.Load()/max(1, c.present.Load())) }

// tolerable is for how long a goroutine that could run may have to wait for a
// processor before the process counts as overloaded.
const tolerable = 100 * time.Millisecond

// adapt lets the process take fewer calls while it is overloaded, and slowly more
// again when it is not. How late goroutines get to run is what tells: unlike the
// latency of calls it does not depend on providers.
func (c *crowd) adapt(late time.Duration) {
	able := c.able.Load()
	if late > tolerable {
		c.able.Store(min(c.most, max(least, min(able, c.inside.Load())*9/10)))
		return
	}
	c.able.Store(min(c.most, able+max(1, able/20)))
}
