//go:build linux

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"simpul/internal/exchange/evidence/proof"
	"simpul/internal/exchange/evidence/proof/prooftest"
)

const verifyFigure = "verify_time"

const (
	logEntries      = 1_000_000 // of a block each
	verifiesInTurn  = 20        // whole processes, one after the other, in each round
	verifiesInside  = 200
	benchedHub      = "hub.contoh.go.id"
	benchedJournal  = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
	benchedSequence = logEntries / 3
)

// measureVerify measures how long `simpul verify` takes as a whole process, from its
// start to its end, on a proof from a log of a million entries that two witnesses
// cosigned. Beside it stands what of that is the check itself.
func measureVerify(ctx context.Context, l *lab) error {
	l.report.progress("building a log of %d entries", logEntries)
	bundle, keys, err := benchedProof()
	if err != nil {
		return err
	}
	file, trusted := filepath.Join(l.dir, "bukti.json"), filepath.Join(l.dir, "kunci.txt")
	if err := os.WriteFile(file, bundle, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(trusted, keys, 0o600); err != nil {
		return err
	}
	var rounds []float64
	for round := range l.Rounds {
		l.report.progress("verifying by whole processes: round %d of %d", round+1, l.Rounds)
		var took []float64
		for range verifiesInTurn {
			begun := time.Now()
			if said, err := exec.CommandContext(ctx, l.Simpul, "verify", file, "--keys", trusted, "--witnesses", "2").CombinedOutput(); err != nil {
				return fmt.Errorf("simpul verify: %w: %s", err, said)
			}
			took = append(took, milliseconds(time.Since(begun)))
		}
		rounds = append(rounds, median(took))
	}
	l.report.add(figure{Name: verifyFigure, Unit: "ms", Value: median(rounds), Rounds: rounds})
	inside, err := verifiedInside(bundle, keys)
	if err != nil {
		return err
	}
	l.report.aside(figure{Name: "of it, the check itself", Unit: "ms", Value: inside})
	return nil
}

// benchedProof is a proof from a large log, and the keys that go with it.
func benchedProof() (bundle, keys []byte, err error) {
	log := prooftest.New(benchedHub, benchedJournal)
	for n := range logEntries {
		log.Append(prooftest.Record(n + 1))
	}
	one, two := prooftest.WitnessKey("saksi-1.contoh.go.id", ""), prooftest.WitnessKey("saksi-2.contoh.go.id", "")
	bundle, err = json.Marshal(log.Bundle(benchedSequence, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), one, two))
	return bundle, []byte(log.Key.Line() + "\n" + one.Line() + "\n" + two.Line() + "\n"), err
}

// verifiedInside is the median of checks within this process, milliseconds.
func verifiedInside(bundle, keys []byte) (float64, error) {
	var took []float64
	for range verifiesInside {
		begun := time.Now()
		k, err := proof.ParseKeys(keys)
		if err != nil {
			return 0, err
		}
		b, err := proof.Parse(bundle)
		if err != nil {
			return 0, err
		}
		if v := proof.Verify(b, k, proof.Demand{Witnesses: 2}); v.Status != proof.Valid {
			return 0, fmt.Errorf("the proof is %s", v.Status)
		}
		took = append(took, milliseconds(time.Since(begun)))
	}
	return median(took), nil
}
