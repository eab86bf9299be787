package ledger

import (
	"bytes"
	"context"
	"fmt"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"

	"simpul/internal/exchange/evidence/proof"
)

// open opens the log and the list, holds them against the journal, and adds what
// the list has and the log lost.
func (s *session) open(ctx context.Context) (err error) {
	if err := s.mayBegin(ctx); err != nil {
		return err
	}
	if s.log, err = openAppender(s.dir, s.key.signer); err != nil {
		return unreadable(err)
	}
	if s.size, err = s.log.size(ctx); err != nil {
		return unreadable(err)
	}
	last, err := s.holdLast()
	if err != nil {
		return err
	}
	if s.list, err = openList(listPath(s.journal.Dir()), s.journal.ID(), s.size); err != nil {
		return err
	}
	if err := s.fill(); err != nil {
		return err
	}
	if s.size > 0 {
		if at, err := s.list.at(s.size - 1); err != nil || at != borderOf(last) {
			return damaged(listName, fmt.Errorf("entry %d of the log is %+v, and on the list %+v, %w", s.size-1, borderOf(last), at, FaultListBlock))
		}
	}
	s.next = borderOf(last).next()
	if s.size == 0 {
		s.next = 1
	}
	s.moved(s.size, s.next-1)
	return s.replay(ctx)
}

// mayBegin fails where there is no log, though there was one, and nothing says of
// which blocks: an empty one must not be signed in its place.
func (s *session) mayBegin(ctx context.Context) error {
	if s.begun() {
		return nil
	}
	size, _, err := s.remembered(ctx)
	if err != nil || size == 0 {
		return err
	}
	known, err := openList(listPath(s.journal.Dir()), s.journal.ID(), 0)
	if err != nil {
		return err
	}
	defer known.close()
	return enough(known.size, size)
}

// enough fails where less is known of the log than was published.
func enough(known, published uint64) error {
	if published > known {
		return damaged(listName, fmt.Errorf("the log had %d entries once, and %d are known of", published, known))
	}
	return nil
}

// holdLast reads the last entry and holds it against the journal.
func (s *session) holdLast() (last proof.Block, err error) {
	if s.size == 0 {
		return last, nil
	}
	if last, err = s.entry(s.size-1, s.size); err != nil {
		return last, err
	}
	return last, s.hold(s.size-1, last)
}

// hold compares an entry with what the journal says. Records that retention
// removed can say nothing.
func (s *session) hold(index uint64, b proof.Block) error {
	name := layout.EntriesPathForLogIndex(index, s.size)
	if end := borderOf(b).next() - 1; end > s.journal.Durable() {
		return damaged(name, fmt.Errorf("entry %d covers record %d, and the journal ends with %d: the journal has lost records", index, end, s.journal.Durable()))
	}
	if b.First < s.journal.First() {
		return nil
	}
	want, err := rebuilt(s.journal, borderOf(b))
	if err == nil && want != b {
		err = damaged(name, fmt.Errorf("entry %d does not say what the records %d to %d of the journal say", index, b.First, borderOf(b).next()-1))
	}
	return err
}

// fill puts on the list what only the log has.
func (s *session) fill() error {
	for s.list.size < s.size {
		bundle := s.list.size / bundleWidth
		blocks, err := s.bundle(bundle, s.size)
		if err != nil {
			return err
		}
		if err := s.list.add(blocks[s.list.size-bundle*bundleWidth:]); err != nil {
			return err
		}
	}
	return nil
}

// replay makes the entries anew that the list has and the log lacks, and then
// stands where new blocks begin.
func (s *session) replay(ctx context.Context) error {
	size, root, err := s.remembered(ctx)
	if err != nil {
		return err
	}
	if err := enough(s.list.size, size); err != nil {
		return err
	}
	s.build = &builder{reader: s.journal.Read(s.next)}
	for s.size < s.list.size {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.replaySome(ctx); err != nil {
			return err
		}
	}
	return s.holdHead(ctx, size, root)
}

func (s *session) replaySome(ctx context.Context) error {
	var blocks []proof.Block
	for next := s.next; len(blocks) < mostBlocks && s.size+uint64(len(blocks)) < s.list.size; {
		at, err := s.list.at(s.size + uint64(len(blocks)))
		if err != nil {
			return err
		}
		if at.first != next || at.next()-1 > s.journal.Durable() {
			return damaged(listName, fmt.Errorf("the block of %d records from %d on does not follow record %d of %d", at.count, at.first, next-1, s.journal.Durable()))
		}
		b, err := s.build.again(at)
		if err != nil {
			return err
		}
		blocks, next = append(blocks, b), at.next()
	}
	return s.add(ctx, blocks)
}

func (s *session) remembered(ctx context.Context) (size uint64, root []byte, err error) {
	if s.options.Heads == nil {
		return 0, nil, nil
	}
	return s.options.Heads.Noted(ctx)
}

// holdHead compares the log with what it was once.
func (s *session) holdHead(ctx context.Context, size uint64, root []byte) error {
	if size == 0 {
		return nil
	}
	now, err := s.rootAt(ctx, size)
	if err == nil && !bytes.Equal(now, root) {
		err = damaged(layout.CheckpointPath, fmt.Errorf("the root over %d entries was %x and is %x: this is not the log that was published", size, root, now))
	}
	return err
}

// rootAt is the root over the first entries of the log.
func (f files) rootAt(ctx context.Context, size uint64) ([]byte, error) {
	nodes, err := client.FetchRangeNodes(ctx, size, f.tile)
	if err != nil {
		return nil, damaged("tile", err)
	}
	r, err := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewRange(0, size, nodes)
	if err != nil {
		return nil, err
	}
	return r.GetRootHash(nil)
}
