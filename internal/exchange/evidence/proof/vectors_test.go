package proof_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

var update = flag.Bool("update", false, "write testdata anew")

const unusable = "unusable" // where Parse refuses

// vector is one file and what every check of it must come to.
type vector struct {
	Name   string `json:"name"` // of the file, without .json
	Status string `json:"status"`
	Failed string `json:"failed,omitempty"` // the first step that fails
	Why    string `json:"why"`

	file string
}

// trial is a vector with bodies that somebody holds against it.
type trial struct {
	vector
	Request  string `json:"request,omitempty"`  // file with a body that is to be the call's
	Response string `json:"response,omitempty"` // the same for the answer
}

func trials() (all []trial) {
	for _, v := range vectors() {
		all = append(all, trial{vector: v})
	}
	return append(all, newStage().bodies()...)
}

// bodyFiles are the bodies that trials name.
func bodyFiles() map[string]string {
	return map[string]string{"answer.json": prooftest.Answer, "question.json": prooftest.Question, "nothing.bin": "", "altered.json": prooftest.Answer[:len(prooftest.Answer)-2] + "'}"}
}

func vectors() []vector {
	s := newStage()
	return slices.Concat(s.true(), s.forgedRecords(), s.forgedPaths(), s.forgedCheckpoints(), s.forgedCosignatures(), s.unusable())
}

func (s *stage) true() []vector {
	alone := prooftest.New(hub, journal)
	alone.Append(prooftest.Record(1))
	single := alone.Bundle(1, s.at, s.auditor)
	single.Block.Path, single.Log.Path = nil, nil
	stranger := prooftest.WitnessKey("saksi.asing.example", "")
	twice := s.auditor.Sign(s.text(), s.at)
	return []vector{
		{"valid", "valid", "", "signed by the log, cosigned by two witnesses", file(s.proved())},
		{"valid-one-line", "valid", "", "the same without line breaks", compact(file(s.proved()))},
		{"valid-null-paths", "valid", "", "the only record of the only entry: its paths are null", file(single)},
		{"valid-opened", "valid", "", "a record that was made before the answer", file(opened(s))},
		{"valid-unknown-cosignature", "valid", "", "a cosignature by somebody whom the keys do not name counts for nothing and does no harm",
			s.sealed(s.signed(), s.auditor.Sign(s.text(), s.at), stranger.Sign(s.text(), s.at))},
		{"valid-duplicate-cosignature", "valid", "", "one witness that stands twice is one witness", s.sealed(s.signed(), twice, twice)},
		{"valid-personal", "valid", "", "a personal part beside the record changes nothing", s.changed(func(b *proof.Bundle) { b.Personal = `{"case":"B-12/2026"}` })},
		{"valid-erased", "valid", "", "what was personal is gone, and nothing else with it", file(erased(s, "terbatas/2026-09"))},
		{"awaiting", "awaiting", "", "no witness has cosigned", file(s.log.Bundle(s.sequence, s.at))},
		{"awaiting-cosigned-by-log", "awaiting", "", "a cosignature under the log's own key is none", s.sealed(s.signed(), s.log.Key.As(s.auditor).Sign(s.text(), s.at))},
		{"awaiting-witness-under-log-type", "awaiting", "", "a witness that signs like a log is no witness", s.sealed(s.signed(), s.auditor.As(s.log.Key).Sign(s.text(), s.at))},
	}
}

func (s *stage) forgedRecords() []vector {
	record := string(s.proved().Record)
	with := func(old, replacement string) string {
		return s.changed(func(b *proof.Bundle) { b.Record = []byte(strings.Replace(record, old, replacement, 1)) })
	}
	return []vector{
		{"forged-purpose", "invalid", "log", "an altered field of the record", with("verifikasi penerima bantuan", "verifikasi penerima bantuaN")},
		{"forged-digest", "invalid", "log", "an altered digest of the answer", with(string(prooftest.Digest(prooftest.Answer)), string(prooftest.Digest("lain")))},
		{"forged-added-member", "invalid", "log", "a member more in the record", with(`"salt"`, `"note":"x","salt"`)},
		{"forged-space", "invalid", "log", "the same record written with a space", with(`,"status"`, `, "status"`)},
		{"forged-record-id", "invalid", "record", "the record says another exchange", with(string(prooftest.ID(263)), string(prooftest.ID(9)))},
		{"forged-exchange", "invalid", "record", "the bundle says another exchange", s.changed(func(b *proof.Bundle) { b.Exchange = string(prooftest.ID(9)) })},
		{"forged-duplicate-in-record", "invalid", "record", "a member stands twice in the record", with(`"kind":"sealed"`, `"kind":"sealed","kind":"sealed"`)},
		{"forged-not-json", "invalid", "record", "the record is no JSON", s.changed(func(b *proof.Bundle) { b.Record = []byte("halo") })},
		{"forged-kind", "invalid", "record", "the record is of an unknown kind", with(`"kind":"sealed"`, `"kind":"proved"`)},
		{"forged-leaf", "invalid", "record", "the neighbour's record under this exchange's path", s.changed(func(b *proof.Bundle) { b.Record = s.log.Bundle(s.sequence+1, s.at).Record })},
		{"forged-sequence", "invalid", "log", "another place in the same block", s.changed(func(b *proof.Bundle) { b.Sequence++ })},
		{"forged-sequence-and-first", "invalid", "log", "another place, with the block moved along", s.changed(func(b *proof.Bundle) { b.Sequence++; b.Block.First++ })},
		{"forged-sequence-before", "invalid", "block", "a place before the block", s.changed(func(b *proof.Bundle) { b.Sequence = b.Block.First - 1 })},
		{"forged-sequence-beyond", "invalid", "block", "a place behind the block", s.changed(func(b *proof.Bundle) { b.Sequence = b.Block.First + uint64(b.Block.Count) })},
	}
}

func (s *stage) forgedPaths() []vector {
	other := s.log.Bundle(2, s.at)
	return []vector{
		{"forged-block", "invalid", "block", "the place and path of another block", s.changed(func(b *proof.Bundle) { b.Block = other.Block })},
		{"forged-block-count", "invalid", "block", "a block of another size", s.changed(func(b *proof.Bundle) { b.Block.Count = 4 })},
		{"forged-block-huge", "invalid", "block", "a block that is larger than any", s.changed(func(b *proof.Bundle) { b.Block.Count = 257 })},
		{"forged-block-path-long", "invalid", "block", "one hash more", s.changed(func(b *proof.Bundle) { b.Block.Path = append(b.Block.Path, b.Block.Path[0]) })},
		{"forged-block-path-short", "invalid", "block", "one hash less", s.changed(func(b *proof.Bundle) { b.Block.Path = b.Block.Path[1:] })},
		{"forged-block-path-order", "invalid", "log", "two hashes exchanged", s.changed(func(b *proof.Bundle) { p := b.Block.Path; p[0], p[1] = p[1], p[0] })},
		{"forged-log-index", "invalid", "log", "another entry of the log", s.changed(func(b *proof.Bundle) { b.Log.Index = 2 })},
		{"forged-log-path-long", "invalid", "log", "one hash more", s.changed(func(b *proof.Bundle) { b.Log.Path = append(b.Log.Path, b.Log.Path[0]) })},
		{"forged-log-path-short", "invalid", "log", "one hash less", s.changed(func(b *proof.Bundle) { b.Log.Path = b.Log.Path[1:] })},
		{"forged-log-path-order", "invalid", "log", "two hashes exchanged", s.changed(func(b *proof.Bundle) { p := b.Log.Path; p[0], p[1] = p[1], p[0] })},
	}
}

func (s *stage) forgedCheckpoints() []vector {
	impostor := prooftest.LogKey(s.log.Key.Name, "impostor")
	foreign := prooftest.New("hub.lain.go.id", journal)
	foreign.Append(prooftest.Record(1))
	later := prooftest.New(hub, strings.Repeat("ab", 16))
	forged := strings.Replace(s.text(), "\n7\n", "\n8\n", 1)
	with := func(checkpoint string) string { return s.changed(func(b *proof.Bundle) { b.Checkpoint = checkpoint }) }
	return []vector{
		{"forged-key", "invalid", "signature", "signed by another key of the same name", s.sealed(impostor.Sign(s.text(), s.at), s.auditor.Sign(s.text(), s.at))},
		{"forged-key-hash", "invalid", "signature", "another key's signature under the hash of the true one", s.sealed(disguised(impostor.Sign(s.text(), s.at), s.signed()))},
		{"forged-unsigned", "invalid", "signature", "cosigned by a witness, not signed by the log", s.sealed(s.auditor.Sign(s.text(), s.at))},
		{"forged-second-signature", "invalid", "signature", "the true signature, and one of the same key that does not fit", s.sealed(s.signed(), s.log.Key.Sign(forged, s.at))},
		{"forged-checkpoint-size", "invalid", "signature", "a larger size under the old signatures", with(prooftest.Note(forged, s.signed(), s.auditor.Sign(s.text(), s.at)))},
		{"forged-checkpoint-older", "invalid", "log", "a true checkpoint from before the entry", with(s.log.Checkpoint(3, s.at, s.auditor))},
		{"forged-checkpoint-old-covering", "invalid", "log", "a true checkpoint that covers the entry, with the path of a later one", with(s.log.Checkpoint(5, s.at, s.auditor))},
		{"forged-checkpoint-foreign", "invalid", "log", "the checkpoint of another hub's log", with(foreign.Checkpoint(1, s.at, s.auditor))},
		{"forged-journal", "invalid", "checkpoint", "the bundle says another journal", s.changed(func(b *proof.Bundle) { b.Journal = later.Journal })},
		{"forged-checkpoint-leading-zero", "invalid", "checkpoint", "a size with a leading zero", with(strings.Replace(s.proved().Checkpoint, "\n7\n", "\n07\n", 1))},
		{"forged-checkpoint-huge", "invalid", "checkpoint", "a size beyond 2^53", with(strings.Replace(s.proved().Checkpoint, "\n7\n", "\n18446744073709551616\n", 1))},
		{"forged-checkpoint-control", "invalid", "checkpoint", "a control character in the note", with(strings.Replace(s.proved().Checkpoint, hub, hub+"\x1b[2J", 1))},
		{"forged-checkpoint-no-note", "invalid", "checkpoint", "no signed note at all", with("halo")},
	}
}

func (s *stage) forgedCosignatures() []vector {
	earlier := s.log.Text(5)
	return []vector{
		{"forged-cosignature", "invalid", "witnesses", "a cosignature over another checkpoint", s.sealed(s.signed(), s.auditor.Sign(earlier, s.at))},
		{"forged-cosignature-time", "invalid", "witnesses", "a cosignature with another time", s.sealed(s.signed(), redated(s.auditor.Sign(s.text(), s.at)))},
		{"forged-cosignature-second", "invalid", "witnesses", "one true cosignature, and one that does not fit", s.sealed(s.signed(), s.peer.Sign(s.text(), s.at), s.auditor.Sign(earlier, s.at))},
	}
}

func (s *stage) unusable() []vector {
	whole := file(s.proved())
	sequence := `"sequence": ` + strconv.FormatUint(s.sequence, 10)
	number := func(n string) string { return s.edited(sequence, `"sequence": `+n) }
	base64 := `"record": "eyJ`
	return []vector{
		{"unusable-empty", unusable, "", "nothing", ""},
		{"unusable-truncated", unusable, "", "half a file", whole[:len(whole)/2]},
		{"unusable-trailing", unusable, "", "another object behind the first", whole + "{}"},
		{"unusable-duplicate", unusable, "", "a member stands twice", s.edited(`"exchange"`, `"exchange": "019ab000-0000-7000-8000-000000000001", "exchange"`)},
		{"unusable-duplicate-escaped", unusable, "", "a member stands twice, once with an escape", s.edited(`"exchange"`, `"\u0065xchange": "019ab000-0000-7000-8000-000000000001", "exchange"`)},
		{"unusable-duplicate-nested", unusable, "", "a member stands twice further in", s.edited(`"index"`, `"index": 0, "index"`)},
		{"unusable-unknown", unusable, "", "a member that no proof has", s.edited(`"exchange"`, `"verified": true, "exchange"`)},
		{"unusable-case", unusable, "", "a member's name in capitals", s.edited(`"exchange"`, `"Exchange"`)},
		{"unusable-format", unusable, "", "a form that is not known", s.edited(proof.Format, "simpul-proof/2")},
		{"unusable-base64-url", unusable, "", "base64 of the other alphabet", s.edited(base64, `"record": "-_J`)},
		{"unusable-base64-break", unusable, "", "base64 with a line break", s.edited(base64, `"record": "ey\nJ`)},
		{"unusable-base64-bits", unusable, "", "base64 whose last bits are not zero", strings.Replace(s.changed(func(b *proof.Bundle) { b.Record = []byte("x") }), `"eA=="`, `"eB=="`, 1)},
		{"unusable-negative", unusable, "", "a negative number", number("-1")},
		{"unusable-fraction", unusable, "", "a fraction", number("1.5")},
		{"unusable-exponent", unusable, "", "an exponent", number("1e2")},
		{"unusable-huge", unusable, "", "beyond 64 bits", number("18446744073709551617")},
		{"unusable-imprecise", unusable, "", "beyond 2^53", number("9007199254740993")},
		{"unusable-nan", unusable, "", "not a number", number("NaN")},
		{"unusable-text-number", unusable, "", "a number as text", number(`"5"`)},
		{"unusable-hash-size", unusable, "", "a hash of 33 bytes", s.changed(func(b *proof.Bundle) { b.Log.Path[0] = append(b.Log.Path[0], 0) })},
		{"unusable-path-endless", unusable, "", "a path of 65 hashes", s.changed(func(b *proof.Bundle) { b.Log.Path = slices.Repeat(b.Log.Path[:1], 65) })},
		{"unusable-not-utf8", unusable, "", "a byte that is no UTF-8", s.edited("simpul-proof", "simpul\xffproof")},
		{"unusable-list", unusable, "", "a list", "[" + whole + "]"},
		{"unusable-no-record", unusable, "", "no record", s.changed(func(b *proof.Bundle) { b.Record = nil })},
	}
}

func opened(s *stage) proof.Bundle {
	l := prooftest.New(hub, journal)
	l.Append(prooftest.Record(1))
	l.Append(bytes.Replace(prooftest.Record(2), []byte(`"sealed"`), []byte(`"opened"`), 1))
	return l.Bundle(2, s.at, s.auditor)
}

// erased is the proof of a record whose sealed part is gone. The note may name any key.
func erased(s *stage, noted string) proof.Bundle {
	l := prooftest.New(hub, journal)
	l.Append(prooftest.Record(1))
	l.Append(bytes.Replace(prooftest.Record(2), []byte(`,"salt"`), []byte(`,"personal":"AQ","personal_key":"terbatas/2026-09","salt"`), 1))
	b := l.Bundle(2, s.at, s.auditor)
	b.Personal = proof.Erasure{Key: noted, At: s.at}.Note()
	return b
}

func compact(file string) string {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(file)); err != nil {
		return err.Error()
	}
	return b.String()
}

func TestVectors(t *testing.T) {
	keys := mustKeys(t, newStage().keys())
	for _, v := range trials() {
		t.Run(v.Name, func(t *testing.T) {
			status, failed := judge(v.file, keys, proof.Demand{Request: bodyOf(v.Request), Response: bodyOf(v.Response)})
			if status != v.Status || failed != v.Failed {
				t.Errorf("%s %q, want %s %q: %s", status, failed, v.Status, v.Failed, v.Why)
			}
		})
	}
}

func bodyOf(file string) *proof.Body {
	if file == "" {
		return nil
	}
	return new(proof.Body(sha256.Sum256([]byte(bodyFiles()[file]))))
}

// judge is the status, and the first step that fails.
func judge(file string, keys proof.Keys, demand proof.Demand) (status, failed string) {
	b, err := proof.Parse([]byte(file))
	if err != nil {
		return unusable, ""
	}
	got := proof.Verify(b, keys, demand)
	for _, s := range got.Steps {
		if s.State == proof.Failed {
			return string(got.Status), s.Name
		}
	}
	return string(got.Status), ""
}

// Whoever checks proofs by another program must come to what testdata says.
func TestVectorsAreInTestdata(t *testing.T) {
	files := bodyFiles()
	files["keys.txt"] = newStage().keys()
	list, err := json.MarshalIndent(trials(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	files["vectors.json"] = string(list) + "\n"
	for _, v := range trials() {
		files[v.Name+".json"] = v.file
	}
	for name, want := range files {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s is not as it should be (%v); run with -update", path, err)
		}
	}
}
