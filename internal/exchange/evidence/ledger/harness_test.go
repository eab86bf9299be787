package ledger

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	merkle "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	flog "github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"

	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/evidence/proof"
)

// patience bounds every wait: it prevents hangs and measures nothing.
const patience = 60 * time.Second

// quick are options under which a test need not wait.
func quick() Options { return Options{Tick: time.Millisecond, Retry: 5 * time.Millisecond} }

// room is a data folder with a journal and the key of its log.
type room struct {
	data    string
	journal *evidence.Journal
	key     Key
	heads   *memory
}

func newRoom(t testing.TB, o evidence.Options) *room {
	t.Helper()
	r := &room{data: t.TempDir(), heads: &memory{}}
	r.openJournal(t, o)
	var err error
	if r.key, err = NewKey("hub.example", r.journal.ID().String()); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *room) openJournal(t testing.TB, o evidence.Options) {
	t.Helper()
	j, err := evidence.OpenJournal(r.data, o)
	if err != nil {
		t.Fatal(err)
	}
	r.journal = j
	t.Cleanup(func() { j.Close() })
}

// write puts records into the journal and returns when they are on disk.
func (r *room) write(t testing.TB, n int) {
	t.Helper()
	for range n {
		at := r.journal.Last() + 1
		if _, err := r.journal.Append(t.Context(), recordOf(at)); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.journal.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func recordOf(sequence uint64) []byte {
	return fmt.Appendf(nil, `{"kind":"sealed","id":"0199f000-0000-7000-8000-%012d","salt":"%d"}`, sequence, sequence)
}

func (r *room) ledger(t testing.TB, o Options) *Ledger {
	t.Helper()
	if o.Heads == nil {
		o.Heads = r.heads
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	l, err := New(r.data, r.journal, r.key, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// running is a ledger at work; stop ends it as a hub does.
func running(t testing.TB, l *Ledger) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { l.Run(ctx); close(ended) }()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return stop
}

// filled makes a log of the journal as it is and stops.
func (r *room) filled(t testing.TB, o Options) *Ledger {
	t.Helper()
	l := r.ledger(t, o)
	stop := running(t, l)
	eventually(t, "the log has caught up", func() bool { return l.Behind() == 0 || l.Err() != nil })
	stop()
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return l
}

func eventually(t testing.TB, what string, happened func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !happened() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never seen: %s", what)
		}
	}
}

// verify checks a bundle with the public key, as somebody would who knows nothing
// of this package.
func verify(t testing.TB, key Key, b proof.Bundle) {
	t.Helper()
	checkpoint := opened(t, key, []byte(b.Checkpoint))
	leaf := proof.Leaf(b.Record)
	root, err := merkle.RootFromInclusionProof(rfc6962.DefaultHasher, b.Sequence-b.Block.First, uint64(b.Block.Count), leaf[:], b.Block.Path)
	if err != nil {
		t.Fatal(err)
	}
	entry := proof.Block{First: b.Block.First, Count: b.Block.Count, Root: hash(root)}.Entry()
	if err := merkle.VerifyInclusion(rfc6962.DefaultHasher, b.Log.Index, checkpoint.Size, rfc6962.DefaultHasher.HashLeaf(entry), b.Log.Path, checkpoint.Hash); err != nil {
		t.Fatalf("record %d: %v", b.Sequence, err)
	}
}

func opened(t testing.TB, key Key, raw []byte) flog.Checkpoint {
	t.Helper()
	c, _, _, err := flog.ParseCheckpoint(raw, key.Origin, verifierOf(t, key))
	if err != nil {
		t.Fatal(err)
	}
	return *c
}

// memory is Heads of a test.
type memory struct {
	mu   sync.Mutex
	size uint64
	root []byte
}

func (m *memory) Noted(context.Context) (uint64, []byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.size, m.root, nil
}

func (m *memory) Note(_ context.Context, size uint64, root []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if size > m.size {
		m.size, m.root = size, root
	}
	return nil
}

func verifierOf(t testing.TB, key Key) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(key.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
