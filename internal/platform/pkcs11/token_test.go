package pkcs11_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/pkcs11"
	"simpul/internal/platform/testkit"
)

const pin = testkit.SoftHSMPIN

// softHSM is a token with the RSA key 01.
func softHSM(t *testing.T) pkcs11.Token {
	t.Helper()
	hsm := testkit.NewSoftHSM(t)
	return pkcs11.Token{Module: hsm.Module, Label: hsm.Label, Key: hsm.Key, PIN: simpul.Secret(hsm.PIN)}
}

func makeKey(t *testing.T, token pkcs11.Token, kind string) {
	t.Helper()
	testkit.SoftHSM{Module: token.Module, Label: token.Label, Key: token.Key, PIN: token.PIN.Reveal()}.MakeKey(t, kind)
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
