package conform

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"simpul"
)

// Contract holds messages to one OpenAPI document. It is immutable, and may be
// used by any number of exchanges at a time.
type Contract struct {
	operations map[simpul.Operation]*Operation
}

// Operation is what the document says of one call.
type Operation struct {
	parameters []*parameter
	query      map[string]int // their numbers among parameters
	body       *body          // nil: it takes none
	answers    map[string]*body
	statuses   []string
}

// body is what a message holds.
type body struct {
	required bool
	media    []mediaType
}

type mediaType struct {
	name string // lower case, without parameters; "*/*" and "text/*" are ranges
	form *form  // nil: anything
}

// Operation finds what the contract says of a call; nil for nothing.
func (c *Contract) Operation(o simpul.Operation) *Operation { return c.operations[o] }

// compile reads the OpenAPI document of a contract. It fetches nothing, and its
// work is bounded. An error means that nothing can be held to the document.
func compile(text []byte, known *formats) (*Contract, error) {
	b, err := newBuilder(text, known)
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	c := &Contract{operations: map[simpul.Operation]*Operation{}}
	paths := b.get(0, "paths")
	for item := range b.members(paths) {
		path, within := string(b.name(item)), b.resolve(item)
		for _, method := range []string{"get", "head", "post", "put", "patch", "delete", "options"} {
			if at := b.get(within, method); at != nowhere {
				c.operations[simpul.Operation{Method: strings.ToUpper(method), Path: path}] = b.operation(path, within, at)
			}
		}
	}
	return c, b.settle()
}

// builder compiles the parts of one document.
type builder struct {
	*smith  // of requests, and of answers where the two do not differ
	answers *smith
}

var errNoObject = errors.New("not an object")

func newBuilder(text []byte, known *formats) (*builder, error) {
	const deepest, most = 128, 1 << 19 // what the contract's reader admits, and more
	d := &document{}
	if len(text) > maxContract {
		return nil, errLarge
	}
	if err := d.readWithin(text, deepest, most); err != nil {
		return nil, err
	}
	if d.nodes[0].kind != object {
		return nil, errNoObject
	}
	b := &builder{smith: newSmith(d, false, request, known)}
	version, _ := b.str(b.get(0, "openapi"))
	b.old = strings.HasPrefix(version, "3.0.")
	b.answers = b.smith
	if bytes.Contains(text, []byte("readOnly")) || bytes.Contains(text, []byte("writeOnly")) {
		b.answers = newSmith(d, b.old, answer, known)
	}
	return b, nil
}

func (b *builder) settle() error {
	err := b.smith.settle()
	if b.answers != b.smith {
		err = errors.Join(err, b.answers.settle())
	}
	if err != nil {
		return fmt.Errorf("compile contract: %w", err)
	}
	return nil
}

func (b *builder) operation(path string, item, at int32) *Operation {
	o := &Operation{query: map[string]int{}, answers: map[string]*body{}}
	for _, p := range b.declared(item, at) {
		b.parameter(o, path, p)
	}
	if taken := b.resolve(b.get(at, "requestBody")); taken != nowhere {
		o.body = &body{required: b.truth(b.get(taken, "required")), media: b.media(b.smith, taken)}
	}
	for reply := range b.members(b.get(at, "responses")) {
		status := string(b.name(reply))
		if strings.HasPrefix(status, "x-") {
			continue
		}
		o.answers[status] = &body{media: b.media(b.answers, b.resolve(reply))}
		o.statuses = append(o.statuses, status)
	}
	slices.Sort(o.statuses)
	return o
}

// declared joins the parameters of a path with those of an operation, which win.
func (b *builder) declared(item, operation int32) (all []int32) {
	for _, from := range []int32{item, operation} {
		for at := range b.members(b.get(from, "parameters")) {
			p := b.resolve(at)
			same := func(other int32) bool {
				return b.text(other, "name") == b.text(p, "name") && b.text(other, "in") == b.text(p, "in")
			}
			if n := slices.IndexFunc(all, same); n >= 0 {
				all[n] = p
			} else {
				all = append(all, p)
			}
		}
	}
	return all
}

// media lists what stands under content, the exact names before the ranges.
func (b *builder) media(s *smith, holder int32) (all []mediaType) {
	for at := range b.members(b.get(holder, "content")) {
		m := mediaType{name: mediaOf(string(b.name(at)))}
		if isJSON(m.name) || strings.HasSuffix(m.name, "/*") {
			m.form = s.make(b.get(b.resolve(at), "schema"))
		}
		all = append(all, m)
	}
	slices.SortStableFunc(all, func(a, b mediaType) int { return strings.Count(a.name, "*") - strings.Count(b.name, "*") })
	return all
}
