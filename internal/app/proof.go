package app

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/witness"
	"simpul/internal/portal"
)

// exchangeProofs is nil where this process keeps no evidence log.
func (h *Hub) exchangeProofs() portal.Proofs {
	if h.Ledger == nil {
		return nil
	}
	return proofs{h.Proofs().Of, h.publicLines, h.ownWitness}
}

// publicLines are the lines of the file of public keys.
func (h *Hub) publicLines(ctx context.Context) (lines []string, err error) {
	for _, source := range h.keyLines {
		more, err := source(ctx)
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	return lines, nil
}

// proofs gives the portal the proofs of the evidence log, each checked with the keys that
// the hub publishes before it is shown.
type proofs struct {
	of   func(ctx context.Context, scope simpul.Scope, exchange string) (proof.Bundle, error)
	keys func(context.Context) ([]string, error) // lines of the file of keys
	own  func(name string) bool                  // the hub's operator runs the witness, too
}

// Proof returns the proof of an exchange that the scope may see.
func (p proofs) Proof(ctx context.Context, scope simpul.Scope, id simpul.ExchangeID) (portal.Proof, error) {
	bundle, err := p.of(ctx, scope, string(id))
	if err != nil {
		return portal.Proof{}, err
	}
	lines, err := p.keys(ctx)
	if err != nil {
		return portal.Proof{}, err
	}
	keys, err := proof.ParseKeys([]byte(strings.Join(lines, "\n")))
	if err != nil {
		return portal.Proof{}, err
	}
	file, err := json.MarshalIndent(bundle, "", "  ")
	if err != nil {
		return portal.Proof{}, err
	}
	return p.summed(proof.Verify(bundle, keys, proof.Demand{}), bundle, append(file, '\n')), nil
}

func (p proofs) summed(v proof.Verdict, b proof.Bundle, file []byte) portal.Proof {
	shown := portal.Proof{File: file, Sound: v.Status != proof.Invalid, Entry: b.Log.Index + 1, Size: v.Size, Newest: v.Newest(), Dependent: len(v.Witnesses) > 0}
	if e, ok := b.Erased(); ok {
		shown.Erased = e.At
	}
	for _, w := range v.Witnesses {
		shown.Witnesses = append(shown.Witnesses, w.Name)
		shown.Dependent = shown.Dependent && p.own(w.Name)
	}
	return shown
}

// ownWitness reports whether the hub's operator runs the witness of that key, too.
func (h *Hub) ownWitness(name string) bool {
	return slices.ContainsFunc(h.Witnesses.Peers(), func(p witness.Peer) bool { return p.Own && p.Key.Name() == name })
}
