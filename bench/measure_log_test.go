//go:build linux

package main

import (
	"io"
	"path/filepath"
	"testing"
)

func TestALogIsMeasured(t *testing.T) {
	r := &report{stdout: io.Discard, stderr: io.Discard}
	if err := measureLogOf(t.Context(), r, filepath.Join(t.TempDir(), "log"), logSizes{leaves: 1500, proofs: 50}); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range append(r.Figures, r.Asides...) {
		names[f.Name] = f.Value > 0
	}
	for _, name := range []string{logFigure, "log_cpu_per_record", "log_cpu_per_entry", "log_proof_p99", "log_checked"} {
		if !names[name] {
			t.Errorf("%s is not there: %+v", name, r)
		}
	}
}
