package demo

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
)

func TestCredentialsAreForTheOwnerOnly(t *testing.T) {
	c := demoSettings(t, t.TempDir())
	n, _ := settle(t, c)
	file := filepath.Join(c.Data, credentialsFile)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others may read %s: %v", file, info.Mode())
	}
	for prefix, secret := range map[string]string{"spt_": n.Credentials.AdminToken, "spk_": n.Credentials.APIKey} {
		if !strings.HasPrefix(secret, prefix) {
			t.Errorf("%q", secret)
		}
	}
	p, err := n.Hub.Identity.Principal(t.Context(), simpul.Secret(n.Credentials.AdminToken))
	if err != nil || p.Role != simpul.RoleOperator {
		t.Errorf("the admin token stands for %+v: %v", p, err)
	}
}

// A folder whose credentials were deleted gets new ones, and they work.
func TestLostCredentialsAreIssuedAnew(t *testing.T) {
	c := demoSettings(t, t.TempDir())
	first, leave := settle(t, c)
	lost := first.Credentials
	leave()
	if err := os.Remove(filepath.Join(c.Data, credentialsFile)); err != nil {
		t.Fatal(err)
	}
	second, _ := settle(t, c)
	if second.Credentials.APIKey == lost.APIKey || second.Credentials.AdminToken == lost.AdminToken {
		t.Error("the same credentials came back")
	}
	at, stop := serve(t, second)
	defer stop()
	if _, err := second.Once(t.Context(), at.Gateway); err != nil {
		t.Error(err)
	}
}

func TestDamagedCredentialsAreNamed(t *testing.T) {
	c := demoSettings(t, t.TempDir())
	_, leave := settle(t, c)
	leave()
	file := filepath.Join(c.Data, credentialsFile)
	if err := os.WriteFile(file, []byte(`{"admin_tok`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), c, "", slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("does not name %s: %v", file, err)
	}
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
