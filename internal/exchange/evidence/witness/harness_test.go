package witness

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/platform/sqldb"
)

const origin = "hub.go.id/evidence/j-1"

var (
	quiet  = slog.New(slog.DiscardHandler)
	nation = simpul.NationScope()
	noon   = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC) // 12.00 in Jakarta
)

// clockwork is a clock that tests move.
type clockwork struct {
	mu sync.Mutex
	at time.Time
}

func (c *clockwork) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clockwork) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// tree is a log in memory: a real tree, whose checkpoints are signed.
type tree struct {
	mu     sync.Mutex
	signer note.Signer
	vkey   string
	t      *testonly.Tree
	leaves [][]byte
}

func newTree(t testing.TB) *tree {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return &tree{signer: signer, vkey: vkey, t: testonly.New(rfc6962.DefaultHasher)}
}

// grow appends entries; what tells entries of forks apart.
func (l *tree) grow(what string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range n {
		leaf := fmt.Appendf(nil, "%s %d", what, len(l.leaves))
		l.leaves = append(l.leaves, leaf)
		l.t.AppendData(leaf)
	}
}

// put puts the log back to a size, as a restored backup does.
func (l *tree) put(back int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leaves = l.leaves[:back]
	l.t = testonly.New(rfc6962.DefaultHasher)
	l.t.AppendData(l.leaves...)
}

func (l *tree) Origin() string { return origin }

func (l *tree) Size() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.t.Size()
}

func (l *tree) Checkpoint(context.Context) ([]byte, error) { return l.at(l.Size()), nil }

// at is the checkpoint of the tree as it was at a size.
func (l *tree) at(size uint64) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, strict.EncodeToString(l.t.HashAt(size)))
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		panic(err)
	}
	return signed
}

func (l *tree) Consistency(_ context.Context, from, to uint64) ([][]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.t.ConsistencyProof(from, to)
}

// submission is an honest one.
func (l *tree) submission(old, size uint64) Submission {
	s := Submission{Old: old, Note: l.at(size)}
	if old > 0 && old < size {
		s.Proof, _ = l.Consistency(context.Background(), old, size)
	}
	return s
}

// newRole is a witness that follows the logs.
func newRole(t testing.TB, name string, now func() time.Time, logs ...*tree) *Role {
	t.Helper()
	return roleIn(t, t.TempDir(), name, now, logs...)
}

func roleIn(t testing.TB, dir, name string, now func() time.Time, logs ...*tree) *Role {
	t.Helper()
	r, err := OpenRole(RoleOptions{Dir: filepath.Join(dir, "witness"), Name: name, Now: now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	for _, l := range logs {
		if err := r.Follow(origin, l.vkey); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// told gathers notices.
type told struct {
	mu  sync.Mutex
	all []simpul.Notice
}

func (t *told) Notify(_ context.Context, _ *sqldb.Tx, n simpul.Notice) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, n)
	return nil
}

func (t *told) topics() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var topics []string
	for _, n := range t.all {
		topics = append(topics, n.Topic)
	}
	return strings.Join(topics, " ")
}

func textOf(t testing.TB, signed []byte) string {
	t.Helper()
	text, err := readNote(signed)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
