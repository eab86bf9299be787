package ledger

import (
	"crypto/sha256"
	"slices"
)

type hash = [sha256.Size]byte

// node is the hash of an inner node (RFC 9162 section 2.1.1).
func node(left, right hash) hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// above returns the level above the given one, in its memory. A last node without
// a sibling rises as it is, which is the tree of RFC 9162.
func above(level []hash) []hash {
	up := level[:0]
	for i := 0; i+1 < len(level); i += 2 {
		up = append(up, node(level[i], level[i+1]))
	}
	if len(level)%2 == 1 {
		up = append(up, level[len(level)-1])
	}
	return up
}

// rootOf is the Merkle tree hash of at least one leaf. It overwrites the leaves.
func rootOf(leaves []hash) hash {
	for len(leaves) > 1 {
		leaves = above(leaves)
	}
	return leaves[0]
}

// pathOf is the inclusion proof of one leaf (RFC 9162 section 2.1.3.1).
func pathOf(leaves []hash, at uint64) (path [][]byte) {
	level := slices.Clone(leaves)
	for len(level) > 1 {
		if sibling := at ^ 1; sibling < uint64(len(level)) {
			path = append(path, slices.Clone(level[sibling][:]))
		}
		level, at = above(level), at/2
	}
	return path
}
