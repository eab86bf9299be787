package demo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/config"
)

// The credentials lie in the data folder, for its owner alone, and work.
func keepsItsCredentials(t *testing.T, n *Nation, c config.Config) {
	file := filepath.Join(c.Data, credentialsFile)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may read %s: %v", file, info.Mode())
	}
	secrets := n.Credentials
	if !strings.HasPrefix(secrets.AdminToken, "spt_") || !strings.HasPrefix(secrets.APIKey, "spk_") || !strings.HasPrefix(secrets.AidKey, "spk_") {
		t.Error("a credential is not of its kind")
	}
	p, err := n.Hub.Identity.Principal(t.Context(), simpul.Secret(secrets.AdminToken))
	if err != nil || !p.National {
		t.Errorf("the admin token stands for %+v: %v", p, err)
	}
}
