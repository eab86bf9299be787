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
	t.Parallel()
	server := certificate(t, "gateway")
	nation, err := json.Marshal(startNation(t, "SIMPUL_GATEWAY_TLS_CERT="+server, "SIMPUL_GATEWAY_TLS_KEY="+server))
	if err != nil {
		t.Fatal(err)
	}
	story := exec.CommandContext(t.Context(), node, "e2e/openid/client.mjs")
	story.Dir = root
	story.Env = append(os.Environ(), "NATION="+string(nation), "NODE_EXTRA_CA_CERTS="+server,
		"CLIENT_CERTIFICATE="+certificate(t, "layanan"), "OTHER_CERTIFICATE="+certificate(t, "lain"))
	if out, err := story.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
