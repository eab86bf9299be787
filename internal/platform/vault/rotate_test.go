package vault_test

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"simpul"
	"simpul/internal/platform/vault"
)

func rotate(t *testing.T, v *vault.Vault) {
	t.Helper()
	if err := v.Rotate(); err != nil {
		t.Fatal(err)
	}
}

func primary(t *testing.T, v *vault.Vault) vault.KeyID {
	t.Helper()
	i := slices.IndexFunc(v.Keys(), func(k vault.Key) bool { return k.Primary })
	if i < 0 {
		t.Fatalf("no primary among %v", v.Keys())
	}
	return v.Keys()[i].ID
}

func TestRotateKeepsTheOldReadable(t *testing.T) {
	file := keyFile(t)
	v := open(t, file)
	old, first := seal(t, v, "lama"), primary(t, v)
	if !v.Current(old) {
		t.Error("a fresh value is not current")
	}
	rotate(t, v)
	if primary(t, v) == first || len(v.Keys()) != 2 {
		t.Errorf("keys after the rotation: %v", v.Keys())
	}
	if v.Current(old) || !v.Current(seal(t, v, "baru")) || v.Current(nil) {
		t.Error("what is current is told wrongly")
	}
	wantOpen(t, v, old, "lama")
	restarted := open(t, file)
	wantOpen(t, restarted, old, "lama")
	wantOpen(t, restarted, seal(t, v, "baru"), "baru")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v after the rotation, %v", info.Mode(), err)
	}
}

// A process that did not rotate meets values of one that did.
func TestAnotherProcessFindsTheNewKey(t *testing.T) {
	file := keyFile(t)
	one, two := open(t, file), open(t, file)
	rotate(t, one)
	wantOpen(t, two, seal(t, one, "baru"), "baru")
	if primary(t, two) != primary(t, one) {
		t.Error("and still seals under the old key")
	}
	rotate(t, one)
	if err := two.Reload(); err != nil || primary(t, two) != primary(t, one) {
		t.Errorf("reloaded: %v", err)
	}
}

func TestRotatingAtOnceLosesNoKey(t *testing.T) {
	file := keyFile(t)
	const processes = 8
	sealed := make([][]byte, processes)
	var wg sync.WaitGroup
	for i := range processes {
		v := open(t, file)
		wg.Go(func() {
			if err := v.Rotate(); err != nil {
				t.Error(err)
				return
			}
			var err error
			if sealed[i], err = v.Seal([]byte("x"), email); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	v := open(t, file)
	for _, s := range sealed {
		wantOpen(t, v, s, "x")
	}
	if len(v.Keys()) != 1+processes {
		t.Errorf("%d keys, want %d", len(v.Keys()), 1+processes)
	}
}

func TestDestroyErasesWhatWasSealed(t *testing.T) {
	file := keyFile(t)
	v := open(t, file)
	old, first := seal(t, v, "lama"), primary(t, v)
	if err := v.Destroy(first); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Fatalf("the primary key was destroyed: %v", err)
	}
	rotate(t, v)
	fresh := seal(t, v, "baru")
	if err := v.Destroy(first); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*vault.Vault{"same process": v, "restarted": open(t, file)} {
		_, err := v.Open(old, email)
		wantRefusal(t, err, vault.ErrUnknownKey)
		wantOpen(t, v, fresh, "baru")
		if len(v.Keys()) != 1 {
			t.Errorf("%s: keys %v", name, v.Keys())
		}
	}
	if err := v.Destroy(first); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("destroyed twice: %v", err)
	}
	drafts, err := filepath.Glob(file + ".*.new")
	if err != nil || len(drafts) > 0 {
		t.Errorf("copies of the key are left: %v, %v", drafts, err)
	}
}

// A change begins with the file. One that is gone, or of another vault, is not
// overwritten, and the keys in memory stay in use.
func TestChangesRefuseAFileThatIsNotTheirs(t *testing.T) {
	for name, c := range map[string]struct {
		harm  func(t *testing.T, file string)
		cause error
	}{
		"gone": {func(t *testing.T, file string) { os.Remove(file) }, vault.ErrLost},
		"another vault's": {func(t *testing.T, file string) {
			other := keyFile(t)
			open(t, other)
			if err := os.Rename(other, file); err != nil {
				t.Fatal(err)
			}
		}, vault.ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			file := keyFile(t)
			v := open(t, file)
			sealed := seal(t, v, "rahasia")
			c.harm(t, file)
			before, _ := os.ReadFile(file)
			for _, change := range []func() error{v.Rotate, v.Reload, func() error { return v.Destroy(primary(t, v)) }} {
				wantRefusal(t, change(), c.cause)
			}
			if after, _ := os.ReadFile(file); string(after) != string(before) {
				t.Error("the file was changed")
			}
			wantOpen(t, v, sealed, "rahasia")
		})
	}
}
