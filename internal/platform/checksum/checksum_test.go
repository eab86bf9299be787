package checksum_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/internal/platform/checksum"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a"), bytes.Repeat([]byte("isi "), checksum.Block/2))
	put(t, filepath.Join(dir, "b"), []byte("kecil"))
	put(t, filepath.Join(dir, "kosong"), nil)
	if err := checksum.Write(dir, []string{"a", "b", "kosong"}, monday); err != nil {
		t.Fatal(err)
	}
	return dir
}

func put(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, dir string) checksum.Report {
	t.Helper()
	r, err := checksum.Compare(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatStaysIsTheSame(t *testing.T) {
	dir := folder(t)
	if r := compare(t, dir); !r.At.Equal(monday) || len(r.Files) != 3 || len(r.Differences) > 0 {
		t.Errorf("%+v", r)
	}
	if err := checksum.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if r := compare(t, dir); !r.At.IsZero() {
		t.Errorf("without sums: %+v", r)
	}
	if err := checksum.Remove(dir); err != nil {
		t.Error(err)
	}
}

func TestEveryChangeIsFound(t *testing.T) {
	dir := folder(t)
	for _, name := range []string{"a", "b", checksum.Name} {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for at := 0; at < len(text); at += max(1, len(text)/101) {
			text[at] ^= 0x20
			put(t, path, text)
			if r := compare(t, dir); len(r.Differences) == 0 || r.Differences[0].File != name || int64(at) < r.Differences[0].Offset {
				t.Errorf("%s, offset %d: %+v", name, at, r.Differences)
			}
			text[at] ^= 0x20
		}
		put(t, path, append(text, 'x'))
		if r := compare(t, dir); len(r.Differences) == 0 {
			t.Errorf("%s grew", name)
		}
		put(t, path, text)
	}
	if err := os.Remove(filepath.Join(dir, "b")); err != nil {
		t.Fatal(err)
	}
	if r := compare(t, dir); len(r.Differences) != 1 || r.Differences[0].Kind != checksum.Gone {
		t.Errorf("%+v", r)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add([]byte("{}\n00000000\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		dir := t.TempDir()
		put(t, filepath.Join(dir, checksum.Name), text)
		if r, err := checksum.Compare(dir); err == nil && len(r.Differences) == 0 && len(r.Files) > 0 {
			t.Errorf("%q covers %q", text, r.Files)
		}
	})
}
