package schema

import (
	"net/url"
	"slices"
	"strings"
)

type object = map[string]any

// Prepare copies a document so that its schemas are those of JSON Schema 2020-12
// and refer to nothing but each other. Each object that may be a schema is shown
// to stamp, which may be nil. The document was decoded with its numbers exact.
func Prepare(root any, old bool, stamp func(map[string]any)) any {
	return preparer{old, stamp}.prepare(root, place{})
}

type preparer struct {
	old   bool // OpenAPI 3.0
	stamp func(object)
}

// place says how the members of an object are read.
type place struct {
	names bool // they are names that the author chose
	data  bool // they are an example or another value
}

func (p place) below(name string) place {
	switch {
	case p.data:
		return p
	case p.names:
		return place{}
	case slices.Contains([]string{"example", "examples", "default", "enum", "const", "value", "mapping", "dependentRequired", "required"}, name):
		return place{data: true}
	case slices.Contains([]string{"properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas", "responses",
		"parameters", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems", "paths", "content"}, name):
		return place{names: true}
	}
	return place{}
}

func (p preparer) prepare(value any, at place) any {
	switch v := value.(type) {
	case []any:
		all := make([]any, len(v))
		for i, one := range v {
			all[i] = p.prepare(one, at)
		}
		return all
	case object:
		if at.data {
			return v
		}
		copied := make(object, len(v)+1)
		for name, member := range v {
			copied[name] = p.prepare(member, at.below(name))
		}
		if !at.names {
			p.adapt(copied)
		}
		return copied
	}
	return value
}

// adapt changes one object that may be a schema.
func (p preparer) adapt(schema object) {
	for _, name := range []string{"$id", "$schema", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$vocabulary"} {
		delete(schema, name)
	}
	if ref, ok := schema["$ref"].(string); ok && !plainReference(ref) {
		delete(schema, "$ref")
	}
	if p.old {
		modernise(schema)
	}
	if p.stamp != nil {
		p.stamp(schema)
	}
}

// plainReference reports whether a reference leads to something that was
// prepared, and not into an example.
func plainReference(ref string) bool {
	if !strings.HasPrefix(ref, "#/") {
		return ref == "#"
	}
	at := place{}
	for token := range strings.SplitSeq(ref[2:], "/") {
		at = at.below(unescapePercent(token))
	}
	return !at.data
}

func unescapePercent(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// modernise turns a schema of OpenAPI 3.0 (Wright draft 00 with nullable and
// boolean bounds) into one of JSON Schema 2020-12.
func modernise(schema object) {
	if _, refers := schema["$ref"]; refers {
		for name := range schema { // 3.0 ignores what stands beside a reference
			if name != "$ref" {
				delete(schema, name)
			}
		}
		return
	}
	for _, bound := range []struct{ exclusive, inclusive string }{{"exclusiveMinimum", "minimum"}, {"exclusiveMaximum", "maximum"}} {
		strict, ok := schema[bound.exclusive].(bool)
		if !ok {
			continue
		}
		delete(schema, bound.exclusive)
		if limit, given := schema[bound.inclusive]; strict && given {
			schema[bound.exclusive] = limit
			delete(schema, bound.inclusive)
		}
	}
	if nullable, _ := schema["nullable"].(bool); !nullable {
		return
	}
	if kind, ok := schema["type"].(string); ok {
		schema["type"] = []any{kind, "null"}
	}
	if values, ok := schema["enum"].([]any); ok && !slices.Contains(values, nil) {
		schema["enum"] = append(slices.Clip(values), nil)
	}
}
