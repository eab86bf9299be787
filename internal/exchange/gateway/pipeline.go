package gateway

import (
	"context"
	"net/http"
	"time"

	"simpul"
)

// What the pipeline needs of the other rooms. app connects them.
type (
	// Resolver knows what can be called. It reads memory only. A route beside an
	// error is one that has ended.
	Resolver interface {
		Resolve(key string) (*simpul.Route, error)
	}
	// Decider allows or refuses. It reads memory only.
	Decider interface {
		Decide(c simpul.Consumer, route *simpul.Route, now time.Time) (simpul.Decision, error)
	}
	// Recorder keeps the evidence. For a durable class both calls return only
	// when the record is on disk.
	Recorder interface {
		Open(ctx context.Context, x *simpul.Exchange) error
		Seal(ctx context.Context, x *simpul.Exchange) error
	}
	// Mediator fits the request to the provider and the answer to the grant.
	Mediator interface {
		Request(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, r *http.Request) error
		Response(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, res *http.Response) error
	}
	// Caller calls the provider.
	Caller interface {
		Call(route *simpul.Route, r *http.Request) (*http.Response, error)
	}
)

// Pipeline is the walk of one exchange. There is no other way through the hub.
// The decision comes before the contract is looked at, since the grant says which
// version of it the caller builds on.
type Pipeline struct {
	Resolver Resolver
	Decider  Decider
	Limiter  Limiter // nil: nothing is limited
	Tracker  Tracker // nil: nobody asks whose data it is
	Recorder Recorder
	Mediator Mediator
	Keeper   Keeper
	Caller   Caller
	Stager   Stager
	Foreseer Foreseer // whether a tunnel may go on; nil: it may
	Tracer   Tracer   // nil: nobody listens
	Fields   Committer
	MaxBody  int64 // largest request body where the route sets none, bytes
}

// Carry takes an authenticated call to its provider and brings the answer back.
// The record is sealed when the answer's body has been read to its end, or, on
// an error, by whoever tells the consumer.
func (p *Pipeline) Carry(c *call, r *http.Request) (*http.Response, error) {
	x := &c.exchange

	route, err := p.Resolver.Resolve(c.target.key)
	c.meet(route)
	if err != nil {
		return nil, err
	}

	if sandbox, err := rehearsed(r.Header); err != nil {
		return nil, err
	} else if sandbox {
		return p.rehearse(c, route, r)
	}

	decision, err := p.Decider.Decide(x.Consumer, route, x.OpenedAt)
	c.decided(route, decision)
	if err != nil {
		c.attempted(route, r.Method)
		return nil, err
	}
	if route, err = c.choose(route, decision.Version); err != nil {
		return nil, err
	}

	if err := c.fits(route, decision.Obligations, r, p.MaxBody); err != nil {
		return nil, err
	}
	if err := c.enter(p.Limiter, route, decision.RatePerMin); err != nil {
		return nil, err
	}

	if err := c.look(p.Tracker, route, r); err != nil {
		return nil, err
	}
	if err := p.Recorder.Open(r.Context(), x); err != nil {
		return nil, err
	}

	c.introduce(r)
	if err := p.Mediator.Request(x, route, decision.Obligations, r); err != nil {
		return nil, c.blame(err)
	}

	res, err := p.ask(c, route, decision.Obligations, r)
	if err != nil {
		return nil, c.blame(err)
	}
	x.Status = res.StatusCode
	if switched, err := c.switched(res); switched {
		return res, err
	}
	if err := limitAnswer(route, res); err != nil {
		return nil, err
	}
	c.lookAt(res)

	if err := p.Mediator.Response(x, route, decision.Obligations, res); err != nil {
		res.Body.Close()
		return nil, err
	}

	c.announce(res.Header)
	c.commitFields(p.Fields, res.Header)
	return res, c.sealWithAnswer(p.Recorder, decision.Obligations, res)
}
