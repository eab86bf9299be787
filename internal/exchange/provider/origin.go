package provider

import (
	"net/http"
	"net/url"
	"strings"

	"simpul"
)

// hideOrigin removes what tells where the provider is or what it runs, so that
// nobody can go around the hub. bases are all of the route's origins, called is
// the provider's URL that was called.
func hideOrigin(route *simpul.Route, bases []*url.URL, called *url.URL, h http.Header) {
	h.Del("Server")
	h.Del("X-Powered-By")
	h.Del("Alt-Svc")
	for _, name := range []string{"Location", "Content-Location"} {
		value := h.Get(name)
		if value == "" {
			continue
		}
		if told, ok := throughHub(route, bases, called, value); ok {
			h.Set(name, told)
		} else {
			h.Del(name)
		}
	}
}

// throughHub returns an address that the provider names as the consumer may
// learn it: what is below a base of the route as an address below the LID's, what
// is on another host as it is, and nothing else.
func throughHub(route *simpul.Route, bases []*url.URL, called *url.URL, address string) (string, bool) {
	u, err := called.Parse(address)
	if err != nil || u.Opaque != "" {
		return "", false
	}
	foreign := true
	for _, base := range bases {
		if !strings.EqualFold(u.Hostname(), base.Hostname()) {
			continue
		}
		foreign = false
		if below, inside := belowBase(base, u); inside {
			rest := url.URL{RawQuery: u.RawQuery, Fragment: u.Fragment, RawFragment: u.RawFragment}
			return "/" + string(route.Address) + below + rest.String(), true
		}
	}
	if !foreign {
		return "", false
	}
	return address, true
}

// belowBase returns the path of an address below a base on the same host.
func belowBase(base, u *url.URL) (below string, inside bool) {
	below, inside = strings.CutPrefix(u.EscapedPath(), strings.TrimSuffix(base.EscapedPath(), "/"))
	return below, inside && (below == "" || below[0] == '/') && port(u) == port(base)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}
