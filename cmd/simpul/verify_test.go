package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

// vectorsIn is where the room keeps what every check of proofs must come to.
const vectorsIn = "../../internal/exchange/evidence/proof/testdata"

func vectorFile(name string) string { return filepath.Join(vectorsIn, name) }

func verifyVector(t *testing.T, name string, more ...string) outcome {
	t.Helper()
	return runWith(t, "", append([]string{"verify", vectorFile(name + ".json"), "--keys", vectorFile("keys.txt")}, more...)...)
}

func TestVerifyExitStatus(t *testing.T) {
	for name, c := range map[string]struct {
		vector string
		more   []string
		status int
		says   string
	}{
		"valid":                    {"valid", nil, 0, "SAH: pertukaran 019ab000-0000-7000-8000-000000000107"},
		"valid in English":         {"valid", []string{"--lang", "en"}, 0, "before 2 witnesses"},
		"two witnesses demanded":   {"valid", []string{"--witnesses", "2"}, 0, "saksi.bpk.go.id, saksi.jabarprov.go.id"},
		"three witnesses demanded": {"valid", []string{"--witnesses", "3"}, 1, "Anda meminta 3 saksi, tetapi baru 2"},
		"awaiting":                 {"awaiting", nil, 0, "menunggu saksi"},
		"awaiting in English":      {"awaiting", []string{"--lang", "en"}, 0, "awaiting witness"},
		"one witness demanded":     {"awaiting", []string{"--witnesses", "1"}, 1, "TIDAK SAH"},
		"the answer's body":        {"valid", []string{"--body", vectorFile("answer.json"), "--request-body", vectorFile("question.json")}, 0, "persis isi jawaban"},
		"another body":             {"valid", []string{"--body", vectorFile("question.json")}, 1, "bukan isi jawaban"},
		"another question":         {"valid", []string{"--request-body", vectorFile("answer.json")}, 1, "bukan isi permintaan"},
		"another body in English":  {"valid", []string{"--lang", "en", "--body", vectorFile("altered.json")}, 1, "NOT ITS BODY: exchange"},
		"a keyed body":             {"keyed-bodies", []string{"--body", vectorFile("answer.json"), "--request-body", vectorFile("question.json")}, 0, "persis isi permintaan"},
		"another keyed body":       {"keyed-bodies", []string{"--body", vectorFile("altered.json")}, 1, "BUKAN ISINYA"},
		"an empty body":            {"keyed-bodies", []string{"--body", os.DevNull}, 1, "bukan isi jawaban"},
		"a keyed body without key": {"keyed-without-key", []string{"--body", vectorFile("answer.json")}, 2, "TIDAK DAPAT DIPASTIKAN"},
		"the same in English":      {"keyed-without-key", []string{"--lang", "en", "--body", vectorFile("answer.json")}, 2, "evidence get --personal"},
		"keyed, for whom it may":   {"keyed-without-key", nil, 0, "Sidik terkunci jawaban"},
		"an answer not yet there":  {"valid-opened", []string{"--body", vectorFile("answer.json")}, 2, "sebelum jawaban selesai"},
		"no answer at all":         {"body-plain-nothing", []string{"--body", os.DevNull}, 0, "persis isi jawaban"},
		"a field of the record":    {"forged-purpose", nil, 1, "TIDAK terbukti"},
		"the key of an impostor":   {"forged-key", nil, 1, "kuncinya lain"},
		"an opened record":         {"valid-opened", nil, 0, "belum ada"},
		"half a file":              {"unusable-truncated", nil, 2, "bukan bukti pertukaran yang utuh"},
		"a duplicate":              {"unusable-duplicate", nil, 2, "dua kali"},
		"no such file":             {"nowhere", nil, 2, "tidak dapat dibaca"},
		"no such body":             {"valid", []string{"--body", "nowhere"}, 2, "tidak dapat dibaca"},
		"an impossible demand":     {"valid", []string{"--witnesses=-1"}, 2, "tidak mungkin"},
		"no keys":                  {"valid", []string{"--keys", os.DevNull}, 2, "tidak memuat satu pun kunci log"},
		"keys that are none":       {"valid", []string{"--keys", vectorFile("valid.json")}, 2, "valid.json:1: "},
	} {
		t.Run(name, func(t *testing.T) { verifyVector(t, c.vector, c.more...).expect(t, c.status, c.says) })
	}
	runWith(t, "", "verify", vectorFile("valid.json")).expect(t, 2, "--keys")
}

// Each vector ends as testdata says, through the command line as well.
func TestVerifyAgreesWithTheVectors(t *testing.T) {
	list, err := os.ReadFile(vectorFile("vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct{ Name, Status, Request, Response string }
	if err := json.Unmarshal(list, &vectors); err != nil {
		t.Fatal(err)
	}
	ends := map[string]int{"valid": 0, "awaiting": 0, "invalid": 1, "unusable": 2, "unchecked": 2}
	for _, v := range vectors {
		var bodies []string
		if v.Request != "" {
			bodies = append(bodies, "--request-body", vectorFile(v.Request))
		}
		if v.Response != "" {
			bodies = append(bodies, "--body", vectorFile(v.Response))
		}
		if got := verifyVector(t, v.Name, bodies...); got.status != ends[v.Status] {
			t.Errorf("%s ends with %d, and it is %s", v.Name, got.status, v.Status)
		}
	}
}

func TestVerifyReadsStandardInput(t *testing.T) {
	file, err := os.ReadFile(vectorFile("valid.json"))
	if err != nil {
		t.Fatal(err)
	}
	runWith(t, string(file), "verify", "-", "--keys", vectorFile("keys.txt")).expect(t, 0, "SAH")
	runWith(t, strings.Repeat(" ", 5<<20), "verify", "-", "--keys", vectorFile("keys.txt")).expect(t, 2, "4 MiB")
}

// A body is read piece by piece: one of 10 MB is neither held nor refused.
func TestVerifyOfALargeBody(t *testing.T) {
	large := bytes.Repeat([]byte("x"), 10<<20)
	log := prooftest.New("hub.contoh.go.id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	key := simpul.NewDigestKey()
	commitment := key.Response(sha256.Sum256(large))
	log.Append(fmt.Appendf(nil, `{"kind":"sealed","id":"%s","response_digest":"%s","response_bytes":%d}`, prooftest.ID(1), commitment, len(large)))
	b := log.Bundle(1, time.Unix(0, 0))
	b.Personal = `{"digest_key":"` + string(key.Append(nil)) + `"}`
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	file, keys := write(t, "bukti.json", string(text)), write(t, "kunci.txt", log.Key.Line())
	runWith(t, "", "verify", file, "--keys", keys, "--body", write(t, "jawaban.bin", string(large))).expect(t, 0, "persis isi jawaban")
	large[5<<20]++
	runWith(t, "", "verify", file, "--keys", keys, "--body", write(t, "lain.bin", string(large))).expect(t, 1, "bukan isi jawaban")
}

func TestVerifyForPrograms(t *testing.T) {
	got := verifyVector(t, "forged-digest", "-o", "json", "--lang", "en")
	got.expect(t, 1)
	var v verdictDocument
	if err := json.Unmarshal([]byte(got.stdout), &v); err != nil {
		t.Fatal(err)
	}
	if v.Status != proof.Invalid || v.Record.Address != "master/Kota" || v.Log.Size != 7 || len(v.Witnesses) != 2 || v.Steps[2].Name != proof.StepLog || v.Steps[2].State != proof.Failed {
		t.Errorf("%+v", v)
	}
}

// What a record says reaches nobody's terminal as a command, not even in JSON.
func TestVerifyShowsNoControlCharacters(t *testing.T) {
	log := prooftest.New("hub.contoh.go.id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	evil := `a\u001b]0;x\u0007\u009b2J\r\nSAH: palsu\u202e\u200b\u0000` + strings.Repeat("z", 5000)
	log.Append([]byte(strings.Replace(string(prooftest.Record(1)), "verifikasi penerima bantuan", evil, 1)))
	b := log.Bundle(1, time.Unix(0, 0))
	text, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	file, keys := write(t, "bukti.json", string(text)), write(t, "kunci.txt", log.Key.Line())
	for _, form := range []string{"text", "json"} {
		got := runWith(t, "", "verify", file, "--keys", keys, "-o", form)
		got.expect(t, 0, "palsu")
		for _, r := range got.stdout + got.stderr {
			if r != '\n' && !unicode.IsPrint(r) && r != '\ufffd' {
				t.Errorf("%s lets %U through", form, r)
			}
		}
		if strings.Contains(got.stdout, "\nSAH: palsu") {
			t.Errorf("%s lets a record write a line of its own", form)
		}
	}
}
