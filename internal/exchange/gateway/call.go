package gateway

import (
	"context"
	"fmt"
	"net/http"
	"strings"
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
	start    time.Time     // monotonic
	pass     Pass          // nil: no limit was asked yet
	entered  bool          // the call is under way, until it leaves
	sealed   bool          // the exchange's record is complete, or its body will complete it
}

type callKey struct{}

func callOf(r *http.Request) *call {
	c, _ := r.Context().Value(callKey{}).(*call)
	return c
}

func (c *call) attach(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callKey{}, c))
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
	for _, name := range credentialHeaders {
		r.Header.Del(name)
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "Simpul-") || strings.HasPrefix(name, "X-Forwarded-") {
			delete(r.Header, name)
		}
	}
	r.Header.Set("Exchange-Id", string(c.exchange.ID))
	r.Header.Set("Simpul-Application", string(c.exchange.Consumer.Application))
	r.Header.Set("Simpul-Grant", string(c.exchange.Grant))
	if c.purpose != "" {
		r.Header.Set(purposeHeader, c.purpose)
	}
	r.URL = c.target.below
	r.RequestURI = ""
}

// announce sets what every answer of the gateway says of the exchange. A cache
// between the hub and a consumer may not give one consumer's answer to another,
// nor keep one that must leave a record each time.
func (c *call) announce(h http.Header) {
	h.Del("Exchange-Id") // the hub sets its own
	h.Add("Vary", "Authorization, X-API-Key")
	if c.exchange.Class.Durable() {
		h.Set("Cache-Control", "no-store")
	}
	c.announceLimits(h)
	announceRoute(h, c.route)
}
