package schema

import (
	"errors"
	"net/url"
	"regexp"
	"regexp/syntax"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// URL names the document to the compiler. Nobody serves it.
const URL = "contract:///"

var (
	errNetwork = errors.New("references to the network are not followed")
	errCostly  = errors.New("the patterns of the document are too costly")
)

// Limits on the patterns of one document.
const (
	mostInstructions = 400_000 // of all together, once compiled; one takes 40 bytes
	mostOfOne        = 5_000
)

// NewCompiler returns a compiler of the prepared document.
func NewCompiler(prepared any) (*jsonschema.Compiler, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(nothing{})
	c.UseRegexpEngine((&patterns{known: map[string]jsonschema.Regexp{}}).compile)
	c.AssertFormat()
	c.AssertVocabs()
	return c, c.AddResource(URL, prepared)
}

// Locate is how the compiler is asked for the schema at a JSON Pointer.
func Locate(pointer string) string { return URL + "#" + (&url.URL{Path: pointer}).EscapedPath() }

// nothing is a loader that finds nothing.
type nothing struct{}

func (nothing) Load(string) (any, error) { return nil, errNetwork }

// patterns compiles each pattern of a document once.
type patterns struct {
	known map[string]jsonschema.Regexp
	used  int // instructions
}

func (p *patterns) compile(pattern string) (jsonschema.Regexp, error) {
	if known, ok := p.known[pattern]; ok {
		return known, nil
	}
	length, err := lengthOf(pattern)
	if err != nil {
		p.known[pattern] = Anything(pattern)
		return p.known[pattern], nil
	}
	if p.used += length; length > mostOfOne || p.used > mostInstructions {
		return nil, errCostly
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	p.known[pattern] = re
	return re, nil
}

// lengthOf is how many instructions a pattern has once compiled.
func lengthOf(pattern string) (int, error) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0, err
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return 0, err
	}
	return len(program.Inst), nil
}

// Anything is a pattern of ECMA-262 that RE2 does not know.
type Anything string

// MatchString admits every text.
func (Anything) MatchString(string) bool { return true }

// String is the pattern as it was written.
func (a Anything) String() string { return string(a) }
