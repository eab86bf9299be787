package pkcs11_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/pkcs11"
)

const pin = "73915"

// softHSM makes a token with the RSA key 01 in a folder of the test, or skips
// the test where SoftHSM is not installed. In CI that is a failure.
func softHSM(t *testing.T) pkcs11.Token {
	t.Helper()
	modules, _ := filepath.Glob("/usr/lib/*/softhsm/libsofthsm2.so")
	modules = append(modules, "/usr/lib/softhsm/libsofthsm2.so")
	module := modules[len(modules)-1]
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
	run(t, "softhsm2-util", "--init-token", "--free", "--label", "simpul", "--pin", pin, "--so-pin", "87654321")
	token := pkcs11.Token{Module: module, Label: "simpul", Key: "01", PIN: pin}
	makeKey(t, token, "rsa:2048")
	return token
}

func makeKey(t *testing.T, token pkcs11.Token, kind string) {
	t.Helper()
	run(t, "pkcs11-tool", "--module", token.Module, "--token-label", token.Label, "--login", "--pin", pin, "--keypairgen", "--key-type", kind, "--id", token.Key, "--usage-decrypt")
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}

func wrap(t *testing.T, token pkcs11.Token, text string) []byte {
	t.Helper()
	der, err := token.Public()
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key.(*rsa.PublicKey), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return wrapped
}

func TestTheTokenUnwraps(t *testing.T) {
	token := softHSM(t)
	text := "kunci \x00 biner\n"
	if got, err := token.Unwrap(wrap(t, token, text), "SHA-1"); err != nil || string(got) != text {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := token.Unwrap(wrap(t, token, text), "SHA-256"); err == nil {
		t.Error("another hash opens it")
	}
	if _, err := token.Unwrap(wrap(t, token, text), "MD5"); err == nil {
		t.Error("an unknown hash opens it")
	}
	other := token
	other.Key = "02"
	makeKey(t, other, "rsa:2048")
	if got, err := other.Unwrap(wrap(t, token, text), "SHA-1"); err == nil && string(got) == text {
		t.Error("another key of the token opens it: the ID is not heeded")
	}
}

func TestWhyATokenRefuses(t *testing.T) {
	token := softHSM(t)
	weak := token
	weak.Key = "03"
	makeKey(t, weak, "EC:prime256v1")
	for _, c := range []struct {
		name   string
		change func(*pkcs11.Token)
		place  string
	}{
		{"wrong PIN", func(k *pkcs11.Token) { k.PIN = "00000" }, "vault.pkcs11.pin"},
		{"another token", func(k *pkcs11.Token) { k.Label = "lain" }, "vault.pkcs11.token"},
		{"another module", func(k *pkcs11.Token) { k.Module = "/nonexistent.so" }, "vault.pkcs11.module"},
		{"no such key", func(k *pkcs11.Token) { k.Key = "99" }, "vault.pkcs11.key"},
		{"not an RSA key", func(k *pkcs11.Token) { k.Key = "03" }, "vault.pkcs11.key"},
		{"a key that is no ID", func(k *pkcs11.Token) { k.Key = "vault" }, "vault.pkcs11.key"},
		{"no key", func(k *pkcs11.Token) { k.Key = "" }, "vault.pkcs11.key"},
		{"no PIN", func(k *pkcs11.Token) { k.PIN = "" }, "vault.pkcs11.pin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := token
			c.change(&k)
			_, err := k.Public()
			e, ok := errors.AsType[*simpul.Error](err)
			if !ok || e.Place != c.place || e.Message.ID == "" || e.Message.EN == "" || e.Remedy.ID == "" || e.Remedy.EN == "" {
				t.Fatalf("got %v, want a refusal at %s", err, c.place)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, k, k), pin) {
				t.Errorf("shows the PIN: %v", err)
			}
		})
	}
}

// The hub's settings, which hold secrets, do not reach the vendor's module.
func TestTheToolSeesNoSettings(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "pkcs11-tool"), []byte("#!/bin/sh\necho \"$@\"\nenv\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	t.Setenv("SIMPUL_DATABASE_URL", "postgres://rahasia")
	t.Setenv("VENDOR_SETTING", "tinggal")
	out, err := pkcs11.Token{Module: "/m.so", Label: "t", Key: "01", PIN: pin}.Unwrap(nil, "SHA-256")
	if err != nil {
		t.Fatal(err)
	}
	args, env, _ := strings.Cut(string(out), "\n")
	if strings.Contains(args, pin) || strings.Contains(env, "rahasia") || !strings.Contains(env, "VENDOR_SETTING=tinggal") || !strings.Contains(env, "="+pin) {
		t.Errorf("args %s\nenvironment %s", args, env)
	}
}
