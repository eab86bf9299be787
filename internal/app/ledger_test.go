package app_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	flog "github.com/transparency-dev/formats/log"
	merkle "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
)

// An exchange is proved to its parties, with nothing but what the hub publishes.
func TestAnExchangeIsProved(t *testing.T) {
	hub := open(t, settings(t, t.TempDir()))
	token, err := hub.Identity.CreateToken(t.Context(), simpul.RoleOperator, "")
	if err != nil {
		t.Fatal(err)
	}
	at := run(t, hub)
	c := &control{url: at.Control + "/api/v1", token: token, client: newClient(t)}
	key := c.settle(t)
	c.offer(t, "Bukti", answering(t, `{"items":[]}`), nil, nil)
	exchange := call(t, c.client, at.Gateway+"/uji/Bukti", key).header.Get("Exchange-Id")

	bundle := c.proved(t, exchange)
	if bundle.Exchange != exchange || bundle.Format != proof.Format || !strings.Contains(string(bundle.Record), exchange) || bundle.Personal != "" {
		t.Errorf("the bundle is %+v", bundle)
	}
	keys := public(t, c.client, at.Control+"/.well-known/simpul-keys")
	if again := public(t, c.client, at.Gateway+"/.well-known/simpul-keys"); again != keys {
		t.Errorf("the listeners publish %q and %q", keys, again)
	}
	if strings.Contains(keys, "PRIVATE") {
		t.Fatal("a private key is published")
	}
	verifier := logKey(t, keys)
	holds(t, bundle, verifier)
	followsTiles(t, c.client, at.Control, bundle, verifier)
	if metrics := public(t, c.client, at.Control+"/metrics"); !strings.Contains(metrics, "simpul_log_following 1") || !strings.Contains(metrics, "simpul_log_lag_records") {
		t.Error("the metrics say nothing of the log")
	}
}

// proved asks until the exchange is in the log.
func (c *control) proved(t *testing.T, exchange string) (bundle proof.Bundle) {
	t.Helper()
	eventually(t, "the proof", func() bool {
		got, err := c.send(t.Context(), http.MethodGet, "/exchanges/"+exchange+"/proof", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.status == http.StatusConflict {
			if wait, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || wait < 1 {
				t.Fatalf("no time to wait: %v", got.header)
			}
			return false
		}
		if got.status != http.StatusOK {
			t.Fatalf("%d: %s", got.status, got.text)
		}
		bundle = decode[proof.Bundle](t, got)
		return true
	})
	return bundle
}

func public(t *testing.T, c *http.Client, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := do(c, r)
	if err != nil || got.status != http.StatusOK {
		t.Fatalf("%s: %d, %v", url, got.status, err)
	}
	return got.text
}

func logKey(t *testing.T, keys string) note.Verifier {
	t.Helper()
	for line := range strings.Lines(keys) {
		if vkey, ok := strings.CutPrefix(strings.TrimSpace(line), "log "); ok {
			v, err := note.NewVerifier(vkey)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
	}
	t.Fatalf("no key of a log: %q", keys)
	return nil
}

// holds checks the bundle as somebody does who has nothing else than the key.
func holds(t *testing.T, b proof.Bundle, v note.Verifier) {
	t.Helper()
	checkpoint, _, _, err := flog.ParseCheckpoint([]byte(b.Checkpoint), v.Name(), v)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(v.Name(), "/evidence/"+b.Journal) {
		t.Errorf("the log %s is of another journal than %s", v.Name(), b.Journal)
	}
	leaf := proof.Leaf(b.Record)
	root, err := merkle.RootFromInclusionProof(rfc6962.DefaultHasher, b.Sequence-b.Block.First, uint64(b.Block.Count), leaf[:], b.Block.Path)
	if err != nil {
		t.Fatal(err)
	}
	entry := proof.Block{First: b.Block.First, Count: b.Block.Count, Root: [32]byte(root)}.Entry()
	err = merkle.VerifyInclusion(rfc6962.DefaultHasher, b.Log.Index, checkpoint.Size, rfc6962.DefaultHasher.HashLeaf(entry), b.Log.Path, checkpoint.Hash)
	if err != nil {
		t.Error(err)
	}
}

// followsTiles has an independent client read the log over HTTP.
func followsTiles(t *testing.T, c *http.Client, control string, b proof.Bundle, v note.Verifier) {
	t.Helper()
	root, err := url.Parse(control + "/log/" + b.Journal + "/")
	if err != nil {
		t.Fatal(err)
	}
	reader, err := client.NewHTTPFetcher(root, c)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, _, _, err := client.FetchCheckpoint(t.Context(), reader.ReadCheckpoint, v, v.Name())
	if err != nil {
		t.Fatal(err)
	}
	builder, err := client.NewProofBuilder(t.Context(), checkpoint.Size, reader.ReadTile)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := client.GetEntryBundle(t.Context(), reader.ReadEntryBundle, b.Log.Index/256, checkpoint.Size)
	if err != nil {
		t.Fatal(err)
	}
	path, err := builder.InclusionProof(t.Context(), b.Log.Index)
	leaf := rfc6962.DefaultHasher.HashLeaf(bundle.Entries[b.Log.Index%256])
	err = errors.Join(err, merkle.VerifyInclusion(rfc6962.DefaultHasher, b.Log.Index, checkpoint.Size, leaf, path, checkpoint.Hash))
	if err != nil {
		t.Errorf("%v (root %s)", err, base64.StdEncoding.EncodeToString(checkpoint.Hash))
	}
}

// A hub that stops leaves a checkpoint of everything that it recorded, and one
// that was killed catches up when it starts again.
func TestTheLogOutlivesItsProcess(t *testing.T) {
	place := newSite(t)
	hub := place.serve(t)
	key := hub.settle(t)
	hub.offer(t, "Bukti", answering(t, `{"items":[]}`), nil, nil)
	exchange := call(t, hub.client, hub.gateway+"/uji/Bukti", key).header.Get("Exchange-Id")
	hub.terminate()
	if err := hub.wait(t); err != nil {
		t.Fatal(err)
	}
	hub = place.serve(t)
	got := hub.must(t, http.StatusOK, http.MethodGet, "/exchanges/"+exchange+"/proof", nil) // at once
	holds(t, decode[proof.Bundle](t, got), logKey(t, public(t, hub.client, hub.gateway+"/.well-known/simpul-keys")))

	exchange = call(t, hub.client, hub.gateway+"/uji/Bukti", key).header.Get("Exchange-Id")
	eventually(t, "the record", func() bool {
		got, err := hub.send(t.Context(), http.MethodGet, "/exchanges/"+exchange, nil)
		return err == nil && got.status == http.StatusOK
	})
	hub.kill(t)
	hub = place.serve(t)
	holds(t, hub.proved(t, exchange), logKey(t, public(t, hub.client, hub.gateway+"/.well-known/simpul-keys")))
}
