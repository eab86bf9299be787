package proof_test

import (
	"bytes"
	"testing"

	"simpul/internal/exchange/evidence/proof"
)

func TestEntryComesBackAsItWas(t *testing.T) {
	for _, b := range []proof.Block{{First: 1, Count: 1}, {First: 1 << 40, Count: proof.MaxRecords, Root: proof.Leaf([]byte("x"))}} {
		if got, err := proof.ParseBlock(b.Entry()); err != nil || got != b {
			t.Errorf("%+v came back as %+v, %v", b, got, err)
		}
	}
}

func FuzzParseBlock(f *testing.F) {
	f.Add(proof.Block{First: 7, Count: 3}.Entry())
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, entry []byte) {
		if b, err := proof.ParseBlock(entry); err == nil && !bytes.Equal(b.Entry(), entry) {
			t.Errorf("%x reads as %+v, which is written %x", entry, b, b.Entry())
		}
	})
}
