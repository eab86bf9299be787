package demo

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// contractDoc is an OpenAPI document as plain JSON.
type contractDoc map[string]any

func parseContract(t testing.TB, text json.RawMessage) contractDoc {
	t.Helper()
	var doc contractDoc
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// at walks down member names; it returns nil where one is missing.
func (d contractDoc) at(path ...string) map[string]any {
	node := map[string]any(d)
	for _, name := range path {
		node, _ = node[name].(map[string]any)
	}
	return node
}

// check returns what is wrong with a value by a schema of the document. It knows
// the keywords that the contracts use, reports any other, and reports members
// that the schema does not describe, so that a contract cannot fall silent.
func (d contractDoc) check(schema map[string]any, value any, place string) []string {
	faults := d.checkKeywords(schema, value, place)
	if object, ok := value.(map[string]any); ok {
		described := d.described(schema)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if !described[name] {
				faults = append(faults, place+"."+name+" is not described")
			}
		}
	}
	return faults
}

func (d contractDoc) checkKeywords(schema map[string]any, value any, place string) (faults []string) {
	for _, keyword := range slices.Sorted(maps.Keys(schema)) {
		rule := schema[keyword]
		switch keyword {
		case "$ref":
			faults = append(faults, d.checkKeywords(d.resolve(rule), value, place)...)
		case "allOf":
			for _, part := range rule.([]any) {
				faults = append(faults, d.checkKeywords(part.(map[string]any), value, place)...)
			}
		case "properties":
			faults = append(faults, d.checkProperties(rule.(map[string]any), value, place)...)
		case "items":
			for i, item := range asArray(value) {
				faults = append(faults, d.check(rule.(map[string]any), item, fmt.Sprintf("%s[%d]", place, i))...)
			}
		default:
			if !holds(keyword, rule, value) {
				faults = append(faults, fmt.Sprintf("%s breaks %s: %v", place, keyword, rule))
			}
		}
	}
	return faults
}

func (d contractDoc) checkProperties(properties map[string]any, value any, place string) (faults []string) {
	object, _ := value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if member, ok := object[name]; ok {
			faults = append(faults, d.check(properties[name].(map[string]any), member, place+"."+name)...)
		}
	}
	return faults
}

// described collects the members that a schema and its parts describe.
func (d contractDoc) described(schema map[string]any) map[string]bool {
	names := map[string]bool{}
	properties, _ := schema["properties"].(map[string]any)
	for name := range properties {
		names[name] = true
	}
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		maps.Copy(names, d.described(part.(map[string]any)))
	}
	if reference, ok := schema["$ref"]; ok {
		maps.Copy(names, d.described(d.resolve(reference)))
	}
	return names
}

func (d contractDoc) resolve(reference any) map[string]any {
	return d.at(strings.Split(strings.TrimPrefix(reference.(string), "#/"), "/")...)
}

// holds reports whether a value keeps one keyword of JSON Schema 2020-12.
func holds(keyword string, rule, value any) bool {
	switch keyword {
	case "description", "examples", "format", "additionalProperties":
		return true
	case "type":
		return typeOf(value) == rule || rule == "integer" && isInteger(value)
	case "required":
		object, _ := value.(map[string]any)
		return !slices.ContainsFunc(rule.([]any), func(name any) bool { _, ok := object[name.(string)]; return !ok })
	case "enum":
		return slices.Contains(rule.([]any), value)
	case "const":
		return rule == value
	case "pattern":
		text, ok := value.(string)
		return ok && regexp.MustCompile(rule.(string)).MatchString(text)
	case "minLength":
		text, ok := value.(string)
		return ok && float64(utf8.RuneCountInString(text)) >= rule.(float64)
	case "minimum":
		number, ok := value.(float64)
		return ok && number >= rule.(float64)
	case "maximum":
		number, ok := value.(float64)
		return ok && number <= rule.(float64)
	case "maxItems":
		return float64(len(asArray(value))) <= rule.(float64)
	}
	return false // a keyword that this check does not know
}

func typeOf(value any) string {
	switch value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	}
	return "null"
}

func isInteger(value any) bool {
	number, ok := value.(float64)
	return ok && number == float64(int64(number))
}

func asArray(value any) []any {
	array, _ := value.([]any)
	return array
}

func TestSchemaCheckFindsFaults(t *testing.T) {
	doc := contractDoc{"s": map[string]any{
		"type": "object", "required": []any{"a"},
		"properties": map[string]any{
			"a": map[string]any{"type": "string", "pattern": "^x"},
			"n": map[string]any{"type": "integer", "minimum": 1.0},
			"l": map[string]any{"type": "array", "maxItems": 1.0, "items": map[string]any{"enum": []any{"y"}}},
		},
	}}
	tests := map[string]int{ // value → faults
		`{"a":"x"}`: 0, `{"a":"x","n":2,"l":["y"]}`: 0,
		`{}`: 1, `{"a":"z"}`: 1, `{"a":1}`: 2, `{"a":"x","b":1}`: 1, `{"a":"x","n":1.5}`: 1, `{"a":"x","n":0}`: 1,
		`{"a":"x","l":["y","z"]}`: 2, `{"a":"x","l":null}`: 1, `[]`: 2,
	}
	for text, want := range tests {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if faults := doc.check(map[string]any{"$ref": "#/s"}, value, "body"); len(faults) != want {
			t.Errorf("%s: %q, want %d faults", text, faults, want)
		}
	}
	if faults := doc.check(map[string]any{"minProperties": 1.0}, "x", "body"); len(faults) != 1 {
		t.Errorf("an unknown keyword passes: %q", faults)
	}
}
