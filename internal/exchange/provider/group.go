package provider

import (
	"net/url"
	"sync/atomic"
	"time"

	"simpul"
)

// group is the origins of one route, looked up once for each call. It lives as
// long as the route; what is known of the origins lives longer.
type group struct {
	route   *simpul.Route
	stable  []*origin
	trial   *trial     // nil: no canary
	bases   []*url.URL // of all, the canary's too
	told    []string   // the route's patience, as origins are told it
	retry   *simpul.Retry
	budget  *budget      // nil: nothing is repeated
	used    atomic.Int64 // seconds since 1970
	watched []*origin    // all of them, for tidying up
}

// plain reports a route that has one origin and nothing to decide.
func (g *group) plain() bool { return g.retry == nil && g.trial == nil && len(g.stable) == 1 }

const (
	groupRest  = 10 * time.Minute // after which an unused route is forgotten
	originRest = time.Hour        // and what is known of an origin that no route names
	tidyEvery  = time.Minute
)

// groupOf finds the origins of a route, by one look into a map that is shared
// without a lock.
func (c *Caller) groupOf(route *simpul.Route) *group {
	if g, ok := c.groups.Load(route); ok {
		return g.(*group)
	}
	g, _ := c.groups.LoadOrStore(route, c.gather(route))
	c.tidy(c.now())
	return g.(*group)
}

func (c *Caller) gather(route *simpul.Route) *group {
	now := c.now()
	g := &group{route: route, told: []string{seconds(route.Timeout)}}
	g.used.Store(now.Unix())
	bases := []*url.URL{route.Upstream}
	d := route.Delivery
	if d == nil {
		d = &simpul.Delivery{}
	}
	for _, text := range d.Origins {
		if u, err := baseOf(text); err == nil { // the catalogue has checked it
			bases = append(bases, u)
		}
	}
	for _, base := range bases {
		g.stable = append(g.stable, c.originOf(route.Address, base, now))
	}
	g.watched = g.stable
	if d.Retry != nil {
		g.retry, g.budget = d.Retry, c.budgetOf(route.Address, now)
	}
	if d.Canary != nil {
		if u, err := baseOf(d.Canary.Upstream); err == nil {
			g.trial = c.trialOf(route, *d.Canary, c.originOf(route.Address, u, now))
			bases = append(bases, u)
			g.watched = append(g.watched[:len(g.watched):len(g.watched)], g.trial.origin)
		}
	}
	g.bases = bases
	c.introduce(g)
	return g
}

// introduce finds out to which origins the hub can prove itself. That of a route
// with one is called in any case.
func (c *Caller) introduce(g *group) {
	if c.proves == nil || len(g.watched) == 1 {
		return
	}
	for _, o := range g.watched {
		o.stranger.Store(!c.proves(g.route, o.base))
	}
}

// introduceAll does so for every route: a credential may have been made since.
func (c *Caller) introduceAll() {
	c.groups.Range(func(_, g any) bool {
		c.introduce(g.(*group))
		return true
	})
}

// origins are all that the route names, each once.
func (g *group) origins() []*origin { return g.watched }

// touch notes that the route is in use.
func (g *group) touch(now time.Time) {
	if s := now.Unix(); g.used.Load() != s {
		g.used.Store(s)
	}
}

// originOf is what is known of a base URL of a LID.
func (c *Caller) originOf(lid simpul.Address, base *url.URL, now time.Time) *origin {
	key := originKey{lid, base.String()}
	known, ok := c.known.Load(key)
	if !ok {
		known, _ = c.known.LoadOrStore(key, &origin{key: key, base: base})
	}
	o := known.(*origin)
	o.used.Store(now.Unix())
	return o
}

func (c *Caller) budgetOf(lid simpul.Address, now time.Time) *budget {
	b, ok := c.budgets.Load(lid)
	if !ok {
		b, _ = c.budgets.LoadOrStore(lid, newBudget(now))
	}
	return b.(*budget)
}

// tidy forgets, now and then, what nobody has used for long. It comes with a new
// route, since only these let the maps grow.
func (c *Caller) tidy(now time.Time) {
	last := c.tidied.Load()
	if now.Unix()-last < int64(tidyEvery/time.Second) || !c.tidied.CompareAndSwap(last, now.Unix()) {
		return
	}
	lids := map[simpul.Address]bool{}
	c.groups.Range(func(route, g any) bool {
		if now.Unix()-g.(*group).used.Load() > int64(groupRest/time.Second) {
			c.groups.Delete(route)
			return true
		}
		lids[g.(*group).route.Address] = true
		for _, o := range g.(*group).origins() {
			o.used.Store(now.Unix())
		}
		return true
	})
	c.known.Range(func(key, o any) bool {
		if now.Unix()-o.(*origin).used.Load() > int64(originRest/time.Second) {
			c.known.Delete(key)
		}
		return true
	})
	c.budgets.Range(func(lid, _ any) bool {
		if !lids[lid.(simpul.Address)] {
			c.budgets.Delete(lid)
		}
		return true
	})
	c.trials.Range(func(key, t any) bool {
		if t.(*trial).forgettable(now) && !lids[key.(trialKey).lid] {
			c.trials.Delete(key)
		}
		return true
	})
}

// baseOf reads a base URL as routes have it.
func baseOf(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if n := len(u.Path); n > 0 && u.Path[n-1] == '/' {
		u.Path = u.Path[:n-1]
	}
	return u, nil
}
