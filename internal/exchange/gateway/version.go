package gateway

import (
	"fmt"
	"net/http"
	"time"

	"simpul"
)

// VersionOf returns the route of the contract version that a grant is pinned to:
// the route itself without a pin, and where its address names a version. A
// version that has ended answers no more; the route beside the error is what
// was asked for.
func VersionOf(route *simpul.Route, pin string, now time.Time) (*simpul.Route, error) {
	chosen := route
	if pin != "" && !route.Fixed {
		if chosen = ofMajor(route, pin); chosen == nil {
			return route, versionGone(route, pin, route.Version)
		}
	}
	if e := chosen.Ending; e != nil && e.Version != "" && !now.Before(e.Sunset) {
		return chosen, versionGone(chosen, simpul.Major(chosen.Version), e.Version)
	}
	return chosen, nil
}

// ofMajor finds a major version among those that answer, nil where none is it.
func ofMajor(route *simpul.Route, major string) *simpul.Route {
	if simpul.Major(route.Version) == major {
		return route
	}
	for _, older := range route.Older {
		if simpul.Major(older.Version) == major {
			return older
		}
	}
	return nil
}

func versionGone(route *simpul.Route, ended, newest string) error {
	next, lid := simpul.Major(newest), string(route.Address)
	return &simpul.Error{
		Code: simpul.CodeGone, Owner: route.Owner,
		Message: simpul.Text{ID: fmt.Sprintf("Versi %s dari %s sudah berakhir.", ended, lid), EN: fmt.Sprintf("Version %s of %s has ended.", ended, lid)},
		Remedy: simpul.Text{
			ID: fmt.Sprintf("Pindah ke versi %s: sesuaikan aplikasi dengan kontraknya di halaman LID, lalu pindahkan izinnya di halaman Akses data.", next),
			EN: fmt.Sprintf("Move to version %s: fit the application to its contract on the LID's page, then move the grant on the page Access to data.", next)},
	}
}

// meet notes which route the exchange takes.
func (c *call) meet(route *simpul.Route) {
	if route == nil {
		return
	}
	x := &c.exchange
	c.route, x.Address, x.Version, x.Class, x.Provider = route, route.Address, route.Version, route.Class, route.Owner
}

// attempted notes what a call that is refused was to do, as far as the newest
// contract says.
func (c *call) attempted(route *simpul.Route, method string) {
	c.exchange.Operation, _ = permitted(route, method, c.target.below)
}

// choose goes on with the version that the decision follows.
func (c *call) choose(route *simpul.Route, pin string) (*simpul.Route, error) {
	chosen, err := VersionOf(route, pin, c.exchange.OpenedAt)
	c.meet(chosen)
	return chosen, err
}

// announceRoute tells which version answers and, of a route that will end, when
// and what comes after it (RFC 9745, RFC 8594, RFC 5829 section 3.3).
func (c *call) announceRoute(h http.Header) {
	const version = "Lid-Version" // in canonical form
	delete(h, version)            // the hub sets its own
	route := c.route
	if route == nil {
		return
	}
	if route.Version != "" {
		c.set(h, version, route.Version)
	}
	e := route.Ending
	if e == nil {
		return
	}
	h.Set("Deprecation", fmt.Sprintf("@%d", e.Since.Unix()))
	h.Set("Sunset", e.Sunset.UTC().Format(http.TimeFormat))
	if e.Successor != "" {
		h.Add("Link", "</"+string(e.Successor)+`>; rel="successor-version"`)
	}
}
