package gateway

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"simpul"
)

// call is one request on its way through the pipeline.
type call struct {
	exchange simpul.Exchange
	target   target
	body     *requestBody  // nil: the request has none
	purpose  string        // that the call states, where it must
	route    *simpul.Route // nil: nothing was found at the address
	fields   Committer     // nil: the answer's fields are not committed to
	start    time.Time     // monotonic
	trace    trace

	socket      *socket // nil: it stays with HTTP
	multiplexed bool    // the connection carries other calls beside this one (HTTP/2)
	sight       Sight   // nil: the LID does not say whose data it is about
	pass        Pass    // nil: no limit was asked yet
	entered     bool    // the call is under way, until it leaves
	sealed      bool    // the exchange's record is complete, or its body will complete it

	// What every call needs is in one piece with it.
	writer answerWriter
	sealer sealer
	answer sealedBody

	asked    bodySum // of the request
	answered bodySum
	values   [8]string // of header fields
	used     int
}

// set sets a field under its canonical name.
func (c *call) set(h http.Header, name, value string) {
	if c.used == len(c.values) {
		h[name] = []string{value}
		return
	}
	c.values[c.used] = value
	c.used++
	h[name] = c.values[c.used-1 : c.used : c.used]
}

// decided notes under which grant the call goes on, and on what that rests where
// evidence must tell it.
func (c *call) decided(route *simpul.Route, d simpul.Decision) {
	x := &c.exchange
	x.Grant, x.Purpose = d.Grant, d.Purpose
	if route.Class.Durable() {
		x.Basis, x.Fields = d.Basis, d.Paths
	}
}

// fits refuses a call that is not what the contract, the grant and the LID allow,
// before anything is counted or called.
func (c *call) fits(route *simpul.Route, o simpul.Obligations, r *http.Request, maxBody int64) (err error) {
	if c.exchange.Operation, err = permitted(route, r.Method, c.target.below); err != nil {
		return err
	}
	if err := c.limitBody(route, maxBody); err != nil {
		return err
	}
	if err := simpul.Confine(o.Rows, c.exchange.Operation, c.target.below, route.Owner); err != nil {
		return err
	}
	if err := c.statePurpose(route, r.Header); err != nil {
		return err
	}
	return c.maySwitch(route, o)
}

// limitBody refuses a body that says it is too large, and makes one that turns
// out to be fail.
func (c *call) limitBody(route *simpul.Route, standard int64) error {
	if c.body == nil {
		return nil
	}
	limit := route.MaxBody
	if limit == 0 {
		limit = standard
	}
	c.body.limit = limit
	if c.body.declared > limit {
		return tooLarge(limit)
	}
	return nil
}

func tooLarge(limit int64) error {
	return &simpul.Error{
		Code: simpul.CodeTooLarge, Place: "body",
		Message: simpul.Text{ID: fmt.Sprintf("Isi permintaan melebihi %d bita.", limit), EN: fmt.Sprintf("The request body is larger than %d bytes.", limit)},
		Remedy:  simpul.Text{ID: "Kirim isi yang lebih kecil, atau bagi menjadi beberapa panggilan.", EN: "Send a smaller body, or split it into several calls."},
	}
}

// blame finds whose fault a failed call is: the consumer's, if its body was what
// failed, or else the provider's.
func (c *call) blame(err error) error {
	if c.body != nil {
		if failure := c.body.failure(); failure != nil {
			return failure
		}
	}
	return err
}

// introduce tells the provider who calls, in headers that only the hub sets.
func (c *call) introduce(r *http.Request) {
	dropRequestHeaders(r.Header)
	for name := range r.Header {
		if forged(name) {
			delete(r.Header, name)
		}
	}
	for name := range r.Trailer {
		if forged(name) {
			delete(r.Trailer, name)
		}
	}
	c.socket.introduce(r.Header)
	c.trace.introduce(r.Header)
	c.set(r.Header, "Exchange-Id", string(c.exchange.ID))
	c.set(r.Header, "Simpul-Application", string(c.exchange.Consumer.Application))
	c.set(r.Header, "Simpul-Grant", string(c.exchange.Grant))
	if c.purpose != "" {
		c.set(r.Header, purposeHeader, c.purpose)
	}
	r.URL = c.target.below
	r.RequestURI = ""
}

// announce sets what every answer of the gateway says of the exchange. A cache
// between the hub and a consumer may not give one consumer's answer to another,
// nor keep one that must leave a record each time.
func (c *call) announce(h http.Header) {
	delete(h, "Exchange-Id") // the hub sets its own
	if h["Vary"] == nil {
		h["Vary"] = varies
	} else {
		h["Vary"] = append(slices.Clip(h["Vary"]), varies...)
	}
	if c.exchange.Class.Durable() {
		c.set(h, "Cache-Control", "no-store")
	}
	c.announceLimits(h)
	c.announceRoute(h)
}

// varies is what every answer depends on. Nobody changes it.
var varies = []string{"Authorization, X-API-Key"}
