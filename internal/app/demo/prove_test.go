package demo

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

func TestProveChecksWhatTheHubHandsOut(t *testing.T) {
	log := prooftest.New("localhost", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	log.Append(prooftest.Record(1), prooftest.Record(2))
	witness, at := prooftest.WitnessKey("saksi.contoh.go.id", ""), time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	forged := log.Bundle(1, at, witness)
	forged.Sequence = 2
	for name, c := range map[string]struct {
		bundle proof.Bundle
		x      Exchange
		want   proof.Status
		fails  bool
	}{
		"witnessed":        {log.Bundle(1, at, witness), Exchange{ID: prooftest.ID(1), Body: sha256.Sum256([]byte(prooftest.Answer))}, proof.Valid, false},
		"awaiting":         {log.Bundle(1, at), Exchange{ID: prooftest.ID(1), Body: sha256.Sum256([]byte(prooftest.Answer))}, proof.Awaiting, false},
		"another answer":   {log.Bundle(1, at), Exchange{ID: prooftest.ID(1), Body: sha256.Sum256([]byte("lain"))}, proof.Invalid, true},
		"another exchange": {log.Bundle(2, at), Exchange{ID: prooftest.ID(1), Body: sha256.Sum256([]byte(prooftest.Answer))}, proof.Invalid, true},
		"forged":           {forged, Exchange{ID: prooftest.ID(1), Body: sha256.Sum256([]byte(prooftest.Answer))}, proof.Invalid, true},
	} {
		asked := 0
		mux := http.NewServeMux()
		mux.HandleFunc("GET /.well-known/simpul-keys", func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(log.Key.Line() + "\n" + witness.Line() + "\n"))
		})
		mux.HandleFunc("GET /api/v1/exchanges/"+string(c.x.ID)+"/proof", func(w http.ResponseWriter, r *http.Request) {
			if asked++; asked == 1 {
				w.WriteHeader(http.StatusConflict)
				return
			}
			json.NewEncoder(w).Encode(c.bundle)
		})
		hub := httptest.NewServer(mux)
		got, err := new(Nation).Prove(t.Context(), hub.URL, c.x)
		hub.Close()
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestAHubThatPublishesNoKeysIsNoProof(t *testing.T) {
	hub := httptest.NewServer(http.NotFoundHandler())
	defer hub.Close()
	if got, err := new(Nation).Prove(t.Context(), hub.URL, Exchange{}); err == nil {
		t.Errorf("%q without keys", got)
	}
}
