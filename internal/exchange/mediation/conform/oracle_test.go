package conform

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// maker makes schemas and values that often meet them.
type maker struct{ *rand.Rand }

func (m maker) one(of ...any) any { return of[m.IntN(len(of))] }

func (m maker) schema(depth int) any {
	if depth == 0 || m.IntN(12) == 0 {
		return m.one(true, false, map[string]any{}, map[string]any{"type": "string"}, map[string]any{"type": "integer"}, map[string]any{"$ref": "#"}, map[string]any{"$ref": "#/$defs/a"})
	}
	s := map[string]any{}
	for range 1 + m.IntN(3) {
		m.keyword(s, depth-1)
	}
	return s
}

func (m maker) list(depth int) []any {
	all := []any{m.schema(depth)}
	for m.IntN(2) == 0 {
		all = append(all, m.schema(depth))
	}
	return all
}

func (m maker) keyword(s map[string]any, depth int) {
	name := m.one("a", "b", "c").(string)
	switch m.IntN(30) {
	case 0:
		s["type"] = m.one("string", "integer", "number", "object", "array", "null", "boolean", []any{"string", "null"}, []any{"object", "array"})
	case 1:
		s["properties"] = map[string]any{"a": m.schema(depth), "b": m.schema(depth)}
	case 2:
		s["required"] = []any{name}
	case 3:
		s["additionalProperties"] = m.schema(depth)
	case 4:
		s["patternProperties"] = map[string]any{m.one("^a", "b$", ".").(string): m.schema(depth)}
	case 5:
		s["items"] = m.schema(depth)
	case 6:
		s["prefixItems"] = m.list(depth)
	case 7:
		s["contains"] = m.schema(depth)
	case 8:
		s["minContains"], s["maxContains"] = m.IntN(3), 1+m.IntN(3)
	case 9:
		s["minItems"] = m.IntN(3)
	case 10:
		s["maxItems"] = m.IntN(4)
	case 11:
		s["uniqueItems"] = true
	case 12:
		s["enum"] = []any{m.value(1), m.value(1), m.value(0)}
	case 13:
		s["const"] = m.value(1)
	case 14:
		s["allOf"] = m.list(depth)
	case 15:
		s["anyOf"] = m.list(depth)
	case 16:
		s["oneOf"] = m.list(depth)
	case 17:
		s["not"] = m.schema(depth)
	case 18:
		s["if"], s["then"], s["else"] = m.schema(depth), m.schema(depth), m.schema(depth)
	case 19:
		s["minimum"] = m.one(json.Number("0"), json.Number("1.5"), json.Number("12345678901234567890"))
	case 20:
		s["exclusiveMaximum"] = m.one(json.Number("2"), json.Number("1.50000000000000000001"))
	case 21:
		s["multipleOf"] = m.one(json.Number("2"), json.Number("0.1"), json.Number("1e-3"))
	case 22:
		s["minLength"], s["maxLength"] = m.IntN(2), 1+m.IntN(2)
	case 23:
		s["pattern"] = m.one("^a", "é", "b+$")
	case 24:
		s["minProperties"], s["maxProperties"] = m.IntN(2), 1+m.IntN(2)
	case 25:
		s["propertyNames"] = m.schema(depth)
	case 26:
		s["dependentRequired"] = map[string]any{name: []any{"b"}}
	case 27:
		s["dependentSchemas"] = map[string]any{name: m.schema(depth)}
	case 28:
		s["unevaluatedProperties"] = m.schema(0)
	case 29:
		s["unevaluatedItems"] = m.schema(0)
	}
}

func (m maker) value(depth int) any {
	if depth > 0 && m.IntN(3) > 0 {
		if m.IntN(2) == 0 {
			all := []any{}
			for range m.IntN(4) {
				all = append(all, m.value(depth-1))
			}
			return all
		}
		all := map[string]any{}
		for range m.IntN(4) {
			all[m.one("a", "b", "c", "é").(string)] = m.value(depth - 1)
		}
		return all
	}
	return m.one(nil, true, false, "a", "ab", "é", "", json.Number("0"), json.Number("-0"), json.Number("1"), json.Number("1.0"), json.Number("10e-1"),
		json.Number("1.5"), json.Number("1.50000000000000000001"), json.Number("12345678901234567890"), json.Number("12345678901234567891"), json.Number("0.3"))
}

// TestFormsAgreeWithTheLibrary makes schemas by chance, and values, and asks
// both whether each value meets its schema.
func TestFormsAgreeWithTheLibrary(t *testing.T) {
	const schemas, values = 4_000, 12
	m := maker{rand.New(rand.NewPCG(1, 2))}
	compared, met := 0, 0
	for range schemas {
		root := map[string]any{"$defs": map[string]any{"a": m.schema(1)}}
		for range 2 {
			m.keyword(root, 2)
		}
		text, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		compiled, err := compileRaw(text)
		if err != nil {
			continue // such as a chain of references that never arrives
		}
		form, s := formOf(text)
		if s.err != nil {
			t.Fatalf("%s: %v", text, s.err)
		}
		if s.cut > 0 {
			continue // refers to itself about the same value, which says nothing
		}
		for range values {
			data, err := json.Marshal(m.value(3))
			if err != nil {
				t.Fatal(err)
			}
			want := compiled.Validate(decoded(t, data)) == nil
			got, err := validByForm(form, data)
			if err != nil {
				t.Fatalf("%s: %v", data, err)
			}
			if compared++; want {
				met++
			}
			if got != want {
				t.Fatalf("schema %s\nvalue %s\nthe library says %v, the form %v", text, data, want, got)
			}
		}
	}
	if compared < schemas || met < compared/10 || met > compared*9/10 {
		t.Errorf("%d comparisons, of which %d met: too few to tell", compared, met)
	}
	t.Logf("%d comparisons, %d met their schema", compared, met)
}
