package vault_test

import (
	"errors"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"simpul"
	"simpul/internal/platform/vault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// email is a place as rooms name them.
var email = vault.Place{Tenant: "bandungkota.go.id", Table: "identity_account", Row: "a1", Column: "email"}

func keyFile(t *testing.T) string { return filepath.Join(t.TempDir(), "keys", "vault.json") }

func open(t *testing.T, file string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seal(t *testing.T, v *vault.Vault, plaintext string) []byte {
	t.Helper()
	sealed, err := v.Seal([]byte(plaintext), email)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func wantOpen(t *testing.T, v *vault.Vault, sealed []byte, want string) {
	t.Helper()
	if got, err := v.Open(sealed, email); err != nil || string(got) != want {
		t.Errorf("opened as %q, %v; want %q", got, err, want)
	}
}

// wantRefusal wants an error with a cause, that tells in both languages what to
// do.
func wantRefusal(t *testing.T, err, cause error) {
	t.Helper()
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || !errors.Is(err, cause) {
		t.Fatalf("error %v, want %v", err, cause)
	}
	if e.Message.ID == "" || e.Message.EN == "" || e.Remedy.ID == "" || e.Remedy.EN == "" {
		t.Errorf("%v does not say in both languages what to do", err)
	}
}
