package contract

import "strings"

// context says how to read the members of an object: OpenAPI's own words mean
// nothing among names that the author chose, nor in data.
type context struct {
	names bool // the members' names were chosen by the author
	data  bool // an example or another value that is no part of the description
}

// below returns the context of an object's member.
func (c context) below(name string, value *node) context {
	switch {
	case c.data:
		return c
	case c.names:
		return context{}
	case strings.HasPrefix(name, "x-"):
		return context{data: true}
	}
	switch name {
	case "example", "default", "enum", "const", "value":
		return context{data: true}
	case "examples": // a list of data in a schema, named objects elsewhere
		return context{data: !value.object(), names: true}
	case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions",
		"schemas", "responses", "parameters", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems",
		"paths", "webhooks", "content", "encoding", "variables", "mapping", "scopes":
		return context{names: true}
	}
	return context{}
}
