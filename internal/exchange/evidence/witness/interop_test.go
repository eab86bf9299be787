package witness

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

// A log of another make, with its own client of the protocol, has its checkpoints
// cosigned by our witness, and publishes none without.
func TestAnotherLogIsCosigned(t *testing.T) {
	skey, vkey, err := note.GenerateKey(nil, origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	role := newRole(t, bpk, func() time.Time { return time.Now() })
	if err := role.Follow("", vkey); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(role.Handler())
	defer server.Close()
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := tessera.NewWitness(role.Key().String(), at)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	driver, err := posix.New(ctx, posix.Config{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	options := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithCheckpointInterval(100*time.Millisecond).WithBatching(1, 10*time.Millisecond).
		WithWitnesses(tessera.NewWitnessGroup(1, ours), nil)
	appender, shutdown, reader, err := tessera.NewAppender(ctx, driver, options)
	if err != nil {
		t.Fatal(err)
	}
	defer shutdown(context.WithoutCancel(ctx))
	await := tessera.NewPublicationAwaiter(ctx, reader.ReadCheckpoint, 20*time.Millisecond)
	for i := range 3 {
		index, signed, err := await.Await(ctx, appender.Add(ctx, tessera.NewEntry([]byte(strings.Repeat("x", i)))))
		if err != nil {
			t.Fatal(err)
		}
		n, err := note.Open(signed, note.VerifierList(role.Key()))
		if err != nil {
			t.Fatal(err)
		}
		if c, err := ParseCheckpoint(n.Text); err != nil || c.Size <= index.Index {
			t.Errorf("entry %d: %+v, %v", index.Index, c, err)
		}
	}
	if seen := role.Logs()[0].Size; seen < 3 {
		t.Errorf("the witness is at %d", seen)
	}
}
