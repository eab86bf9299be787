package gateway

import (
	"io"
	"net/http"

	"simpul"
)

// sandboxHeader asks for an example of the contract instead of the provider's answer.
const sandboxHeader = "Simpul-Sandbox"

// Stager answers from the examples of a contract.
type Stager interface {
	Rehearse(route *simpul.Route, op simpul.Operation, r *http.Request) (*http.Response, error)
}

// rehearsed reports whether the call is for the sandbox. A value that could mean
// either is refused: somebody who tries something out must not call in earnest.
func rehearsed(h http.Header) (bool, error) {
	values := h[sandboxHeader]
	switch {
	case len(values) == 0:
		return false, nil
	case len(values) == 1 && values[0] == "true":
		return true, nil
	case len(values) == 1 && values[0] == "false":
		return false, nil
	}
	return true, simpul.Invalid("header."+sandboxHeader,
		simpul.Text{ID: "Nilai kepala " + sandboxHeader + " tidak dikenal.", EN: "The value of the header " + sandboxHeader + " is unknown."},
		simpul.Text{ID: "Tulis " + sandboxHeader + ": true, atau hilangkan kepalanya.", EN: "Write " + sandboxHeader + ": true, or leave the header out."})
}

// rehearse answers a call of the sandbox. It needs no grant, and the provider
// never sees it, so that the limits of neither hold it; those of whoever calls do,
// and so does what the hub can take. The exchange is recorded under a purpose of its own.
func (p *Pipeline) rehearse(c *call, route *simpul.Route, r *http.Request) (*http.Response, error) {
	x := &c.exchange
	x.Purpose = simpul.Rehearsal
	route, err := c.choose(route, "")
	if err != nil {
		return nil, err
	}
	if x.Operation, err = permitted(route, r.Method, c.target.below); err != nil {
		return nil, err
	}
	if err := c.limitBody(route, p.MaxBody); err != nil {
		return nil, err
	}
	if err := c.enter(p.Limiter, route, 0); err != nil {
		return nil, err
	}
	if err := p.Recorder.Open(r.Context(), x); err != nil {
		return nil, err
	}
	if c.body != nil {
		if _, err := io.Copy(io.Discard, c.body); err != nil {
			return nil, c.blame(err)
		}
	}
	res, err := p.Stager.Rehearse(route, x.Operation, r)
	if err != nil {
		return nil, err
	}
	x.Status = res.StatusCode
	c.announce(res.Header)
	return res, c.sealWithAnswer(p.Recorder, simpul.Obligations{}, res)
}
