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
	var all []struct{ Name, Status, Failed, Why, Request, Response string }
	if err := json.Unmarshal(list, &all); err != nil || len(all) < 20 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	var trials []trial
	for _, v := range all {
		trials = append(trials, trial{vectorFile(v.Name + ".json"), vectorFile(v.Request), vectorFile(v.Response)})
	}
	said := judge(t, vectorFile("keys.txt"), trials...)
	for i, v := range all {
		if want := strings.TrimSpace(v.Status + " " + v.Failed); said[i] != want {
			t.Errorf("%s: %q, want %q: %s", v.Name, said[i], want, v.Why)
		}
	}
}

// trial is a proof, and bodies that somebody holds: names of files, of which the latter may be
// empty.
type trial struct {
	Proof    string `json:"proof"`
	Request  string `json:"request,omitempty"`
	Response string `json:"response,omitempty"`
}

func vectorFile(name string) string {
	if name == "" {
		return ""
	}
	return filepath.Join(vectors, name)
}

// judge runs the check of the browser under Node.js, and returns one line for each trial.
func judge(t *testing.T, keys string, trials ...trial) []string {
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
	arguments := []string{program, keys}
	for _, one := range trials {
		text, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, string(text))
	}
	out, err := exec.CommandContext(t.Context(), "node", arguments...).CombinedOutput()
	said := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if err != nil || len(said) != len(trials) {
		t.Fatalf("%d lines for %d proofs, %v:\n%s", len(said), len(trials), err, out)
	}
	return said
}
