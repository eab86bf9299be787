package conform

import "bytes"

type kind uint8

const (
	null kind = 1 << iota
	boolean
	number
	text
	array
	object
	integer // of a schema only: a number without a fraction
)

// node is one value of a document. The values within it follow it.
type node struct {
	name     span  // of a member
	at       span  // its text; of a string, what it means
	written  span  // of a string, its text with its quotes
	end      int32 // the index after the last value within it
	size     int32 // elements or members
	kind     kind
	whole    bool // a number without point and exponent
	truth    bool // a boolean
	unquoted bool // at lies in extra
	renamed  bool // name lies in extra
}

// span is a part of a document's text, or of extra.
type span struct{ from, to int32 }

// document is one JSON text, read. Its zero value is ready to read.
type document struct {
	text  []byte
	extra []byte // strings that had escapes, as they mean
	nodes []node
	order []int32 // of the members of a large object, by name
}

func (d *document) slice(s span, extra bool) []byte {
	if extra {
		return d.extra[s.from:s.to]
	}
	return d.text[s.from:s.to]
}

// value is what a string means, or a number as it is written.
func (d *document) value(i int32) []byte { return d.slice(d.nodes[i].at, d.nodes[i].unquoted) }

// name is what the name of a member means.
func (d *document) name(i int32) []byte { return d.slice(d.nodes[i].name, d.nodes[i].renamed) }

// member finds a member of an object; 0 for none.
func (d *document) member(object int32, name []byte) int32 {
	for i := object + 1; i < d.nodes[object].end; i = d.nodes[i].end {
		if bytes.Equal(d.name(i), name) {
			return i
		}
	}
	return 0
}

// rest makes the document hold little enough to be kept.
func (d *document) rest() {
	d.text = nil
	if cap(d.nodes) > maxKept {
		d.nodes, d.order = nil, nil
	}
	if cap(d.extra) > maxKept {
		d.extra = nil
	}
}

// scalar makes the document one string, or a number, true, false or null where
// that is what the text is and plain is set.
func (d *document) scalar(text []byte, plain bool) bool {
	d.text, d.extra, d.nodes = text, d.extra[:0], d.nodes[:0]
	if !plain {
		d.nodes = append(d.nodes, stringNode(span{0, int32(len(text))}))
		return true
	}
	if len(text) == 0 || text[0] == '"' || text[0] == '{' || text[0] == '[' {
		return false
	}
	return d.read(text) == nil && int(d.nodes[0].at.to) == len(text)
}

func stringNode(at span) node { return node{kind: text, at: at, end: 1} }
