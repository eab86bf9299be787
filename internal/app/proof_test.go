package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

func TestProofsAreCheckedBeforeTheyAreShown(t *testing.T) {
	log := prooftest.New("hub.contoh.go.id", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
	log.Append(prooftest.Record(1), prooftest.Record(2))
	witness, at := prooftest.WitnessKey("saksi.bpk.go.id", ""), time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	forged := log.Bundle(1, at, witness)
	forged.Record = prooftest.Record(3)
	keys := []string{log.Key.Line(), witness.Line()}
	for name, c := range map[string]struct {
		bundle    proof.Bundle
		keys      []string
		sound     bool
		witnesses int
		own       bool // the hub's operator runs the witness
	}{
		"witnessed":       {log.Bundle(1, at, witness), keys, true, 1, false},
		"its own":         {log.Bundle(1, at, witness), keys, true, 1, true},
		"awaiting":        {log.Bundle(2, at), keys, true, 0, false},
		"forged":          {forged, keys, false, 1, false},
		"another log key": {log.Bundle(1, at, witness), []string{prooftest.LogKey(log.Key.Name, "other").Line()}, false, 0, false},
	} {
		p := proofs{
			of:   func(_ context.Context, _ simpul.Scope, exchange string) (proof.Bundle, error) { return c.bundle, nil },
			keys: func(context.Context) ([]string, error) { return c.keys, nil },
			own:  func(string) bool { return c.own },
		}
		got, err := p.Proof(t.Context(), simpul.NationScope(), prooftest.ID(1))
		if err != nil || got.Sound != c.sound || len(got.Witnesses) != c.witnesses || got.Entry != 1 || got.Size != 1 || got.Dependent != c.own {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if read, err := proof.Parse(got.File); err != nil || read.Exchange != c.bundle.Exchange {
			t.Errorf("%s: the file reads as %+v, %v", name, read, err)
		}
	}
}

func TestProofsPassErrorsOn(t *testing.T) {
	away := errors.New("away")
	p := proofs{of: func(context.Context, simpul.Scope, string) (proof.Bundle, error) { return proof.Bundle{}, away }}
	if _, err := p.Proof(t.Context(), simpul.NationScope(), prooftest.ID(1)); !errors.Is(err, away) {
		t.Error(err)
	}
	p.of = func(context.Context, simpul.Scope, string) (proof.Bundle, error) { return proof.Bundle{}, nil }
	p.keys = func(context.Context) ([]string, error) { return nil, away }
	if _, err := p.Proof(t.Context(), simpul.NationScope(), prooftest.ID(1)); !errors.Is(err, away) {
		t.Error(err)
	}
}
