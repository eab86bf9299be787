package feasibility

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

type object = map[string]any

// deepest is how many levels a JSON value may be nested.
const deepest = 64

var (
	errNested   = errors.New("nested too deep")
	errTrailing = errors.New("something follows the value")
	errNotUTF8  = errors.New("not UTF-8")
)

// decodeJSON reads one JSON value with its numbers untouched.
func decodeJSON(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errNotUTF8
	}
	if depthOf(text) > deepest {
		return nil, errNested
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return value, nil
}

// depthOf counts how deep brackets are nested, without recursion.
func depthOf(text []byte) (most int) {
	depth, quoted, escaped := 0, false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = c == '\\', c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			depth++
			most = max(most, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return most
}

// document is a contract as plain JSON.
type document struct {
	root object
	old  bool // OpenAPI 3.0, whose schemas are a dialect of their own
}

func readDocument(contract json.RawMessage) (*document, error) {
	value, err := decodeJSON(contract)
	if err != nil {
		return nil, err
	}
	root, ok := value.(object)
	if !ok {
		return nil, errors.New("not an object")
	}
	version, _ := root["openapi"].(string)
	return &document{root: root, old: strings.HasPrefix(version, "3.0.")}, nil
}

// operation is one call of a contract.
type operation struct {
	method, path string
	pointer      string // JSON Pointer (RFC 6901) to it
	node         object
	parameters   []parameter
}

// String is how findings name it: "GET /{kode}".
func (o operation) String() string { return o.method + " " + o.path }

type parameter struct {
	name, in string
	required bool
	node     object
	schema   object
}

// safe reports the methods that change nothing (RFC 9110 section 9.2.1).
func (o operation) safe() bool {
	return o.method == "GET" || o.method == "HEAD" || o.method == "OPTIONS"
}

// marked reports whether the contract says that the operation changes nothing.
func (o operation) marked() bool { safe, _ := o.node["x-simpul-safe"].(bool); return safe }

// operations lists the calls, those without path parameters first: their answers
// may tell values for the others.
func (d *document) operations() (all []operation) {
	paths, _ := d.root["paths"].(object)
	for path, value := range paths {
		item := d.resolve(value)
		for _, method := range []string{"get", "head", "options", "post", "put", "patch", "delete"} {
			node, ok := item[method].(object)
			if ok && strings.HasPrefix(path, "/") {
				all = append(all, operation{strings.ToUpper(method), path, "/paths/" + escapePointer(path) + "/" + method, node, d.parameters(item, node)})
			}
		}
	}
	slices.SortFunc(all, func(a, b operation) int {
		if n := strings.Count(a.path, "{") - strings.Count(b.path, "{"); n != 0 {
			return n
		}
		return strings.Compare(a.path+" "+a.method, b.path+" "+b.method)
	})
	return all
}

func escapePointer(token string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

// parameters joins those of the path with those of the operation, which win.
func (d *document) parameters(item, node object) (all []parameter) {
	for _, list := range []any{item["parameters"], node["parameters"]} {
		elements, _ := list.([]any)
		for _, e := range elements {
			p := d.parameter(e)
			same := func(other parameter) bool { return other.name == p.name && other.in == p.in }
			if i := slices.IndexFunc(all, same); i >= 0 {
				all[i] = p
			} else if p.name != "" {
				all = append(all, p)
			}
		}
	}
	return all
}

func (d *document) parameter(value any) parameter {
	n := d.resolve(value)
	p := parameter{name: text(n["name"]), in: text(n["in"]), node: n, schema: d.resolve(n["schema"])}
	p.required, _ = n["required"].(bool)
	p.required = p.required || p.in == "path"
	return p
}

func text(value any) string { s, _ := value.(string); return s }

// mostHops bounds a chain of references.
const mostHops = 16

// resolve follows references within the document; nil where they lead nowhere.
func (d *document) resolve(value any) object {
	for range mostHops {
		node, _ := value.(object)
		ref, ok := node["$ref"].(string)
		if !ok {
			return node
		}
		value = d.find(ref)
	}
	return nil
}

func (d *document) find(ref string) any {
	pointer, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	var value any = d.root
	for token := range strings.SplitSeq(pointer, "/") {
		node, _ := value.(object)
		value = node[strings.NewReplacer("~1", "/", "~0", "~").Replace(unescapePercent(token))]
	}
	return value
}

// answerOf returns the description of answers with the status, and the JSON
// Pointer to it; nil where the contract has none.
func (d *document) answerOf(o operation, status string) (object, string) {
	responses, _ := o.node["responses"].(object)
	for _, key := range []string{status, status[:min(1, len(status))] + "XX", "default"} {
		if value, ok := responses[key]; ok {
			node, at := d.locate(value, o.pointer+"/responses/"+escapePointer(key))
			return node, at
		}
	}
	return nil, ""
}

// schemaOf returns the JSON Pointer to the schema of an answer's media type.
func (d *document) schemaOf(answer object, at, media string) (pointer string, ok bool) {
	content, _ := answer["content"].(object)
	node, at := d.locate(content[media], at+"/content/"+escapePointer(media))
	_, ok = node["schema"]
	return at + "/schema", ok
}

// locate follows references and tells where what they stand for is.
func (d *document) locate(value any, at string) (object, string) {
	for range mostHops {
		node, _ := value.(object)
		ref, ok := node["$ref"].(string)
		if !ok {
			return node, at
		}
		value, at = d.find(ref), unescapePercent(strings.TrimPrefix(ref, "#"))
	}
	return nil, at
}

// field is one member of an answer, by its path with arrays transparent.
type field struct {
	path, description string
	pattern           string
}

// fields lists the members that successful JSON answers may have.
func (d *document) fields(o operation) []field {
	w := walk{document: d, left: mostVisits}
	responses, _ := o.node["responses"].(object)
	for status, value := range responses {
		if !strings.HasPrefix(status, "2") && status != "default" {
			continue
		}
		content, _ := d.resolve(value)["content"].(object)
		for media, m := range content {
			if isJSON(media) {
				w.members("", d.resolve(m)["schema"], 0)
			}
		}
	}
	slices.SortFunc(w.found, func(a, b field) int { return strings.Compare(a.path, b.path) })
	return slices.CompactFunc(w.found, func(a, b field) bool { return a.path == b.path })
}

const (
	mostVisits  = 5000
	deepestForm = 8 // of a schema within schemas, when its fields are listed
)

// walk collects fields; schemas may refer to each other without end.
type walk struct {
	*document
	left  int // visits
	found []field
}

func (w *walk) members(at string, value any, depth int) {
	w.left--
	schema := w.resolve(value)
	if schema == nil || depth > deepestForm || w.left < 0 {
		return
	}
	for _, part := range []string{"allOf", "oneOf", "anyOf"} {
		list, _ := schema[part].([]any)
		for _, one := range list {
			w.members(at, one, depth+1)
		}
	}
	w.members(at, schema["items"], depth+1)
	properties, _ := schema["properties"].(object)
	for name, value := range properties {
		member := w.resolve(value)
		path := strings.TrimPrefix(at+"."+name, ".")
		w.found = append(w.found, field{path, text(member["description"]), text(member["pattern"])})
		w.members(path, value, depth+1)
	}
}

// isJSON reports media types whose bodies are JSON (RFC 6839).
func isJSON(media string) bool {
	base, _, _ := strings.Cut(strings.ToLower(media), ";")
	base = strings.TrimSpace(base)
	return base == "application/json" || strings.HasSuffix(base, "+json")
}
