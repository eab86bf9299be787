package contract

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// node is one JSON value of the document. Its methods take a nil node for a value
// that is not there.
type node struct {
	kind     jsontext.Kind
	raw      []byte // as written; a part of the document
	text     string // of a string, once asked for
	names    []string
	children []*node          // elements, or members in the order of names
	index    map[string]*node // of a large object, once asked for
}

// decode reads a document.
func decode(doc []byte) (*node, error) {
	if len(doc) > maxDocument {
		return nil, excess(nil, "lebih dari 2 MiB", "more than 2 MiB")
	}
	d := &decoder{doc: doc, tokens: jsontext.NewDecoder(bytes.NewBuffer(doc))}
	root, err := d.value(0)
	if err == nil {
		if _, err = d.tokens.ReadToken(); err == io.EOF {
			return root, nil
		}
	}
	return nil, d.describe(err)
}

type decoder struct {
	doc    []byte
	tokens *jsontext.Decoder
	values int

	// Members of the containers that are open, and room for nodes: a document has
	// thousands of both.
	names    []string
	children []*node
	room     []node
}

var errNested, errNumerous = errors.New("nested too deep"), errors.New("too many values")

func (d *decoder) node(kind jsontext.Kind) *node {
	if len(d.room) == 0 {
		d.room = make([]node, 64)
	}
	n := &d.room[0]
	n.kind, d.room = kind, d.room[1:]
	return n
}

func (d *decoder) value(depth int) (*node, error) {
	if d.values++; d.values > maxValues {
		return nil, errNumerous
	}
	n := d.node(d.tokens.PeekKind())
	var err error
	switch n.kind {
	case jsontext.KindBeginObject:
		err = d.container(n, depth, jsontext.KindEndObject)
	case jsontext.KindBeginArray:
		err = d.container(n, depth, jsontext.KindEndArray)
	default:
		var raw jsontext.Value
		if raw, err = d.tokens.ReadValue(); err == nil {
			n.raw = d.since(d.tokens.InputOffset() - int64(len(raw)))
		}
	}
	return n, err
}

func (d *decoder) container(n *node, depth int, end jsontext.Kind) error {
	if depth == maxNesting {
		return errNested
	}
	if _, err := d.tokens.ReadToken(); err != nil {
		return err
	}
	start, names, children := d.tokens.InputOffset()-1, len(d.names), len(d.children)
	for d.tokens.PeekKind() != end {
		if end == jsontext.KindEndObject {
			name, err := d.tokens.ReadToken()
			if err != nil {
				return err
			}
			d.names = append(d.names, name.String())
		}
		child, err := d.value(depth + 1)
		if err != nil {
			return err
		}
		d.children = append(d.children, child)
	}
	_, err := d.tokens.ReadToken()
	n.raw = d.since(start)
	n.names, d.names = slices.Clone(d.names[names:]), d.names[:names]
	n.children, d.children = slices.Clone(d.children[children:]), d.children[:children]
	return err
}

// since returns the document from an offset to what was read last.
func (d *decoder) since(start int64) []byte { return d.doc[start:d.tokens.InputOffset()] }

func (d *decoder) describe(err error) error {
	switch err {
	case errNested:
		return excess(nil, "bersarang lebih dari 100 lapis", "nested more than 100 levels")
	case errNumerous:
		return excess(nil, "lebih dari 250.000 nilai", "more than 250,000 values")
	}
	var at place
	offset := d.tokens.InputOffset()
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset = e.ByteOffset
		for name := range e.JSONPointer.Tokens() {
			at = append(at, name)
		}
	}
	where := strconv.FormatInt(offset, 10)
	message := simpul.Text{ID: "Kontrak bukan JSON yang sah di sekitar bita " + where + ".", EN: "The contract is not valid JSON near byte " + where + "."}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		message = simpul.Text{ID: "Nama ini muncul dua kali dalam satu objek.", EN: "This name occurs twice in one object."}
	}
	return fault(at, message, simpul.Text{
		ID: "Perbaiki JSON-nya, dan simpan sebagai UTF-8. Dokumen YAML perlu diubah menjadi JSON dahulu.",
		EN: "Mend the JSON, and save it as UTF-8. Convert a YAML document to JSON first."})
}

func (n *node) object() bool { return n != nil && n.kind == jsontext.KindBeginObject }
func (n *node) array() bool  { return n != nil && n.kind == jsontext.KindBeginArray }

// get returns a member of an object, or nil.
func (n *node) get(name string) *node {
	if !n.object() {
		return nil
	}
	const few = 16
	if len(n.names) > few {
		return n.lookUp(name)
	}
	for i := range n.names {
		if n.names[i] == name {
			return n.children[i]
		}
	}
	return nil
}

func (n *node) lookUp(name string) *node {
	if n.index == nil {
		n.index = make(map[string]*node, len(n.names))
		for i, known := range n.names {
			n.index[known] = n.children[i]
		}
	}
	return n.index[name]
}

// members returns the names and values of an object.
func (n *node) members() ([]string, []*node) {
	if !n.object() {
		return nil, nil
	}
	return n.names, n.children
}

// elements returns the values of an array.
func (n *node) elements() []*node {
	if !n.array() {
		return nil
	}
	return n.children
}

// str returns a string's value, and "" for anything else.
func (n *node) str() string {
	if n == nil || n.kind != jsontext.KindString {
		return ""
	}
	if n.text == "" {
		b, _ := jsontext.AppendUnquote(nil, n.raw) // the decoder has checked it
		n.text = string(b)
	}
	return n.text
}

// truth reports whether the value is true.
func (n *node) truth() bool { return n != nil && n.kind == jsontext.KindTrue }
