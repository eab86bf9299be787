package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	flog "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
)

// Checkpoint returns the newest checkpoint, signed by the hub alone.
func (l *Ledger) Checkpoint(context.Context) ([]byte, error) {
	raw, err := l.checkpoint()
	if err != nil {
		return nil, unreadable(err)
	}
	return raw, nil
}

// Consistency proves that the log of so many entries became the one of more
// (RFC 9162 section 2.1.4). Sizes beyond the log are refused.
func (l *Ledger) Consistency(ctx context.Context, from, to uint64) ([][]byte, error) {
	if size := l.Size(); from > to || to > size {
		return nil, &simpul.Error{
			Code:    simpul.CodeInvalid,
			Message: simpul.Text{ID: "Log bukti tidak sebesar itu.", EN: "The evidence log is not that large."},
			Remedy:  simpul.Text{ID: "Baca checkpoint terbaru, lalu minta ukuran yang tidak melebihinya.", EN: "Read the newest checkpoint and ask for sizes up to the one that it says."},
			Err:     fmt.Errorf("from %d to %d of %d", from, to, size),
		}
	}
	b, err := client.NewProofBuilder(ctx, to, l.tile)
	if err != nil {
		return nil, unreadable(err)
	}
	path, err := b.ConsistencyProof(ctx, from, to)
	if err != nil {
		return nil, damaged("tile", err)
	}
	return path, nil
}

// Prove returns the proof of a record. One that no checkpoint covers yet is a
// conflict with a time to wait; damage on the way is named.
func (l *Ledger) Prove(ctx context.Context, sequence uint64) (p proof.Bundle, err error) {
	index, block, err := l.blockOf(sequence, l.Size())
	if err != nil {
		return p, err
	}
	checkpoint, size, err := l.covering(ctx, sequence, index)
	if err != nil {
		return p, err
	}
	p = proof.Bundle{
		Format: proof.Format, Journal: l.Journal(), Sequence: sequence,
		Block:      proof.BlockProof{First: block.First, Count: block.Count},
		Log:        proof.LogProof{Index: index},
		Checkpoint: string(checkpoint),
	}
	if p.Record, p.Block.Path, err = l.inBlock(block, sequence); err != nil {
		return p, err
	}
	p.Exchange = exchangeOf(p.Record)
	p.Log.Path, err = l.inLog(ctx, index, size)
	return p, err
}

// covering returns a checkpoint of the entry, where there is one a cosigned one,
// and its size.
func (l *Ledger) covering(ctx context.Context, sequence, index uint64) (checkpoint []byte, size uint64, err error) {
	if checkpoint = l.cosigned(ctx, index+1); checkpoint == nil {
		if checkpoint, err = l.Checkpoint(ctx); err != nil {
			return nil, 0, err
		}
	}
	c, _, _, err := flog.ParseCheckpoint(checkpoint, l.Origin(), l.verifier)
	if err != nil {
		return nil, 0, damaged(layout.CheckpointPath, err)
	}
	if c.Size <= index {
		return nil, 0, l.notYet(sequence, l.Covered())
	}
	return checkpoint, c.Size, nil
}

// cosigned returns a checkpoint with cosignatures, or nothing: whoever cannot tell
// now keeps nobody from a proof that the hub signs alone.
func (l *Ledger) cosigned(ctx context.Context, atLeast uint64) []byte {
	from := l.shown.Load()
	if from == nil {
		return nil
	}
	checkpoint, err := (*from).Cosigned(ctx, atLeast)
	if err != nil {
		l.options.Log.WarnContext(ctx, "evidence log: no cosigned checkpoint could be read; a proof shows the hub's own", "err", err)
		return nil
	}
	return checkpoint
}

// inBlock reads the records of the block, and returns one of them with its path
// to the block's root.
func (l *Ledger) inBlock(b proof.Block, sequence uint64) (record []byte, path [][]byte, err error) {
	r := l.journal.Read(b.First)
	defer r.Close()
	leaves := make([]hash, b.Count)
	for i := range leaves {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil, nil, damaged("tile/entries", fmt.Errorf("the journal ends within the block that begins with record %d", b.First))
		}
		if err != nil {
			return nil, nil, err
		}
		if leaves[i] = proof.Leaf(e.Payload); e.Sequence == sequence {
			record = bytes.Clone(e.Payload)
		}
	}
	path = pathOf(leaves, sequence-b.First)
	if rootOf(leaves) != b.Root {
		return nil, nil, damaged("tile/entries", fmt.Errorf("the records %d to %d of the journal are not those that went into the log", b.First, borderOf(b).next()-1))
	}
	return record, path, nil
}

func (l *Ledger) inLog(ctx context.Context, index, size uint64) ([][]byte, error) {
	b, err := client.NewProofBuilder(ctx, size, l.tile)
	if err != nil {
		return nil, unreadable(err)
	}
	path, err := b.InclusionProof(ctx, index)
	if err != nil {
		return nil, damaged("tile", err)
	}
	return path, nil
}

// exchangeOf is the identifier in a record, "" for one that makes no sense.
func exchangeOf(record []byte) string {
	r, err := evidence.DecodeRecord(record)
	if err != nil {
		return ""
	}
	return string(r.Exchange.ID)
}
