package app_test

import (
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/app"
	journal "simpul/internal/exchange/evidence"
	blocks "simpul/internal/exchange/evidence/ledger"
	"simpul/internal/exchange/safety"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
)

// Whatever the journal and the log name as a fault is a finding with words, and the
// table has no words for what neither of them names.
func TestEveryFaultIsAKindOfFinding(t *testing.T) {
	known := map[safety.Code]bool{}
	for _, k := range app.StoreFindingKinds() {
		known[k.Code] = true
	}
	for _, f := range journal.Faults() {
		if code := safety.JournalCode(string(f)); !known[code] || f.Error() == journal.FaultUnread.Error() && f != journal.FaultUnread {
			t.Errorf("%s is no kind of finding, or says nothing", code)
		}
	}
	for _, f := range blocks.Faults() {
		if code := safety.LogCode(string(f)); !known[code] || f.Error() == blocks.FaultUnread.Error() && f != blocks.FaultUnread {
			t.Errorf("%s is no kind of finding, or says nothing", code)
		}
	}
}

// aged is a small store that has everything a store can have: a journal in several files
// whose oldest retention removed, a log of several entries, keys, and the checksums
// of a hub that stopped in order.
func aged(t *testing.T) config.Config {
	t.Helper()
	place := newSite(t)
	hub := place.serve(t)
	key := hub.settle(t)
	hub.offer(t, "Data", answering(t, slowAnswer), object{"class": "tertutup"}, nil)
	for range 4 {
		call(t, hub.client, hub.gateway+"/uji/Data", key)
	}
	stopInOrder(t, hub)
	lengthen(t, place.data)
	again := place.serve(t)
	eventually(t, "the log with everything", func() bool {
		return strings.Contains(public(t, again.client, strings.TrimSuffix(again.url, "/api/v1")+"/metrics"), "\nsimpul_log_lag_records 0\n")
	})
	call(t, again.client, again.gateway+"/uji/Data", key)
	stopInOrder(t, again)
	c := settings(t, place.data)
	retire(t, c)
	stopInOrder(t, place.serve(t))
	return c
}

func stopInOrder(t *testing.T, hub *process) {
	t.Helper()
	hub.terminate()
	if err := hub.wait(t); err != nil {
		t.Fatal(err)
	}
}

// lengthen writes every record once more, into further files.
func lengthen(t *testing.T, data string) {
	t.Helper()
	j, err := journal.OpenJournal(data, journal.Options{SegmentBytes: 2000})
	if err != nil {
		t.Fatal(err)
	}
	r, last := j.Read(1), j.Last()
	for range last {
		e, err := r.Next()
		if err == nil {
			_, err = j.Commit(t.Context(), slices.Clone(e.Payload))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(r.Close(), j.Close()); err != nil {
		t.Fatal(err)
	}
}

// retire removes the oldest file of the journal as retention does.
func retire(t *testing.T, c config.Config) {
	t.Helper()
	segments, _ := filepath.Glob(filepath.Join(c.Data, "evidence", "*.seg"))
	if len(segments) < 3 {
		t.Fatalf("the journal has %d files", len(segments))
	}
	found, err := journal.Inspect(t.Context(), c.Data, nil)
	if err != nil {
		t.Fatal(err)
	}
	next, err := strconv.ParseUint(strings.TrimSuffix(filepath.Base(segments[1]), ".seg"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	object := fmt.Sprintf(`{"journal":"%s","through":%d,"at":"2026-11-25T00:00:00Z","days":{"tertutup":30}}`, found.ID, next-1)
	text := fmt.Sprintf("simpul-removed/1 %08x %s\n", crc32.Checksum([]byte(object), crc32.MakeTable(crc32.Castagnoli)), object)
	err = errors.Join(os.WriteFile(filepath.Join(c.Data, "evidence", "removed"), []byte(text), 0o600), os.Remove(segments[0]))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqldb.Open(t.Context(), c.Database.URL)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO evidence_removal (journal, through, at) VALUES ($1, $2, $3)`, found.ID.String(), int64(next-1), time.Now().UnixMilli())
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// harmed is one way in which a file is not what it was.
type harmed struct {
	how string
	do  func(raw []byte) []byte // nil: the file is gone
}

func flipped(at int, bit int) harmed {
	return harmed{fmt.Sprintf("byte %d flipped", at), func(raw []byte) []byte {
		raw = slices.Clone(raw)
		raw[at] ^= 1 << bit
		return raw
	}}
}

// harms are what is done to a file of so many bytes: every byte is flipped, or of larger
// ones so many, evenly from a random one on; it is cut, doubled and deleted.
func harms(random *rand.Rand, size, most int) (all []harmed) {
	step := max(1, size/most)
	for at := random.IntN(step); at < size; at += step {
		all = append(all, flipped(at, random.IntN(8)))
	}
	if size > 0 {
		all = append(all,
			harmed{"last byte cut", func(raw []byte) []byte { return raw[:len(raw)-1] }},
			harmed{"cut in the middle", func(raw []byte) []byte { return raw[:len(raw)/2] }},
			harmed{"emptied", func(raw []byte) []byte { return []byte{} }},
			harmed{"doubled", func(raw []byte) []byte { return slices.Concat(raw, raw) }})
	}
	return append(all, harmed{how: "deleted"})
}

// overlooked says why a check may pass over what was done to a file; "" where it must not.
// There is nothing else that it passes over.
func overlooked(name, how string, summed bool, largest map[string]bool) string {
	switch {
	case strings.HasSuffix(name, "lock") && how == "deleted":
		return "it is empty, and made again"
	case strings.Contains(name, "/tile/") && how == "deleted" && !largest[name]:
		return "a part of a tile that a larger part has replaced; nothing reads it"
	case summed:
		return ""
	case name == "checksums":
		return "the hub went down, so there is none"
	case name == "simpul.db" && how != "deleted" && how != "emptied" && how != "cut in the middle":
		return "SQLite has no checksums: a text that nothing refers to, a free page, and what is behind its last page (ADR 43)"
	case name == "vault.json" && strings.HasPrefix(how, "byte"):
		return "a key under which nothing is sealed, and white space (ADR 43)"
	case name == "vault.json" && how == "last byte cut":
		return "white space"
	case name == "vault.json.lock", name == "evidence/lock":
		return "it is empty"
	}
	return ""
}

// largestParts are the tiles that a log reads: of each the one with the most entries.
func largestParts(files map[string]int64) map[string]bool {
	largest := map[string]int{}
	for name := range files {
		if dir := path.Dir(name); strings.HasSuffix(dir, ".p") {
			n, _ := strconv.Atoi(path.Base(name))
			largest[dir] = max(largest[dir], n)
		}
	}
	all := map[string]bool{}
	for dir, n := range largest {
		all[fmt.Sprintf("%s/%d", dir, n)] = true
	}
	return all
}

// flipsEnv makes the test below harm so many bytes of each file; 0: all of them.
const flipsEnv = "SIMPUL_TEST_FLIPS"

// Every file of a store is harmed in turn, and each time fsck names that file. A store
// whose hub was killed has no checksums; what goes unseen there is listed above, and why.
func TestFsckNamesEachFileThatIsHarmed(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	most := 4
	if n, err := strconv.Atoi(os.Getenv(flipsEnv)); err == nil {
		most = n
	}
	t.Logf("seed %d, %d flips a file (%s)", seed, most, flipsEnv)
	whole := aged(t)
	for _, summed := range []bool{true, false} {
		t.Run(map[bool]string{true: "stopped in order", false: "killed"}[summed], func(t *testing.T) {
			t.Parallel()
			c := settings(t, filepath.Join(t.TempDir(), "hub"))
			if err := os.CopyFS(c.Data, os.DirFS(whole.Data)); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Join(c.Data, "vault.json"), 0o600); err != nil { // copying makes it readable
				t.Fatal(err)
			}
			if !summed {
				if err := os.Remove(filepath.Join(c.Data, "checksums")); err != nil {
					t.Fatal(err)
				}
			}
			harmEach(t, c, rand.New(rand.NewPCG(seed, 0)), most, summed)
		})
	}
}

func harmEach(t *testing.T, c config.Config, random *rand.Rand, most int, summed bool) {
	if r := check(t, c); !r.Clean() || r.Summed.IsZero() == summed {
		t.Fatalf("%+v", r.Findings)
	}
	files := filesOf(t, c.Data)
	largest, passedOver := largestParts(files), map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := filepath.Join(c.Data, name)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		flips := len(raw)
		if most > 0 && (most < flips) {
			flips = most
		}
		for _, h := range harms(random, len(raw), max(flips, 1)) {
			harm(t, file, raw, h)
			named := names(check(t, c), name)
			why := overlooked(name, h.how, summed, largest)
			if !named && why == "" {
				t.Errorf("%s, %s: %+v", name, h.how, check(t, c).Findings)
			}
			if !named {
				passedOver[name+": "+why]++
			}
			if err := os.WriteFile(file, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(passedOver)) {
		t.Logf("passed over %d times: %s", passedOver[what], what)
	}
	if r := check(t, c); !r.Clean() {
		t.Errorf("everything is as it was: %+v", r.Findings)
	}
}

func harm(t *testing.T, file string, raw []byte, h harmed) {
	t.Helper()
	err := os.Remove(file)
	if h.do != nil {
		err = os.WriteFile(file, h.do(raw), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// names reports whether a finding is about the file: that it is damaged, that its end looks
// like an interrupted write, or that it is missing behind the file before.
func names(r app.StoreReport, file string) bool {
	return slices.ContainsFunc(r.Findings, func(f app.StoreFinding) bool {
		about := f.Place == file || strings.HasPrefix(f.Place, file+" (") || (f.Code == "journal.missing" || f.Code == "log.journal-shorter") && f.Detail == filepath.Base(file)
		return about && (f.Harm() || f.Code == "journal.torn" || f.Code == "log.list-tail" || f.Code == "keys.missing" || f.Code == "store.no-checksums")
	})
}
