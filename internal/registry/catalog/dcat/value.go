package dcat

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// value is one JSON value. Its methods take nil for one that is not there.
type value struct {
	kind     jsontext.Kind
	text     string   // of a string or number
	names    []string // of an object, in the order of the document
	children []*value
}

func (v *value) object() bool { return v != nil && v.kind == jsontext.KindBeginObject }
func (v *value) array() bool  { return v != nil && v.kind == jsontext.KindBeginArray }
func (v *value) isText() bool { return v != nil && v.kind == jsontext.KindString }
func (v *value) null() bool   { return v == nil || v.kind == jsontext.KindNull }

func (v *value) str() string {
	if v.isText() {
		return v.text
	}
	return ""
}

func (v *value) get(name string) *value {
	if v.object() {
		for i := range v.names {
			if v.names[i] == name {
				return v.children[i]
			}
		}
	}
	return nil
}

// place is where in the document something stands.
type place string

func (p place) member(name string) place { return p + "." + place(name) }
func (p place) index(i int) place        { return p + place("["+strconv.Itoa(i)+"]") }

// root is the place of the whole document.
const root place = "document"

func fault(at place, message, remedy simpul.Text) error {
	return simpul.Invalid(string(at), message, remedy)
}

func expected(at place, id, en string) error {
	return fault(at,
		simpul.Text{ID: "Di sini diharapkan " + id + ".", EN: "Expected here: " + en + "."},
		simpul.Text{ID: "Perbaiki dokumen katalognya, lalu kirim lagi.", EN: "Mend the catalogue's document, then send it again."})
}

func excess(id, en string) error {
	return fault(root,
		simpul.Text{ID: "Dokumen katalog terlalu besar: " + id + ".", EN: "The catalogue's document is too large: " + en + "."},
		simpul.Text{ID: "Bagi katalognya menjadi beberapa dokumen.", EN: "Divide the catalogue into several documents."})
}

// quote shows a piece of the document in a message.
func quote(s string) string {
	const longest = 100
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return strconv.Quote(s)
}

type decoder struct {
	tokens *jsontext.Decoder
	values int
}

var errDeep, errMany = errors.New("nested too deep"), errors.New("too many values")

// decode reads JSON within the limits.
func decode(document []byte) (*value, error) {
	if len(document) > MaxDocument {
		return nil, excess("lebih dari 8 MiB", "more than 8 MiB")
	}
	d := &decoder{tokens: jsontext.NewDecoder(bytes.NewReader(document))}
	v, err := d.value(0)
	if err == nil {
		if _, err = d.tokens.ReadToken(); err == io.EOF {
			return v, nil
		}
	}
	switch {
	case errors.Is(err, errDeep):
		return nil, excess("bersarang lebih dari 40 lapis", "nested more than 40 levels")
	case errors.Is(err, errMany):
		return nil, excess("lebih dari 400.000 nilai", "more than 400,000 values")
	}
	where := strconv.FormatInt(d.tokens.InputOffset(), 10)
	return nil, fault(root,
		simpul.Text{ID: "Dokumen bukan JSON yang sah di sekitar bita " + where + ".", EN: "The document is not valid JSON near byte " + where + "."},
		simpul.Text{ID: "Kirim JSON-LD dalam UTF-8, tanpa nama ganda dalam satu objek.", EN: "Send JSON-LD in UTF-8, without a name twice in one object."})
}

func (d *decoder) value(depth int) (*value, error) {
	if d.values++; d.values > maxValues {
		return nil, errMany
	}
	token, err := d.tokens.ReadToken()
	if err != nil {
		return nil, err
	}
	v := &value{kind: token.Kind()}
	switch v.kind {
	case jsontext.KindString, jsontext.KindNumber, jsontext.KindTrue, jsontext.KindFalse:
		v.text = strings.Clone(token.String())
		return v, nil
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		return v, d.members(v, depth)
	}
	return v, nil
}

func (d *decoder) members(v *value, depth int) error {
	if depth == maxDepth {
		return errDeep
	}
	for d.tokens.PeekKind() != jsontext.KindEndObject && d.tokens.PeekKind() != jsontext.KindEndArray {
		if v.object() {
			name, err := d.tokens.ReadToken()
			if err != nil {
				return err
			}
			v.names = append(v.names, strings.Clone(name.String()))
		}
		child, err := d.value(depth + 1)
		if err != nil {
			return err
		}
		v.children = append(v.children, child)
	}
	_, err := d.tokens.ReadToken()
	return err
}
