package fieldtree

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"simpul/internal/exchange/evidence/proof"
)

type node = [sha256.Size]byte

// salts makes the salts of one answer's leaves.
type salts struct{ mac hash.Hash }

func newSalts(key []byte) salts { return salts{hmac.New(sha256.New, key)} }

// append appends the salt of a leaf.
func (s salts) append(dst []byte, index int) []byte {
	s.mac.Reset()
	s.mac.Write(binary.BigEndian.AppendUint64(dst[len(dst):], uint64(index)))
	return s.mac.Sum(dst)[:len(dst)+proof.FieldSalt]
}

// leafOf is the leaf hash of a field, RFC 9162 section 2.1.1. What it is hashed
// over is written into scratch, which is returned for the next one.
func leafOf(scratch, pointer, value, salt []byte) (leaf node, used []byte) {
	used = proof.AppendField(append(scratch[:0], 0), pointer, value, salt)
	return sha256.Sum256(used), used
}

func join(left, right node) node {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// growing is a tree while leaves come: the roots of its complete subtrees, the
// largest first.
type growing struct {
	roots []node
	size  int
}

func (g *growing) add(leaf node) {
	for n := g.size; n&1 == 1; n >>= 1 {
		leaf = join(g.roots[len(g.roots)-1], leaf)
		g.roots = g.roots[:len(g.roots)-1]
	}
	g.roots = append(g.roots, leaf)
	g.size++
}

// root is that of the tree over the leaves so far; there must be one.
func (g *growing) root() node {
	last := len(g.roots) - 1
	root := g.roots[last]
	for i := last - 1; i >= 0; i-- {
		root = join(g.roots[i], root)
	}
	return root
}

// path leads from a leaf to the root, RFC 9162 section 2.1.3.1.
func path(index int, leaves []node) [][]byte {
	if len(leaves) == 1 {
		return nil
	}
	k := split(len(leaves))
	if index < k {
		return append(path(index, leaves[:k]), bytesOf(rootOf(leaves[k:])))
	}
	return append(path(index-k, leaves[k:]), bytesOf(rootOf(leaves[:k])))
}

// split is the largest power of two below n.
func split(n int) int {
	k := 1
	for k<<1 < n {
		k <<= 1
	}
	return k
}

func rootOf(leaves []node) node {
	var g growing
	for _, leaf := range leaves {
		g.add(leaf)
	}
	return g.root()
}

func bytesOf(n node) []byte { return n[:] }
