package conform

import (
	"encoding/json"
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var (
	errLarge   = errors.New("the contract has too many schemas")
	errDynamic = errors.New("the schema uses $dynamicRef, which a contract may not")
)

// direction says for whom a schema is read: what is readOnly is not required of
// a request, and what is writeOnly not of an answer.
type direction int

const (
	request direction = iota
	answer
)

// smith makes forms of what the library has compiled.
type smith struct {
	towards direction
	known   map[*jsonschema.Schema]*form
	regexps map[*regexp.Regexp]int // their weights
	err     error
	cut     int // references that would never end
}

func newSmith(towards direction) *smith {
	return &smith{towards: towards, known: map[*jsonschema.Schema]*form{}, regexps: map[*regexp.Regexp]int{}}
}

// make compiles a schema; nil stays nil. One that leads to itself finds its own
// form half made, and complete when all is done.
func (s *smith) make(from *jsonschema.Schema) *form {
	if from == nil {
		return nil
	}
	if known, ok := s.known[from]; ok {
		return known
	}
	f := &form{maxMembers: -1, maxItems: -1, maxLength: -1, maxHeld: -1, minHeld: 1}
	if s.known[from] = f; len(s.known) > maxForms {
		s.err = errLarge
		return f
	}
	if from.Bool != nil {
		f.never = !*from.Bool
		return f
	}
	s.general(f, from)
	s.object(f, from)
	s.array(f, from)
	s.string(f, from)
	s.number(f, from)
	return f
}

func (s *smith) list(from []*jsonschema.Schema) (all []*form) {
	for _, one := range from {
		all = append(all, s.make(one))
	}
	return all
}

func (s *smith) general(f *form, from *jsonschema.Schema) {
	if from.DynamicRef != nil || from.RecursiveRef != nil {
		s.err = errDynamic
	}
	f.kinds = kindsOf(from.Types)
	f.named = nameOf(f.kinds)
	if from.Const != nil {
		f.constant = s.choice([]any{*from.Const})
	}
	if from.Enum != nil {
		f.values = s.choice(from.Enum.Values)
	}
	f.ref, f.not = s.make(from.Ref), s.make(from.Not)
	f.all, f.any, f.one = s.list(from.AllOf), s.list(from.AnyOf), s.list(from.OneOf)
	f.when, f.then, f.otherwise = s.make(from.If), s.make(from.Then), s.make(from.Else)
	f.unseenMembers, f.unseenItems = s.make(from.UnevaluatedProperties), s.make(from.UnevaluatedItems)
	f.looksBack = f.unseenMembers != nil || f.unseenItems != nil
}

func kindsOf(types *jsonschema.Types) (kinds kind) {
	if types == nil {
		return 0
	}
	for _, name := range types.ToStrings() {
		kinds |= map[string]kind{"null": null, "boolean": boolean, "number": number, "integer": integer, "string": text, "array": array, "object": object}[name]
	}
	return kinds
}

func (s *smith) choice(values []any) *choice {
	c := &choice{strings: map[string]struct{}{}, plain: true}
	encoded, err := json.Marshal(values)
	if err == nil {
		err = c.read(encoded)
	}
	if err != nil {
		s.err = err
		return c
	}
	var shown []string
	for i := int32(1); i < c.nodes[0].end; i = c.nodes[i].end {
		switch c.nodes[i].kind {
		case text:
			c.strings[string(c.value(i))] = struct{}{}
			shown = append(shown, string(c.value(i)))
			continue
		case number:
			shown = append(shown, string(c.value(i)))
		case object, array:
			shown = append(shown, "…")
		case null:
			shown = append(shown, "null")
		case boolean:
			shown = append(shown, map[bool]string{true: "true", false: "false"}[c.nodes[i].truth])
		}
		c.plain = false
	}
	c.expected = listed("salah satu dari ", "one of ", shown)
	if len(shown) == 1 {
		c.expected = listed("", "", shown)
	}
	return c
}

func (s *smith) object(f *form, from *jsonschema.Schema) {
	f.minMembers, f.maxMembers = orElse(from.MinProperties, 0), orElse(from.MaxProperties, -1)
	f.properties = make(map[string]*property, len(from.Properties)+len(from.Required))
	for name, schema := range from.Properties {
		f.properties[name] = &property{form: s.make(schema)}
	}
	for _, name := range from.Required {
		if s.excused(from.Properties[name]) || slices.Contains(f.required, name) {
			continue
		}
		p := f.properties[name]
		if p == nil {
			p = &property{}
			f.properties[name] = p
		}
		f.required = append(f.required, name)
		p.must = len(f.required)
	}
	for pattern, schema := range from.PatternProperties {
		re, _ := pattern.(*regexp.Regexp)
		f.patterned = append(f.patterned, patterned{re, s.make(schema)})
	}
	f.further = s.extra(from.AdditionalProperties)
	f.names = s.make(from.PropertyNames)
	s.dependent(f, from)
	f.expectsMembers = f.minMembers > 0 || f.maxMembers >= 0 || len(f.properties) > 0 || f.patterned != nil ||
		f.further != nil || f.names != nil || f.dependent != nil
}

// excused reports a property that the direction may leave out although it is
// required (OpenAPI 3.1 section 4.8.24, by way of JSON Schema validation 9.4).
func (s *smith) excused(p *jsonschema.Schema) bool {
	for range maxDepth {
		if p == nil {
			return false
		}
		if s.towards == request && p.ReadOnly || s.towards == answer && p.WriteOnly {
			return true
		}
		p = p.Ref
	}
	return false
}

func (s *smith) extra(from any) *form {
	switch v := from.(type) {
	case bool:
		return &form{never: !v, maxMembers: -1, maxItems: -1, maxLength: -1, maxHeld: -1}
	case *jsonschema.Schema:
		return s.make(v)
	}
	return nil
}

func (s *smith) dependent(f *form, from *jsonschema.Schema) {
	if len(from.DependentRequired)+len(from.DependentSchemas)+len(from.Dependencies) == 0 {
		return
	}
	for name, names := range from.DependentRequired {
		f.dependent = append(f.dependent, dependency{name: name, names: names})
	}
	for name, schema := range from.DependentSchemas {
		f.dependent = append(f.dependent, dependency{name: name, form: s.make(schema)})
	}
}

func (s *smith) array(f *form, from *jsonschema.Schema) {
	f.minItems, f.maxItems, f.unique = orElse(from.MinItems, 0), orElse(from.MaxItems, -1), from.UniqueItems
	f.prefix, f.items, f.contains = s.list(from.PrefixItems), s.make(from.Items2020), s.make(from.Contains)
	f.minHeld, f.maxHeld = orElse(from.MinContains, 1), orElse(from.MaxContains, -1)
	f.expectsItems = f.minItems > 0 || f.maxItems >= 0 || f.unique || f.prefix != nil || f.items != nil || f.contains != nil
}

func (s *smith) string(f *form, from *jsonschema.Schema) {
	f.minLength, f.maxLength = orElse(from.MinLength, 0), orElse(from.MaxLength, -1)
	if re, ok := from.Pattern.(*regexp.Regexp); ok {
		f.pattern, f.weight = re, s.weigh(re)
	}
	if from.Format != nil {
		f.format = formatOf(from.Format)
	}
}

// weigh tells how many instructions a pattern has, which is what it costs for
// each byte.
func (s *smith) weigh(re *regexp.Regexp) int {
	if known, ok := s.regexps[re]; ok {
		return known
	}
	weight := 1
	if parsed, err := syntax.Parse(re.String(), syntax.Perl); err == nil {
		if program, err := syntax.Compile(parsed.Simplify()); err == nil {
			weight = len(program.Inst)
		}
	}
	s.regexps[re] = weight
	return weight
}

func (s *smith) number(f *form, from *jsonschema.Schema) {
	f.minimum, f.maximum = newBound(from.Minimum), newBound(from.Maximum)
	f.above, f.below = newBound(from.ExclusiveMinimum), newBound(from.ExclusiveMaximum)
	f.multiple = newBound(from.MultipleOf)
}

func orElse(n *int, usual int) int {
	if n == nil {
		return usual
	}
	return *n
}

// formatOf takes the formats that are met at every turn without an allocation,
// and asks the library for the others.
func formatOf(from *jsonschema.Format) *format {
	f := &format{name: from.Name, ok: func(value []byte) bool { return from.Validate(string(value)) == nil }}
	switch from.Name {
	case "date":
		f.ok = isDate
	case "uuid":
		f.ok = isUUID
	}
	return f
}
