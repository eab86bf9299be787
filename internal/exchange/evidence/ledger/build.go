package ledger

import (
	"errors"
	"io"

	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
)

// builder makes blocks of consecutive records. It is for one goroutine.
type builder struct {
	reader *evidence.Reader
	leaves []hash
}

// block makes a block of the next records, at most so many. It has none where
// nothing more is on disk.
func (b *builder) block(most int) (block proof.Block, err error) {
	b.leaves = b.leaves[:0]
	for len(b.leaves) < most {
		e, err := b.reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return proof.Block{}, err
		}
		if len(b.leaves) == 0 {
			block.First = e.Sequence
		}
		b.leaves = append(b.leaves, proof.Leaf(e.Payload))
	}
	if block.Count = uint32(len(b.leaves)); block.Count > 0 {
		block.Root = rootOf(b.leaves)
	}
	return block, nil
}

// again makes the block within the border anew.
func (b *builder) again(at border) (proof.Block, error) {
	block, err := b.block(int(at.count))
	if err == nil && borderOf(block) != at {
		err = damaged(listName, FaultListBlock)
	}
	return block, err
}

// rebuilt makes one block anew from the journal.
func rebuilt(j *evidence.Journal, at border) (proof.Block, error) {
	b := &builder{reader: j.Read(at.first)}
	defer b.reader.Close()
	return b.again(at)
}
