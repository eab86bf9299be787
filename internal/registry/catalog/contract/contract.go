package contract

import (
	"encoding/json"
	"strings"

	"simpul"
)

// Contract is what a LID's OpenAPI document promises. It is immutable.
type Contract struct {
	Title      string
	Version    string
	Operations []Operation // in the order of the document
}

// Operation is one call.
type Operation struct {
	simpul.Operation
	Summary        string
	Description    string
	Parameters     []Parameter
	RequestFields  []Field         // of the JSON body, if it takes one
	ResponseFields []Field         // of all successful JSON answers
	Request        *Request        // the body that it takes; nil for none
	Answers        []Answer        // its successful answers, each by itself
	Example        json.RawMessage // of a successful answer; nil if the document gives none
	Problems       bool            // says that failures are problem documents (RFC 9457)
}

// Parameter is a value outside the body.
type Parameter struct {
	Name        string
	In          string // path, query, header or cookie
	Required    bool
	Type        string // as in Field
	Format      string
	Description string
	Rules       *Rules // nil for none
	Example     string // as one would write it; "" if the document gives none
}

// Field is one member of a JSON body.
type Field struct {
	// Path is written as [simpul.ParseFields] reads it: names joined by dots, with
	// arrays transparent, "items.kode". Members whose names hold a dot are not
	// listed, since no path can select them.
	Path        string
	Type        string // "string", "object[]", "integer|string"; "" if the document does not say
	Format      string
	Description string
	Required    bool   // where the object that holds it is present
	Nullable    bool   // null is a value too
	Rules       *Rules // nil for none

	// Cut says that the field has fields that are not listed: its schema repeats
	// one that encloses it, or goes on too deep or too long.
	Cut bool
}

// Request is the body that an operation takes.
type Request struct {
	Required bool
	Bodies   []Body
}

// Answer is a successful answer of an operation.
type Answer struct {
	Status string // "200", "2XX", or "default" where no success is declared
	Bodies []Body
}

// Body is what a request or an answer holds in one media type. Of several kinds
// of JSON the first is read; other media types are known by name.
type Body struct {
	Media  string // lower case, without parameters
	JSON   bool   // that was read
	Whole  Field  // the value itself, whose path is empty
	Fields []Field
}

// HasField reports whether a successful answer of any operation has the path.
// Below a field that is cut it cannot know, and says yes.
func (c *Contract) HasField(path string) bool {
	for _, op := range c.Operations {
		for _, f := range op.ResponseFields {
			if f.Path == path || f.Cut && strings.HasPrefix(path, f.Path+".") {
				return true
			}
		}
	}
	return false
}

// HasParameter reports whether some operation has the parameter in its path or
// query.
func (c *Contract) HasParameter(name string) bool {
	for _, op := range c.Operations {
		for _, p := range op.Parameters {
			if p.Name == name && (p.In == "path" || p.In == "query") {
				return true
			}
		}
	}
	return false
}
