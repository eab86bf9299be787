package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence/fieldtree"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

// provable writes an answer and the proof of its exchange, and returns their files.
func provable(t *testing.T) (whole, body string, root simpul.Digest, key string) {
	t.Helper()
	const answer = `{"items":[{"nama":"Siti Rahma","nik":"3273010101900001"}]}`
	root, key = new(fieldtree.Committer).Commit([]byte(answer))
	id := simpul.NewExchangeID(time.Now())
	log := prooftest.New("hub.example", "0123456789abcdef0123456789abcdef")
	sequence := log.Append(fmt.Appendf(nil, `{"kind":"sealed","id":"%s","opened":"2026-11-25T08:30:00Z","response_digest":"%x","field_root":"%s"}`, id, sha256.Sum256([]byte(answer)), root))
	b := log.Bundle(sequence, time.Now())
	b.Personal = `{"field_key":"` + key + `"}`
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "bukti.json", string(text)), write(t, "jawaban.json", answer), root, key
}

func TestEvidenceFieldShowsOneField(t *testing.T) {
	whole, body, root, key := provable(t)
	out := filepath.Join(t.TempDir(), "nama.json")
	runWith(t, "", "evidence", "field", "--proof", whole, "--body", body, "--field", "/items/0/nama", "--out", out).
		expect(t, 0, "Siti Rahma", "tidak menunjukkan kolom lain")
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{"3273010101900001", key, "field_key", "personal\""} {
		if strings.Contains(string(text), hidden) {
			t.Errorf("%s is in the file", hidden)
		}
	}
	var b proof.Bundle
	if err := json.Unmarshal(text, &b); err != nil || b.Field == nil || b.Field.Verify(root) != nil {
		t.Errorf("%v: %s", err, text)
	}
}

func TestEvidenceFieldRefuses(t *testing.T) {
	whole, body, _, _ := provable(t)
	field := func(whole, body, pointer, out string) outcome {
		return runWith(t, "", "evidence", "field", "--proof", whole, "--body", body, "--field", pointer, "--out", out)
	}
	out := filepath.Join(t.TempDir(), "x.json")
	field(whole, body, "/items/1/nama", out).expect(t, 1, "Tidak ada kolom")
	field(whole, write(t, "lain.json", `{}`), "/items/0/nama", out).expect(t, 1, "sidiknya lain")
	field(body, body, "/items/0/nama", out).expect(t, 2)
	field(whole, write(t, "besar.json", strings.Repeat(" ", fieldtree.MaxBytes+1)), "/x", out).expect(t, 1, "sidiknya lain")
	field("tidak-ada.json", body, "/x", out).expect(t, 2, "tidak dapat dibaca")
	field(whole, body, "/items/0/nama", filepath.Join(out, "y")).expect(t, 2, "tidak dapat ditulis")
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused command left a file")
	}
}
