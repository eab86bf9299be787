package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	flog "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"

	"simpul/internal/exchange/evidence/proof"
)

const (
	mostBlocks = 1024                   // entries that are integrated at once: more of them cost no less each
	batchAge   = 24 * time.Hour         // never reached: a batch is sent when it is full, see lanes
	signEvery  = 100 * time.Millisecond // Tessera's shortest; a checkpoint is made only when the log has grown
	lookAgain  = 20 * time.Millisecond  // for a checkpoint that is being made
)

// silence discards what Tessera writes to its own log, which belongs to the whole
// process and would go to standard error. What matters of it is returned as an
// error, or seen by the age of the checkpoint.
var silence = sync.OnceFunc(func() { klog.SetSlogLogger(slog.New(slog.DiscardHandler)) })

// lanes are the sizes of the batches in which entries are handed to Tessera, the
// largest first. A batch that Tessera sends because of its age can be overtaken by
// the one that follows, since its queue lets go of the lock before it sends, and
// entries would change places. A batch that is full is sent by whoever fills it, so
// the order stays. So there is a lane for each size, all of them on one log, and what
// does not fill a batch of one lane goes by the next.
var lanes = []int{mostBlocks, 64, 8, 1}

// appender adds blocks to the log on disk. It is for one goroutine.
type appender struct {
	files
	logs   []*tessera.Appender // one for each lane
	reader tessera.LogReader
	stop   context.CancelFunc // ends Tessera's goroutines; none has work left, since append waits for it
}

// openAppender opens the log in the folder, or begins one.
func openAppender(dir string, signer note.Signer) (*appender, error) {
	silence()
	ctx, stop := context.WithCancel(context.Background())
	driver, err := posix.New(ctx, posix.Config{Path: dir})
	if err != nil {
		stop()
		return nil, err
	}
	a := &appender{files: files{dir}, stop: stop}
	for _, size := range lanes {
		if err := a.open(ctx, driver, signer, size); err != nil {
			stop()
			return nil, err
		}
	}
	return a, nil
}

// open opens the log once more, for batches of the size.
func (a *appender) open(ctx context.Context, driver tessera.Driver, signer note.Signer, size int) error {
	options := tessera.NewAppendOptions().
		WithCheckpointSigner(signer).
		WithBatching(uint(size), batchAge).
		WithCheckpointInterval(signEvery).
		WithCheckpointRepublishInterval(0)
	log, _, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		return err
	}
	a.logs, a.reader = append(a.logs, log), reader
	return nil
}

// size is how many entries are in the log.
func (a *appender) size(ctx context.Context) (uint64, error) { return a.reader.IntegratedSize(ctx) }

// append adds the blocks as the entries from the index on, and returns when they
// are in the log and on disk. After an error some of them may be.
func (a *appender) append(ctx context.Context, from uint64, blocks []proof.Block) error {
	if err := a.reachable(); err != nil {
		return err
	}
	for i, size := range lanes {
		n := len(blocks) - len(blocks)%size
		if err := fill(ctx, a.logs[i], from, blocks[:n]); err != nil {
			return err
		}
		from, blocks = from+uint64(n), blocks[n:]
	}
	return nil
}

// fill adds blocks that fill whole batches of the lane, and returns when they are in
// the log.
func fill(ctx context.Context, lane *tessera.Appender, from uint64, blocks []proof.Block) error {
	futures := make([]tessera.IndexFuture, len(blocks))
	for i, b := range blocks {
		futures[i] = lane.Add(ctx, tessera.NewEntry(b.Entry()))
	}
	var failed error
	for i, future := range futures { // all of them: none may be under way when this returns
		at, err := future()
		if want := from + uint64(i); err == nil && at.Index != want {
			err = fmt.Errorf("entry %d became entry %d: somebody else writes this log", want, at.Index)
		}
		if failed == nil {
			failed = err
		}
	}
	return failed
}

// reachable fails where Tessera could not take its lock, since it then panics in
// a goroutine of its own and takes the hub along.
func (a *appender) reachable() error {
	f, err := os.OpenFile(a.path(".state/treeState.lock"), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// refresh lets a checkpoint from the future count as one of now, where the clock
// was set back: Tessera makes no new one until the old one has some age.
func (a *appender) refresh(now time.Time) error {
	info, err := os.Stat(a.path(layout.CheckpointPath))
	if errors.Is(err, os.ErrNotExist) {
		return nil // the next one is being made
	}
	if err != nil || !info.ModTime().After(now.Add(time.Second)) {
		return err
	}
	return os.Chtimes(a.path(layout.CheckpointPath), now, now)
}

// awaitCheckpoint returns once the published checkpoint covers so many entries.
func (a *appender) awaitCheckpoint(ctx context.Context, size uint64) error {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		at, _, err := a.published()
		if err == nil && at >= size {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// published is what the checkpoint on disk says; its signature is not looked at.
func (f files) published() (size uint64, root []byte, err error) {
	raw, err := f.checkpoint()
	if err != nil {
		return 0, nil, err
	}
	var c flog.Checkpoint
	if _, err := c.Unmarshal(raw); err != nil {
		return 0, nil, damaged(layout.CheckpointPath, err)
	}
	return c.Size, c.Hash, nil
}

// begun reports whether there is a log in the folder.
func (f files) begun() bool {
	_, err := os.Stat(filepath.Join(f.dir, ".state", "treeState"))
	return err == nil
}
