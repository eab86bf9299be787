package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestIndependentOpenIDClient signs a person in to an application of the demo
// nation with a client that others have written. In CI it must run; elsewhere it
// is skipped where Node.js or its packages are missing.
func TestIndependentOpenIDClient(t *testing.T) {
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(root, "node_modules", "openid-client"))
	}
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	nation, err := json.Marshal(startNation(t))
	if err != nil {
		t.Fatal(err)
	}
	story := exec.CommandContext(t.Context(), node, "e2e/openid/client.mjs")
	story.Dir = root
	story.Env = append(os.Environ(), "NATION="+string(nation))
	if out, err := story.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
