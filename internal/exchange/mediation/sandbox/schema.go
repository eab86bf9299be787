package sandbox

import (
	"math"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits on an example that follows from a schema.
const (
	maxLevels = 12    // of nesting
	amply     = 5     // levels on which members are shown that need not be there
	maxValues = 2_000 // in one example
	maxParts  = 64    // schemas that are combined to one
	mostItems = 3     // of an array, beyond what it must have
)

// schema is what a value must meet: a schema with what it refers to and combines.
// Of alternatives the first counts.
type schema []*node

func (d *document) schema(n *node) schema { return d.gather(nil, n, 0) }

func (d *document) gather(all schema, n *node, depth int) schema {
	if !n.is('{') || depth > maxHops || len(all) >= maxParts || slices.Contains(all, n) {
		return all
	}
	all = append(all, n)
	if ref := n.get("$ref").str(); ref != "" {
		all = d.gather(all, d.find(ref), depth+1)
	}
	for _, part := range n.get("allOf").elements() {
		all = d.gather(all, part, depth+1)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, part := range n.get(keyword).elements() {
			if d.resolve(part).get("type").str() != "null" {
				all = d.gather(all, part, depth+1)
				break
			}
		}
	}
	return all
}

// get returns the first that is said under a keyword, or nil.
func (s schema) get(keyword string) *node {
	for _, part := range s {
		if n := part.get(keyword); n != nil {
			return n
		}
	}
	return nil
}

// length returns a number of characters or elements.
func (s schema) length(keyword string, otherwise int) int {
	f, ok := s.get(keyword).number()
	if !ok || f < 0 || f > 1<<20 {
		return otherwise
	}
	return int(f)
}

// given returns a value that the schema itself gives.
func (s schema) given() *node {
	for _, keyword := range []string{"example", "const", "default"} {
		if n := s.get(keyword); n != nil && (keyword != "default" || !n.is('n')) {
			return n
		}
	}
	for _, keyword := range []string{"examples", "enum"} {
		if all := s.get(keyword).elements(); len(all) > 0 {
			return all[0]
		}
	}
	return nil
}

// kind is the type of the values, as JSON Schema names it.
func (s schema) kind() string {
	stated := s.get("type")
	if one := stated.str(); one != "" {
		return one
	}
	for _, one := range stated.elements() {
		if t := one.str(); t != "null" {
			return t
		}
	}
	switch {
	case s.get("properties") != nil:
		return "object"
	case s.get("items") != nil:
		return "array"
	case s.get("minimum") != nil || s.get("maximum") != nil || s.get("multipleOf") != nil:
		return "number"
	}
	return "string"
}

// generator writes examples.
type generator struct {
	*document
	values int    // that may still be written
	status string // of a problem document (RFC 9457), which repeats it; "" for none
}

// write appends a value that the schema accepts. Of what nests too deep only what
// must be there is shown.
func (g *generator) write(dst []byte, n *node, name string, level int) []byte {
	g.values--
	s := g.schema(n)
	if level == 1 && name == "status" && g.status != "" {
		return append(dst, g.status...)
	}
	if given := s.given(); given != nil {
		return append(dst, compact(given.raw)...)
	}
	switch s.kind() {
	case "object":
		return g.object(dst, s, level)
	case "array":
		return g.array(dst, s, name, level)
	case "integer", "number":
		return exampleNumber(dst, s)
	case "boolean":
		return append(dst, "true"...)
	case "null":
		return append(dst, "null"...)
	}
	return append(dst, quote(exampleText(s, name))...)
}

func (g *generator) object(dst []byte, s schema, level int) []byte {
	dst = append(dst, '{')
	written := map[string]bool{}
	for _, part := range s {
		names, properties := part.get("properties").members()
		for i, name := range names {
			if written[name] || !g.shows(s, properties[i], name, level) {
				continue
			}
			if len(written) > 0 {
				dst = append(dst, ',')
			}
			written[name] = true
			dst = append(append(dst, quote(name)...), ':')
			dst = g.write(dst, properties[i], name, level+1)
		}
	}
	return append(dst, '}')
}

// shows reports whether a member appears in an answer's example.
func (g *generator) shows(s schema, property *node, name string, level int) bool {
	if string(raw(g.schema(property).get("writeOnly"))) == "true" {
		return false
	}
	if level < amply && g.values > 0 {
		return true
	}
	return level < maxLevels && g.values > -maxValues && s.requires(name)
}

func (s schema) requires(name string) bool {
	return slices.ContainsFunc(s, func(part *node) bool {
		return slices.ContainsFunc(part.get("required").elements(), func(n *node) bool { return n.str() == name })
	})
}

func (g *generator) array(dst []byte, s schema, name string, level int) []byte {
	least, most := s.length("minItems", 0), s.length("maxItems", mostItems)
	count := min(max(least, 1), most, max(mostItems, min(least, 100)))
	if level >= maxLevels || g.values <= 0 && least == 0 {
		count = 0
	}
	dst = append(dst, '[')
	for i := range count {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = g.write(dst, s.get("items"), name, level+1)
	}
	return append(dst, ']')
}

// exampleNumber is 1, or the number nearest to it that the schema accepts.
func exampleNumber(dst []byte, s schema) []byte {
	step, ok := s.get("multipleOf").number()
	if !ok || step <= 0 {
		step = 1
	}
	n := step * math.Ceil(1/step)
	if least, ok := s.bound("minimum", "exclusiveMinimum", step); ok && least > n {
		n = step * math.Ceil(least/step)
	}
	if most, ok := s.bound("maximum", "exclusiveMaximum", -step); ok && most < n {
		n = step * math.Floor(most/step)
		if least, ok := s.get("minimum").number(); ok && n < least {
			n = least
		}
	}
	return strconv.AppendFloat(dst, n, 'f', -1, 64)
}

// bound is the nearest number within a limit. OpenAPI 3.0 says by a truth value that
// the limit itself is outside, JSON Schema 2020-12 by a number of its own.
func (s schema) bound(keyword, exclusive string, step float64) (float64, bool) {
	limit, ok := s.get(keyword).number()
	outside := s.get(exclusive)
	if string(raw(outside)) == "true" {
		return limit + step, ok
	}
	if n, is := outside.number(); is {
		return n + step, true
	}
	return limit, ok
}

func raw(n *node) []byte {
	if n == nil {
		return nil
	}
	return n.raw
}

func quote(text string) []byte {
	b, _ := jsontext.AppendQuote(nil, text) // what is no UTF-8 is replaced
	return b
}

// compact returns a JSON value without white space.
func compact(value []byte) []byte {
	v := jsontext.Value(slices.Clone(value))
	v.Compact() // the decoder has checked it
	return v
}
