package ledger

import (
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"simpul/internal/exchange/evidence"
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

// noteRemoval says beside the segments that those before the first were removed at
// the end of their retention.
func noteRemoval(t testing.TB, r *room) {
	t.Helper()
	dir := filepath.Join(r.data, "evidence")
	first, err := strconv.ParseUint(strings.TrimSuffix(filepath.Base(segments(t, dir)[0]), ".seg"), 10, 64)
	must(t, err)
	object, err := json.Marshal(evidence.Removal{Journal: r.journal.ID().String(), Through: first - 1, At: time.Unix(0, 0).UTC()}, json.Deterministic(true))
	must(t, err)
	sum := crc32.Checksum(object, crc32.MakeTable(crc32.Castagnoli))
	must(t, os.WriteFile(filepath.Join(dir, "removed"), fmt.Appendf(nil, "simpul-removed/1 %08x %s\n", sum, object), 0o600))
}
