package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

const provedExchange = "019ab000-0000-7000-8000-000000000107"

// ledgerHub gives out one proof, after it has said "not yet" so many times.
func ledgerHub(t *testing.T, notYet int64, proof string) (*httptest.Server, *atomic.Int64) {
	var asked atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/exchanges/"+provedExchange+"/proof", func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) <= notYet {
			w.Header().Set("Content-Type", "application/problem+json")
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusConflict)
			w.Write([]byte(`{"status":409,"code":"conflict","detail":"Pertukaran ini belum masuk log.","remedy":"Coba lagi sebentar."}`))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		http.ServeFile(w, r, vectorFile(proof))
	})
	mux.HandleFunc("GET /.well-known/simpul-keys", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the token went to where everybody may read")
		}
		http.ServeFile(w, r, vectorFile("keys.txt"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server, &asked
}

func TestEvidenceGetWaitsForTheLog(t *testing.T) {
	hub, asked := ledgerHub(t, 2, "valid.json")
	out := filepath.Join(t.TempDir(), "bukti.json")
	runWith(t, "", "evidence", "get", provedExchange, "--out", out, "--server", hub.URL, "--token", "spt_uji").expect(t, 0, "simpul verify "+out)
	if n := asked.Load(); n != 3 {
		t.Errorf("asked %d times", n)
	}
	runWith(t, "", "verify", out, "--keys", vectorFile("keys.txt")).expect(t, 0, "SAH")
	if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestEvidenceGetWritesToStandardOutput(t *testing.T) {
	hub, _ := ledgerHub(t, 0, "valid.json")
	got := runWith(t, "", "evidence", "get", provedExchange, "--server", hub.URL, "--token", "spt_uji")
	got.expect(t, 0, `"format": "simpul-proof/1"`)
	runWith(t, got.stdout, "verify", "-", "--keys", vectorFile("keys.txt")).expect(t, 0, "SAH")
}

func TestEvidenceGetDoesNotWaitForEver(t *testing.T) {
	hub, asked := ledgerHub(t, 1000, "valid.json")
	runWith(t, "", "evidence", "get", provedExchange, "--wait", "0s", "--server", hub.URL, "--token", "spt_uji").expect(t, 1, "belum masuk log", "Coba lagi sebentar")
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestEvidenceGetRefusesWhatIsNoProof(t *testing.T) {
	for _, file := range []string{"vectors.json", "valid-null-paths.json"} { // the second is of another exchange
		hub, _ := ledgerHub(t, 0, file)
		out := filepath.Join(t.TempDir(), "bukti.json")
		runWith(t, "", "evidence", "get", provedExchange, "--out", out, "--server", hub.URL, "--token", "spt_uji").expect(t, 1, "tidak dapat dipahami")
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s was kept as a proof", file)
		}
	}
	runWith(t, "", "evidence", "get", "bukan-nomor").expect(t, 2, "bukan nomor pertukaran")
}

func TestEvidenceKeys(t *testing.T) {
	hub, _ := ledgerHub(t, 0, "valid.json")
	got := runWith(t, "", "evidence", "keys", "--server", hub.URL, "--token", "spt_uji")
	got.expect(t, 0, "Bandingkan kunci ini")
	if !strings.Contains(got.stdout, "witness saksi.bpk.go.id+") || strings.Contains(got.stdout, "Bandingkan") {
		t.Errorf("standard output has %q", got.stdout)
	}
	runWith(t, "", "evidence", "keys", "--server", newFakeHub(t).URL).expect(t, 1, "tidak mengumumkan kunci")
}
