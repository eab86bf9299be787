package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/merkle/testonly"
	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/exchange/evidence/witness"
	"simpul/internal/platform/config"
)

// smallLog is a transparency log in memory.
type smallLog struct {
	mu     sync.Mutex
	signer note.Signer
	vkey   string
	tree   *testonly.Tree
}

func newSmallLog(t *testing.T) *smallLog {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, "contoh/evidence/j-1")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return &smallLog{signer: signer, vkey: vkey, tree: testonly.New(rfc6962.DefaultHasher)}
}

func (l *smallLog) grow(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range n {
		l.tree.AppendData(fmt.Appendf(nil, "%d", i))
	}
}

func (l *smallLog) Origin() string   { return l.signer.Name() }
func (l *smallLog) Verifier() string { return l.vkey }

func (l *smallLog) Size() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree.Size()
}

func (l *smallLog) Checkpoint(context.Context) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := fmt.Sprintf("%s\n%d\n%s\n", l.Origin(), l.tree.Size(), base64.StdEncoding.EncodeToString(l.tree.Hash()))
	return note.Sign(&note.Note{Text: text}, l.signer)
}

func (l *smallLog) Consistency(_ context.Context, from, to uint64) ([][]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree.ConsistencyProof(from, to)
}

// A hub with a log, a witness of its own for show and one in another process has
// what it signs cosigned by both, and says which of them counts.
func TestWitnessesOfAHub(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	l := newSmallLog(t)
	l.grow(5)

	auditor := config.Default()
	auditor.Data, auditor.Roles = t.TempDir(), []config.Role{config.WitnessRole}
	auditor.Witness = config.Witness{Addr: "127.0.0.1:0", Name: "saksi.bpk.go.id", Logs: []config.WitnessLog{{VKey: l.vkey}}}
	if err := auditor.Validate(); err != nil {
		t.Fatal(err)
	}
	line, err := WitnessKey(auditor)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	at := make(chan string, 1)
	running.Go(func() {
		if err := ServeWitness(ctx, auditor, log, func(r Ready) { at <- r.Witness }); err != nil {
			t.Error(err)
			at <- ""
		}
	})

	c := config.Default()
	c.Data, c.Gateway.Addr, c.Control.Addr = t.TempDir(), "127.0.0.1:0", "127.0.0.1:0"
	vkey := strings.TrimPrefix(line, "witness ")
	c.Witnesses = []config.Cosigner{{Name: "BPK", URL: <-at, VKey: vkey}}
	c.Roles = []config.Role{config.Control} // it has no journal, and so no log beside the one below
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	hub, err := Open(t.Context(), c, log)
	if err != nil {
		t.Fatal(err)
	}
	defer hub.Close()
	if signed, err := (cosigning{hub}).Cosigned(t.Context(), 1); signed != nil || err != nil {
		t.Errorf("before there is a log: %s, %v", signed, err)
	}
	hub.witnessed(l)
	if err := hub.Rehearse(); err != nil {
		t.Fatal(err)
	}
	running.Go(func() { hub.tendWitnesses(ctx) })
	cosigned := awaitCosigned(t, hub, 2)

	for _, key := range hub.Witnesses.Peers() {
		if _, err := note.Open(cosigned, note.VerifierList(key.Key)); err != nil {
			t.Errorf("%s: %v", key.Name, err)
		}
	}
	reports, err := hub.Witnesses.Reports(t.Context(), simpul.NationScope())
	if err != nil || len(reports) != 1 || reports[0].Cosigned != 2 || reports[0].Independent != 1 || reports[0].State != witness.Vouched {
		t.Errorf("%+v, %v", reports, err)
	}
	keys, err := hub.Witnesses.KeyLines(t.Context())
	if lines := strings.Join(keys, "\n"); err != nil || !strings.Contains(lines, "# BPK\n"+line) || !strings.Contains(lines, "witness "+rehearsal+"+") {
		t.Errorf("keys:\n%s", lines)
	}
	if matches, _ := filepath.Glob(filepath.Join(c.Data, "witness", "*.json")); len(matches) != 1 {
		t.Errorf("the witness remembers %v", matches)
	}
	if got := scrapeWitness(t, hub); !strings.Contains(got, "simpul_witness_cosigning 2") || !strings.Contains(got, "simpul_witness_independent 1") {
		t.Error(got)
	}
}

// awaitCosigned waits until a checkpoint has so many cosignatures.
func awaitCosigned(t *testing.T, hub *Hub, n int) []byte {
	t.Helper()
	for {
		signed, err := cosigning{hub}.Cosigned(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(signed), "— ") == 1+n {
			return signed
		}
		if t.Context().Err() != nil {
			t.Fatalf("only\n%s", signed)
		}
	}
}

func scrapeWitness(t *testing.T, hub *Hub) string {
	t.Helper()
	w := httptest.NewRecorder()
	hub.metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// A configured witness that is none stops the hub with the place of the mistake.
func TestAWrongWitnessIsNamed(t *testing.T) {
	c := config.Default()
	c.Data = t.TempDir()
	c.Witnesses = []config.Cosigner{{Name: "BPK", URL: "https://saksi.bpk.go.id", VKey: "saksi.bpk.go.id+00000000+AQ=="}}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), c, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "witnesses[0].vkey") {
		t.Errorf("%v", err)
	}
}

// A witness speaks TLS by itself where it has a certificate, and waits for nobody.
func TestAWitnessOverTLS(t *testing.T) {
	server := issue(t, "saksi", nil)
	c := config.Default()
	c.Data, c.Roles = t.TempDir(), []config.Role{config.WitnessRole}
	c.Witness = config.Witness{Addr: "127.0.0.1:0", Name: "saksi.bpk.go.id", TLS: config.TLS{Cert: server.cert, Key: server.key}}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	at, served := make(chan string, 1), make(chan error, 1)
	go func() {
		served <- ServeWitness(ctx, c, slog.New(slog.DiscardHandler), func(r Ready) { at <- r.Witness })
	}()
	url := <-at
	client := speaking(t, server, nil)
	res, err := client.Post(url+"/add-checkpoint", "text/plain", strings.NewReader("old 0\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if !strings.HasPrefix(url, "https://") || res.StatusCode != http.StatusBadRequest || res.ProtoMajor != 1 {
		t.Errorf("%s answers %d over %s", url, res.StatusCode, res.Proto)
	}
	client.CloseIdleConnections()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
