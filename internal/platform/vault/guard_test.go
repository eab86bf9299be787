package vault_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/vault"
)

// chip is a guard in memory. It may know SHA-1 only, as some tokens do.
type chip struct {
	key     *rsa.PrivateKey
	old     bool
	failing error
	asked   int
}

func newChip(t testing.TB) *chip {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &chip{key: key}
}

func (c *chip) Public() ([]byte, error) {
	if c.failing != nil {
		return nil, c.failing
	}
	return x509.MarshalPKIXPublicKey(&c.key.PublicKey)
}

func (c *chip) Unwrap(wrapped []byte, hash string) ([]byte, error) {
	c.asked++
	h := crypto.SHA256
	if hash == "SHA-1" {
		h = crypto.SHA1
	} else if c.old {
		return nil, errors.New("mechanism")
	}
	return c.key.Decrypt(nil, wrapped, &rsa.OAEPOptions{Hash: h})
}

func guarded(t testing.TB, file string, g vault.Guard) *vault.Vault {
	t.Helper()
	v, err := vault.OpenGuarded(file, g)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWrappingAndUnwrapping(t *testing.T) {
	for _, old := range []bool{false, true} {
		file, c := keyFile(t), newChip(t)
		c.old = old
		sealed := seal(t, open(t, file), "rahasia")
		clear := read(t, file)

		backup, err := vault.Wrap(file, c)
		if err != nil || backup != file+".before-wrap" || !bytes.Equal(read(t, backup), clear) {
			t.Fatalf("%q, %v", backup, err)
		}
		if info, err := os.Stat(backup); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the copy has mode %v, %v", info.Mode(), err)
		}
		if text := string(read(t, file)); strings.Contains(text, "keyData") || strings.Contains(text, "primaryKeyId") {
			t.Errorf("wrapped file holds keys: %s", text)
		}
		wantOpen(t, guarded(t, file, c), sealed, "rahasia")
		_, err = vault.Wrap(file, c)
		if simpul.CodeOf(err) != simpul.CodeConflict {
			t.Errorf("wrapped twice: %v", err)
		}

		if backup, err = vault.Unwrap(file, c); err != nil || backup != file+".before-unwrap" {
			t.Fatalf("%q, %v", backup, err)
		}
		wantOpen(t, open(t, file), sealed, "rahasia")
		if backup, err = vault.Wrap(file, c); err != nil || backup != file+".before-wrap-2" {
			t.Errorf("an older copy is kept: %q, %v", backup, err)
		}
	}
}

func TestAWrappedVaultRotatesAndIsMadeWrapped(t *testing.T) {
	file, c := keyFile(t), newChip(t)
	v := guarded(t, file, c)
	if strings.Contains(string(read(t, file)), "keyData") {
		t.Fatal("a fresh file is in clear")
	}
	sealed := seal(t, v, "rahasia")
	asked := c.asked
	for range 10 {
		wantOpen(t, v, sealed, "rahasia")
	}
	if c.asked != asked {
		t.Error("opening a value asks the guard")
	}
	other := guarded(t, file, c)
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
	wantOpen(t, other, seal(t, v, "baru"), "baru") // reads the file again, by the guard
	wantOpen(t, guarded(t, file, c), sealed, "rahasia")
}

func TestGuardedFilesAreRefused(t *testing.T) {
	file, c := keyFile(t), newChip(t)
	open(t, file)
	_, err := vault.OpenGuarded(file, c)
	wantRefusal(t, err, vault.ErrClear)
	if _, err = vault.Wrap(file, c); err != nil {
		t.Fatal(err)
	}
	_, err = vault.Open(file)
	wantRefusal(t, err, vault.ErrWrapped)
	_, err = vault.OpenGuarded(file, newChip(t))
	wantRefusal(t, err, vault.ErrForeignGuard)
	broken := &chip{key: c.key, failing: errors.New("unplugged")}
	if _, err = vault.OpenGuarded(file, broken); !errors.Is(err, broken.failing) {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	_, err = vault.Wrap(file, c)
	wantRefusal(t, err, vault.ErrLost)
}

// A failed wrapping leaves the file as it was.
func TestAFailedWrappingChangesNothing(t *testing.T) {
	file, c := keyFile(t), newChip(t)
	open(t, file)
	clear := read(t, file)
	c.failing = errors.New("unplugged")
	if _, err := vault.Wrap(file, c); !errors.Is(err, c.failing) {
		t.Fatal(err)
	}
	if !bytes.Equal(read(t, file), clear) {
		t.Error("the file changed")
	}
	open(t, file)
}

// Every change of a wrapped file is noticed.
func TestAnAlteredWrappedFileDoesNotOpen(t *testing.T) {
	file, c := keyFile(t), newChip(t)
	guarded(t, file, c)
	var whole map[string]any
	text := read(t, file)
	if err := json.Unmarshal(text, &whole); err != nil {
		t.Fatal(err)
	}
	for name, value := range whole {
		changed := map[string]any{}
		for k, v := range whole {
			changed[k] = v
		}
		old := value.(string)
		first := "A"
		if old[0] == 'A' {
			first = "B"
		}
		changed[name] = first + old[1:]
		altered, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, altered, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.OpenGuarded(file, c); err == nil {
			t.Errorf("opens with another %s", name)
		}
	}
}

func TestAttachingAGuardedVault(t *testing.T) {
	db, file, c := testkit.SQLite(t), keyFile(t), newChip(t)
	if _, err := vault.Attach(t.Context(), db, file); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Wrap(file, c); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.AttachGuarded(t.Context(), db, file, c); err != nil {
		t.Errorf("the same keys, wrapped: %v", err)
	}
	_, err := vault.AttachGuarded(t.Context(), db, keyFile(t), c)
	wantRefusal(t, err, vault.ErrLost)
}

func FuzzWrappedKeyFile(f *testing.F) {
	f.Add([]byte(`{"format":"simpul/keys/wrapped/1","guard":"00","hash":"SHA-256","key":"AA==","sealed":"AA=="}`))
	f.Add([]byte(`{"format":"simpul/keys/wrapped/1"}`))
	c := newChip(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		file := t.TempDir() + "/vault.json"
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.OpenGuarded(file, c); err == nil {
			t.Errorf("opened %q", text)
		}
	})
}
