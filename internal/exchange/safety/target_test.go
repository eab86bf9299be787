package safety

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
)

// wantUntaken fails unless the backup was refused for want of a place, in words that name it,
// and left nothing that looks like a backup.
func wantUntaken(t *testing.T, s *store, name string) {
	t.Helper()
	_, err := s.take(name, "", false)
	if code := simpul.CodeOf(err); code == "" || code == simpul.CodeInternal {
		t.Errorf("it says %v", err)
	} else if !strings.Contains(err.Error(), s.path(filepath.Dir(name))) {
		t.Errorf("it does not name the place: %v", err)
	}
	left, _ := os.ReadDir(s.path(filepath.Dir(name)))
	for _, f := range left {
		if f.Name() != "filler" {
			t.Errorf("%s is left behind", f.Name())
		}
	}
}

// Where a backup is to go, the disk is read-only, full, or not to be written: nothing is
// left there, the store is as it was, and once the place is mended the same command works.
func TestTheTargetOfABackupTakesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		shut func(t *testing.T, dir string) (open func())
	}{
		"read-only": {func(t *testing.T, dir string) func() {
			mount(t, "tmpfs", dir, "tmpfs", 0, "size=8m")
			mount(t, "", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
			return func() { mount(t, "", dir, "", syscall.MS_REMOUNT, "") }
		}},
		"full": {func(t *testing.T, dir string) func() {
			mount(t, "tmpfs", dir, "tmpfs", 0, "size=8m")
			filler := filepath.Join(dir, "filler")
			f, err := os.Create(filler)
			if err != nil {
				t.Fatal(err)
			}
			for err == nil {
				_, err = f.Write(make([]byte, 4096))
			}
			f.Close()
			return func() { os.Remove(filler) }
		}},
		"no folder": {func(t *testing.T, dir string) func() {
			if err := os.Rename(dir, dir+".away"); err != nil {
				t.Fatal(err)
			}
			return func() { os.Rename(dir+".away", dir) }
		}},
		"a folder of somebody else": {func(t *testing.T, dir string) func() {
			if os.Geteuid() == 0 {
				t.Skip("root writes into every folder")
			}
			os.Chmod(dir, 0o500)
			return func() { os.Chmod(dir, 0o700) }
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t, testkit.SQLite(t))
			dir := s.path("sasaran")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			open := c.shut(t, dir)
			before := tree(t, s.data)
			wantUntaken(t, s, "sasaran/penuh")
			if after := tree(t, s.data); len(after) != len(before) {
				t.Errorf("the store has %d files, and had %d", len(after), len(before))
			}
			open()
			s.must("sasaran/penuh", "", false)
		})
	}
}

func mount(t *testing.T, source, dir, kind string, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount(source, dir, kind, flags, options); err != nil {
		t.Skipf("this machine does not let a test mount a file system: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}
