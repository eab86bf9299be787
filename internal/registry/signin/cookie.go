package signin

import (
	"net/http"
	"time"

	"simpul"
)

// cookie keeps a secret in the browser, out of reach of scripts and of requests
// that other sites make, except for following a link.
type cookie struct {
	plain     string // the name without TLS
	behindTLS bool
}

// name has the prefix that makes browsers refuse the cookie from a neighbour's
// host or without TLS (RFC 6265bis section 4.1.3.2). Without TLS no browser
// would take it, and a hub on a laptop uses the plain name.
func (c cookie) name(r *http.Request) string {
	if c.secure(r) {
		return "__Host-" + c.plain
	}
	return c.plain
}

func (c cookie) secure(r *http.Request) bool { return c.behindTLS || r.TLS != nil }

func (c cookie) read(r *http.Request) simpul.Secret {
	found, err := r.Cookie(c.name(r))
	if err != nil {
		return ""
	}
	return simpul.Secret(found.Value)
}

// write keeps the secret until the time; a zero time is until the browser ends.
func (c cookie) write(w http.ResponseWriter, r *http.Request, secret simpul.Secret, until time.Time) {
	http.SetCookie(w, c.with(r, secret.Reveal(), until, 0))
}

func (c cookie) clear(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, c.with(r, "", time.Time{}, -1))
}

func (c cookie) with(r *http.Request, value string, expires time.Time, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: c.name(r), Value: value, Path: "/", Expires: expires, MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.secure(r),
	}
}
