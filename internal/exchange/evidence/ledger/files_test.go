package ledger

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What tests do to files.

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, path string) { t.Helper(); must(t, os.RemoveAll(path)) }

func truncate(t testing.TB, path string, to int64) { t.Helper(); must(t, os.Truncate(path, to)) }

func readAll(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

func extend(t testing.TB, path, by string) {
	t.Helper()
	must(t, os.WriteFile(path, append(readAll(t, path), by...), 0o600))
}

// flip changes one bit; a negative offset counts from the end.
func flip(t testing.TB, path string, at int) {
	t.Helper()
	b := readAll(t, path)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	must(t, os.WriteFile(path, b, 0o600))
}

// copied copies a file or a folder and returns where the copy is.
func copied(t testing.TB, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	info, err := os.Stat(path)
	must(t, err)
	if info.IsDir() {
		must(t, os.CopyFS(to, os.DirFS(path)))
	} else {
		must(t, os.WriteFile(to, readAll(t, path), 0o600))
	}
	return to
}

func replace(t testing.TB, path, by string) {
	t.Helper()
	remove(t, path)
	must(t, os.CopyFS(path, os.DirFS(by)))
}

func segments(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.seg"))
	must(t, err)
	slices.Sort(names)
	return names
}

// truncateLast cuts so much off the newest segment that records are gone.
func truncateLast(t testing.TB, dir string) {
	t.Helper()
	all := segments(t, dir)
	last := all[len(all)-1]
	truncate(t, last, int64(len(readAll(t, last))/2))
}

func removeOldest(t testing.TB, dir string, n int) {
	t.Helper()
	for _, name := range segments(t, dir)[:n] {
		remove(t, name)
	}
}
