package contract

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Rules are what a schema demands of a value beyond its type and format.
type Rules struct {
	Values    []string // the only ones there are, as JSON and in order; nil where any will do
	Closed    bool     // it is declared that no value will be added: const, or x-closed-enum
	NullItems bool     // elements of the array can be null
	Limits    []Limit  // by name
}

// Limit is one keyword of JSON Schema and its value as written. The name of one
// that holds for the elements of an array begins with "items.".
type Limit struct{ Name, Value string }

// Limit returns the value of a limit, "" if there is none.
func (r *Rules) Limit(name string) string {
	if r == nil {
		return ""
	}
	i := slices.IndexFunc(r.Limits, func(l Limit) bool { return l.Name == name })
	if i < 0 {
		return ""
	}
	return r.Limits[i].Value
}

// limitNames are the keywords that are kept. additionalProperties is kept where
// it is false, uniqueItems where it is true.
var limitNames = []string{
	"additionalProperties", "exclusiveMaximum", "exclusiveMinimum", "maxItems", "maxLength", "maxProperties", "maximum",
	"minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern", "uniqueItems",
}

// demands is what a schema says of a value beyond what describe tells.
type demands struct {
	null  bool
	rules *Rules // shared by all that have the schema; nil for none
}

// demands sums up a schema with what it refers to and combines. It has a budget
// of its own: what is left out when that is used up makes no contract unreadable.
func (r *reader) demands(schema *node, depth int) demands {
	if known, ok := r.demanded[schema]; ok {
		return known
	}
	if r.looks--; r.looks < 0 || depth == maxHops || !schema.object() {
		return demands{}
	}
	r.demanded[schema] = demands{} // until it is known, so that recursion ends
	d := demands{null: nullable(schema)}
	own := Rules{Closed: schema.get("x-closed-enum").truth(), Limits: limitsOf(schema)}
	own.Values = r.values(schema, &own)
	if items := schema.get("items"); items != nil {
		own.elements(r.demands(items, depth+1))
	}
	d.take(own)
	if ref := schema.get("$ref").str(); ref != "" {
		d.complete(r.demands(r.find(ref), depth+1))
	}
	for _, part := range schema.get("allOf").elements() {
		d.complete(r.demands(part, depth+1))
	}
	if part := only(schema); part != nil {
		d.complete(r.demands(part, depth+1))
	}
	r.demanded[schema] = d
	return d
}

// nullable reports whether a schema says by itself that null is a value.
func nullable(schema *node) bool {
	isNull := func(n *node) bool { return n.str() == "null" || n.kind == jsontext.KindNull }
	stated := schema.get("type")
	switch {
	case schema.get("nullable").truth() || only(schema) != nil:
		return true
	case stated != nil:
		return isNull(stated) || slices.ContainsFunc(stated.elements(), isNull)
	}
	null := func(n *node) bool { return n != nil && n.kind == jsontext.KindNull }
	return null(schema.get("const")) || slices.ContainsFunc(schema.get("enum").elements(), null)
}

// values lists what an enum or a const allows, except null.
func (r *reader) values(schema *node, own *Rules) (all []string) {
	listed := schema.get("enum").elements()
	if one := schema.get("const"); one != nil {
		listed, own.Closed = []*node{one}, true
	}
	r.looks -= len(listed)
	for _, n := range listed {
		if n.kind != jsontext.KindNull {
			all = append(all, clip(string(n.raw), maxText))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func limitsOf(schema *node) (all []Limit) {
	for _, name := range limitNames {
		n := schema.get(name)
		switch {
		case n == nil, name == "additionalProperties" && n.kind != jsontext.KindFalse, n.kind == jsontext.KindFalse && name != "additionalProperties",
			n.object(), n.array():
		case n.kind == jsontext.KindString:
			all = append(all, Limit{name, clip(n.str(), maxText)})
		default:
			all = append(all, Limit{name, clip(string(n.raw), maxText)})
		}
	}
	return all
}

const ofElements = "items."

// elements adds what holds for the elements of an array.
func (own *Rules) elements(d demands) {
	own.NullItems = d.null
	if d.rules == nil {
		return
	}
	if own.Values == nil {
		own.Values, own.Closed = d.rules.Values, own.Closed || d.rules.Closed
	}
	for _, l := range d.rules.Limits {
		if strings.Count(l.Name, ofElements) < 2 {
			own.Limits = append(own.Limits, Limit{ofElements + l.Name, l.Value})
		}
	}
}

func (d *demands) take(own Rules) {
	if own.Values != nil || own.Closed || own.NullItems || own.Limits != nil {
		d.rules = &own
	}
}

// complete fills in what is not known.
func (d *demands) complete(other demands) {
	d.null = d.null || other.null
	switch {
	case other.rules == nil:
		return
	case d.rules == nil:
		d.rules = other.rules
		return
	}
	both := *d.rules
	both.NullItems = both.NullItems || other.rules.NullItems
	if both.Values == nil {
		both.Values, both.Closed = other.rules.Values, both.Closed || other.rules.Closed
	}
	both.Limits = slices.Clone(both.Limits)
	for _, l := range other.rules.Limits {
		if d.rules.Limit(l.Name) == "" {
			both.Limits = append(both.Limits, l)
		}
	}
	slices.SortFunc(both.Limits, func(a, b Limit) int { return strings.Compare(a.Name, b.Name) })
	d.rules = &both
}

// either is what holds for a field that two alternatives describe: what is
// demanded by both.
func (r *reader) either(a, b *Rules) *Rules {
	if a == nil || b == nil || a == b {
		return a
	}
	joint := Rules{Closed: a.Closed && b.Closed, NullItems: a.NullItems || b.NullItems}
	if r.looks -= len(a.Values) + len(b.Values); r.looks >= 0 && a.Values != nil && b.Values != nil {
		joint.Values = slices.Concat(a.Values, b.Values)
		slices.Sort(joint.Values)
		joint.Values = slices.Compact(joint.Values)
	}
	for _, l := range a.Limits {
		if b.Limit(l.Name) == l.Value {
			joint.Limits = append(joint.Limits, l)
		}
	}
	return &joint
}
