package fieldtree

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of an answer whose fields are committed to.
const (
	MaxBytes  = 32 << 10
	MaxFields = 1000
	MaxDepth  = 64
)

var (
	errTooMuch = errors.New("more bytes, fields or depth than are committed to")
	errTwo     = errors.New("more than one JSON text")
)

// walker finds the fields of one document after the other. It is for one goroutine.
type walker struct {
	source  bytes.Buffer
	decoder *jsontext.Decoder
	pointer []byte // of the value that comes next
	fields  int
	each    func(pointer, value []byte) // the bytes are its only until it returns
}

func newWalker() *walker {
	w := &walker{}
	w.decoder = jsontext.NewDecoder(&w.source)
	return w
}

// walk calls each for every field of the document, in order.
func (w *walker) walk(body []byte, each func(pointer, value []byte)) error {
	if len(body) > MaxBytes {
		return errTooMuch
	}
	w.source.Reset()
	w.source.Write(body)
	w.decoder.Reset(&w.source)
	w.pointer, w.fields, w.each = w.pointer[:0], 0, each
	if err := w.value(0); err != nil {
		return err
	}
	if _, err := w.decoder.ReadToken(); err != io.EOF {
		return errors.Join(errTwo, err)
	}
	return nil
}

func (w *walker) value(depth int) error {
	switch w.decoder.PeekKind() {
	case '{':
		return w.container(depth, '}', "{}", w.member)
	case '[':
		return w.container(depth, ']', "[]", w.element)
	}
	text, err := w.decoder.ReadValue()
	if err != nil {
		return err
	}
	return w.field(text)
}

func (w *walker) field(value []byte) error {
	if w.fields++; w.fields > MaxFields {
		return errTooMuch
	}
	w.each(w.pointer, value)
	return nil
}

// container walks what is between the brackets; nothing there is a field itself.
func (w *walker) container(depth int, end jsontext.Kind, empty string, next func(i, depth int) error) error {
	if depth == MaxDepth {
		return errTooMuch
	}
	if _, err := w.decoder.ReadToken(); err != nil {
		return err
	}
	if w.decoder.PeekKind() == end {
		if err := w.field([]byte(empty)); err != nil {
			return err
		}
	}
	for i, here := 0, len(w.pointer); w.decoder.PeekKind() != end; i++ {
		if err := next(i, depth+1); err != nil {
			return err
		}
		w.pointer = w.pointer[:here]
	}
	_, err := w.decoder.ReadToken()
	return err
}

func (w *walker) element(i, depth int) error {
	w.pointer = append(w.pointer, '/')
	w.pointer = strconv.AppendInt(w.pointer, int64(i), 10)
	return w.value(depth)
}

func (w *walker) member(_, depth int) error {
	quoted, err := w.decoder.ReadValue()
	if err != nil {
		return err
	}
	w.pointer = append(w.pointer, '/')
	here := len(w.pointer)
	if w.pointer, err = jsontext.AppendUnquote(w.pointer, quoted); err != nil {
		return err
	}
	w.pointer = escape(w.pointer, here)
	return w.value(depth)
}

// escape writes the name that stands behind here as a pointer does (RFC 6901
// section 3).
func escape(pointer []byte, here int) []byte {
	if !bytes.ContainsAny(pointer[here:], "~/") {
		return pointer
	}
	name := slices.Clone(pointer[here:])
	name = bytes.ReplaceAll(name, []byte("~"), []byte("~0"))
	name = bytes.ReplaceAll(name, []byte("/"), []byte("~1"))
	return append(pointer[:here], name...)
}
