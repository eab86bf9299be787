package ledger

import (
	"context"
	"errors"
	"time"

	"simpul/internal/exchange/evidence/proof"
)

const (
	noteEvery   = time.Minute      // how often the head is noted elsewhere
	closeWithin = 15 * time.Second // bounds the work after the end of Run's context
)

// session is one go at following the journal, from opening the log until
// something fails or the hub stops.
type session struct {
	*Ledger
	log   *appender
	list  *list
	build *builder
	size  uint64 // entries in the log
	next  uint64 // the first sequence that is in none
	noted time.Time
}

// follow opens the log, brings it to where it was, and keeps up with the journal.
func (l *Ledger) follow(ctx context.Context) (err error) {
	s := &session{Ledger: l}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.open(ctx); err != nil {
		return err
	}
	l.recovered()
	if err := s.keepUp(ctx); ctx.Err() == nil {
		return err
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeWithin)
	defer cancel()
	return s.finish(late)
}

// keepUp makes blocks until something fails or ctx ends. Where records are few it
// pauses after each, so that those of a whole tick share a block, an fsync and a
// signature.
func (s *session) keepUp(ctx context.Context) error {
	for {
		full, err := s.step(ctx)
		if err != nil {
			return err
		}
		if full && ctx.Err() == nil {
			continue
		}
		if err := s.journal.AwaitDurable(ctx, s.next); err != nil {
			return err
		}
		if err := sleep(ctx, s.options.Tick); err != nil {
			return err
		}
	}
}

// step puts what is on disk into the log, at most mostBlocks; full means that
// there may be more.
func (s *session) step(ctx context.Context) (full bool, err error) {
	blocks, err := s.gather()
	if err != nil || len(blocks) == 0 {
		return false, err
	}
	if err := s.list.add(blocks); err != nil {
		return false, err
	}
	return len(blocks) == mostBlocks, s.add(ctx, blocks)
}

func (s *session) gather() (blocks []proof.Block, err error) {
	for len(blocks) < mostBlocks {
		b, err := s.build.block(s.options.Records)
		if err != nil {
			return nil, err
		}
		if b.Count > 0 {
			blocks = append(blocks, b)
		}
		if int(b.Count) < s.options.Records {
			break
		}
	}
	return blocks, nil
}

// add puts blocks that are on the list into the log.
func (s *session) add(ctx context.Context, blocks []proof.Block) error {
	if err := s.log.refresh(s.options.Clock()); err != nil {
		return err
	}
	if err := s.log.append(context.WithoutCancel(ctx), s.size, blocks); err != nil {
		return err
	}
	s.size += uint64(len(blocks))
	s.next = borderOf(blocks[len(blocks)-1]).next()
	s.moved(s.size, s.next-1)
	if now := s.options.Clock(); now.Sub(s.noted) >= noteEvery || now.Before(s.noted) {
		s.noted = now
		s.note(ctx)
	}
	return nil
}

// note remembers the published head elsewhere. The log does not wait for whoever
// cannot remember now.
func (s *session) note(ctx context.Context) {
	if s.options.Heads == nil {
		return
	}
	size, root, err := s.published()
	if err == nil && size > 0 {
		err = s.options.Heads.Note(ctx, size, root)
	}
	if err != nil && ctx.Err() == nil {
		s.options.Log.Warn("evidence log: its head could not be noted", "err", err)
	}
}

// finish adds all that was handed to the journal and returns when a checkpoint of
// it is published.
func (s *session) finish(ctx context.Context) error {
	_ = s.journal.Flush(ctx) // of a journal that failed, what is on disk counts
	for full := true; full; {
		var err error
		if full, err = s.step(ctx); err != nil {
			return err
		}
	}
	if err := s.log.refresh(s.options.Clock()); err != nil {
		return err
	}
	if err := s.log.awaitCheckpoint(ctx, s.size); err != nil {
		return err
	}
	s.note(ctx)
	return nil
}

func (s *session) close() (err error) {
	if s.build != nil {
		err = s.build.reader.Close()
	}
	if s.list != nil {
		err = errors.Join(err, s.list.close())
	}
	if s.log != nil {
		s.log.stop()
	}
	return err
}
