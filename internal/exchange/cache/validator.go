package cache

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"simpul"
)

// tag is the entity tag of what is delivered of the entry: the provider's own where
// its answer passes as it is, and otherwise one that follows from the answer, the
// changes and the fields. Where an answer is recoded by a list of the hub it has
// none: the list changes by itself.
func (e *entry) tag(q *question) string {
	switch {
	case !q.reworked():
		return e.header.Get("Etag")
	case byList(q.route.Delivery.Changes):
		return ""
	}
	sum := sha256.New()
	sum.Write(e.print[:])
	sum.Write([]byte(fieldNames(q.fields)))
	return `"` + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16]) + `"`
}

func byList(changes []simpul.Change) bool {
	return slices.ContainsFunc(changes, func(c simpul.Change) bool { return c.Recode != nil && c.Recode.List != "" })
}

// validate gives the answer its entity tag, and makes it 304 where the caller has
// what it would deliver (RFC 9110 section 13.2.2).
func (e *entry) validate(q *question, res *http.Response) {
	if tag := e.tag(q); tag != "" {
		res.Header["Etag"] = []string{tag}
	} else {
		delete(res.Header, "Etag")
	}
	if e.status != http.StatusOK || !e.had(q, res.Header.Get("Etag")) {
		return
	}
	res.StatusCode, res.Body, res.ContentLength = http.StatusNotModified, http.NoBody, 0
	for _, name := range describing {
		delete(res.Header, name)
	}
}

// had reports whether the caller says that it has what would be delivered. Dates are
// the provider's, and say nothing of what a grant delivers of an answer.
func (e *entry) had(q *question, tag string) bool {
	h := q.request.Header
	if known := h["If-None-Match"]; known != nil {
		return tag != "" && listed(known, tag)
	}
	since, err := http.ParseTime(h.Get("If-Modified-Since"))
	if err != nil || q.reworked() {
		return false
	}
	modified, err := http.ParseTime(e.header.Get("Last-Modified"))
	return err == nil && !modified.After(since)
}

// listed compares entity tags weakly, as RFC 9110 section 13.1.2 wants.
func listed(lines []string, tag string) bool {
	for rest := strings.Join(lines, ","); rest != ""; {
		rest = strings.TrimLeft(rest, " \t,")
		if strings.HasPrefix(rest, "*") {
			return true
		}
		known := strings.TrimPrefix(rest, "W/")
		if !strings.HasPrefix(known, `"`) {
			return false
		}
		end := strings.IndexByte(known[1:], '"')
		if end < 0 {
			return false
		}
		if known[:end+2] == strings.TrimPrefix(tag, "W/") {
			return true
		}
		rest = known[end+2:]
	}
	return false
}

// validated adds to a request of the hub the provider's validators of an entry, and
// takes off the caller's, which stand for something else.
func validated(r *http.Request, e *entry) *http.Request {
	out := r.WithContext(r.Context())
	out.Header = r.Header.Clone()
	for _, name := range []string{"If-None-Match", "If-Modified-Since"} {
		delete(out.Header, name)
	}
	if e == nil {
		return out
	}
	if tag := e.header.Get("Etag"); tag != "" {
		out.Header.Set("If-None-Match", tag)
	}
	if at := e.header.Get("Last-Modified"); at != "" {
		out.Header.Set("If-Modified-Since", at)
	}
	return out
}

// canBeValidated reports whether the provider can be asked whether the answer still
// holds.
func canBeValidated(h http.Header) bool { return h.Get("Etag") != "" || h.Get("Last-Modified") != "" }

// contradicts reports whether a 304 speaks of another answer than the entry.
func contradicts(res *http.Response, e *entry) bool {
	said := res.Header.Get("Etag")
	return said != "" && strings.TrimPrefix(said, "W/") != strings.TrimPrefix(e.header.Get("Etag"), "W/")
}
