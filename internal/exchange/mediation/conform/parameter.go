package conform

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"simpul"
)

// parameter is a value outside the body.
type parameter struct {
	in, name string
	place    string // "query.limit"
	required bool
	form     *form  // nil: anything
	list     bool   // its values are elements of an array
	spread   bool   // each in a pair of its own, as explode says
	between  string // else, what stands between them
	encoded  bool   // its value is JSON (content)
	segment  int    // of a path
	opaque   bool   // of a style that is not read: only its presence counts
	kinds    kind   // that a value, or an element, may have; 0: any
}

// hidden are headers that OpenAPI says are no parameters, or that the hub takes
// for itself, so that the provider never gets them from a consumer.
var hidden = []string{"Accept", "Content-Type", "Authorization", "X-Api-Key", "Cookie", "Proxy-Authorization", "Client-Cert", "Client-Cert-Chain",
	"Authorizationsplp", "Exchange-Id", "Host"}

func isHidden(name string) bool {
	name = http.CanonicalHeaderKey(name)
	return slices.Contains(hidden, name) || strings.HasPrefix(name, "Simpul-") || strings.HasPrefix(name, "X-Forwarded-")
}

// parameter adds one to the operation. Cookies are not looked at: none passes.
func (b *builder) parameter(o *Operation, path string, from int32) {
	p := &parameter{in: b.text(from, "in"), name: b.text(from, "name"), required: b.truth(b.get(from, "required"))}
	p.place = p.in + "." + p.name
	if p.name == "" {
		return
	}
	switch p.in {
	case "path":
		p.required = true
		p.segment = slices.Index(strings.Split(strings.Trim(path, "/"), "/"), "{"+p.name+"}")
		if p.segment < 0 {
			return
		}
	case "query":
		o.query[p.name] = len(o.parameters)
	case "header":
		if isHidden(p.name) {
			return
		}
		p.name = http.CanonicalHeaderKey(p.name)
	default:
		return
	}
	b.style(p, from)
	o.parameters = append(o.parameters, p)
}

// style reads how the values of a parameter are written (OpenAPI section
// 4.8.12.2). Of objects, and of the styles matrix, label and deepObject, only
// the presence counts.
func (b *builder) style(p *parameter, from int32) {
	if content := b.get(from, "content"); content != nowhere {
		for at := range b.members(content) { // there is one
			p.encoded = isJSON(mediaOf(string(b.name(at))))
			p.opaque = !p.encoded
			p.form = b.make(b.get(b.resolve(at), "schema"))
		}
		return
	}
	if p.form = b.make(b.get(from, "schema")); p.form == nil {
		return
	}
	style, explode := b.text(from, "style"), b.get(from, "explode")
	p.spread = p.in == "query" && (b.truth(explode) || explode == nowhere && (style == "" || style == "form"))
	p.between = map[string]string{"spaceDelimited": " ", "pipeDelimited": "|"}[style]
	if p.between == "" {
		p.between = ","
	}
	p.kinds = p.form.takes(0)
	p.opaque = p.kinds&object != 0 || slices.Contains([]string{"matrix", "label", "deepObject"}, style)
	if p.list = p.kinds&array != 0; p.list {
		p.kinds = 0
		if item := p.form.itemForm(0); item != nil {
			p.kinds = item.takes(0)
		}
	}
}

// takes tells the kinds that a form admits by its type; 0 where it does not say.
func (f *form) takes(depth int) kind {
	if f == nil || depth > maxDepth {
		return 0
	}
	if f.kinds != 0 {
		return f.kinds
	}
	if k := f.ref.takes(depth + 1); k != 0 {
		return k
	}
	for _, one := range f.allOf() {
		if k := one.takes(depth + 1); k != 0 {
			return k
		}
	}
	return 0
}

func (f *form) allOf() []*form {
	if f.parts == nil {
		return nil
	}
	return f.parts.all
}

// itemForm is the form of the elements of an array; nil where it does not say.
func (f *form) itemForm(depth int) *form {
	if f == nil || depth > maxDepth {
		return nil
	}
	if f.arrays != nil && f.arrays.items != nil {
		return f.arrays.items
	}
	if item := f.ref.itemForm(depth + 1); item != nil {
		return item
	}
	for _, one := range f.allOf() {
		if item := one.itemForm(depth + 1); item != nil {
			return item
		}
	}
	return nil
}

// Parameters holds the path, the query and the headers of a call to the
// contract. The path is below the LID's address.
func (c *Checker) parameters(o *Operation, r *http.Request, found []Fault) []Fault {
	if len(o.parameters) == 0 {
		return found
	}
	c.given = slices.Grow(c.given[:0], len(o.parameters))[:len(o.parameters)]
	for i := range c.given {
		c.given[i].values = c.given[i].values[:0]
	}
	c.takeQuery(o, r.URL.RawQuery)
	for i, p := range o.parameters {
		switch p.in {
		case "path":
			c.given[i].values = append(c.given[i].values, segmentOf(r.URL.Path, p.segment))
		case "header":
			c.given[i].values = append(c.given[i].values, r.Header[p.name]...)
		}
		if found = c.parameter(p, c.given[i].values, found); len(found) >= mostFaults {
			return found
		}
	}
	return found
}

// given is what was sent of one parameter.
type given struct{ values []string }

func (c *Checker) takeQuery(o *Operation, query string) {
	if len(o.query) == 0 {
		return
	}
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, value, _ := strings.Cut(pair, "=")
		if i, known := o.query[unescaped(name)]; known {
			c.given[i].values = append(c.given[i].values, unescaped(value))
		}
	}
}

// unescaped is what a part of a query means. The gateway has checked it.
func unescaped(s string) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// segmentOf is one segment of a path.
func segmentOf(path string, n int) string {
	path = strings.Trim(path, "/")
	for range n {
		_, path, _ = strings.Cut(path, "/")
	}
	segment, _, _ := strings.Cut(path, "/")
	return segment
}

// parameter holds what was sent of one parameter to the contract.
func (c *Checker) parameter(p *parameter, values []string, found []Fault) []Fault {
	switch {
	case len(values) == 0 && p.required:
		return append(found, p.fault("required", simpul.Text{ID: "ada", EN: "present"}))
	case len(values) == 0 || p.form == nil || p.opaque:
		return found
	case len(values) > 1 && p.in == "header":
		values = append(values[:0:0], strings.Join(values, ","))
	case len(values) > 1 && !(p.list && p.spread):
		return append(found, p.fault("duplicate", simpul.Text{ID: "disebut satu kali", EN: "given once"}))
	}
	if p.encoded {
		return c.parsed(p, values[0], found)
	}
	if p.list {
		if !p.spread {
			values = strings.Split(values[0], p.between)
		}
		c.listOf(p, values)
		return c.hold(p.form, p.place, found)
	}
	return c.single(p, values[0], found)
}

func (p *parameter) fault(keyword string, expected simpul.Text) Fault {
	return Fault{Place: p.place, Spot: p.place, Keyword: keyword, Expected: expected}
}

func (c *Checker) parsed(p *parameter, value string, found []Fault) []Fault {
	c.value = append(c.value[:0], value...)
	if err := c.read(c.value); err != nil {
		return append(found, flawed(p.place, err))
	}
	return c.hold(p.form, p.place, found)
}

// single holds one value: as a number, true, false or null where the contract
// may mean one and the value is one, and else as a string.
func (c *Checker) single(p *parameter, value string, found []Fault) []Fault {
	c.value = append(c.value[:0], value...)
	plain := p.kinds&^text != 0 || p.kinds == 0
	if plain && c.scalar(c.value, true) {
		typed := c.hold(p.form, p.place, found)
		if len(typed) == len(found) || p.kinds&text == 0 && p.kinds != 0 {
			return typed
		}
	}
	c.scalar(c.value, false)
	return c.hold(p.form, p.place, found)
}

// listOf makes the document an array of the values.
func (c *Checker) listOf(p *parameter, values []string) {
	d := c.document
	c.value, d.extra, d.nodes = c.value[:0], d.extra[:0], append(d.nodes[:0], node{kind: array})
	plain := p.kinds&^text != 0 && p.kinds&text == 0
	var probe document
	for _, v := range values {
		from := int32(len(c.value))
		c.value = append(c.value, v...)
		n := stringNode(span{from, int32(len(c.value))})
		if plain && probe.scalar([]byte(v), true) {
			n.kind, n.whole, n.truth = probe.nodes[0].kind, probe.nodes[0].whole, probe.nodes[0].truth
		}
		n.end = int32(len(d.nodes) + 1)
		d.nodes = append(d.nodes, n)
	}
	d.text, d.nodes[0].size, d.nodes[0].end = c.value, int32(len(values)), int32(len(d.nodes))
}
