package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// sealingHub has two keys, one of which two people may destroy.
func sealingHub(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/evidence-keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, json.RawMessage(`{"items":[{"id":"tertutup/2026-10","class":"tertutup","state":"opening","from":"2026-10-01T00:00:00Z","until":"2026-11-01T00:00:00Z","madeAt":"2026-09-15T01:00:00Z","destroyFrom":"2036-10-29T00:00:00Z"},`+
			`{"id":"terbuka/2024-01","class":"terbuka","state":"destroyed","from":"2024-01-01T00:00:00Z","until":"2024-02-01T00:00:00Z","destroyedAt":"2026-02-01T02:00:00Z","destroyedBy":"hub"}]}`))
	})
	mux.HandleFunc("POST /api/v1/evidence-keys/tertutup/2026-10/destruction", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Reason string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Reason != "Putusan 12/2026" {
			t.Errorf("the reason came as %q, %v", in.Reason, err)
		}
		w.Header().Set("Location", "/api/v1/proposals/u-abcdefghijkl")
		reply(w, http.StatusAccepted, map[string]string{"proposal": "u-abcdefghijkl"})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestEvidenceSealingKeys(t *testing.T) {
	hub := sealingHub(t)
	at := []string{"--server", hub.URL, "--token", "spt_uji"}
	runWith(t, "", append([]string{"evidence", "sealing-keys", "list"}, at...)...).expect(t, 0, "KUNCI", "tertutup/2026-10", "opening", "2036-10-29", "destroyed", "hub")
	got := runWith(t, "", append([]string{"evidence", "sealing-keys", "list", "-o", "json"}, at...)...)
	got.expect(t, 0, `"destroyFrom":"2036-10-29T00:00:00Z"`)
	destroy := func(args ...string) outcome {
		return runWith(t, "", append(append([]string{"evidence", "sealing-keys", "destroy"}, args...), at...)...)
	}
	if got := destroy("tertutup/2026-10", "--reason", "Putusan 12/2026"); strings.TrimSpace(got.stdout) != "u-abcdefghijkl" {
		t.Errorf("it prints %q", got.stdout)
	}
	destroy("tertutup/2026-10", "--reason", "Putusan 12/2026").expect(t, 0, "Menunggu persetujuan kedua")
	destroy("tertutup/2026-10").expect(t, 2, "--reason")
	destroy("tertutup", "--reason", "x").expect(t, 2, "bukan kunci", "kelas/bulan")
}
