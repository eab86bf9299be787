package testkit

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// SoftHSMPIN is the PIN of every token that NewSoftHSM makes.
const SoftHSMPIN = "73915"

// SoftHSM is a PKCS#11 token in a folder of the test, with an RSA key.
type SoftHSM struct{ Module, Label, Key, PIN string }

// NewSoftHSM makes a token, or skips the test where SoftHSM and OpenSC are not
// installed. In CI that is a failure.
func NewSoftHSM(t testing.TB) SoftHSM {
	t.Helper()
	const module = "/usr/lib/softhsm/libsofthsm2.so"
	_, err := os.Stat(module)
	_, util := exec.LookPath("softhsm2-util")
	_, tool := exec.LookPath("pkcs11-tool")
	if err := errors.Join(err, util, tool); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("SoftHSM is missing: %v", err)
		}
		t.Skipf("SoftHSM is missing; scripts/install-tools test installs it: %v", err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "tokens"), 0o700); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(dir, "softhsm2.conf")
	if err := os.WriteFile(settings, fmt.Appendf(nil, "directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n", dir), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", settings)
	h := SoftHSM{module, "simpul", "01", SoftHSMPIN}
	command(t, "softhsm2-util", "--init-token", "--free", "--label", h.Label, "--pin", h.PIN, "--so-pin", "87654321")
	h.MakeKey(t, "rsa:2048")
	return h
}

// MakeKey makes a key pair of the kind, such as "rsa:2048", under the ID.
func (h SoftHSM) MakeKey(t testing.TB, kind string) {
	t.Helper()
	command(t, "pkcs11-tool", "--module", h.Module, "--token-label", h.Label, "--login", "--pin", h.PIN, "--keypairgen", "--key-type", kind, "--id", h.Key, "--usage-decrypt")
}

func command(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}
