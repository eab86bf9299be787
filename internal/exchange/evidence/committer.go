package evidence

import (
	"math"
	"runtime"
	"time"
)

// gatherFor bounds how long a batch stays open for company: after the first
// waiting record of it, and for a batch that nobody waits for after its first.
const gatherFor = 2 * time.Millisecond

// committer is the one goroutine that writes: it takes batches from the queue,
// appends them to the current segment and makes them durable.
type committer struct {
	queue    *queue
	durable  *position
	open     opener
	dir      string
	journal  JournalID
	limit    int64         // a segment is closed before it grows beyond, bytes
	interval time.Duration // longest time that written bytes stay unsynced

	file    file
	size    int64
	written uint64    // sequence of the last record in the file
	dirty   time.Time // when the oldest unsynced bytes were written; zero: none are
}

const never = time.Duration(math.MaxInt64)

// run works until stop is closed, then writes and syncs what is left. An error
// means that the disk failed: the committer is finished and the queue refuses.
func (c *committer) run(stop <-chan struct{}) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-c.queue.wake:
		case <-timer.C:
		case <-stop:
			return c.finish()
		}
		next, err := c.step()
		if err != nil {
			return err
		}
		timer.Reset(next)
	}
}

// step does what is due and returns after how long to look again, unless woken.
func (c *committer) step() (time.Duration, error) {
	next := never
	if in, ok := c.queue.due(time.Now(), gatherFor); ok && in <= 0 {
		c.gather()
		if err := c.commit(c.queue.take()); err != nil {
			return 0, err
		}
	} else if ok {
		next = in
	}
	if c.dirty.IsZero() {
		return next, nil
	}
	left := c.interval - time.Since(c.dirty)
	if left > 0 {
		return min(next, left), nil
	}
	return next, c.fail(c.sync())
}

// gather lets the other writers that are ready to run hand over their records
// too. It gives way as long as that brings company, and so costs a lone writer
// one turn of the scheduler rather than a wait.
func (c *committer) gather() {
	deadline := time.Now().Add(gatherFor)
	for before, now := -1, c.queue.records(); now > before && now < batchRecords && time.Now().Before(deadline); {
		runtime.Gosched()
		before, now = now, c.queue.records()
	}
}

// commit writes the batch, syncs it if somebody waits, and tells them.
func (c *committer) commit(b *batch) error {
	err := c.write(b)
	if err == nil && b.waiters > 0 {
		err = c.sync()
	}
	err = c.fail(err)
	b.finish(err)
	c.queue.recycle(b.frames)
	return err
}

// fail makes the queue refuse before anyone hears of the error.
func (c *committer) fail(err error) error {
	if err == nil {
		return nil
	}
	err = unwritable(err)
	c.queue.fail(err)
	return err
}

func (c *committer) write(b *batch) error {
	if len(b.frames) == 0 {
		return nil
	}
	if c.size > headerSize && c.size+int64(len(b.frames)) > c.limit {
		if err := c.rotate(); err != nil {
			return err
		}
	}
	if c.dirty.IsZero() {
		c.dirty = time.Now()
	}
	if err := writeFull(c.file, b.frames); err != nil {
		return err
	}
	c.size += int64(len(b.frames))
	c.written = b.last
	return nil
}

// rotate closes the segment, complete on disk, before the next one exists: only
// the last segment can have a torn tail.
func (c *committer) rotate() error {
	if err := c.sync(); err != nil {
		return err
	}
	if err := c.file.Close(); err != nil {
		return err
	}
	f, err := createSegment(c.open, c.dir, segmentHeader{c.journal, c.written + 1})
	if err != nil {
		return err
	}
	c.file, c.size = f, headerSize
	return nil
}

func (c *committer) sync() error {
	if !c.dirty.IsZero() {
		if err := c.file.Sync(); err != nil {
			return err
		}
		c.dirty = time.Time{}
	}
	c.durable.advance(c.written)
	return nil
}

func (c *committer) finish() error {
	b := c.queue.take()
	b.waiters++ // this one: the batch must be synced
	return c.commit(b)
}
