package conform

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// read reads one JSON text, strictly: RFC 8259 without its liberties. Names that
// repeat, halves of surrogate pairs, NUL, a byte order mark and what follows the
// value are refused, since two programs could read them differently. Numbers
// keep their bytes. It returns a *flaw; the nodes are void then.
//
// It is written out rather than left to a tokenizer because it stands on the
// path of each call: it takes a third of the time and allocates nothing.
func (d *document) read(text []byte) error { return d.readWithin(text, maxDepth, maxValues) }

// readWithin is read under other limits.
func (d *document) readWithin(text []byte, deepest, most int) error {
	d.text, d.extra, d.nodes = text, d.extra[:0], d.nodes[:0]
	switch {
	case len(text) > 1<<30: // spans are 32 bits wide; no limit comes near
		return tooMany
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return withMark
	case !utf8.Valid(text):
		return notUTF8
	}
	r := reader{document: d, text: text, deepest: deepest, most: most}
	if err := r.value(); err != nil {
		return err
	}
	r.space()
	if r.at < len(text) {
		return trailing
	}
	return nil
}

type reader struct {
	*document
	text    []byte
	at      int
	depth   int
	deepest int // arrays and objects that may be open
	most    int // values
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// peek is the next byte that is no white space; 0 at the end.
func (r *reader) peek() byte {
	r.space()
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// value reads a value and appends its nodes.
func (r *reader) value() error {
	if len(r.nodes) == r.most {
		return tooMany
	}
	switch c := r.peek(); c {
	case '{':
		return r.container(object, '}')
	case '[':
		return r.container(array, ']')
	case '"':
		start := r.at
		at, extra, err := r.quoted()
		r.leaf(node{kind: text, at: at, unquoted: extra, written: span{int32(start), int32(r.at)}})
		return err
	case 't':
		return r.literal("true", node{kind: boolean, truth: true})
	case 'f':
		return r.literal("false", node{kind: boolean})
	case 'n':
		return r.literal("null", node{kind: null})
	}
	return r.number()
}

func (r *reader) leaf(n node) {
	n.end = int32(len(r.nodes) + 1)
	r.nodes = append(r.nodes, n)
}

func (r *reader) literal(word string, n node) error {
	if len(r.text)-r.at < len(word) || string(r.text[r.at:r.at+len(word)]) != word {
		return notJSON
	}
	n.at = span{int32(r.at), int32(r.at + len(word))}
	r.at += len(word)
	r.leaf(n)
	return nil
}

func (r *reader) container(k kind, closing byte) error {
	if r.depth == r.deepest {
		return tooDeep
	}
	r.depth++
	self, start := len(r.nodes), r.at
	r.leaf(node{kind: k})
	r.at++
	size := int32(0)
	for c := r.peek(); c != closing; c = r.peek() {
		if size > 0 {
			if c != ',' {
				return notJSON
			}
			r.at++
			r.space()
		}
		if err := r.within(k); err != nil {
			return err
		}
		size++
	}
	r.at++
	r.depth--
	n := &r.nodes[self]
	n.size, n.end, n.at = size, int32(len(r.nodes)), span{int32(start), int32(r.at)}
	if k == object && r.repeats(int32(self)) {
		return duplicate
	}
	return nil
}

// within reads an element, or a member.
func (r *reader) within(k kind) error {
	if k == array {
		return r.value()
	}
	if r.peek() != '"' {
		return notJSON
	}
	name, extra, err := r.quoted()
	if err != nil {
		return err
	}
	if r.peek() != ':' {
		return notJSON
	}
	r.at++
	self := len(r.nodes)
	if err := r.value(); err != nil {
		return err
	}
	r.nodes[self].name, r.nodes[self].renamed = name, extra
	return nil
}

// quoted reads a string and tells where what it means lies.
func (r *reader) quoted() (at span, extra bool, err error) {
	r.at++
	start := r.at
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return span{int32(start), int32(r.at - 1)}, false, nil
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return at, false, control(c)
		}
		r.at++
	}
	return at, false, notJSON
}

func control(c byte) error {
	if c == 0 {
		return holdsNUL
	}
	return notJSON
}

// escaped goes on with a string in which the first escape was met.
func (r *reader) escaped(start int) (at span, extra bool, err error) {
	from := len(r.extra)
	r.extra = append(r.extra, r.text[start:r.at]...)
	for r.at < len(r.text) {
		c := r.text[r.at]
		r.at++
		switch {
		case c == '"':
			return span{int32(from), int32(len(r.extra))}, true, nil
		case c == '\\':
			if err := r.escape(); err != nil {
				return at, true, err
			}
		case c < ' ':
			return at, true, control(c)
		default:
			r.extra = append(r.extra, c)
		}
	}
	return at, true, notJSON
}

// escape reads what follows a backslash.
func (r *reader) escape() error {
	if r.at == len(r.text) {
		return notJSON
	}
	c := r.text[r.at]
	r.at++
	switch c {
	case '"', '\\', '/':
		r.extra = append(r.extra, c)
	case 'b':
		r.extra = append(r.extra, '\b')
	case 'f':
		r.extra = append(r.extra, '\f')
	case 'n':
		r.extra = append(r.extra, '\n')
	case 'r':
		r.extra = append(r.extra, '\r')
	case 't':
		r.extra = append(r.extra, '\t')
	case 'u':
		return r.codePoint()
	default:
		return notJSON
	}
	return nil
}

// codePoint reads four digits, or two times four that make one character.
func (r *reader) codePoint() error {
	c, ok := r.hex()
	switch {
	case !ok:
		return notJSON
	case c == 0:
		return holdsNUL
	case 0xdc00 <= c && c < 0xe000:
		return loneHalf
	case 0xd800 <= c && c < 0xdc00:
		if !bytes.HasPrefix(r.text[r.at:], []byte(`\u`)) {
			return loneHalf
		}
		r.at += 2
		low, ok := r.hex()
		if !ok {
			return notJSON
		}
		if low < 0xdc00 || low >= 0xe000 {
			return loneHalf
		}
		c = (c-0xd800)<<10 + (low - 0xdc00) + 0x10000
	}
	r.extra = utf8.AppendRune(r.extra, c)
	return nil
}

func (r *reader) hex() (c rune, ok bool) {
	if len(r.text)-r.at < 4 {
		return 0, false
	}
	for _, digit := range r.text[r.at : r.at+4] {
		switch {
		case '0' <= digit && digit <= '9':
			digit -= '0'
		case 'a' <= digit && digit <= 'f':
			digit -= 'a' - 10
		case 'A' <= digit && digit <= 'F':
			digit -= 'A' - 10
		default:
			return 0, false
		}
		c = c<<4 | rune(digit)
	}
	r.at += 4
	return c, true
}

// number reads a number by the grammar of RFC 8259 section 6.
func (r *reader) number() error {
	n := node{kind: number, whole: true}
	start := r.at
	if r.at < len(r.text) && r.text[r.at] == '-' {
		r.at++
	}
	first := r.at
	if digits := r.digits(); digits == 0 || digits > 1 && r.text[first] == '0' {
		return notJSON
	}
	if r.at < len(r.text) && r.text[r.at] == '.' {
		r.at++
		n.whole = false
		if r.digits() == 0 {
			return notJSON
		}
	}
	if r.at < len(r.text) && r.text[r.at]|0x20 == 'e' {
		r.at++
		n.whole = false
		if err := r.exponent(); err != nil {
			return err
		}
	}
	if r.at-start > maxNumber {
		return hugeNumber
	}
	n.at = span{int32(start), int32(r.at)}
	r.leaf(n)
	return nil
}

func (r *reader) digits() int {
	start := r.at
	for r.at < len(r.text) && '0' <= r.text[r.at] && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at - start
}

func (r *reader) exponent() error {
	if r.at < len(r.text) && (r.text[r.at] == '+' || r.text[r.at] == '-') {
		r.at++
	}
	start := r.at
	if r.digits() == 0 {
		return notJSON
	}
	value := 0
	for _, digit := range r.text[start:r.at] {
		if value = value*10 + int(digit-'0'); value > maxExponent {
			return hugeNumber
		}
	}
	return nil
}

// few is up to how many members are compared each with each.
const few = 12

// repeats reports whether a name occurs twice in an object.
func (d *document) repeats(self int32) bool {
	if d.nodes[self].size < 2 {
		return false
	}
	d.order = d.order[:0]
	for i := self + 1; i < d.nodes[self].end; i = d.nodes[i].end {
		d.order = append(d.order, i)
	}
	if len(d.order) > few {
		slices.SortFunc(d.order, func(a, b int32) int { return bytes.Compare(d.name(a), d.name(b)) })
		for i, one := range d.order[1:] {
			if bytes.Equal(d.name(one), d.name(d.order[i])) {
				return true
			}
		}
		return false
	}
	for i, one := range d.order {
		name := d.name(one)
		for _, other := range d.order[:i] {
			if n := &d.nodes[other].name; n.to-n.from == int32(len(name)) && bytes.Equal(d.name(other), name) {
				return true
			}
		}
	}
	return false
}
