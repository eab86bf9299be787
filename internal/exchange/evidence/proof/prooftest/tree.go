package prooftest

import (
	"crypto/sha256"
	"math/bits"
)

// root is the Merkle tree hash of RFC 9162 section 2.1.1, written as it stands
// there.
func root(leaves [][sha256.Size]byte) [sha256.Size]byte {
	switch len(leaves) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	}
	k := split(len(leaves))
	return node(root(leaves[:k]), root(leaves[k:]))
}

// path is the inclusion proof of RFC 9162 section 2.1.3.1.
func path(leaves [][sha256.Size]byte, at int) [][]byte {
	if len(leaves) == 1 {
		return [][]byte{}
	}
	k := split(len(leaves))
	if at < k {
		other := root(leaves[k:])
		return append(path(leaves[:k], at), other[:])
	}
	other := root(leaves[:k])
	return append(path(leaves[k:], at-k), other[:])
}

// split is the largest power of two below n.
func split(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

func node(left, right [sha256.Size]byte) [sha256.Size]byte {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}
