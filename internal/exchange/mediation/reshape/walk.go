package reshape

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// walk goes through one JSON document, token by token and only when asked, and
// writes it as the changes want it.
type walk struct {
	source  meter
	decoder *jsontext.Decoder
	root    *node
	open    []frame // arrays and objects that are open, outermost first
	held    int     // weight of the member names in open
	name    []byte  // the last member name that had to be unescaped
	started bool

	out     []byte // changed and not yet delivered
	sent    int    // of out, bytes that were delivered
	large   []byte // a long scalar that follows out; it lies in the decoder's buffer
	scratch [2][]byte
}

// frame is one open array or object.
type frame struct {
	node   *node // nil: nothing in it changes
	drop   bool
	object bool
	filled bool      // something in it was written, so that a comma comes next
	held   int       // weight of its member names
	index  int       // elements before the next one
	taken  [4]uint64 // targets of the node that a member has
}

func newWalk() *walk {
	w := &walk{open: make([]frame, 0, maxDepth/4)}
	w.decoder = jsontext.NewDecoder(&w.source)
	return w
}

// reset makes the walk ready for a document whose texts are at most so long.
func (w *walk) reset(source io.Reader, root *node, text int64) {
	w.source = meter{source: source, text: text}
	w.decoder.Reset(&w.source)
	w.root, w.started = root, false
	w.open, w.held = w.open[:0], 0
	w.discard()
}

// discard forgets what was written and not yet delivered.
func (w *walk) discard() { w.out, w.sent, w.large = w.out[:0], 0, nil }

// deliver moves what is written to p and returns how much; 0 means that nothing is
// left.
func (w *walk) deliver(p []byte) int {
	n := copy(p, w.out[w.sent:])
	if w.sent += n; w.sent == len(w.out) {
		w.out, w.sent = w.out[:0], 0
		more := copy(p[n:], w.large)
		w.large = w.large[more:]
		n += more
	}
	return n
}

// fill writes a chunk more, once everything was delivered. At the end of a valid
// document it returns io.EOF; with any other error what it wrote is void.
func (w *walk) fill() error {
	for len(w.out) < chunk && len(w.large) == 0 {
		if err := w.step(); err != nil {
			return err
		}
	}
	return nil
}

// step takes the next element, the next member, or a closing bracket.
func (w *walk) step() error {
	w.source.allow(w.decoder.InputOffset())
	kind := w.decoder.PeekKind()
	if len(w.open) == 0 {
		return w.document(kind)
	}
	top := &w.open[len(w.open)-1]
	switch {
	case kind == jsontext.KindEndObject || kind == jsontext.KindEndArray:
		return w.end(kind, top)
	case top.object:
		return w.member(top)
	}
	return w.element(kind, top)
}

func (w *walk) document(kind jsontext.Kind) error {
	if w.started {
		return w.finish()
	}
	if kind == jsontext.KindInvalid {
		_, err := w.decoder.ReadToken()
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		return err
	}
	w.started = true
	return w.value(kind, w.root, false)
}

func (w *walk) element(kind jsontext.Kind, array *frame) error {
	if !array.drop {
		w.delimit(array)
	}
	err := w.value(kind, array.node, array.drop)
	if err == nil && len(w.open) > 0 && array == &w.open[len(w.open)-1] {
		array.index++
	}
	return err
}

func (w *walk) member(object *frame) error {
	name, err := w.decoder.ReadValue()
	if err != nil {
		return err
	}
	if err := w.hold(object, len(name)); err != nil {
		return err
	}
	if object.node == nil {
		return w.unchanged(object, name)
	}
	plain := w.unquote(name)
	child := object.node.below[string(plain)]
	drop := object.drop || child != nil && child.drop
	if drop {
		return w.value(w.decoder.PeekKind(), nil, true)
	}
	if child != nil && child.renamed != nil {
		if !object.take(child.target) {
			return w.at(collision, child)
		}
		name = child.renamed
	} else if i, aimed := object.node.targets[string(plain)]; aimed && !object.take(i) {
		return w.at(collision, &node{name: string(plain)})
	}
	w.delimit(object)
	w.out = append(append(w.out, name...), ':')
	return w.value(w.decoder.PeekKind(), child, false)
}

// unchanged is a member of an object in which nothing changes.
func (w *walk) unchanged(object *frame, name []byte) error {
	if !object.drop {
		w.delimit(object)
		w.out = append(append(w.out, name...), ':')
	}
	return w.value(w.decoder.PeekKind(), nil, object.drop)
}

// take notes that a member has a name that changes give, and reports whether it is
// the first.
func (f *frame) take(target int) bool {
	word, bit := &f.taken[target/64], uint64(1)<<(target%64)
	first := *word&bit == 0
	*word |= bit
	return first
}

func (w *walk) value(kind jsontext.Kind, n *node, drop bool) error {
	switch {
	case kind == jsontext.KindBeginArray:
		return w.begin(kind, n, drop)
	case kind == jsontext.KindBeginObject:
		if !drop && n != nil && n.steps != nil {
			return w.whole(n)
		}
		return w.begin(kind, n, drop)
	}
	v, err := w.decoder.ReadValue()
	switch {
	case err != nil:
		return err
	case drop:
		return nil
	case n != nil && n.steps != nil:
		return w.convert(v, n)
	case len(v) > chunk:
		w.large = v
	default:
		w.out = append(w.out, v...)
	}
	return nil
}

// whole is an object where a single value should be.
func (w *walk) whole(n *node) error {
	for _, s := range n.steps {
		instead, err := s.compound()
		if err != nil {
			return w.at(err, n)
		}
		if instead != nil {
			w.out = append(w.out, instead...)
			return w.begin(jsontext.KindBeginObject, nil, true)
		}
	}
	return w.begin(jsontext.KindBeginObject, n, false)
}

func (w *walk) convert(v []byte, n *node) (err error) {
	for i, s := range n.steps {
		room := &w.scratch[i%2]
		if *room, err = s.convert((*room)[:0], v); err != nil {
			return w.at(err, n)
		}
		v = *room
	}
	w.out = append(w.out, v...)
	return nil
}

func (w *walk) begin(kind jsontext.Kind, n *node, drop bool) error {
	if len(w.open) == maxDepth {
		return tooDeep
	}
	if _, err := w.decoder.ReadToken(); err != nil {
		return err
	}
	if !drop {
		w.out = append(w.out, byte(kind))
	}
	w.open = append(w.open, frame{node: n, drop: drop, object: kind == jsontext.KindBeginObject})
	return nil
}

func (w *walk) end(kind jsontext.Kind, top *frame) error {
	if _, err := w.decoder.ReadToken(); err != nil {
		return err
	}
	if !top.drop {
		w.out = append(w.out, byte(kind))
	}
	w.held -= top.held
	w.open = w.open[:len(w.open)-1]
	if len(w.open) == 0 {
		return w.finish()
	}
	w.open[len(w.open)-1].index++ // counts for arrays only
	return nil
}

// finish makes sure that nothing follows the document before its last bracket is
// delivered.
func (w *walk) finish() error {
	w.source.allow(w.decoder.InputOffset())
	_, err := w.decoder.ReadToken()
	if err == nil {
		return secondDocument
	}
	return err
}

func (w *walk) delimit(f *frame) {
	if f.filled {
		w.out = append(w.out, ',')
	}
	f.filled = true
}

// hold accounts for a member name, which the decoder keeps until the object ends.
func (w *walk) hold(object *frame, length int) error {
	weight := length + nameOverhead
	object.held += weight
	w.held += weight
	if w.held > maxNames {
		return tooManyNames
	}
	return nil
}

// unquote returns what a member name means: two spellings of a name are one name.
func (w *walk) unquote(name []byte) []byte {
	if bytes.IndexByte(name, '\\') < 0 {
		return name[1 : len(name)-1]
	}
	w.name, _ = jsontext.AppendUnquote(w.name[:0], name) // the decoder has checked it
	return w.name
}

// at says where a flaw is: items[3].kd_kab.
func (w *walk) at(err error, child *node) error {
	var place strings.Builder
	above := w.root
	name := func(n *node) {
		if n == nil || n == above {
			return
		}
		if place.Len() > 0 {
			place.WriteByte('.')
		}
		place.WriteString(n.name)
		above = n
	}
	for _, f := range w.open {
		name(f.node)
		if !f.object {
			place.WriteString("[" + strconv.Itoa(f.index) + "]")
		}
	}
	name(child)
	return &placed{err, place.String()}
}

// light reports whether the walk holds little enough to be kept for another
// document.
func (w *walk) light() bool {
	return w.source.read <= maxKept && cap(w.out) <= maxKept && cap(w.name) <= maxKept &&
		cap(w.scratch[0]) <= maxKept && cap(w.scratch[1]) <= maxKept
}
