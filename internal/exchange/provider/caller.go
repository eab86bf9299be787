package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/exchange/wire"
)

// Caller calls providers over HTTP, with connections kept alive per origin, and
// remembers how each origin of a LID does.
type Caller struct {
	wire    *wire.Client
	second  *second
	tunnels *wire.Client
	now     func() time.Time
	events  Events
	proves  func(*simpul.Route, *url.URL) bool // nil: to every origin

	groups  sync.Map // of *group, by *simpul.Route
	known   sync.Map // of *origin, by originKey
	budgets sync.Map // of *budget, by simpul.Address
	trials  sync.Map // of *trial, by trialKey
	fallen  atomic.Pointer[map[trialKey]Fall]
	tidied  atomic.Int64  // seconds since 1970
	felled  chan struct{} // wakes whoever stores that a canary fell
}

// Events hears what happens to origins, to be counted.
type Events interface {
	Turned(to string)                // a breaker: "closed", "open", "half-open"
	Repeated(kind string, made bool) // "retry" or "hedge", made or not afforded
	Asked(well bool)                 // an origin whether it is well
	RolledBack()                     // a canary
}

// unheard events are counted by nobody.
type unheard struct{}

func (unheard) Turned(string)         {}
func (unheard) Repeated(string, bool) {}
func (unheard) Asked(bool)            {}
func (unheard) RolledBack()           {}

// New returns a caller. connections bounds how many are open to one origin.
func New(connections int) *Caller {
	client := wire.New(connections, nil)
	client.Dial, client.Party = dialer().DialContext, agencyOf
	c := &Caller{wire: client, second: newSecond(connections), tunnels: newTunnels(connections), now: time.Now, events: unheard{}, felled: make(chan struct{}, 1)}
	c.fallen.Store(&map[trialKey]Fall{})
	return c
}

// agencyOf is the agency on whose behalf the hub calls, as it tells the provider.
func agencyOf(r *http.Request) string {
	if of := r.Header["Simpul-Application"]; len(of) == 1 {
		return string(simpul.ApplicationID(of[0]).Agency())
	}
	return ""
}

// Hear has events counted. It is called before the first call.
func (c *Caller) Hear(e Events) { c.events = e }

// Trust tells to which origins of a route the hub can prove itself. Others get no
// call while there is one that does: they would refuse it, and consumers would
// see why. It is called before the first call.
func (c *Caller) Trust(proves func(*simpul.Route, *url.URL) bool) { c.proves = proves }

// Close closes idle connections.
func (c *Caller) Close() {
	c.wire.Close()
	c.second.Close()
	c.tunnels.Close()
}

// Proof returns the request with what proves the hub to the origin at a base URL
// of the route. It leaves the one that it was given as it is.
type Proof func(route *simpul.Route, base *url.URL, r *http.Request) *http.Request

func (p Proof) on(route *simpul.Route, o *origin, r *http.Request) *http.Request {
	if p == nil {
		return r
	}
	return p(route, o.base, r)
}

// Call sends the request to one of the route's origins. r.URL.Path is the path
// below the LID's address, already checked by the gateway. The answer's body must
// be closed.
func (c *Caller) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	return c.serve(route, r, nil)
}

// Proven calls as Call does, and proves the hub to each origin.
type Proven struct {
	*Caller
	Proof Proof
}

// Call sends the request to one of the route's origins.
func (p Proven) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	return p.serve(route, r, p.Proof)
}

// Single calls the route's upstream and nothing else, once, whatever is known of
// it: for whoever tests a service.
type Single struct{ *Caller }

// Call sends the request to the route's upstream.
func (s Single) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	to := target(route.Upstream, r.URL)
	res, err := s.exchange(r, to, route.Timeout)
	if err != nil {
		return nil, describe(route, route.Timeout, r.Context(), err)
	}
	res.Body = &answerBody{ReadCloser: res.Body, route: route, from: consumer{ctx: r.Context()}}
	return final(route, []*url.URL{route.Upstream}, to, res)
}

// serve goes the shortest way that the route allows.
func (c *Caller) serve(route *simpul.Route, r *http.Request, proof Proof) (*http.Response, error) {
	g := c.groupOf(route)
	if g.retry != nil {
		return c.persist(g, r, proof)
	}
	if o := g.stable[0]; g.plain() && o.breaker.isClosed() {
		return c.direct(g, o, r, proof)
	}
	now := c.now()
	o := g.pick(r, now)
	if o == nil {
		return nil, g.resting(now)
	}
	return c.direct(g, o, r, proof)
}

// persist carries a call that may be repeated; one that may not is made once.
func (c *Caller) persist(g *group, r *http.Request, proof Proof) (*http.Response, error) {
	limit := patience(r.Header, g.route.Timeout)
	p := &persistent{Caller: c, group: g, r: r, proof: proof, limit: limit, short: limit < g.route.Timeout}
	again, err := p.repeatable()
	if err != nil {
		return nil, describe(g.route, limit, r.Context(), err)
	}
	p.start = c.now() // the consumer had a time of its own for its body
	if !again {
		g.budget.earn()
		if o := g.pick(r, p.start); o != nil {
			return c.direct(g, o, r, proof)
		}
		return nil, g.resting(p.start)
	}
	got := p.carry()
	switch {
	case got.origin == nil:
		return nil, g.resting(p.now())
	case got.err != nil:
		return nil, describe(g.route, limit, r.Context(), got.err)
	}
	return final(g.route, g.bases, target(got.origin.base, r.URL), got.res)
}

// direct makes the only attempt of a call, with the request as it is.
func (c *Caller) direct(g *group, o *origin, r *http.Request, proof Proof) (*http.Response, error) {
	route := g.route
	limit := agree(r, route.Timeout, g.told)
	from := consumer{ctx: r.Context(), short: limit < route.Timeout}
	if r.Body != nil && r.Body != http.NoBody {
		from.body = &given{ReadCloser: r.Body, now: c.now}
		r.Body = from.body
	}
	to := target(o.base, r.URL)
	res, err := c.send(g, o, proof.on(route, o, r), to, limit, from)
	if err != nil {
		return nil, describe(route, limit, from.ctx, err)
	}
	return final(route, g.bases, to, res)
}

// exchange speaks with an origin in the version of HTTP that it chose. Its error
// is as the client gives it.
func (c *Caller) exchange(r *http.Request, to *url.URL, silence time.Duration) (*http.Response, error) {
	if r.Header["Upgrade"] != nil {
		return c.switching(r, to, silence)
	}
	if c.second.speaks(to) {
		return c.second.call(r, to, silence)
	}
	res, err := c.wire.Do(r, to, silence)
	if errors.Is(err, wire.ErrHTTP2) {
		c.second.learn(to)
		return c.second.call(r, to, silence)
	}
	return res, err
}

// send makes one attempt, and learns from it.
func (c *Caller) send(g *group, o *origin, r *http.Request, to *url.URL, silence time.Duration, from consumer) (*http.Response, error) {
	began := c.now()
	g.touch(began)
	o.underWay.Add(1)
	res, err := c.exchange(r, to, silence)
	if v := from.judge(r.Context(), res, err); v == good && g.plain() {
		c.turn(o, good, began) // the second in which it ended is not worth another look at the clock
	} else {
		now := c.now()
		c.learn(g, o, v, res, now.Sub(began)-from.body.waited(), now)
	}
	if err != nil {
		o.underWay.Add(-1)
		return nil, err
	}
	res.Body = watched(&answerBody{ReadCloser: res.Body, route: g.route, from: from, caller: c, origin: o})
	return res, nil
}

// learn notes how an origin did.
func (c *Caller) learn(g *group, o *origin, v verdict, res *http.Response, took time.Duration, now time.Time) {
	c.turn(o, v, now)
	if !g.plain() {
		switch {
		case v == bad || v == refused:
			took = max(took, failureCosts)
		case v == neutral && took < time.Duration(o.latency.now(now)):
			took = 0 // it had no time to be slow
		}
		if took > 0 {
			o.latency.observe(took, now)
		}
	}
	if t := g.trial; t != nil && t.origin == o && v != neutral {
		c.try(t, v != good || res.StatusCode >= 500, now)
	}
}

// turn tells a breaker, and others what becomes of it.
func (c *Caller) turn(o *origin, v verdict, now time.Time) {
	if to, turned := o.breaker.note(v, now); turned {
		c.events.Turned(to.String())
	}
}

// try counts a call of a canary, and has its end stored where this call felled it.
func (c *Caller) try(t *trial, failed bool, now time.Time) {
	if !t.count(failed, now) {
		return
	}
	c.events.RolledBack()
	select {
	case c.felled <- struct{}{}:
	default:
	}
}

// consumer is on whose behalf an attempt is made.
type consumer struct {
	ctx   context.Context
	body  *given // nil: none that streams
	short bool   // waits for less time than the route allows
}

// given is a body that the consumer sends. It is read in a goroutine of the
// client's.
type given struct {
	io.ReadCloser
	now   func() time.Time
	wait  atomic.Int64 // for the consumer, nanoseconds
	broke atomic.Bool
}

func (b *given) Read(p []byte) (int, error) {
	began := b.now()
	n, err := b.ReadCloser.Read(p)
	b.wait.Add(int64(b.now().Sub(began)))
	if err != nil && err != io.EOF {
		b.broke.Store(true)
	}
	return n, err
}

// waited is how much of a call's time the consumer took for its body, which says
// nothing of the origin.
func (b *given) waited() time.Duration {
	if b == nil {
		return 0
	}
	return time.Duration(b.wait.Load())
}

// judge tells what an attempt says of its origin. What a consumer can bring about
// by itself says nothing: else one could have the hub hold back the calls of all
// others. For the same reason 500 is an answer like another; that a service cannot
// serve, it says by 502, 503 and 504.
func (f consumer) judge(attempt context.Context, res *http.Response, err error) verdict {
	switch {
	case err == nil && overloaded(res.StatusCode):
		return bad
	case err == nil:
		return good
	case f.ctx.Err() != nil, errors.Is(err, wire.ErrCrowded), f.body != nil && f.body.broke.Load(), errors.Is(context.Cause(attempt), errLost):
		return neutral
	case isRefused(err):
		return refused
	case f.short && isSilence(err):
		return neutral
	}
	return bad
}

func isSilence(err error) bool { return errors.Is(err, errSilent) || wire.IsSilence(err) }

func isRefused(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// final checks an answer and takes the provider's own traces off it.
func final(route *simpul.Route, bases []*url.URL, called *url.URL, res *http.Response) (*http.Response, error) {
	if (res.StatusCode < 200 || res.StatusCode > 599) && !switched(res) {
		res.Body.Close()
		return nil, nonsense(route, fmt.Errorf("status %d as the final answer", res.StatusCode))
	}
	hideOrigin(route, bases, called, res.Header)
	return res, nil
}

// answerBody tells in the words of the hub why an answer broke off, and the
// origin's breaker that it did.
type answerBody struct {
	io.ReadCloser
	route  *simpul.Route
	from   consumer
	caller *Caller
	origin *origin // nil: nobody learns from it
	ended  bool
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	if b.origin != nil && b.from.ctx.Err() == nil {
		b.caller.turn(b.origin, bad, b.caller.now())
	}
	return n, describe(b.route, b.route.Timeout, b.from.ctx, err)
}

func (b *answerBody) Close() error {
	if b.origin != nil && !b.ended {
		b.ended = true
		b.origin.underWay.Add(-1)
	}
	return b.ReadCloser.Close()
}

// target joins the provider's base with the path below the LID and the query.
func target(base, below *url.URL) *url.URL {
	u := *base
	rest := strings.TrimSuffix(below.EscapedPath(), "/")
	u.Path, u.RawPath = base.Path+strings.TrimSuffix(below.Path, "/"), base.EscapedPath()+rest
	if u.Path == "" {
		u.Path, u.RawPath = "/", ""
	}
	u.RawQuery = below.RawQuery
	return &u
}

// describe tells what went wrong in the words of the hub. caller is the
// consumer's context.
func describe(route *simpul.Route, limit time.Duration, caller context.Context, err error) error {
	switch {
	case caller.Err() != nil:
		return &simpul.Error{Code: simpul.CodeAborted, Err: fmt.Errorf("consumer gave up: %w", caller.Err())}
	case errors.Is(err, wire.ErrCrowded):
		return crowded(route, err)
	case isSilence(err):
		return tooSlow(route, limit, err)
	case isRefused(err):
		return unreachable(route, err)
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() { // of the TLS handshake
		return tooSlow(route, limit, err)
	}
	return nonsense(route, err)
}

func unreachable(route *simpul.Route, err error) *simpul.Error {
	return &simpul.Error{
		Code: simpul.CodeUnavailable, Owner: route.Owner, Retry: 5 * time.Second, Err: err,
		Message: simpul.Text{
			ID: fmt.Sprintf("Layanan %s milik %s tidak dapat dihubungi.", route.Address, route.Owner),
			EN: fmt.Sprintf("Service %s of %s cannot be reached.", route.Address, route.Owner)},
		Remedy: simpul.Text{
			ID: "Coba lagi sebentar lagi. Bila berlanjut, kabari penyedia dengan menyebut nomor pertukaran.",
			EN: "Try again shortly. If it goes on, tell the provider and quote the exchange number."},
	}
}

// crowded tells that the hub's connections to the provider are taken by other calls,
// which is nobody's failure: slow consumers hold one as slow providers do.
func crowded(route *simpul.Route, err error) *simpul.Error {
	e := unreachable(route, err)
	e.Message = simpul.Text{
		ID: fmt.Sprintf("Semua sambungan hub ke layanan %s milik %s sedang dipakai panggilan lain.", route.Address, route.Owner),
		EN: fmt.Sprintf("All connections of the hub to service %s of %s are taken by other calls.", route.Address, route.Owner)}
	e.Remedy = simpul.Text{
		ID: "Coba lagi setelah waktu pada kepala Retry-After. Bila berlanjut, kabari operator hub dengan menyebut nomor pertukaran.",
		EN: "Try again after the time in the header Retry-After. If it goes on, tell the operator of the hub and quote the exchange number."}
	return e
}

func tooSlow(route *simpul.Route, limit time.Duration, err error) error {
	return &simpul.Error{
		Code: simpul.CodeTimeout, Owner: route.Owner, Err: err,
		Message: simpul.Text{
			ID: fmt.Sprintf("Layanan %s milik %s tidak menjawab dalam %s.", route.Address, route.Owner, limit),
			EN: fmt.Sprintf("Service %s of %s did not answer within %s.", route.Address, route.Owner, limit)},
		Remedy: simpul.Text{
			ID: "Minta data yang lebih sedikit, atau coba lagi. Bila berlanjut, kabari penyedia.",
			EN: "Ask for less data, or try again. If it goes on, tell the provider."},
	}
}

func nonsense(route *simpul.Route, err error) error {
	return &simpul.Error{
		Code: simpul.CodeUpstream, Owner: route.Owner, Err: err,
		Message: simpul.Text{
			ID: fmt.Sprintf("Layanan %s milik %s menjawab dengan bentuk yang tidak dapat dibaca.", route.Address, route.Owner),
			EN: fmt.Sprintf("Service %s of %s gave an answer that cannot be read.", route.Address, route.Owner)},
		Remedy: simpul.Text{
			ID: "Kabari penyedia dengan menyebut nomor pertukaran; mengulang panggilan tidak akan membantu.",
			EN: "Tell the provider and quote the exchange number; calling again will not help."},
	}
}
