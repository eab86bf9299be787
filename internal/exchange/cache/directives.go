package cache

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// directives are what a Cache-Control field says (RFC 9111 section 5.2), as far as
// a shared cache must know. A time that is not given is absent.
type directives struct {
	noStore, noCache, private, public, mustRevalidate, proxyRevalidate, onlyIfCached bool

	maxAge, sMaxAge, minFresh, staleIfError seconds
}

// seconds is a number of seconds, absent when negative.
type seconds int64

const absent seconds = -1

// endless is the largest number that is told from larger ones (RFC 9111 section
// 1.2.2).
const endless = 1 << 31

func (s seconds) given() bool             { return s >= 0 }
func (s seconds) duration() time.Duration { return time.Duration(s) * time.Second }

// readDirectives reads all lines of a header's Cache-Control. Of a time that is
// given twice the shorter counts, and one that is no number is 0: what cannot be
// understood must not be kept for long. A directive that is qualified by field
// names counts as if it were not.
func readDirectives(h http.Header) directives {
	d := directives{maxAge: absent, sMaxAge: absent, minFresh: absent, staleIfError: absent}
	lines := h["Cache-Control"]
	if lines == nil {
		d.noCache = strings.Contains(strings.ToLower(h.Get("Pragma")), "no-cache")
		return d
	}
	for _, line := range lines {
		for line != "" {
			var name, value string
			name, value, line = nextDirective(line)
			d.set(name, value)
		}
	}
	return d
}

func (d *directives) set(name, value string) {
	switch name {
	case "no-store":
		d.noStore = true
	case "no-cache":
		d.noCache = true
	case "private":
		d.private = true
	case "public":
		d.public = true
	case "must-revalidate":
		d.mustRevalidate = true
	case "proxy-revalidate":
		d.proxyRevalidate = true
	case "only-if-cached":
		d.onlyIfCached = true
	case "max-age":
		d.maxAge.shorten(value)
	case "s-maxage":
		d.sMaxAge.shorten(value)
	case "min-fresh":
		d.minFresh.shorten(value)
	case "stale-if-error":
		d.staleIfError.shorten(value)
	}
}

func (s *seconds) shorten(text string) {
	n := readSeconds(text)
	if !s.given() || n < *s {
		*s = n
	}
}

// readSeconds reads delta-seconds (RFC 9111 section 1.2.2).
func readSeconds(text string) seconds {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > endless {
		return endless
	}
	return seconds(n)
}

// nextDirective takes the first directive of a list.
func nextDirective(line string) (name, value, rest string) {
	end, quoted := len(line), false
scan:
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			end, rest = i, line[i+1:]
			break scan
		}
	}
	name, value, _ = strings.Cut(line[:end], "=")
	return strings.ToLower(strings.TrimSpace(name)), strings.Trim(strings.TrimSpace(value), `"`), rest
}
