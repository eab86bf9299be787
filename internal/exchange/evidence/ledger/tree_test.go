package ledger

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	merkle "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	evidenceproof "simpul/internal/exchange/evidence/proof"
)

// The roots and paths of blocks are those of an independent implementation.
func TestBlocksAreTreesOfRFC9162(t *testing.T) {
	var leaves []hash
	for n := range uint64(evidenceproof.MaxRecords) {
		leaves = append(leaves, evidenceproof.Leaf(fmt.Appendf(nil, "record %d", n)))
		size := n + 1
		root := rootOf(slices.Clone(leaves))
		r := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
		for _, l := range leaves {
			if err := r.Append(l[:], nil); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := r.GetRootHash(nil); err != nil || !bytes.Equal(want, root[:]) {
			t.Fatalf("root of %d leaves is %x, want %x, %v", size, root, want, err)
		}
		for _, at := range []uint64{0, n / 3, n / 2, n} {
			if err := merkle.VerifyInclusion(rfc6962.DefaultHasher, at, size, leaves[at][:], pathOf(leaves, at), root[:]); err != nil {
				t.Fatalf("leaf %d of %d: %v", at, size, err)
			}
		}
	}
}

func BenchmarkRoot(b *testing.B) {
	leaves := make([]hash, evidenceproof.MaxRecords)
	for b.Loop() {
		rootOf(slices.Clone(leaves))
	}
}
