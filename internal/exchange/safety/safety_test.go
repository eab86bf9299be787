package safety

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/archive"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

func TestAChainOfBackupsIsRestored(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStore(t, db)
		s.put("log/0a1b/checkpoint", note("hub/log", 300))
		s.put("log/0a1b/.state/treeState", `{"size":301,"root":"x"}`)
		s.put("log/0a1b/tile/entries/000", strings.Repeat("e", 500))
		s.put("log/0a1b/tile/entries/001.p/45", "partial")
		s.put("log/0a1b/tile/entries/002.p/1", "begins behind the end")
		s.put(blocksName, "blok")
		s.put(removedName, "belum")
		s.must("penuh", "", true)

		s.put(blocksName, "blok blok")
		s.record(5, "bbbb") // the last segment grew and was closed
		s.record(9, "c")
		s.agency("dua.go.id")
		s.put("log/0a1b/checkpoint", note("hub/log", 512))
		s.put("log/0a1b/.state/treeState", `{"size":512,"root":"x"}`)
		s.put("log/0a1b/tile/entries/001", strings.Repeat("f", 500))
		if err := os.RemoveAll(filepath.Join(s.data, "log/0a1b/tile/entries/001.p")); err != nil {
			t.Fatal(err)
		}
		second := s.must("senin", "penuh", false)
		if in := second.Journal.Segments[0].In; in == second.ID || second.Journal.Segments[1].In != second.ID {
			t.Error("what never changes was copied again")
		}
		s.record(9, "ccc")
		s.agency("tiga.go.id")
		s.must("selasa", "senin", true)

		want := tree(t, s.data)
		delete(want, "log/0a1b/tile/entries/002.p/1")
		for _, engine := range []string{"SQLite", "PostgreSQL"} {
			if engine == "PostgreSQL" && os.Getenv(testkit.PostgresEnv) == "" {
				continue
			}
			data, url, done, err := s.into(engine, nil, "penuh", "senin", "selasa")
			if err != nil {
				t.Fatal(engine, err)
			}
			got := tree(t, data)
			for _, name := range []string{"simpul.db", restoredName, keysName} {
				delete(got, name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(engine, diff)
			}
			if n := count(t, url, `SELECT COUNT(*) FROM agency_agency`); n != 3 {
				t.Errorf("%s: %d agencies", engine, n)
			}
			if n := count(t, url, `SELECT COUNT(*) FROM trail_event WHERE action = 'hub.restore'`); n != 1 {
				t.Errorf("%s: the restoring stands %d times in the trail", engine, n)
			}
			if !done.Keys || done.Mark.Position != 11 || done.Mark.LogSize != 512 || done.Mark.Lost != nil {
				t.Errorf("%s: %+v", engine, done.Mark)
			}
			if m, err := ReadMark(data); err != nil || m.Backup != done.Manifest.ID {
				t.Error(m, err)
			}
		}
	})
}

func TestAChainThatIsBrokenIsRefused(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	s.must("penuh", "", true)
	s.record(5, "bbbb")
	s.record(9, "c")
	s.must("senin", "penuh", true)
	s.record(9, "cc")
	s.must("selasa", "senin", true)
	s.must("lain", "", true)
	accept := func(_ *Restore, f *From) { f.AcceptOlder = true }
	for _, chain := range [][]string{{}, {"senin"}, {"penuh", "selasa"}, {"senin", "penuh"}, {"penuh", "selasa", "senin"}, {"lain", "selasa"}, {"penuh", "lain"}, {"penuh", "penuh"}} {
		data, _, _, err := s.into("SQLite", accept, chain...)
		if simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%v: %v", chain, err)
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%v: something is left behind", chain)
		}
		var paths []string
		for _, name := range chain {
			paths = append(paths, s.path(name))
		}
		if _, err := Verify(t.Context(), paths, []archive.Identity{s.id}); len(chain) > 0 && err == nil {
			t.Errorf("%v was verified", chain)
		}
	}
	paths := []string{s.path("penuh"), s.path("senin"), s.path("selasa")}
	if v, err := Verify(t.Context(), paths, []archive.Identity{s.id}); err != nil || v.Files != 3 || !v.Opened {
		t.Error(v, err)
	}
	if v, err := Verify(t.Context(), paths, nil); err != nil || v.Files != 3 || v.Opened {
		t.Error(v, err)
	}
}

func TestAnOlderBackupIsRecognised(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	s.put("log/0a1b/checkpoint", note("hub/log", 3))
	s.must("lama", "", true)
	s.record(5, "bbbbbb")
	s.put("log/0a1b/checkpoint", note("hub/log", 7))
	s.must("baru", "", true)
	kept := filepath.Join(t.TempDir(), "tanda"+receiptSuffix)
	checkpoint := filepath.Join(t.TempDir(), "checkpoint")
	forked := filepath.Join(t.TempDir(), "forked")
	text, err := os.ReadFile(s.path("baru" + receiptSuffix))
	fork := strings.Replace(note("hub/log", 3), "AAAA", "BBBB", 1)
	if err = errors.Join(err, os.WriteFile(kept, text, 0o600), os.WriteFile(checkpoint, []byte(note("hub/log", 7)), 0o600), os.WriteFile(forked, []byte(fork), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.into("SQLite", nil, "lama"); simpul.CodeOf(err) != simpul.CodeConflict || !strings.Contains(err.Error(), "7 to 10") {
		t.Errorf("a newer one lies beside it: %v", err)
	}
	if err := os.Remove(s.path("baru" + receiptSuffix)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.into("SQLite", nil, "lama"); err != nil {
		t.Errorf("nothing newer is known: %v", err)
	}
	for newest, says := range map[string]string{kept: "records of exchanges 7 to 10", checkpoint: "transparency log 3 to 6", forked: "forged"} {
		data, _, _, err := s.into("SQLite", func(_ *Restore, f *From) { f.Newest = newest }, "lama")
		if e, ok := errors.AsType[*simpul.Error](err); !ok || !strings.Contains(e.Message.EN+e.Remedy.EN, says) {
			t.Errorf("%s: %v", filepath.Base(newest), err)
		}
		if _, err := os.Stat(data); err == nil {
			t.Error("something is left behind")
		}
	}
	data, _, done, err := s.into("SQLite", func(_ *Restore, f *From) { f.Newest, f.AcceptOlder = kept, true }, "lama")
	if err != nil || done.Mark.Lost == nil || done.Mark.Lost.From != 7 || done.Mark.Lost.To != 10 {
		t.Errorf("%+v, %v", done.Mark.Lost, err)
	}
	if m, err := ReadMark(data); err != nil || m.Lost == nil {
		t.Error(m, err)
	}
	if _, _, _, err := s.into("SQLite", func(_ *Restore, f *From) { f.Newest, f.AcceptOlder = forked, true }, "lama"); err == nil {
		t.Error("a fork was accepted as merely older")
	}
	if _, _, _, err := s.into("SQLite", func(_ *Restore, f *From) { f.Newest = s.path("baru") }, "lama"); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("what is no receipt: %v", err)
	}
}

// fullDisk is a file on a disk with so many bytes left.
type fullDisk struct {
	*os.File
	left *int
}

func (f fullDisk) Write(b []byte) (int, error) {
	if *f.left -= len(b); *f.left < 0 {
		return 0, syscall.ENOSPC
	}
	return f.File.Write(b)
}

func TestADiskThatIsFullWhileRestoring(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	s.must("penuh", "", true)
	for _, left := range []int{0, 3, 8, 20, 100} {
		data, _, _, err := s.into("SQLite", func(r *Restore, _ *From) {
			r.create = func(path string) (io.WriteCloser, error) {
				f, err := os.Create(path)
				return fullDisk{f, &left}, err
			}
		}, "penuh")
		if e, ok := errors.AsType[*simpul.Error](err); !ok || !strings.Contains(e.Message.EN, "disk is full") {
			t.Errorf("%v", err)
		}
		if _, err := os.Stat(data); err == nil {
			t.Error("something is left behind")
		}
	}
}

func TestRestoringChangesNothingThatExists(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStore(t, db)
		s.must("penuh", "", true)
		occupied := t.TempDir()
		if err := os.WriteFile(filepath.Join(occupied, "x"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := s.into("SQLite", func(r *Restore, _ *From) { r.Data = occupied }, "penuh"); simpul.CodeOf(err) != simpul.CodeConflict {
			t.Error(err)
		}
		if got := tree(t, occupied); len(got) != 1 {
			t.Errorf("%v", got)
		}
		if db.Engine() == "PostgreSQL" {
			_, url, _, err := s.into("PostgreSQL", nil, "penuh")
			if err != nil {
				t.Fatal(err)
			}
			if _, _, _, err := s.into("PostgreSQL", func(r *Restore, _ *From) { r.Database = url }, "penuh"); simpul.CodeOf(err) != simpul.CodeConflict {
				t.Error(err)
			}
		}
	})
}

func TestWhatABackupRefuses(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	if _, err := (Backup{}).Take(t.Context(), Wish{Out: s.path("x")}); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("without a recipient: %v", err)
	}
	s.record(5, "bbbb")
	s.record(9, "c")
	s.must("penuh", "", false)
	if _, err := s.take("penuh", "", false); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("over an older one: %v", err)
	}
	if _, err := s.take("y", "nowhere", false); simpul.CodeOf(err) != simpul.CodeInvalid {
		t.Errorf("since nothing: %v", err)
	}
	s.record(1, "aaaaa")
	if _, err := s.take("y", "penuh", false); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("a closed segment changed: %v", err)
	}
	s.record(1, "aaaa")
	if err := os.Remove(filepath.Join(s.data, "evidence", fmt.Sprintf("%020d.seg", 9))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.take("y", "penuh", false); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("the journal is older than the backup: %v", err)
	}
	s.record(9, "c")
	mark, err := json.Marshal(Mark{Format: markFormat, At: s.now.Add(time.Hour), Backup: "another"})
	if err != nil {
		t.Fatal(err)
	}
	s.put(restoredName, string(mark))
	if _, err := s.take("y", "penuh", false); simpul.CodeOf(err) != simpul.CodeConflict {
		t.Errorf("restored since: %v", err)
	}
	if names, _ := os.ReadDir(s.out); len(names) != 2 {
		t.Errorf("left behind: %v", names)
	}
}

func TestABackupWithoutKeysSaysSo(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	r := s.must("penuh", "", false)
	data, _, done, err := s.into("SQLite", nil, "penuh")
	if err != nil || done.Keys {
		t.Fatal(done, err)
	}
	if _, err := os.Stat(filepath.Join(data, keysName)); err == nil {
		t.Error("keys were in it")
	}
	text, err := os.ReadFile(s.path("penuh" + receiptSuffix))
	if err != nil || strings.Contains(string(text), "agency_agency") || r.Archive.SHA256 == "" {
		t.Errorf("the receipt tells of the database: %s, %v", text, err)
	}
	other := filepath.Join(t.TempDir(), "vault.json")
	if err := os.WriteFile(other, []byte("kunci lain"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.into("SQLite", func(_ *Restore, f *From) { f.VaultFile = other }, "penuh"); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("another hub's keys: %v", err)
	}
}

func TestBeyond(t *testing.T) {
	for _, c := range []struct {
		name string
		size uint64
		want bool
	}{
		{"log/tile/entries/000.p/3", 3, false}, {"log/tile/entries/000", 3, false}, {"log/tile/entries/001.p/1", 256, true}, {"log/tile/entries/001.p/1", 257, false},
		{"log/tile/0/x001/x234/067", 1234067*256 + 1, false}, {"log/tile/0/x001/x234/067", 1234067 * 256, true},
		{"log/tile/1/000.p/1", 255, true}, {"log/tile/1/000.p/1", 256, false}, {"log/checkpoint", 0, false}, {"log/tile/entries/000.p/1", 0, true},
	} {
		if got := beyond(c.name, map[string]uint64{"log": c.size}); got != c.want {
			t.Errorf("%s of %d: %v", c.name, c.size, got)
		}
	}
}

func TestOperatorsAreToldWhenABackupIsDue(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStore(t, db) // whose trail begins on monday
		due := func(at time.Time) bool {
			t.Helper()
			var is bool
			err := db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
				n, due, err := Due(t.Context(), tx, at)
				if is = due; due && (n.Title.ID == "" || n.Title.EN == "" || n.Key == "") {
					t.Errorf("%+v", n)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return is
		}
		if due(monday.Add(time.Hour)) || !due(monday.Add(MaxAge+time.Hour)) {
			t.Error("a hub is new for a week, and no longer")
		}
		s.now = monday.Add(MaxAge)
		s.must("penuh", "", true)
		if due(s.now.Add(MaxAge-time.Hour)) || !due(s.now.Add(MaxAge)) {
			t.Error("a backup is young for a week, and no longer")
		}
	})
}
