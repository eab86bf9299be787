package gateway

import (
	"net/http"
	"time"

	"simpul"
)

// Keeper answers with what it has kept of the provider, where the LID allows that,
// and otherwise calls. It is asked only for a LID of which answers are kept.
type Keeper interface {
	Call(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, r *http.Request, provider Caller) (*http.Response, error)
}

// ask gets the answer, and notes how long the provider took; nothing where it was
// not called.
func (p *Pipeline) ask(c *call, route *simpul.Route, o simpul.Obligations, r *http.Request) (*http.Response, error) {
	provider := timed{p.Caller, c}
	if route.Delivery.Kept() {
		return p.Keeper.Call(&c.exchange, route, o, r, provider)
	}
	return provider.Call(route, r)
}

// timed is a caller that is timed.
type timed struct {
	Caller
	call *call
}

func (t timed) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	called := time.Now()
	t.call.trace.called(called)
	res, err := t.Caller.Call(route, r)
	t.call.exchange.Upstream += time.Since(called)
	return res, err
}
