package gateway

import (
	"net/http"

	"simpul"
)

// Limiter holds calls to their limits. It reads memory only.
type Limiter interface {
	// Admit counts a call against every limit that applies to it, or refuses it
	// and counts nothing. The pass beside an error only announces; it may be nil.
	Admit(x *simpul.Exchange, route *simpul.Route, ratePerMin int) (Pass, error)
}

// Pass is a call that is under way.
type Pass interface {
	// Announce writes the fields of draft-ietf-httpapi-ratelimit-headers.
	Announce(h http.Header)
	// Release ends the call. It is called once.
	Release()
}

// enter counts the call. From then on it is under way until it leaves.
func (c *call) enter(limiter Limiter, route *simpul.Route, ratePerMin int) (err error) {
	if limiter == nil {
		return nil
	}
	c.pass, err = limiter.Admit(&c.exchange, route, ratePerMin)
	c.entered = err == nil
	return err
}

// leave ends what entered, however it ended.
func (c *call) leave() {
	if c.entered {
		c.entered = false
		c.pass.Release()
	}
}

// announceLimits tells which limits the call was held to.
func (c *call) announceLimits(h http.Header) {
	if c.pass != nil {
		c.pass.Announce(h)
	}
}
