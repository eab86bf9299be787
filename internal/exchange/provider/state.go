package provider

import (
	"time"

	"simpul"
)

// OriginState is how one origin of a route does, as this process sees it.
type OriginState struct {
	URL      string
	Canary   bool
	Sick     bool          // says so itself when it is asked
	Unproven bool          // the hub's credential was not made for it
	AskedAt  time.Time     // zero: never asked
	Breaker  string        // "closed", "open", "half-open"
	Latency  time.Duration // estimate; 0: not known
	UnderWay int64
	Calls    int // of the last seconds
	Failed   int
}

// CanaryState is how a canary does, as this process sees it.
type CanaryState struct {
	Print  string
	Calls  int // of the last minutes
	Failed int
	Fall   *Fall // nil: it gets its share
}

// State tells how the origins of a route do, and its canary; nil for none.
func (c *Caller) State(route *simpul.Route) ([]OriginState, *CanaryState) {
	now := c.now()
	g := c.groupOf(route)
	all := make([]OriginState, 0, len(g.origins()))
	for _, o := range g.origins() {
		s := OriginState{
			URL: o.key.url, Canary: g.trial != nil && g.trial.origin == o, Sick: o.sick.Load(), Unproven: o.stranger.Load(), Breaker: o.breaker.is(now).String(),
			Latency: o.latency.last(), UnderWay: o.underWay.Load(),
		}
		if at := o.asked.at.Load(); at > 0 {
			s.AskedAt = time.UnixMilli(at).UTC()
		}
		s.Calls, s.Failed = o.breaker.window.sum(now)
		all = append(all, s)
	}
	if g.trial == nil {
		return all, nil
	}
	s := &CanaryState{Print: g.trial.key.print}
	s.Calls, s.Failed = g.trial.window.sum(now)
	if standing(g.trial.state.Load()) != running {
		if s.Fall = g.trial.felled.Load(); s.Fall == nil {
			if stored, ok := (*c.fallen.Load())[g.trial.key]; ok {
				s.Fall = &stored
			}
		}
	}
	return all, s
}

// Falls are the canaries that fell here and are not stored yet.
func (c *Caller) Falls() (all []Fall) {
	c.trials.Range(func(_, t any) bool {
		if fall := t.(*trial).felled.Load(); fall != nil && standing(t.(*trial).state.Load()) == fallen {
			all = append(all, *fall)
		}
		return true
	})
	return all
}

// Counts are the origins that this process knows, by what their breakers do, and
// those that say that they are sick.
func (c *Caller) Counts() (byBreaker map[string]int, sick int) {
	byBreaker = map[string]int{closed.String(): 0, open.String(): 0, halfOpen.String(): 0}
	now := c.now()
	c.known.Range(func(_, known any) bool {
		o := known.(*origin)
		byBreaker[o.breaker.is(now).String()]++
		if o.sick.Load() {
			sick++
		}
		return true
	})
	return byBreaker, sick
}
