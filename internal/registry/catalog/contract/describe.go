package contract

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// about is what a schema says of the value itself.
type about struct {
	kind        string // as Field.Type
	format      string
	description string
}

// describe sums up a schema, and then what it refers to and combines.
func (r *reader) describe(schema *node, depth int) about {
	if r.visits--; r.visits < 0 || depth == maxHops || !schema.object() {
		return about{}
	}
	a := about{
		kind:        r.kind(schema, depth),
		format:      clip(schema.get("format").str(), maxText),
		description: clip(schema.get("description").str(), maxText),
	}
	if ref := schema.get("$ref").str(); ref != "" {
		a.complete(r.describe(r.find(ref), depth+1))
	}
	for _, part := range schema.get("allOf").elements() {
		a.complete(r.describe(part, depth+1))
	}
	if part := only(schema); part != nil {
		a.complete(r.describe(part, depth+1))
	}
	return a
}

// only returns the one alternative of a value that is otherwise null.
func only(schema *node) *node {
	for _, keyword := range []string{"oneOf", "anyOf"} {
		parts := schema.get(keyword).elements()
		if len(parts) != 2 {
			continue
		}
		for i := range parts {
			if parts[i].get("type").str() == "null" {
				return parts[1-i]
			}
		}
	}
	return nil
}

// complete fills in what is not known.
func (a *about) complete(other about) {
	if a.kind == "" {
		a.kind = other.kind
	}
	if a.format == "" {
		a.format = other.format
	}
	if a.description == "" {
		a.description = other.description
	}
}

// maxKinds is how many types one field can have and still be told in words.
const maxKinds = 8

// kind names the JSON type of a schema's values, without null: whether a value can
// be absent is another matter.
func (r *reader) kind(schema *node, depth int) string {
	var all []string
	add := func(t string) {
		if t != "" && t != "null" && len(all) < maxKinds && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	for _, t := range types(schema) {
		if element := r.describe(schema.get("items"), depth+1).kind; t == "array" && element != "" {
			t = element + "[]"
		}
		add(t)
	}
	if len(all) > 0 {
		return clip(strings.Join(all, "|"), maxText)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for _, part := range schema.get(keyword).elements() {
			add(r.describe(part, depth+1).kind)
		}
	}
	return clip(strings.Join(all, "|"), maxText)
}

// types returns the types that a schema states or that its keywords imply.
func types(schema *node) []string {
	stated := schema.get("type")
	switch {
	case stated.str() != "":
		return []string{stated.str()}
	case stated.array():
		var all []string
		for _, t := range stated.elements()[:min(len(stated.children), maxKinds)] {
			all = append(all, t.str())
		}
		return all
	case schema.get("properties") != nil:
		return []string{"object"}
	case schema.get("items") != nil:
		return []string{"array"}
	case schema.get("const") != nil:
		return []string{typeOf(schema.get("const"))}
	}
	if values := schema.get("enum").elements(); len(values) > 0 {
		return []string{typeOf(values[0])}
	}
	return nil
}

func typeOf(n *node) string {
	switch n.kind {
	case jsontext.KindString:
		return "string"
	case jsontext.KindNumber:
		return "number"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "boolean"
	case jsontext.KindBeginArray:
		return "array"
	case jsontext.KindBeginObject:
		return "object"
	}
	return "null"
}
