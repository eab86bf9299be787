package app_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/config"
	"simpul/internal/platform/testkit"
)

// starts opens a hub and closes it, or says why it does not start.
func starts(t *testing.T, c config.Config) error {
	t.Helper()
	hub, err := app.Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return hub.Close()
}

// A hub that began with its keys in clear goes on with them wrapped by a token,
// and back. Whatever does not fit is refused when it starts.
func TestAHubWhoseKeysATokenWraps(t *testing.T) {
	hsm := testkit.NewSoftHSM(t)
	c := settings(t, t.TempDir())
	if err := starts(t, c); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pin")
	if err := os.WriteFile(file, []byte(hsm.PIN+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrapped := c
	wrapped.Vault.PKCS11 = config.PKCS11{Module: hsm.Module, Token: hsm.Label, Key: hsm.Key, PINFile: file}
	refused := func(name string, c config.Config, place string) {
		t.Helper()
		e, ok := errors.AsType[*simpul.Error](starts(t, c))
		if !ok || e.Place != place {
			t.Errorf("%s: %v, want a refusal at %s", name, e, place)
			return
		}
		if strings.Contains(e.Error(), hsm.PIN) {
			t.Errorf("%s shows the PIN: %v", name, e)
		}
	}
	refused("a token, but a file in clear", wrapped, "vault.file")
	if backup, err := app.WrapVault(wrapped); err != nil || !strings.HasSuffix(backup, "vault.json.before-wrap") {
		t.Fatalf("%q, %v", backup, err)
	}
	if err := starts(t, wrapped); err != nil {
		t.Fatal(err)
	}
	refused("no token, but a wrapped file", c, "vault.pkcs11")

	wrong := wrapped
	wrong.Vault.PKCS11.PINFile, wrong.Vault.PKCS11.PIN = "", "00000"
	refused("a wrong PIN", wrong, "vault.pkcs11.pin")
	wrong = wrapped
	wrong.Vault.PKCS11.Token = "lain"
	refused("a missing token", wrong, "vault.pkcs11.token")
	wrong = wrapped
	wrong.Vault.PKCS11.Key = "02"
	other := hsm
	other.Key = "02"
	other.MakeKey(t, "rsa:2048")
	refused("a foreign key", wrong, "vault.pkcs11.key")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	refused("a PIN file that others read", wrapped, "vault.pkcs11.pinFile")
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
	}

	if backup, err := app.UnwrapVault(wrapped); err != nil || !strings.HasSuffix(backup, "vault.json.before-unwrap") {
		t.Fatalf("%q, %v", backup, err)
	}
	if err := starts(t, c); err != nil {
		t.Error(err)
	}
}
