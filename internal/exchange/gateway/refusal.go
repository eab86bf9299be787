package gateway

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// refuse tells the consumer why the exchange did not happen, and records it
// where somebody known asked.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, c *call, err error) {
	if httpapi.Left(r, err) {
		err = &simpul.Error{Code: simpul.CodeAborted, Err: err}
	}
	p := httpapi.ProblemOf(err, simpul.ParseLanguage(r.Header.Get("Accept-Language")))
	p.ExchangeID = c.exchange.ID
	if p.Owner == "" {
		p.Owner = c.exchange.Provider
	}

	if p.Code == simpul.CodeInternal {
		g.log.ErrorContext(r.Context(), "exchange failed", "exchange", c.exchange.ID, "error", err)
	}
	if c.exchange.Consumer.Application != "" && !c.sealed {
		g.recordRefusal(r, c, p)
	}
	c.announceLimits(w.Header())
	c.announceRoute(w.Header())
	announceRemedy(w.Header(), err)
	tell(w, r, p)
}

func (g *Gateway) recordRefusal(r *http.Request, c *call, p *httpapi.Problem) {
	c.sealed = true
	if c.exchange.Outcome = p.Code; p.Code != simpul.CodeAborted { // else nobody received a status
		c.exchange.Status = p.Status
	}
	if err := c.seal(context.WithoutCancel(r.Context()), g.pipeline.Recorder); err != nil {
		g.log.ErrorContext(r.Context(), "refusal not recorded", "exchange", c.exchange.ID, "error", err)
	}
}

// announceRemedy sets the header that goes with some refusals.
func announceRemedy(h http.Header, err error) {
	if e, ok := errors.AsType[*simpul.Error](err); ok && e.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((e.Retry+time.Second-1)/time.Second)))
	}
	if e, ok := errors.AsType[*methodError](err); ok {
		h.Set("Allow", strings.Join(e.allowed, ", "))
	}
}
