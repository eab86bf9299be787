package provider

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
)

const (
	usualInterval = 10 * time.Second // between two questions where the provider sets none
	askPatience   = 5 * time.Second  // for an answer, or the interval where that is shorter
	askTogether   = 8                // questions at one time
	askedBody     = 4 << 10          // that is read of an answer, so that the connection can be kept
	turnsSick     = 2                // bad answers in a row
	turnsWell     = 2                // good answers in a row
	lookInterval  = 5 * time.Second  // after which the directory is looked at again
)

// health is what an origin says of itself.
type health struct {
	at   atomic.Int64 // milliseconds since 1970; 0: never asked
	mu   sync.Mutex
	row  int  // answers in a row that say the same
	well bool // what they say
	due  time.Time
	busy bool
}

// claim reports whether the origin is to be asked now, and sets when it is to be
// asked next: not at the same moment as all others.
func (h *health) claim(now time.Time, every time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy || now.Before(h.due) {
		return false
	}
	if h.due.IsZero() { // spread what begins together
		h.due = now.Add(rand.N(every))
		return false
	}
	h.due = now.Add(every - every/10 + rand.N(every/5+1))
	h.busy = true
	return true
}

// answered takes an answer, and returns whether the origin is sick now.
func (h *health) answered(well, sick bool, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busy = false
	h.at.Store(now.UnixMilli())
	if h.row == 0 || h.well != well {
		h.row, h.well = 0, well
	}
	h.row++
	switch {
	case well && h.row >= turnsWell:
		return false
	case !well && h.row >= turnsSick:
		return true
	}
	return sick
}

// Routes are those of the directory whose origins are to be asked.
type Routes func() []*simpul.Route

// Ask asks origins whether they are well, until ctx ends. It follows what is
// published, and stands beside the calls: none of them waits for it.
func (c *Caller) Ask(ctx context.Context, routes Routes, proof Proof) {
	places := make(chan struct{}, askTogether)
	var under sync.WaitGroup
	defer under.Wait()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var all []*simpul.Route
	var looked time.Time
	for {
		if now := c.now(); now.Sub(looked) >= lookInterval {
			all, looked = routes(), now
			c.introduceAll()
		}
		for _, route := range all {
			c.askAll(ctx, route, proof, places, &under)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// askAll asks the origins of a route that are due, as long as there is a place.
func (c *Caller) askAll(ctx context.Context, route *simpul.Route, proof Proof, places chan struct{}, under *sync.WaitGroup) {
	if route.Delivery == nil || route.Delivery.Health == nil {
		return
	}
	every := everyOf(*route.Delivery.Health)
	g := c.groupOf(route)
	g.touch(c.now())
	for _, o := range g.origins() {
		if ctx.Err() != nil {
			return
		}
		select {
		case places <- struct{}{}:
		default:
			return // whoever is due now is so in a second as well
		}
		if !o.asked.claim(c.now(), every) {
			<-places
			continue
		}
		under.Go(func() {
			defer func() { <-places }()
			c.ask(ctx, g, o, proof, every)
		})
	}
}

func everyOf(h simpul.Health) time.Duration {
	if h.EverySeconds == 0 {
		return usualInterval
	}
	return time.Duration(h.EverySeconds) * time.Second
}

// ask asks one origin.
func (c *Caller) ask(ctx context.Context, g *group, o *origin, proof Proof, every time.Duration) {
	well := c.says(ctx, g, o, proof, min(every, askPatience))
	if ctx.Err() != nil {
		well = !o.sick.Load() // nobody waited for the answer
	}
	o.sick.Store(o.asked.answered(well, o.sick.Load(), c.now()))
	c.events.Asked(well)
}

// says reports whether the origin answers that it is well: any status below 400.
func (c *Caller) says(ctx context.Context, g *group, o *origin, proof Proof, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	to := *o.base
	to.Path, to.RawPath = o.base.Path+g.route.Delivery.Health.Path, ""
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		return false
	}
	r.Header.Set("User-Agent", "Simpul-Health")
	res, err := c.exchange(proof.on(g.route, o, r), &to, patience)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, askedBody))
	return res.StatusCode < http.StatusBadRequest
}
