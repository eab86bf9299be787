package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

// vectors are the files that the Go program is held to as well.
const vectors = root + "/internal/exchange/evidence/proof/testdata"

// The check in the browser comes to what `simpul verify` comes to, for every vector:
// the same status, and the same first step that fails.
func TestBrowserJudgesProofsAsTheProgramDoes(t *testing.T) {
	needsNodeModules(t)
	list, err := os.ReadFile(filepath.Join(vectors, "vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Name, Status, Failed, Why string }
	if err := json.Unmarshal(list, &all); err != nil || len(all) < 20 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	var files []string
	for _, v := range all {
		files = append(files, filepath.Join(vectors, v.Name+".json"))
	}
	said := judge(t, filepath.Join(vectors, "keys.txt"), files...)
	for i, v := range all {
		if want := strings.TrimSpace(v.Status + " " + v.Failed); said[i] != want {
			t.Errorf("%s: %q, want %q: %s", v.Name, said[i], want, v.Why)
		}
	}
}

// judge runs the check of the browser under Node.js, and returns one line for each file.
func judge(t *testing.T, keys string, files ...string) []string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "judge.mjs")
	entry, err := filepath.Abs(filepath.Join(root, "web/islands/proof/vectors.test.ts"))
	if err != nil {
		t.Fatal(err)
	}
	result := api.Build(api.BuildOptions{EntryPoints: []string{entry}, Outfile: program, Bundle: true, Write: true, Format: api.FormatESModule, Platform: api.PlatformNode, Engines: reckoning})
	if len(result.Errors) > 0 {
		t.Fatal(failure(result.Errors))
	}
	out, err := exec.CommandContext(t.Context(), "node", append([]string{program, keys}, files...)...).CombinedOutput()
	said := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if err != nil || len(said) != len(files) {
		t.Fatalf("%d lines for %d files, %v:\n%s", len(said), len(files), err, out)
	}
	return said
}
