package sandbox

import (
	"bytes"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits on a document. Contracts are checked before they are stored; what goes
// beyond is left out here rather than refused.
const (
	maxDepth = 120 // arrays and objects that are open at once
	maxHops  = 16  // references that refer to references
)

// node is one JSON value. Its methods take a nil node for what is not there.
type node struct {
	raw      []byte // as written
	names    []string
	children []*node // elements, or members in the order of names
}

// document is a contract as a tree.
type document struct{ root *node }

func parse(text []byte) (*document, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	root, err := parseValue(d, text, 0)
	return &document{root}, err
}

func parseValue(d *jsontext.Decoder, text []byte, depth int) (*node, error) {
	kind := d.PeekKind()
	if kind != jsontext.KindBeginObject && kind != jsontext.KindBeginArray || depth == maxDepth {
		v, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		end := d.InputOffset()
		return &node{raw: text[end-int64(len(v)) : end]}, nil
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	n, start := &node{}, d.InputOffset()-1
	for d.PeekKind() != jsontext.KindEndObject && d.PeekKind() != jsontext.KindEndArray {
		if kind == jsontext.KindBeginObject {
			name, err := d.ReadToken()
			if err != nil {
				return nil, err
			}
			n.names = append(n.names, name.String())
		}
		child, err := parseValue(d, text, depth+1)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	_, err := d.ReadToken()
	n.raw = text[start:d.InputOffset()]
	return n, err
}

func (n *node) is(kind byte) bool { return n != nil && len(n.raw) > 0 && n.raw[0] == kind }

// get returns a member of an object, or nil.
func (n *node) get(name string) *node {
	if !n.is('{') {
		return nil
	}
	if i := slices.Index(n.names, name); i >= 0 {
		return n.children[i]
	}
	return nil
}

// members returns the names and values of an object.
func (n *node) members() ([]string, []*node) {
	if !n.is('{') {
		return nil, nil
	}
	return n.names, n.children
}

// elements returns the values of an array.
func (n *node) elements() []*node {
	if !n.is('[') {
		return nil
	}
	return n.children
}

// str returns a string's value, and "" for anything else.
func (n *node) str() string {
	if !n.is('"') {
		return ""
	}
	b, _ := jsontext.AppendUnquote(nil, n.raw) // the decoder has checked it
	return string(b)
}

// number returns a number's value, and whether it is one.
func (n *node) number() (float64, bool) {
	if n == nil {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(n.raw), 64)
	return f, err == nil
}

// resolve follows a reference object to what it stands for.
func (d *document) resolve(n *node) *node {
	for range maxHops {
		ref := n.get("$ref").str()
		if ref == "" {
			return n
		}
		n = d.find(ref)
	}
	return nil
}

// find returns what a JSON Pointer (RFC 6901) in a URI fragment names, or nil.
func (d *document) find(ref string) *node {
	pointer, err := url.PathUnescape(strings.TrimPrefix(ref, "#"))
	if err != nil || pointer != "" && pointer[0] != '/' {
		return nil
	}
	n := d.root
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if pointer == "" {
			break
		}
		n = n.child(strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~"))
	}
	return n
}

func (n *node) child(token string) *node {
	if !n.is('[') {
		return n.get(token)
	}
	i, err := strconv.Atoi(token)
	if err != nil || i < 0 || i >= len(n.children) {
		return nil
	}
	return n.children[i]
}
