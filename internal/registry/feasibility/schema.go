package feasibility

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// contractURL names the contract to the validator. Nobody serves it.
const contractURL = "contract:///"

// schemas validates answers by the schemas of one contract.
type schemas struct {
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema // by JSON Pointer
	visits   int                           // of schemas that are left in this validation
}

// mostSteps bounds one validation: a schema that refers to itself in several
// branches takes exponential time otherwise.
const mostSteps = 500_000

var (
	errTooLong = errors.New("the schema takes too long to check")
	errNetwork = errors.New("references to the network are not followed")
)

// nothing is a loader that finds nothing: no test follows a reference outside.
type nothing struct{}

func (nothing) Load(string) (any, error) { return nil, errNetwork }

func newSchemas(d *document) (*schemas, error) {
	s := &schemas{compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	s.compiler.DefaultDraft(jsonschema.Draft2020)
	s.compiler.UseLoader(nothing{})
	s.compiler.UseRegexpEngine(lenient)
	s.compiler.AssertFormat()
	s.compiler.AssertVocabs()
	s.compiler.RegisterVocabulary(&jsonschema.Vocabulary{URL: contractURL + "steps", Compile: s.counting})
	counted, _ := prepared(d.root, d.old, place{}).(object)
	return s, s.compiler.AddResource(contractURL, counted)
}

// lenient accepts patterns of ECMA-262 that Go does not know, and then holds
// nothing against them: better unchecked than wrongly refused.
func lenient(pattern string) (jsonschema.Regexp, error) {
	if re, err := regexp.Compile(pattern); err == nil {
		return re, nil
	}
	return anything(pattern), nil
}

type anything string

func (anything) MatchString(string) bool { return true }
func (a anything) String() string        { return string(a) }

// stepsKeyword stands in every schema of a prepared contract.
const stepsKeyword = "x-simpul-steps"

// counting makes the validator count its steps.
func (s *schemas) counting(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
	if _, counted := schema[stepsKeyword]; !counted {
		return nil, nil
	}
	return step{s}, nil
}

type step struct{ *schemas }

// Validate ends a validation that goes on too long. The only way out of the
// validator is a panic, which [schemas.check] recovers.
func (s step) Validate(*jsonschema.ValidatorContext, any) {
	if s.visits--; s.visits < 0 {
		panic(errTooLong)
	}
}

// compile prepares the schema at a JSON Pointer of the contract.
func (s *schemas) compile(pointer string) (*jsonschema.Schema, error) {
	if known, ok := s.compiled[pointer]; ok {
		return known, nil
	}
	schema, err := s.compiler.Compile(contractURL + "#" + (&url.URL{Path: pointer}).EscapedPath())
	if err == nil {
		s.compiled[pointer] = schema
	}
	return schema, err
}

// breach is one way in which a value does not meet its schema, without the value.
type breach struct{ place, expected, got string }

// mostBreaches is how many breaches one answer is told of.
const mostBreaches = 5

// check returns how the value breaks the schema at the pointer.
func (s *schemas) check(pointer string, value any) (found []breach, err error) {
	schema, err := s.compile(pointer)
	if err != nil {
		return nil, err
	}
	s.visits = mostSteps
	defer func() {
		if recover() != nil {
			found, err = nil, errTooLong
		}
	}()
	invalid, ok := errors.AsType[*jsonschema.ValidationError](schema.Validate(value))
	if !ok {
		return nil, nil
	}
	return breaches(nil, invalid), nil
}

// breaches lists the innermost causes.
func breaches(all []breach, e *jsonschema.ValidationError) []breach {
	if len(all) >= mostBreaches {
		return all
	}
	for _, cause := range e.Causes {
		all = breaches(all, cause)
	}
	if len(e.Causes) > 0 {
		return all
	}
	expected, got := explained(e.ErrorKind)
	return append(all, breach{located(e.InstanceLocation), expected, got})
}

// located writes where in an answer a value stands: "items[0].kode".
func located(tokens []string) string {
	var b strings.Builder
	for _, t := range tokens {
		if t != "" && strings.Trim(t, "0123456789") == "" && len(t) <= mostDigits {
			b.WriteString("[" + t + "]")
		} else {
			b.WriteString("." + t)
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// explained tells a breach without the value that broke the schema.
func explained(k jsonschema.ErrorKind) (expected, got string) {
	switch k := k.(type) {
	case *kind.Type:
		return "type " + strings.Join(k.Want, "|"), "type " + k.Got
	case *kind.Required:
		return "members " + strings.Join(k.Missing, ", "), "missing"
	case *kind.AdditionalProperties:
		return "no further members", strings.Join(k.Properties, ", ")
	case *kind.Pattern:
		return "pattern " + k.Want, "another form"
	case *kind.Format:
		return "format " + k.Want, "another form"
	case *kind.MinLength:
		return fmt.Sprintf("minLength %d", k.Want), fmt.Sprintf("length %d", k.Got)
	case *kind.MaxLength:
		return fmt.Sprintf("maxLength %d", k.Want), fmt.Sprintf("length %d", k.Got)
	case *kind.MinItems:
		return fmt.Sprintf("minItems %d", k.Want), fmt.Sprintf("%d items", k.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("maxItems %d", k.Want), fmt.Sprintf("%d items", k.Got)
	}
	return strings.Join(k.KeywordPath(), " "), "another value"
}

// place says how [prepared] reads the members of an object.
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

// prepared copies a contract so that its schemas are those of JSON Schema
// 2020-12, count their steps, and refer to nothing but each other.
func prepared(value any, old bool, at place) any {
	switch v := value.(type) {
	case []any:
		all := make([]any, len(v))
		for i, one := range v {
			all[i] = prepared(one, old, at)
		}
		return all
	case object:
		if at.data {
			return v
		}
		copied := make(object, len(v)+1)
		for name, member := range v {
			copied[name] = prepared(member, old, at.below(name))
		}
		if !at.names {
			adapt(copied, old)
		}
		return copied
	}
	return value
}

// adapt changes one object that may be a schema.
func adapt(schema object, old bool) {
	for _, name := range []string{"$id", "$schema", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$vocabulary"} {
		delete(schema, name)
	}
	if ref, ok := schema["$ref"].(string); ok && !plainReference(ref) {
		delete(schema, "$ref")
	}
	if old {
		modernise(schema)
	}
	schema[stepsKeyword] = true
}

// plainReference reports whether a reference leads to something that was
// prepared, and not into an example, where steps would not count.
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
