package tracker

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// finder finds the values at one path of JSON documents that come in parts, one
// after the other. Arrays are transparent, and capital letters in names do not
// matter, since they do not to some programs. It holds no more than the longest name
// or number that matters, whatever comes, and looks at each byte once. It does not
// check that what it reads is valid JSON: others do, and what is none ends here
// with nothing found.
type finder struct {
	path  [][]byte
	found func(value []byte) // valid during the call

	mode   mode
	place  int    // how many names of the path lead to the values here
	inside bool   // within the object whose member path[place] matters
	arrays []int  // that are open, by place
	aside  int    // arrays and objects open off the path
	name   bool   // the next text is a member's name
	on     bool   // the value after the colon is on the path
	key    []byte // what is kept of the text or number that is being read
	long   bool   // it is longer than what matters
	keep   bool   // it matters
	hex    int    // digits of \uXXXX that are still to come
	unit   rune   // of them
	high   rune   // the first half of a surrogate pair
}

type mode byte

const (
	between mode = iota
	inText
	inEscape
	inUnit
	inBare // a number, true, false or null
	lost   // what came is no JSON
)

// longestKept is the most bytes of a name or value that can matter: names of a
// path have up to 200, a NIK 16 and what a careless program puts around it.
const longestKept = 256

func newFinder(path [][]byte, found func([]byte)) *finder {
	return &finder{path: path, found: found, arrays: make([]int, len(path)+1), key: make([]byte, 0, 64)}
}

// write reads one part.
func (f *finder) write(part []byte) {
	for i := 0; i < len(part) && f.mode != lost; {
		switch f.mode {
		case inText:
			i += f.text(part[i:])
		case inEscape:
			f.escape(part[i])
			i++
		case inUnit:
			f.digit(part[i])
			i++
		case inBare:
			i += f.bare(part[i:])
		default:
			f.structure(part[i])
			i++
		}
	}
}

// end says that nothing follows: a number may end with the document.
func (f *finder) end() {
	if f.mode == inBare {
		f.mode = between
		f.value()
	}
}

// structure reads a byte outside of texts and numbers.
func (f *finder) structure(c byte) {
	switch c {
	case ' ', '\t', '\r', '\n', 0xEF, 0xBB, 0xBF, 0x1E: // with the marks that may begin a document
	case '"':
		f.begin(inText)
	case '{', '[':
		f.open(c)
	case '}', ']':
		f.close(c)
	case ':':
		f.name = false
	case ',':
		f.name, f.on = f.inside, false
	default:
		f.begin(inBare)
		f.bare([]byte{c})
	}
}

// begin starts a text or a number, and decides whether it matters.
func (f *finder) begin(m mode) {
	f.mode, f.key, f.long, f.high = m, f.key[:0], false, 0
	f.keep = f.aside == 0 && (f.name || f.reaches() == len(f.path))
}

// reaches is how many names of the path lead to the value that comes next; -1 off
// the path.
func (f *finder) reaches() int {
	switch {
	case f.aside > 0, f.inside && !f.on:
		return -1
	case f.inside:
		return f.place + 1
	}
	return f.place
}

func (f *finder) open(c byte) {
	at := f.reaches()
	switch {
	case f.aside > 0, at < 0, c == '{' && at == len(f.path):
		f.aside++
	case c == '[':
		f.place, f.inside = at, false
		f.arrays[at]++
	default:
		f.place, f.inside, f.name, f.on = at, true, true, false
	}
}

func (f *finder) close(c byte) {
	switch {
	case f.aside > 0:
		f.aside--
	case c == '}' && f.inside:
		f.leave(f.place)
	case c == ']' && !f.inside && f.arrays[f.place] > 0:
		f.arrays[f.place]--
		f.leave(f.place)
	default:
		f.mode = lost
	}
	f.on, f.name = false, false
}

// leave goes back to what holds the value at the place: an array there, the object
// above, or nothing.
func (f *finder) leave(place int) {
	f.inside = false
	if f.arrays[place] == 0 && place > 0 {
		f.place, f.inside = place-1, true
	}
}

// text reads until the text ends or something in it is escaped.
func (f *finder) text(part []byte) int {
	n := 0
	for n < len(part) && part[n] != '"' && part[n] != '\\' {
		n++
	}
	if n > 0 {
		f.take(part[:n])
	}
	if n == len(part) {
		return n
	}
	if part[n] == '\\' {
		f.mode = inEscape
		return n + 1
	}
	f.take(nil)
	f.mode = between
	if f.name && f.aside == 0 {
		f.on = !f.long && f.place < len(f.path) && bytes.EqualFold(f.key, f.path[f.place])
		f.name = false
	} else {
		f.value()
	}
	return n + 1
}

// take keeps what matters of a text or number. Half of a surrogate pair that is
// left alone counts as the character that stands for what cannot be read.
func (f *finder) take(some []byte) {
	if f.high != 0 {
		f.high = 0
		f.take([]byte(string(utf8.RuneError)))
	}
	if !f.keep || f.long || len(some) == 0 {
		return
	}
	if len(f.key)+len(some) > longestKept {
		f.long = true
		return
	}
	f.key = append(f.key, some...)
}

// escape reads the byte after a backslash.
func (f *finder) escape(c byte) {
	f.mode = inText
	switch c {
	case 'u':
		f.mode, f.hex, f.unit = inUnit, 4, 0
	case 'b', 'f', 'n', 'r', 't':
		f.take([]byte{' '}) // none of them is in a name that matters, or in a NIK
	default:
		f.take([]byte{c})
	}
}

// digit reads one of the four of \uXXXX.
func (f *finder) digit(c byte) {
	v, err := strconv.ParseUint(string(c), 16, 4)
	if err != nil {
		f.mode = lost
		return
	}
	f.unit = f.unit<<4 | rune(v)
	if f.hex--; f.hex > 0 {
		return
	}
	f.mode = inText
	switch r := utf16.DecodeRune(f.high, f.unit); {
	case f.high != 0 && r != utf8.RuneError:
		f.high = 0
		f.take(utf8.AppendRune(nil, r))
	case utf16.IsSurrogate(f.unit):
		f.take(nil)
		f.high = f.unit
	default:
		f.take(utf8.AppendRune(nil, f.unit))
	}
}

// bare reads until a number or word ends.
func (f *finder) bare(part []byte) int {
	n := 0
	for n < len(part) && !delimits(part[n]) {
		n++
	}
	f.take(part[:n])
	if n < len(part) {
		f.mode = between
		f.value()
	}
	return n
}

func delimits(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ':', ']', '}', '[', '{', '"', 0x1E:
		return true
	}
	return false
}

// value ends a scalar.
func (f *finder) value() {
	if f.keep && !f.long && !f.name {
		f.found(f.key)
	}
}
