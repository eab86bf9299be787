package prooftest_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

// What is built here is what independent libraries would build.
func TestLogsAreThoseOfOthers(t *testing.T) {
	log := prooftest.New("hub.contoh.go.id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	var hashes []tlog.Hash
	read := tlog.HashReaderFunc(func(at []int64) (found []tlog.Hash, err error) {
		for _, i := range at {
			found = append(found, hashes[i])
		}
		return found, nil
	})
	for n := range int64(70) {
		record := prooftest.Record(int(n))
		log.Append(record)
		more, err := tlog.StoredHashes(n, proof.Block{First: uint64(n + 1), Count: 1, Root: proof.Leaf(record)}.Entry(), read)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, more...)
		top, err := tlog.TreeHash(n+1, read)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("%s\n%d\n%s\n", log.Key.Name, n+1, top); log.Text(int(n+1)) != want {
			t.Fatalf("got %q, want %q", log.Text(int(n+1)), want)
		}
	}
}

func TestSignaturesAreThoseOfOthers(t *testing.T) {
	at := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	log := prooftest.New("hub.contoh.go.id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	log.Append(prooftest.Record(1))
	witness := prooftest.WitnessKey("saksi.contoh.go.id", "")
	signer, err := note.NewVerifier(log.Key.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	cosigner, err := formats.NewVerifierForCosignatureV1(witness.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open([]byte(log.Checkpoint(1, at, witness)), note.VerifierList(signer, cosigner))
	if err != nil || len(opened.Sigs) != 2 {
		t.Fatalf("%v, %v", opened, err)
	}
	if when, err := formats.CoSigV1Timestamp(opened.Sigs[1]); err != nil || !when.Equal(at) {
		t.Errorf("cosigned at %v, %v", when, err)
	}
}

func TestRecordsAreJSON(t *testing.T) {
	for n := range 3 {
		if !json.Valid(prooftest.Record(n)) {
			t.Errorf("%s", prooftest.Record(n))
		}
	}
}
