package proof_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

func TestVerdictOfATrueProof(t *testing.T) {
	s := newStage()
	got := proof.Verify(s.proved(), mustKeys(t, s.keys()), proof.Demand{Witnesses: 2, Request: new(prooftest.Digest(prooftest.Question)), Response: new(prooftest.Digest(prooftest.Answer))})
	if got.Status != proof.Valid || got.Size != 7 || got.Origin != hub+"/evidence/"+journal {
		t.Errorf("%s, %d entries of %s", got.Status, got.Size, got.Origin)
	}
	want := []string{proof.StepRecord, proof.StepBlock, proof.StepLog, proof.StepCheckpoint, proof.StepSignature, proof.StepWitnesses, proof.StepRequest, proof.StepResponse}
	var names []string
	for _, step := range got.Steps {
		names = append(names, step.Name)
		if step.State != proof.OK || step.Text.ID == "" || step.Text.EN == "" {
			t.Errorf("%+v", step)
		}
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	witnesses := []proof.Witness{{Name: "saksi.bpk.go.id", At: s.at}, {Name: "saksi.jabarprov.go.id", At: s.at}}
	if diff := cmp.Diff(witnesses, got.Witnesses); diff != "" {
		t.Error(diff)
	}
	if r := got.Record; r.Application != "layanan@bandungkota.go.id" || r.Address != "master/Kota" || r.Purpose != "verifikasi penerima bantuan" || r.Status != 200 || r.Opened.IsZero() {
		t.Errorf("the record says %+v", r)
	}
}

func TestDemands(t *testing.T) {
	s := newStage()
	keys := mustKeys(t, s.keys())
	other := prooftest.Digest("lain")
	for name, c := range map[string]struct {
		bundle proof.Bundle
		demand proof.Demand
		failed string
	}{
		"more witnesses than there are": {s.proved(), proof.Demand{Witnesses: 3}, proof.StepWitnesses},
		"a witness where none is":       {s.log.Bundle(s.sequence, s.at), proof.Demand{Witnesses: 1}, proof.StepWitnesses},
		"another answer":                {s.proved(), proof.Demand{Response: &other}, proof.StepResponse},
		"another call":                  {s.proved(), proof.Demand{Request: &other}, proof.StepRequest},
		"an empty answer":               {s.proved(), proof.Demand{Response: new(simpul.Digest)}, proof.StepResponse},
		"an answer before there is one": {opened(s), proof.Demand{Response: new(prooftest.Digest(prooftest.Answer))}, proof.StepResponse},
	} {
		got := proof.Verify(c.bundle, keys, c.demand)
		at := slices.IndexFunc(got.Steps, func(step proof.Step) bool { return step.State == proof.Failed })
		if got.Status != proof.Invalid || at < 0 || got.Steps[at].Name != c.failed {
			t.Errorf("%s: %s, %+v", name, got.Status, got.Steps)
		}
	}
}

// Duplicates, and two keys of one witness, are one witness.
func TestAWitnessCountsOnce(t *testing.T) {
	s := newStage()
	renewed := prooftest.WitnessKey(s.auditor.Name, "renewed")
	keys := mustKeys(t, s.keys()+renewed.Line()+"\n")
	b := s.proved()
	b.Checkpoint = prooftest.Note(s.text(), s.signed(), s.auditor.Sign(s.text(), s.at), s.auditor.Sign(s.text(), s.at.Add(time.Minute)), renewed.Sign(s.text(), s.at))
	got := proof.Verify(b, keys, proof.Demand{Witnesses: 2})
	if got.Status != proof.Invalid || len(got.Witnesses) != 1 || !got.Newest().Equal(s.at.Add(time.Minute)) {
		t.Errorf("%s with %v", got.Status, got.Witnesses)
	}
}

// A log's key proves what its own log says, not what another's does.
func TestKeysOfOtherLogsProveNothing(t *testing.T) {
	s := newStage()
	other := prooftest.New(hub, strings.Repeat("ab", 16))
	got := proof.Verify(s.proved(), mustKeys(t, other.Key.Line()+"\n"+s.auditor.Line()), proof.Demand{})
	if got.Status != proof.Invalid {
		t.Error("a key of another log was taken")
	}
	b := s.proved()
	b.Checkpoint = prooftest.Note(s.text(), other.Key.Sign(s.text(), s.at), s.auditor.Sign(s.text(), s.at))
	if got := proof.Verify(b, mustKeys(t, other.Key.Line()), proof.Demand{}); got.Status != proof.Invalid {
		t.Error("another log signed, and it was taken")
	}
}

// Two keys of one log, as after a change of the key.
func TestEitherKeyOfALogWillDo(t *testing.T) {
	s := newStage()
	next := prooftest.LogKey(s.log.Key.Name, "next")
	keys := mustKeys(t, next.Line()+"\n"+s.keys())
	for _, signer := range []prooftest.Key{next, s.log.Key} {
		b := s.proved()
		b.Checkpoint = prooftest.Note(s.text(), signer.Sign(s.text(), s.at))
		if got := proof.Verify(b, keys, proof.Demand{}); got.Status != proof.Awaiting {
			t.Errorf("%s: %+v", got.Status, got.Steps)
		}
	}
}

func TestAFieldThatCannotBeCheckedProvesNothing(t *testing.T) {
	s := newStage()
	b := s.proved()
	b.Field = &proof.FieldProof{Pointer: "/nama", Value: `"Kota Bandung"`, Size: 1}
	if got := proof.Verify(b, mustKeys(t, s.keys()), proof.Demand{}); got.Status != proof.Invalid {
		t.Errorf("%s: %+v", got.Status, got.Steps)
	}
}

// What a bundle that was never parsed holds does no harm either.
func TestVerifyOfNothing(t *testing.T) {
	for _, b := range []proof.Bundle{{}, {Sequence: 1 << 63, Block: proof.BlockProof{First: 1<<64 - 1, Count: 1<<32 - 1, Path: [][]byte{nil}}}, {Exchange: "\x1b[2J", Journal: "\x1b[2J"}} {
		got := proof.Verify(b, proof.Keys{}, proof.Demand{})
		if got.Status != proof.Invalid {
			t.Errorf("%+v is %s", b, got.Status)
		}
		for _, step := range got.Steps {
			if strings.Contains(step.Text.ID+step.Text.EN, "\x1b") {
				t.Errorf("a control character in %q", step.Text.EN)
			}
		}
	}
}

func TestTruncatedAtEveryByte(t *testing.T) {
	s := newStage()
	keys := mustKeys(t, s.keys())
	whole := strings.TrimSpace(file(s.proved()))
	for n := range whole {
		if status, _ := judge(whole[:n], keys); status != unusable {
			t.Errorf("the first %d bytes are %s", n, status)
		}
	}
}

// A flip may cost a cosignature, whose name is not signed. It never makes the proof say
// something else.
func TestEveryByteFlipped(t *testing.T) {
	s := newStage()
	keys := mustKeys(t, s.keys())
	want := s.proved()
	truth := proof.Verify(want, keys, proof.Demand{})
	whole := []byte(file(want))
	for i := range whole {
		for _, mask := range []byte{0x01, 0x04, 0x20, 0x80, 0xff} {
			flipped := bytes.Clone(whole)
			flipped[i] ^= mask
			b, err := proof.Parse(flipped)
			if err != nil {
				continue
			}
			got := proof.Verify(b, keys, proof.Demand{})
			if got.Status == proof.Invalid {
				continue
			}
			b.Checkpoint = want.Checkpoint
			if diff := cmp.Diff(want, b); diff != "" {
				t.Fatalf("byte %d with %#x: %s", i, mask, diff)
			}
			if got.Origin != truth.Origin || got.Size != truth.Size || len(got.Witnesses) > len(truth.Witnesses) {
				t.Fatalf("byte %d with %#x says %+v", i, mask, got)
			}
		}
	}
}

func FuzzVerify(f *testing.F) {
	s := newStage()
	keys := mustKeys(f, s.keys())
	for _, v := range vectors() {
		f.Add([]byte(v.file))
	}
	whole := s.proved()
	known := map[string]bool{string(whole.Record): true, string(opened(s).Record): true, string(erased(s, "").Record): true, string(prooftest.Record(1)): true}
	f.Fuzz(func(t *testing.T, file []byte) {
		b, err := proof.Parse(file)
		if err != nil {
			return
		}
		if got := proof.Verify(b, keys, proof.Demand{}); got.Status != proof.Invalid && !known[string(b.Record)] {
			t.Errorf("%s, and nobody logged %q", got.Status, b.Record)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	s := newStage()
	keys := mustKeys(b, s.keys())
	whole := []byte(file(s.proved()))
	for b.Loop() {
		bundle, err := proof.Parse(whole)
		if err != nil {
			b.Fatal(err)
		}
		if got := proof.Verify(bundle, keys, proof.Demand{}); got.Status != proof.Valid {
			b.Fatal(got.Status)
		}
	}
}
