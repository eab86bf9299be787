package mediation

import (
	"bytes"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"simpul"
)

// selection walks one JSON document, token by token and only when asked, and
// keeps the granted portion of it. Arrays are transparent: the portion of an
// array is that of each element.
type selection struct {
	source  meter
	decoder *jsontext.Decoder
	fields  simpul.FieldSet
	open    []frame // arrays and objects that are open, outermost first
	held    int     // weight of the member names in open
	name    []byte  // the last member name that had to be unescaped

	out   []byte // selected and not yet delivered
	sent  int    // of out, bytes that were delivered
	large []byte // a long scalar that follows out; it lies in the decoder's buffer
}

// frame is one open array or object.
type frame struct {
	portion
	object bool
	filled bool // something in it was selected, so that a comma comes next
	held   int  // weight of its member names
}

func newSelection() *selection {
	s := &selection{open: make([]frame, 0, maxDepth/4)}
	s.decoder = jsontext.NewDecoder(&s.source)
	return s
}

// reset makes the selection ready for a document whose texts are at most so long.
func (s *selection) reset(source io.Reader, fields simpul.FieldSet, text int64) {
	s.source = meter{source: source, text: text}
	s.decoder.Reset(&s.source)
	s.fields = fields
	s.open, s.held = s.open[:0], 0
	s.discard()
}

// discard forgets what was selected and not yet delivered.
func (s *selection) discard() { s.out, s.sent, s.large = s.out[:0], 0, nil }

// deliver moves what is selected to p and returns how much; 0 means that nothing
// is left.
func (s *selection) deliver(p []byte) int {
	n := copy(p, s.out[s.sent:])
	if s.sent += n; s.sent == len(s.out) {
		s.out, s.sent = s.out[:0], 0
		more := copy(p[n:], s.large)
		s.large = s.large[more:]
		n += more
	}
	return n
}

// fill selects a chunk more, once everything was delivered. At the end of a valid
// document it returns io.EOF; with any other error what it selected is void.
func (s *selection) fill() error {
	for len(s.out) < chunk && len(s.large) == 0 {
		if err := s.step(); err != nil {
			return err
		}
	}
	return nil
}

// step takes the next element, the next member, or a closing bracket.
func (s *selection) step() error {
	s.source.allow(s.decoder.InputOffset())
	kind := s.decoder.PeekKind()
	if len(s.open) == 0 {
		return s.document(kind)
	}
	top := &s.open[len(s.open)-1]
	switch {
	case kind == jsontext.KindEndObject || kind == jsontext.KindEndArray:
		return s.end(kind, top)
	case top.object:
		return s.member(top)
	}
	return s.element(kind, top)
}

func (s *selection) document(kind jsontext.Kind) error {
	if kind == jsontext.KindInvalid {
		_, err := s.decoder.ReadToken()
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	if !compound(kind) {
		return scalarDocument
	}
	return s.begin(kind, portion{fields: s.fields})
}

func (s *selection) element(kind jsontext.Kind, array *frame) error {
	if !array.admits(kind) {
		return s.value(kind, portion{drop: true})
	}
	s.delimit(array)
	array.filled = true
	return s.value(kind, array.portion)
}

func (s *selection) member(object *frame) error {
	name, err := s.decoder.ReadValue()
	if err != nil {
		return err
	}
	if err := s.hold(object, len(name)); err != nil {
		return err
	}
	part := object.of(s.unquote(name))
	mark := len(s.out)
	if !part.drop {
		s.delimit(object)
		s.out = append(append(s.out, name...), ':')
	}
	kind := s.decoder.PeekKind() // after it, name is void
	if !part.admits(kind) {
		s.out = s.out[:mark]
		return s.value(kind, portion{drop: true})
	}
	object.filled = true
	return s.value(kind, part)
}

func (s *selection) value(kind jsontext.Kind, part portion) error {
	if compound(kind) {
		return s.begin(kind, part)
	}
	v, err := s.decoder.ReadValue()
	switch {
	case err != nil:
		return err
	case part.drop:
	case len(v) > chunk:
		s.large = v
	default:
		s.out = append(s.out, v...)
	}
	return nil
}

func (s *selection) begin(kind jsontext.Kind, part portion) error {
	if len(s.open) == maxDepth {
		return tooDeep
	}
	if _, err := s.decoder.ReadToken(); err != nil {
		return err
	}
	if !part.drop {
		s.out = append(s.out, byte(kind))
	}
	s.open = append(s.open, frame{portion: part, object: kind == jsontext.KindBeginObject})
	return nil
}

func (s *selection) end(kind jsontext.Kind, top *frame) error {
	if _, err := s.decoder.ReadToken(); err != nil {
		return err
	}
	if !top.drop {
		s.out = append(s.out, byte(kind))
	}
	s.held -= top.held
	s.open = s.open[:len(s.open)-1]
	if len(s.open) > 0 {
		return nil
	}
	return s.finish()
}

// finish makes sure that nothing follows the document before its last bracket
// is delivered.
func (s *selection) finish() error {
	s.source.allow(s.decoder.InputOffset())
	_, err := s.decoder.ReadToken()
	if err == nil {
		return secondDocument
	}
	return err
}

func (s *selection) delimit(f *frame) {
	if f.filled {
		s.out = append(s.out, ',')
	}
}

// hold accounts for a member name, which the decoder keeps until the object ends.
func (s *selection) hold(object *frame, length int) error {
	weight := length + nameOverhead
	object.held += weight
	s.held += weight
	if s.held > maxNames {
		return tooManyNames
	}
	return nil
}

// unquote returns what a member name means: two spellings of a name are one name.
func (s *selection) unquote(name []byte) []byte {
	if bytes.IndexByte(name, '\\') < 0 {
		return name[1 : len(name)-1]
	}
	s.name, _ = jsontext.AppendUnquote(s.name[:0], name) // the decoder has checked it
	return s.name
}

// light reports whether the selection holds little enough to be kept for another
// document. The decoder does not tell how much it holds, but it cannot be more
// than it has read.
func (s *selection) light() bool {
	return s.source.read <= maxKept && cap(s.out) <= maxKept && cap(s.name) <= maxKept
}
