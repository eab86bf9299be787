package conform

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"simpul"
)

// Checker holds messages to contracts, one at a time.
type Checker struct {
	checker
	given []given
	value []byte // of a parameter
}

// Checkers lends checkers. Its zero value is ready.
type Checkers struct{ pool sync.Pool }

// Get returns a checker, which Put takes back.
func (p *Checkers) Get() *Checker {
	if c, ok := p.pool.Get().(*Checker); ok {
		return c
	}
	return &Checker{checker: checker{document: &document{nodes: make([]node, 0, 128)}}}
}

// Put takes a checker back.
func (p *Checkers) Put(c *Checker) {
	c.rest()
	if len(c.value) > maxKept {
		c.value = nil
	}
	p.pool.Put(c)
}

// Parameters holds the path, the query and the headers of a call to the
// contract. The path of the request is the one below the LID's address.
func (c *Checker) Parameters(o *Operation, r *http.Request) []Fault {
	return c.parameters(o, r, nil)
}

// NeedsBody reports whether a call's body must be read to check it, and what is
// wrong with it before that.
func (o *Operation) NeedsBody(h http.Header, there bool) (read bool, found []Fault) {
	switch {
	case !there && o.body != nil && o.body.required:
		return false, []Fault{{Place: "body", Spot: "body", Keyword: "required", Expected: simpul.Text{ID: "ada isinya", EN: "present"}}}
	case !there:
		return false, nil
	case o.body == nil:
		return false, []Fault{{Place: "body", Spot: "body", Keyword: "undeclared", Expected: simpul.Text{ID: "tidak ada isi: kontrak tidak menyebutnya untuk operasi ini", EN: "absent: the contract has no body for this operation"}}}
	}
	return o.body.needed(h)
}

// needed reports whether a body is one that can be checked.
func (b *body) needed(h http.Header) (read bool, found []Fault) {
	if len(b.media) == 0 {
		return false, nil
	}
	m := b.covering(mediaOf(h.Get("Content-Type")))
	switch {
	case m == nil:
		return false, []Fault{b.foreignMedia()}
	case !isJSON(mediaOf(h.Get("Content-Type"))):
		return false, nil
	case isEncoded(h):
		return false, []Fault{encoded()}
	}
	return true, nil
}

func isEncoded(h http.Header) bool {
	coding := h.Get("Content-Encoding")
	return coding != "" && !strings.EqualFold(coding, "identity")
}

// Body holds the JSON body of a call to the contract.
func (c *Checker) Body(o *Operation, h http.Header, content []byte) []Fault {
	if len(content) == 0 {
		_, found := o.NeedsBody(h, false)
		return found
	}
	return c.body(o.body, h, content)
}

func (c *Checker) body(b *body, h http.Header, content []byte) []Fault {
	if err := c.read(content); err != nil {
		return []Fault{flawed("body", err)}
	}
	return c.hold(b.covering(mediaOf(h.Get("Content-Type"))).form, "body", nil)
}

// flawed tells of a text that is no JSON.
func flawed(root string, err error) Fault {
	f, ok := errors.AsType[*flaw](err)
	if !ok {
		f = notJSON
	}
	return Fault{Place: root, Spot: root, Keyword: f.keyword, Expected: f.expected}
}

// NeedsAnswer reports whether the body of a successful answer must be read to
// check it, and what is wrong with it before that.
func (o *Operation) NeedsAnswer(status int, h http.Header) (read bool, found []Fault) {
	r := o.reply(status)
	if r == nil {
		return false, []Fault{{Place: "status", Spot: "status", Keyword: "status", Expected: listed("status ", "status ", o.statuses)}}
	}
	return r.needed(h)
}

// reply is what the contract says of answers with the status; nil for nothing.
func (o *Operation) reply(status int) *body {
	var digits [3]byte
	key := strconv.AppendInt(digits[:0], int64(status), 10)
	if r := o.answers[string(key)]; r != nil {
		return r
	}
	if r := o.answers[string(key[:1])+"XX"]; r != nil {
		return r
	}
	return o.answers["default"]
}

// Answer holds the JSON body of an answer to the contract.
func (c *Checker) Answer(o *Operation, status int, h http.Header, content []byte) []Fault {
	return c.body(o.reply(status), h, content)
}
