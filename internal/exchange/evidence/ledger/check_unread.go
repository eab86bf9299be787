package ledger

import (
	"bytes"
	"context"
	"slices"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api/layout"
)

// weigh decides what those entries say whose records nobody can read any more. The log
// alone says it, and twice: the entry, and its hash in a tile. Where the two differ, the
// root that was signed tells which of them is as it was written.
func (c *check) weigh(leaves []hash) []hash {
	if len(c.unread) == 0 {
		return leaves
	}
	size, root, err := c.published()
	if err != nil || size == 0 || size > uint64(len(leaves)) || isRoot(root, leaves[:size]) {
		return leaves
	}
	other := slices.Clone(leaves)
	for index := range c.unread {
		if h, ok := c.hashed(index, size); ok {
			other[index] = h
		}
	}
	if isRoot(root, other[:size]) {
		return other
	}
	return leaves
}

func isRoot(root []byte, leaves []hash) bool {
	made := rootOf(slices.Clone(leaves))
	return bytes.Equal(root, made[:])
}

// hashed is an entry's hash as the tile of a log of the size has it.
func (c *check) hashed(index, size uint64) (h hash, ok bool) {
	at := index / layout.TileWidth
	raw, err := c.tile(context.Background(), 0, at, layout.PartialTileSize(0, at, size))
	start := int(index%layout.TileWidth) * hashBytes
	if err != nil || len(raw) < start+hashBytes {
		return h, false
	}
	return hash(raw[start:]), true
}

// isBundled reports whether an entry stands at the start of raw as it should.
func (c *check) isBundled(raw []byte, index uint64) bool {
	want := appendBundled(nil, c.blocks[index].Entry())
	if _, unread := c.unread[index]; !unread || len(raw) < len(want) {
		return bytes.HasPrefix(raw, want)
	}
	leaf := rfc6962.DefaultHasher.HashLeaf(raw[lengthBytes:len(want)])
	return bytes.Equal(raw[:lengthBytes], want[:lengthBytes]) && bytes.Equal(leaf, c.levels[0][index][:])
}
