package sqldb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"simpul"
)

// Revision says that one thing of the control plane changed. It names the
// thing; the follower reads its present state, so applying a revision twice, or
// a late one, does no harm.
type Revision struct {
	Seq      int64
	Kind, ID string
}

// pollInterval bounds how late a follower learns of a change that another
// process committed.
const pollInterval = 300 * time.Millisecond

// revisionLock serialises the writers of the revision log on PostgreSQL, so
// that numbers become visible in their order and a follower skips none. It is
// an arbitrary number that no other advisory lock of Simpul uses.
const revisionLock = 7_466_785

// Revise appends a change to the revision log, in the same transaction as the
// change itself.
func (tx *Tx) Revise(ctx context.Context, kind, id string) error {
	if tx.dialect == postgres {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, revisionLock); err != nil {
			return fmt.Errorf("lock revisions: %w", err)
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO revision (seq, kind, id, at)
		SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3 FROM revision`, kind, id, time.Now().UnixMilli())
	if err != nil {
		return fmt.Errorf("append revision: %w", err)
	}
	tx.revised = true
	return nil
}

// LastRevision returns the number of the newest change; 0 when there is none.
func (db *DB) LastRevision(ctx context.Context) (last int64, err error) {
	err = db.Read(ctx, simpul.NationScope(), func(tx *Tx) error {
		last, err = One(ctx, tx, func(scan Scan) (n int64, err error) {
			return n, scan(&n)
		}, `SELECT COALESCE(MAX(seq), 0) FROM revision`)
		return err
	})
	return last, err
}

// Follow calls apply with every change after the given number, in order, until
// ctx ends. A change of this process arrives at once, one of another process
// within pollInterval. A failure to read, or of apply, is reported to failed
// and tried again; nothing is skipped.
func (db *DB) Follow(ctx context.Context, after int64, apply func([]Revision) error, failed func(error)) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		changed := db.changes.next()
		batch, err := db.revisionsAfter(ctx, after)
		if err == nil && len(batch) > 0 {
			err = apply(batch)
		}
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failed(fmt.Errorf("follow revisions after %d: %w", after, err))
		case len(batch) > 0:
			after = batch[len(batch)-1].Seq
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-tick.C:
		}
	}
}

func (db *DB) revisionsAfter(ctx context.Context, after int64) (batch []Revision, err error) {
	err = db.readFrom(ctx, db.follow, simpul.NationScope(), func(tx *Tx) error {
		batch, err = All(ctx, tx, func(scan Scan) (r Revision, err error) {
			return r, scan(&r.Seq, &r.Kind, &r.ID)
		}, `SELECT seq, kind, id FROM revision WHERE seq > $1 ORDER BY seq LIMIT 1000`, after)
		return err
	})
	return batch, err
}

// broadcast wakes every waiter at once: next gives a channel that the next
// announcement closes.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

func newBroadcast() *broadcast { return &broadcast{ch: make(chan struct{})} }

func (b *broadcast) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ch
}

func (b *broadcast) announce() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.ch)
	b.ch = make(chan struct{})
}
