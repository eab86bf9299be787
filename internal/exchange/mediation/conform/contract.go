package conform

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"simpul"
	"simpul/internal/platform/schema"
)

// Contract holds messages to one OpenAPI document. It is immutable, and may be
// used by any number of exchanges at a time.
type Contract struct {
	operations map[simpul.Operation]*Operation
}

// Operation is what the document says of one call.
type Operation struct {
	parameters []*parameter
	query      map[string]int // their numbers among parameters
	body       *body          // nil: it takes none
	answers    map[string]*reply
	statuses   []string
}

// body is what a message holds.
type body struct {
	required bool
	media    []mediaType
}

type mediaType struct {
	name string // lower case, without parameters; "*/*" and "text/*" are ranges
	form *form  // nil: anything
}

// reply is what an answer of one status holds.
type reply struct{ body }

// Operation finds what the contract says of a call; nil for nothing.
func (c *Contract) Operation(o simpul.Operation) *Operation { return c.operations[o] }

// Compile reads the OpenAPI document of a contract. It fetches nothing, and its
// work is bounded. An error means that nothing can be held to the document.
func Compile(document []byte) (*Contract, error) {
	if len(document) > maxContract {
		return nil, errLarge
	}
	d, _, err := readOpenAPI(document)
	if err != nil {
		return nil, fmt.Errorf("read contract: %w", err)
	}
	compiler, err := schema.NewCompiler(d.root)
	if err != nil {
		return nil, fmt.Errorf("prepare contract: %w", err)
	}
	b := &builder{openapi: d, compiler: compiler, requests: newSmith(request), answers: newSmith(answer)}
	c := &Contract{operations: map[simpul.Operation]*Operation{}}
	paths, _ := d.root["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := d.part(paths[path], "/paths/"+escapePointer(path))
		for _, method := range []string{"get", "head", "post", "put", "patch", "delete", "options"} {
			if node, ok := item.node[method].(map[string]any); ok {
				c.operations[simpul.Operation{Method: strings.ToUpper(method), Path: path}] = b.operation(path, item, part{node, item.at + "/" + method})
			}
		}
	}
	b.requests.settle()
	b.answers.settle()
	return c, b.failed()
}

// builder compiles the parts of one document.
type builder struct {
	*openapi
	compiler          *jsonschema.Compiler
	requests, answers *smith
	err               error
}

func (b *builder) failed() error {
	for _, err := range []error{b.err, b.requests.err, b.answers.err} {
		if err != nil {
			return fmt.Errorf("compile contract: %w", err)
		}
	}
	return nil
}

// form compiles the schema at a JSON Pointer; nil for none.
func (b *builder) form(s *smith, pointer string) *form {
	if pointer == "" || b.failed() != nil {
		return nil
	}
	compiled, err := b.compiler.Compile(schema.Locate(pointer))
	if err != nil {
		b.err = err
		return nil
	}
	return s.make(compiled)
}

func (b *builder) operation(path string, item, at part) *Operation {
	o := &Operation{query: map[string]int{}, answers: map[string]*reply{}}
	for _, p := range b.declared(item, at) {
		b.parameter(o, path, p)
	}
	if taken := b.below(at, "requestBody"); taken.node != nil {
		o.body = &body{required: taken.truth("required"), media: b.media(b.requests, taken)}
	}
	responses, _ := at.node["responses"].(map[string]any)
	for status, value := range responses {
		if strings.HasPrefix(status, "x-") {
			continue
		}
		o.answers[status] = &reply{body{media: b.media(b.answers, b.part(value, at.at+"/responses/"+escapePointer(status)))}}
		o.statuses = append(o.statuses, status)
	}
	slices.Sort(o.statuses)
	return o
}

// declared joins the parameters of a path with those of an operation, which win.
func (b *builder) declared(item, operation part) (all []part) {
	for _, from := range []part{item, operation} {
		for i, value := range from.array("parameters") {
			p := b.part(value, from.at+"/parameters/"+strconv.Itoa(i))
			same := func(other part) bool { return other.str("name") == p.str("name") && other.str("in") == p.str("in") }
			if n := slices.IndexFunc(all, same); n >= 0 {
				all[n] = p
			} else {
				all = append(all, p)
			}
		}
	}
	return all
}

// media lists what stands under content, the exact names before the ranges.
func (b *builder) media(s *smith, holder part) (all []mediaType) {
	content, _ := holder.node["content"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(content)) {
		m := mediaType{name: mediaOf(name)}
		if isJSON(m.name) || strings.HasSuffix(m.name, "/*") {
			m.form = b.form(s, b.part(content[name], holder.at+"/content/"+escapePointer(name)).schemaBelow())
		}
		all = append(all, m)
	}
	slices.SortStableFunc(all, func(a, b mediaType) int { return strings.Count(a.name, "*") - strings.Count(b.name, "*") })
	return all
}
