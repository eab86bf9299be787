package resource

import (
	"encoding/json"
	"iter"
	"math"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// maxDepth bounds nesting. An OpenAPI contract rarely passes 30.
const maxDepth = 100

// number is the grammar of JSON, RFC 8259 section 6: the one notation that
// every reader understands alike.
var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// whole is a number that every reader of a key writes alike.
var whole = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// value turns a node into what encoding/json writes: map[string]any, []any,
// string, json.Number, bool or nil. Faults are told; the result then is nil.
func (f *faults) value(n *yaml.Node, depth int) any {
	if !f.plain(n) {
		return nil
	}
	if depth > maxDepth {
		f.add(n.Line,
			text("Bersarang lebih dari %d tingkat.", "Nested more than %d levels deep.", maxDepth),
			text("Sederhanakan susunannya.", "Make the structure simpler."))
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		return f.mapping(n, depth)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			list = append(list, f.value(item, depth+1))
		}
		return list
	}
	return f.scalar(n)
}

// plain refuses what makes a document mean more than it shows.
func (f *faults) plain(n *yaml.Node) bool {
	switch {
	case n.Kind == yaml.AliasNode:
		f.add(n.Line, text("Alias %s tidak diterima.", "Alias %s is not accepted.", quote("*"+n.Value)),
			text("Tulis nilainya di sini.", "Write the value here."))
	case n.Anchor != "":
		f.add(n.Line, text("Jangkar %s tidak diterima.", "Anchor %s is not accepted.", quote("&"+n.Anchor)),
			text("Hapus jangkar itu dan tulis nilainya di setiap tempat.", "Remove the anchor and write the value at each place."))
	case n.Style&yaml.TaggedStyle != 0:
		f.add(n.Line, text("Tag %s tidak diterima.", "Tag %s is not accepted.", quote(n.Tag)),
			text("Hapus tag itu; untuk teks, gunakan tanda kutip.", "Remove the tag; for text, use quotes."))
	default:
		return true
	}
	return false
}

func (f *faults) mapping(n *yaml.Node, depth int) any {
	m := make(map[string]any, len(n.Content)/2)
	lines := make(map[string]int, len(n.Content)/2)
	for key, value := range members(n) {
		if !f.key(key) {
			continue
		}
		if first, twice := lines[key.Value]; twice {
			f.add(key.Line,
				text("Kunci %s sudah ditulis di baris %d.", "Key %s is already written on line %d.", quote(key.Value), first),
				text("Hapus salah satunya.", "Remove one of them."))
			continue
		}
		lines[key.Value] = key.Line
		m[key.Value] = f.value(value, depth+1)
	}
	return m
}

func (f *faults) key(n *yaml.Node) bool {
	switch {
	case !f.plain(n):
	case n.Tag == "!!merge":
		f.add(n.Line, text("Penggabungan << tidak diterima.", "Merging with << is not accepted."),
			text("Tulis kunci-kuncinya di sini.", "Write the keys here."))
	case f.codesAsKeys && n.Kind == yaml.ScalarNode && n.Tag == "!!int" && whole.MatchString(n.Value):
		return true
	case n.Kind != yaml.ScalarNode || n.Tag != "!!str":
		f.add(n.Line, text("Kunci %s bukan teks.", "Key %s is not text.", quote(n.Value)),
			text("Beri tanda kutip, misalnya \"200\".", "Put it in quotes, such as \"200\"."))
	default:
		return true
	}
	return false
}

func (f *faults) scalar(n *yaml.Node) any {
	switch {
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return n.Value
	case number.MatchString(n.Value):
		return f.number(n)
	}
	switch n.Tag {
	case "!!null":
		return nil
	case "!!bool":
		return n.Value[0] == 't' || n.Value[0] == 'T'
	case "!!str", "!!timestamp":
		return n.Value
	}
	f.oddNumber(n)
	return nil
}

// number keeps the digits as they are written. A number beyond float64 is
// refused: some reader down the line would turn it into infinity.
func (f *faults) number(n *yaml.Node) any {
	if v, _ := strconv.ParseFloat(n.Value, 64); math.IsInf(v, 0) {
		f.add(n.Line, text("Angka %s terlalu besar.", "Number %s is too large.", quote(n.Value)),
			text("Bila ini sebuah kode, beri tanda kutip.", "If it is a code, put it in quotes."))
		return nil
	}
	return json.Number(n.Value)
}

// oddNumber refuses a number that YAML and JSON, or two versions of YAML, read
// differently: 0123 is 83 to one and 123 to another.
func (f *faults) oddNumber(n *yaml.Node) {
	f.add(n.Line, text("Nilai %s tidak punya arti yang pasti.", "Value %s has no certain meaning.", quote(n.Value)),
		text("Beri tanda kutip bila ini teks atau kode; bila angka, tulis dalam bentuk desimal biasa.", "Put it in quotes if it is text or a code; if it is a number, write it as a plain decimal."))
}

// members walks the keys and values of a mapping, and nothing of another node.
func members(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, value *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// member returns the value of a key, or nil.
func member(n *yaml.Node, key string) *yaml.Node {
	for k, v := range members(n) {
		if k.Value == key {
			return v
		}
	}
	return nil
}
