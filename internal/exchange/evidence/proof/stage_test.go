package proof_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

const (
	hub     = "hub.contoh.go.id"
	journal = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
)

// stage is a log of seven entries with a record in the middle of a block of five.
type stage struct {
	log      *prooftest.Log
	sequence uint64
	at       time.Time
	auditor  prooftest.Key
	peer     prooftest.Key
}

func newStage() *stage {
	s := &stage{
		log: prooftest.New(hub, journal), at: time.Date(2026, 11, 25, 8, 31, 0, 0, time.UTC),
		auditor: prooftest.WitnessKey("saksi.bpk.go.id", ""), peer: prooftest.WitnessKey("saksi.jabarprov.go.id", ""),
	}
	n := 0
	for _, count := range []int{1, 256, 3, 5, 1, 2, 1} {
		records := make([][]byte, count)
		for i := range records {
			n++
			records[i] = prooftest.Record(n)
		}
		if first := s.log.Append(records...); count == 5 {
			s.sequence = first + 2
		}
	}
	return s
}

// keys is the keys file that goes with every proof of the stage.
func (s *stage) keys() string {
	return "# Kunci hub contoh dan saksinya.\n" + s.log.Key.Line() + "\n\n" + s.auditor.Line() + "\n" + s.peer.Line() + "\n"
}

// proved is the true proof, cosigned by both.
func (s *stage) proved() proof.Bundle { return s.log.Bundle(s.sequence, s.at, s.auditor, s.peer) }

// keyed is the same with a record of commitments, and what stands sealed in it.
func (s *stage) keyed() proof.Bundle {
	l := prooftest.New(hub, journal)
	l.Append(prooftest.KeyedRecord(1))
	l.Append(prooftest.KeyedRecord(2), prooftest.KeyedRecord(3), prooftest.KeyedRecord(4))
	b := l.Bundle(3, s.at, s.auditor)
	b.Personal = prooftest.Personal(3)
	return b
}

// changed is the true proof but for the change.
func (s *stage) changed(change func(*proof.Bundle)) string {
	b := s.proved()
	change(&b)
	return file(b)
}

// sealed is the true proof with other signatures under its checkpoint.
func (s *stage) sealed(signatures ...string) string {
	return s.changed(func(b *proof.Bundle) { b.Checkpoint = prooftest.Note(s.text(), signatures...) })
}

func (s *stage) text() string { return s.log.Text(s.log.Size()) }

// signed is the log's own signature.
func (s *stage) signed() string { return s.log.Key.Sign(s.text(), s.at) }

// file is how a hub writes a bundle.
func file(b proof.Bundle) string {
	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(text) + "\n"
}

// edited is the true proof as a file, with a piece of its text replaced once.
func (s *stage) edited(old, replacement string) string {
	return strings.Replace(file(s.proved()), old, replacement, 1)
}

func mustKeys(t testing.TB, text string) proof.Keys {
	t.Helper()
	keys, err := proof.ParseKeys([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
