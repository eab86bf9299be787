package provider

import (
	"net/http"
	"net/url"
	"strings"

	"simpul"
)

// hideOrigin removes what tells where the provider is or what it runs, so that
// nobody can go around the hub. called is the provider's URL that was called.
func hideOrigin(route *simpul.Route, called *url.URL, h http.Header) {
	h.Del("Server")
	h.Del("X-Powered-By")
	h.Del("Alt-Svc")
	for _, name := range []string{"Location", "Content-Location"} {
		value := h.Get(name)
		if value == "" {
			continue
		}
		if told, ok := throughHub(route, called, value); ok {
			h.Set(name, told)
		} else {
			h.Del(name)
		}
	}
}

// throughHub returns an address that the provider names as the consumer may
// learn it: what is below the route's base as an address below the LID's, what
// is on another host as it is, and nothing else.
func throughHub(route *simpul.Route, called *url.URL, address string) (string, bool) {
	u, err := called.Parse(address)
	switch {
	case err != nil || u.Opaque != "":
		return "", false
	case !strings.EqualFold(u.Hostname(), route.Upstream.Hostname()):
		return address, true
	}
	below, inside := strings.CutPrefix(u.EscapedPath(), strings.TrimSuffix(route.Upstream.EscapedPath(), "/"))
	if !inside || below != "" && below[0] != '/' || port(u) != port(route.Upstream) {
		return "", false
	}
	rest := url.URL{RawQuery: u.RawQuery, Fragment: u.Fragment, RawFragment: u.RawFragment}
	return "/" + string(route.Address) + below + rest.String(), true
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
