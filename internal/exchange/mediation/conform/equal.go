package conform

import (
	"bytes"
	"math/big"
	"slices"
)

// equal compares two values as JSON Schema does: numbers by what they are worth,
// objects without regard to order.
func (c *checker) equal(at int32, other *document, its int32) bool {
	c.spend(1)
	a, b := &c.nodes[at], &other.nodes[its]
	if a.kind != b.kind || a.size != b.size || c.spent() {
		return false
	}
	switch a.kind {
	case boolean:
		return a.truth == b.truth
	case text:
		return bytes.Equal(c.value(at), other.value(its))
	case number:
		return c.same(at, other, its)
	case array:
		for i, j := at+1, its+1; i < a.end; i, j = c.nodes[i].end, other.nodes[j].end {
			if !c.equal(i, other, j) {
				return false
			}
		}
	case object:
		for i := at + 1; i < a.end; i = c.nodes[i].end {
			j := other.member(its, c.name(i))
			if j == 0 || !c.equal(i, other, j) {
				return false
			}
		}
	}
	return true
}

func (c *checker) same(at int32, other *document, its int32) bool {
	mine, theirs := c.value(at), other.value(its)
	if bytes.Equal(mine, theirs) {
		return true
	}
	if c.nodes[at].whole && other.nodes[its].whole && !bytes.Equal(mine, []byte("-0")) && !bytes.Equal(theirs, []byte("-0")) {
		return false // the grammar has one way to write a whole number
	}
	r, ok := new(big.Rat).SetString(string(theirs))
	return ok && c.rat(at).Cmp(r) == 0
}

// repeated reports whether two elements of an array are equal.
func (c *checker) repeated(at int32) bool {
	n := &c.nodes[at]
	if n.size < 2 {
		return false
	}
	all := make([]int32, 0, n.size)
	alike := true // all are strings
	for i := at + 1; i < n.end; i = c.nodes[i].end {
		all = append(all, i)
		alike = alike && c.nodes[i].kind == text
	}
	if alike {
		slices.SortFunc(all, func(a, b int32) int { return bytes.Compare(c.value(a), c.value(b)) })
		for i, one := range all[1:] {
			if bytes.Equal(c.value(one), c.value(all[i])) {
				return true
			}
		}
		return false
	}
	for i, one := range all {
		for _, other := range all[:i] {
			if c.equal(one, c.document, other) {
				return true
			}
		}
	}
	return false
}
