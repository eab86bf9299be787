package ledger

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"

	"github.com/transparency-dev/merkle/rfc6962"

	"simpul/internal/exchange/evidence"
)

func (r *room) check(t testing.TB) Report {
	t.Helper()
	report, err := Check(t.Context(), r.data, r.journal, r.key.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Tessera's own checker, which shares nothing with ours but the format, passes on
// a log of 10,000 entries, and so does ours.
func TestTesserasCheckerPasses(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 10_000)
	o := Options{Records: 1}
	l := r.filled(t, o)
	if l.Size() != 10_000 {
		t.Fatalf("the log has %d entries", l.Size())
	}
	must(t, checkWithTessera(t, l))
	report := r.check(t)
	if len(report.Findings) > 0 || len(report.Leftovers) > 0 || report.Entries != 10_000 || report.Records != 10_000 || report.Unread != 0 {
		t.Errorf("the report is %+v", report)
	}
	flip(t, l.path("tile/0/007"), 100)
	if err := checkWithTessera(t, l); err == nil {
		t.Error("Tessera's checker passes on a damaged tile")
	}
}

func checkWithTessera(t testing.TB, l *Ledger) error {
	silence()
	hashes := func(raw []byte) (leaves [][]byte, err error) {
		blocks, err := parseBundle(raw)
		for _, b := range blocks {
			leaves = append(leaves, rfc6962.DefaultHasher.HashLeaf(b.Entry()))
		}
		return leaves, err
	}
	return fsck.New(l.Origin(), l.verifier, client.FileFetcher{Root: l.dir}, hashes, fsck.Opts{N: 2}).Check(t.Context())
}

// Every byte of every file of a small log and its journal is changed in turn, and
// every time the file is named.
func TestEveryFlippedByteIsFound(t *testing.T) {
	r := newRoom(t, evidence.Options{SegmentBytes: 4 << 10})
	for range 3 {
		r.write(t, 3)
		r.filled(t, Options{Records: 2})
	}
	if before := r.check(t); len(before.Findings) > 0 {
		t.Fatalf("before: %v", before.Findings)
	}
	n := 0
	must(t, filepath.WalkDir(r.data, func(path string, entry fs.DirEntry, err error) error {
		must(t, err)
		name, err := filepath.Rel(r.data, path)
		must(t, err)
		if entry.IsDir() || entry.Name() == "lock" {
			return nil
		}
		raw := readAll(t, path)
		for at := range raw {
			changed := append([]byte{}, raw...)
			changed[at] ^= 1 << (at % 8)
			must(t, os.WriteFile(path, changed, 0o600))
			if report := r.check(t); !names(report, name) {
				t.Errorf("%s, byte %d: %v", name, at, report.Findings)
			}
			n++
		}
		must(t, os.WriteFile(path, raw, 0o600))
		return nil
	}))
	if after := r.check(t); len(after.Findings) > 0 || n < 2000 {
		t.Errorf("after %d flips: %v", n, after.Findings)
	}
}

func names(r Report, file string) bool {
	for _, f := range r.Findings {
		if f.File == file || strings.HasPrefix(f.String(), "evidence: ") && strings.Contains(f.String(), filepath.Base(file)) {
			return true
		}
	}
	return false
}

func TestWhatElseACheckFinds(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(t *testing.T, dir, list string)
		file string // "" for none
	}{
		"a tile is gone":       {func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, "tile/0/001")) }, "tile/0/001"},
		"entries are gone":     {func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, "tile/entries/000")) }, "tile/entries/000"},
		"the list is gone":     {func(t *testing.T, _, list string) { remove(t, list) }, listName},
		"the state is gone":    {func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, ".state/treeState")) }, ".state/treeState"},
		"the checkpoint too":   {func(t *testing.T, dir, _ string) { remove(t, filepath.Join(dir, "checkpoint")) }, "checkpoint"},
		"a tile is too long":   {func(t *testing.T, dir, _ string) { extend(t, filepath.Join(dir, "tile/0/000"), "x") }, "tile/0/000"},
		"a stranger":           {func(t *testing.T, dir, _ string) { must(t, os.WriteFile(filepath.Join(dir, "x"), nil, 0o600)) }, "x"},
		"a tile of the future": {func(t *testing.T, dir, _ string) { must(t, os.WriteFile(filepath.Join(dir, "tile/0/009"), nil, 0o600)) }, "tile/0/009"},
		"two tiles swapped": {func(t *testing.T, dir, _ string) {
			a, b := filepath.Join(dir, "tile/entries/000"), filepath.Join(dir, "tile/entries/001")
			one, two := readAll(t, a), readAll(t, b)
			must(t, os.WriteFile(a, two, 0o600))
			must(t, os.WriteFile(b, one, 0o600))
		}, "tile/entries/001"},
		"a write was interrupted": {func(t *testing.T, dir, _ string) {
			must(t, os.WriteFile(filepath.Join(dir, "tile/0/0001234567"), []byte("x"), 0o600))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t, evidence.Options{})
			r.write(t, 600)
			l := r.filled(t, Options{Records: 1})
			c.do(t, l.dir, listPath(evidence.Dir(r.data)))
			report := r.check(t)
			found := false
			for _, f := range report.Findings {
				found = found || strings.HasSuffix(f.File, "/"+c.file)
			}
			if c.file != "" && !found || c.file == "" && (len(report.Findings) > 0 || len(report.Leftovers) != 1) {
				t.Errorf("the report is %+v", report)
			}
		})
	}
}

// Whoever can write all files and not sign cannot change a record.
func TestAnotherKeyIsFound(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 30)
	r.filled(t, quick())
	other, err := NewKey("hub.example", r.journal.ID().String())
	must(t, err)
	r.key = other
	if report := r.check(t); len(report.Findings) != 1 || !strings.HasSuffix(report.Findings[0].File, "/checkpoint") {
		t.Errorf("the report is %+v", report)
	}
}

func TestACheckBeforeAnyLog(t *testing.T) {
	r := newRoom(t, evidence.Options{})
	r.write(t, 30)
	if report := r.check(t); len(report.Findings) != 0 || report.Entries != 0 {
		t.Errorf("the report is %+v", report)
	}
}

// Entries whose records retention removed are checked for their place.
func TestACheckWithoutOldRecords(t *testing.T) {
	r := newRoom(t, evidence.Options{SegmentBytes: 4 << 10})
	for range 20 {
		r.write(t, 50)
	}
	l := r.filled(t, Options{Records: 10})
	must(t, r.journal.Close())
	removeOldest(t, filepath.Join(r.data, "evidence"), 8)
	noteRemoval(t, r)
	r.openJournal(t, evidence.Options{SegmentBytes: 4 << 10})
	report := r.check(t)
	if len(report.Findings) > 0 || report.Unread == 0 || report.Unread == report.Entries {
		t.Fatalf("the report is %+v", report)
	}
	for at := range lengthBytes + entryBytes { // of a block that nobody can make anew
		flip(t, l.path("tile/entries/000.p/100"), at)
		if report := r.check(t); len(report.Findings) != 1 || !strings.HasSuffix(report.Findings[0].File, "/tile/entries/000.p/100") {
			t.Errorf("byte %d of an entry without records: %v", at, report.Findings)
		}
		flip(t, l.path("tile/entries/000.p/100"), at)
	}
	flip(t, l.path("tile/0/000.p/100"), 20)
	if report := r.check(t); len(report.Findings) != 1 || !strings.HasSuffix(report.Findings[0].File, "/tile/0/000.p/100") {
		t.Errorf("a byte of the hash of an entry without records: %v", report.Findings)
	}
}
