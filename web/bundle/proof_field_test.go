package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"simpul/internal/exchange/evidence/fieldtree"
	"simpul/internal/exchange/evidence/proof"
)

const (
	answer   = `{"items":[{"nik":"3273010101900001","nama":"Siti Rahma \u00e9/~","":{}}],"total":2.50}`
	exchange = "019ab000-0000-7000-8000-000000000107"
	journal  = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
)

// The proof of a field that the program makes holds in the browser, for every field,
// and nothing in it can be swapped.
func TestBrowserProvesFieldsAsTheProgramDoes(t *testing.T) {
	needsNodeModules(t)
	root, key := new(fieldtree.Committer).Commit([]byte(answer))
	record := fmt.Appendf(nil, `{"kind":"sealed","id":"%s","response_digest":"%x","field_root":"%s"}`, exchange, sha256.Sum256([]byte(answer)), root)
	whole, keys := proved(t, record, 3)
	whole.Personal = `{"field_key":"` + key + `"}`

	dir := t.TempDir()
	var trials []trial
	put := func(b proof.Bundle) {
		trials = append(trials, trial{Proof: writeJSON(t, dir, len(trials), b)})
	}
	pointers := []string{"/items/0/nik", "/items/0/nama", "/items/0/", "/total"}
	for _, pointer := range pointers {
		b, err := fieldtree.Prove(whole, []byte(answer), pointer)
		if err != nil {
			t.Fatal(err)
		}
		put(b)
	}
	good, err := fieldtree.Prove(whole, []byte(answer), "/total")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(*proof.FieldProof){
		func(f *proof.FieldProof) { f.Pointer = "/jumlah" },
		func(f *proof.FieldProof) { f.Pointer = "total" },
		func(f *proof.FieldProof) { f.Value = "2.5" },
		func(f *proof.FieldProof) { f.Value = `"2.50"` },
		func(f *proof.FieldProof) { f.Value = "2.50 " },
		func(f *proof.FieldProof) { f.Salt = make([]byte, proof.FieldSalt) },
		func(f *proof.FieldProof) { f.Salt = f.Salt[1:] },
		func(f *proof.FieldProof) { f.Index-- },
		func(f *proof.FieldProof) { f.Size++ },
		func(f *proof.FieldProof) { f.Path = f.Path[1:] },
		func(f *proof.FieldProof) { f.Path = append(slices.Clone(f.Path), f.Path[0]) },
	} {
		b, field := good, *good.Field
		change(&field)
		b.Field = &field
		put(b)
	}
	for i, said := range judge(t, keys, trials...) {
		want := "invalid field"
		if i < len(pointers) {
			want = "awaiting"
		}
		if said != want {
			t.Errorf("file %d: %q, want %q", i, said, want)
		}
	}
}

// proved is the proof of a record that is alone in the last block of a log of so many
// entries, and the file of the log's key. Its other entries are nothing in particular.
func proved(t *testing.T, record []byte, entries int) (proof.Bundle, string) {
	t.Helper()
	sequence := uint64(entries)
	leaves := make([][32]byte, entries)
	for i := range leaves {
		leaves[i] = sha256.Sum256(fmt.Append(nil, "entry ", i))
	}
	leaves[entries-1] = proof.Leaf(proof.Block{First: sequence, Count: 1, Root: proof.Leaf(record)}.Entry())
	root, path := climb(leaves)

	name := "hub.contoh.go.id/evidence/" + journal
	secret, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", name, entries, base64.StdEncoding.EncodeToString(root[:]))}, signer)
	if err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(t.TempDir(), "keys.txt")
	if err := os.WriteFile(keys, []byte("log "+public+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return proof.Bundle{Format: proof.Format, Exchange: exchange, Journal: journal, Sequence: sequence, Record: record,
		Block: proof.BlockProof{First: sequence, Count: 1}, Log: proof.LogProof{Index: sequence - 1, Path: path}, Checkpoint: string(signed)}, keys
}

// climb is the root over the leaves, and the path from the last one to it.
func climb(leaves [][32]byte) (root [32]byte, path [][]byte) {
	if len(leaves) == 1 {
		return leaves[0], nil
	}
	k := 1 << (bits.Len(uint(len(leaves)-1)) - 1)
	left, _ := climb(leaves[:k])
	right, below := climb(leaves[k:])
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:])), append(below, left[:])
}

func writeJSON(t *testing.T, dir string, i int, b proof.Bundle) string {
	t.Helper()
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, fmt.Sprint(i, ".json"))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
