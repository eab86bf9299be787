package cache

import (
	"net/http"
	"strings"
	"time"

	"simpul"
)

// keepable are the statuses of answers that are kept where they say for how long
// (RFC 9110 section 15.1); of others nobody knows what they mean for the next call.
var keepable = map[int]bool{200: true, 203: true, 204: true, 300: true, 301: true, 308: true, 404: true, 405: true, 410: true, 414: true, 501: true}

// plain are those to which the LID's own lifetime applies.
var plain = map[int]bool{200: true, 203: true, 204: true}

// mayKeep reports whether an answer may be kept at all (RFC 9111 section 3), as far
// as its head tells.
func mayKeep(q *question, res *http.Response, d directives, longest int64) bool {
	h := res.Header
	switch {
	case !keepable[res.StatusCode], res.ContentLength > longest:
		return false
	case d.noStore, d.private:
		return false
	case h["Set-Cookie"] != nil, h["Content-Range"] != nil, h["Trailer"] != nil, res.Trailer != nil, variesByCaller(h):
		return false
	case q.request.Header["Authorization"] != nil && !d.public && !d.mustRevalidate && !d.sMaxAge.given():
		return false
	}
	return !strings.HasPrefix(h.Get("Content-Type"), "text/event-stream")
}

// lifetime is how long an answer is fresh (RFC 9111 section 4.2.1). Nothing is
// guessed: what the service does not say the LID says, or nobody.
func lifetime(res *http.Response, d directives, declared *simpul.Freshness, received time.Time) time.Duration {
	switch {
	case d.noCache:
		return 0
	case d.sMaxAge.given():
		return d.sMaxAge.duration()
	case d.maxAge.given():
		return d.maxAge.duration()
	}
	if expires := res.Header["Expires"]; expires != nil {
		at, err := http.ParseTime(expires[0])
		if err != nil || len(expires) > 1 {
			return 0
		}
		return max(at.Sub(dated(res.Header, received)), 0)
	}
	if plain[res.StatusCode] {
		return time.Duration(declared.Seconds) * time.Second
	}
	return 0
}

// dated is when the answer says that it was made.
func dated(h http.Header, received time.Time) time.Time {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		return at
	}
	return received
}

// initialAge is how old an answer was when it arrived (RFC 9111 section 4.2.3).
func initialAge(h http.Header, requested, received time.Time) time.Duration {
	apparent := max(received.Sub(dated(h, received)), 0)
	var said time.Duration
	if values := h["Age"]; len(values) > 0 {
		said = readSeconds(strings.TrimSpace(values[0])).duration()
	}
	return max(apparent, said+received.Sub(requested))
}
