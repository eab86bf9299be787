package evidence

import (
	"context"
	"sync"
	"time"
)

const (
	batchRecords = 256     // a batch of this many records closes at once
	queueRecords = 4096    // beyond this many, or this many bytes, writers wait
	queueBytes   = 4 << 20 // for the committer to take the batch
)

// batch is what the committer writes with one call and, if somebody waits for
// it, one fsync.
type batch struct {
	frames  []byte
	records int
	last    uint64 // sequence of the last record handed over so far
	opened  time.Time
	waiters int
	done    chan struct{} // closed once err is final; nil while nobody waits
	err     error
}

func (b *batch) full() bool { return b.records >= queueRecords || len(b.frames) >= queueBytes }

func (b *batch) finish(err error) {
	b.err = err
	if b.done != nil {
		close(b.done)
	}
}

// queue is where writers hand over records: it gives each its sequence and
// collects them in the pending batch until the committer takes it.
type queue struct {
	mu      sync.Mutex
	next    uint64 // sequence of the next record
	pending *batch
	spare   []byte        // frames of an earlier batch, to be used again
	room    chan struct{} // closed when the committer takes a full batch; nil while nobody waits
	failure error         // why nothing is accepted; nil while all is well
	wake    chan struct{} // tells the committer to look again
}

func newQueue(next uint64) *queue {
	return &queue{next: next, pending: &batch{last: next - 1}, wake: make(chan struct{}, 1)}
}

// put hands over a record and returns its sequence.
func (q *queue) put(ctx context.Context, payload []byte) (uint64, error) {
	if err := q.admit(ctx); err != nil {
		return 0, err
	}
	defer q.mu.Unlock()
	return q.add(payload), nil
}

// putWaiting hands over a record that must be on disk when the batch finishes.
func (q *queue) putWaiting(ctx context.Context, payload []byte) (uint64, *batch, error) {
	if err := q.admit(ctx); err != nil {
		return 0, nil, err
	}
	defer q.mu.Unlock()
	return q.add(payload), q.join(), nil
}

// flush asks for everything handed over so far to be on disk when the batch finishes.
func (q *queue) flush() (*batch, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.failure != nil {
		return nil, q.failure
	}
	return q.join(), nil
}

// admit waits until the pending batch has room. On success it holds q.mu.
func (q *queue) admit(ctx context.Context) error {
	for {
		q.mu.Lock()
		if q.failure == nil && !q.pending.full() {
			return nil
		}
		failure, room := q.failure, q.awaitRoom()
		q.mu.Unlock()
		if failure != nil {
			return failure
		}
		select {
		case <-room:
		case <-ctx.Done():
			return interrupted(ctx.Err())
		}
	}
}

func (q *queue) awaitRoom() <-chan struct{} {
	if q.room == nil {
		q.room = make(chan struct{})
	}
	return q.room
}

func (q *queue) add(payload []byte) uint64 {
	b := q.pending
	b.frames = appendFrame(b.frames, q.next, payload)
	b.last = q.next
	b.records++
	q.next++
	if b.records == 1 {
		b.opened = time.Now()
	}
	if b.records == 1 || b.records == batchRecords {
		q.signal()
	}
	return b.last
}

func (q *queue) join() *batch {
	b := q.pending
	b.waiters++
	if b.waiters == 1 {
		b.done = make(chan struct{})
		q.signal()
	}
	return b
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default: // the committer will look anyway
	}
}

// due reports how long the pending batch may stay open: zero or less means that
// it must be taken now; ok is false if there is none.
func (q *queue) due(now time.Time, linger time.Duration) (in time.Duration, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.pending
	switch {
	case b.waiters > 0 || b.records >= batchRecords:
		return 0, true
	case b.records > 0:
		return b.opened.Add(linger).Sub(now), true
	}
	return 0, false
}

// records returns how many records the pending batch holds.
func (q *queue) records() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pending.records
}

// take closes the pending batch and opens the next.
func (q *queue) take() *batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	b := q.pending
	q.pending = &batch{frames: q.spare[:0], last: b.last}
	q.spare = nil
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
	return b
}

// recycle takes back the memory of a batch that has been written.
func (q *queue) recycle(frames []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.spare == nil && cap(frames) <= queueBytes {
		q.spare = frames
	}
}

// fail refuses everything from now on, and tells those who wait. The first
// reason stays.
func (q *queue) fail(reason error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.failure != nil {
		return
	}
	q.failure = reason
	if q.room != nil {
		close(q.room)
		q.room = nil
	}
}

// err returns why nothing is accepted, or nil.
func (q *queue) err() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.failure
}

// last returns the sequence of the last record handed over, 0 before the first.
func (q *queue) last() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.next - 1
}
