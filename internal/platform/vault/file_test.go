package vault_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"simpul"
	"simpul/internal/platform/vault"
)

// keyMaterial returns what is secret in a key file.
func keyMaterial(t *testing.T, file string) (keys []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	type set struct {
		Key []struct{ KeyData struct{ Value string } }
	}
	var f struct{ Sealing, Digests set }
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatal(err)
	}
	for _, k := range append(f.Sealing.Key, f.Digests.Key...) {
		if len(k.KeyData.Value) < 32 {
			t.Fatalf("no key in %s", file)
		}
		keys = append(keys, k.KeyData.Value)
	}
	return keys
}

func TestKeyFileIsForItsOwnerOnly(t *testing.T) {
	file := keyFile(t)
	open(t, file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("made with mode %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(filepath.Dir(file)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its folder was made with mode %v, %v", info.Mode(), err)
	}
	for mode, accepted := range map[os.FileMode]bool{
		0o600: true, 0o400: true,
		0o640: false, 0o604: false, 0o620: false, 0o602: false, 0o610: false, 0o644: false, 0o777: false, 0o440: false,
	} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		_, err := vault.Open(file)
		if (err == nil) != accepted {
			t.Errorf("mode %04o: %v", mode, err)
		}
		if !accepted && (simpul.CodeOf(err) != simpul.CodeInvalid || !strings.Contains(err.Error(), file)) {
			t.Errorf("mode %04o: %v does not name the file", mode, err)
		}
	}
}

// A key file that is not understood is left as it is: it may be the only one.
func TestDamagedKeyFileIsRefusedAndKept(t *testing.T) {
	file := keyFile(t)
	rotate(t, open(t, file)) // so that the first key is not the primary
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	secrets := keyMaterial(t, file)
	damaged := map[string]string{
		"empty":            "",
		"not JSON":         "kunci",
		"other format":     strings.Replace(string(whole), "simpul/keys/1", "simpul/keys/2", 1),
		"weaker algorithm": strings.Replace(string(whole), "AesGcmKey", "AesGcmSivKey", 1),
		"raw prefix":       strings.Replace(string(whole), `"TINK"`, `"RAW"`, 1),
		"disabled key":     strings.Replace(string(whole), "ENABLED", "DISABLED", 1),
		"keysets swapped":  strings.NewReplacer(`"sealing"`, `"digests"`, `"digests"`, `"sealing"`).Replace(string(whole)),
	}
	for n := 1; n < len(whole)-2; n += 97 {
		damaged[fmt.Sprintf("cut at %d", n)] = string(whole[:n])
	}
	for name, text := range damaged {
		if text == string(whole) {
			t.Fatalf("%s: nothing was damaged", name)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := vault.Open(file)
		if simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, secret := range secrets {
			if strings.Contains(err.Error(), secret[:16]) {
				t.Errorf("%s: the error quotes a key", name)
			}
		}
		if kept, err := os.ReadFile(file); err != nil || string(kept) != text {
			t.Errorf("%s: the file was changed, %v", name, err)
		}
	}
}

func TestKeyFileThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	if _, err := vault.Open(dir); err == nil {
		t.Error("a folder was taken for a key file")
	}
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(filepath.Join(blocked, "keys.json")); err == nil {
		t.Error("a key file was made below a file")
	}
}

// Nodes that start at once on an empty folder end with the same keys.
func TestOpenedAtOnceTheFileIsOne(t *testing.T) {
	file := keyFile(t)
	vaults := make([]*vault.Vault, 16)
	var wg sync.WaitGroup
	for i := range vaults {
		wg.Go(func() {
			v, err := vault.Open(file)
			if err != nil {
				t.Error(err)
			}
			vaults[i] = v
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	sealed := seal(t, vaults[0], "rahasia")
	for _, v := range vaults {
		wantOpen(t, v, sealed, "rahasia")
	}
	if len(vaults[0].Keys()) != 1 {
		t.Errorf("%d keys", len(vaults[0].Keys()))
	}
	drafts, err := filepath.Glob(file + ".*.new")
	if err != nil || len(drafts) > 0 {
		t.Errorf("left behind: %v, %v", drafts, err)
	}
}
