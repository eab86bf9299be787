package safety

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/archive"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/trail"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// segments is a journal of which a segment has one record, a letter a byte; the
// last one may still grow.
type segments struct{}

func (segments) Hold(string) (io.Closer, error) { return io.NopCloser(nil), nil }

func (segments) Survey(data string) (s Survey, err error) {
	names, err := os.ReadDir(filepath.Join(data, evidenceFolder))
	if err != nil {
		return s, err
	}
	names = slices.DeleteFunc(names, func(f fs.DirEntry) bool { return filepath.Ext(f.Name()) != ".seg" })
	s.ID = "jurnal"
	for n, f := range names {
		info, err := f.Info()
		if err != nil {
			return s, err
		}
		s.Segments = append(s.Segments, Segment{f.Name(), info.Size(), n < len(names)-1})
		s.Last += uint64(info.Size())
	}
	return s, nil
}

func (j segments) Inspect(_ context.Context, data string) (i Inspection, err error) {
	s, err := j.Survey(data)
	return Inspection{ID: s.ID, Last: s.Last, Records: s.Last, Segments: len(s.Segments)}, err
}

// keys is a vault with one key; it seals nothing.
type keys struct{ key string }

func (k keys) Digest(value, purpose string) (string, error) {
	m := hmac.New(sha256.New, []byte(k.key))
	m.Write([]byte(purpose + "/" + value))
	return hex.EncodeToString(m.Sum(nil)), nil
}
func (keys) Knows([]byte) bool                                   { return false }
func (keys) Open([]byte, string, string, string) ([]byte, error) { return nil, errors.New("no") }
func (k keys) Export() ([]byte, error)                           { return []byte(k.key), nil }
func openKeys(file string) (Vault, error) {
	text, err := os.ReadFile(file)
	return keys{string(text)}, err
}

// store is a hub's store, with what opens its backups.
type store struct {
	t    *testing.T
	db   *sqldb.DB
	data string
	id   *age.X25519Identity
	now  time.Time
	out  string
}

func newStore(t *testing.T, db *sqldb.DB) *store {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	s := &store{t, db, t.TempDir(), id, monday, t.TempDir()}
	s.record(1, "aaaa")
	s.record(5, "bb")
	s.agency("satu.go.id")
	return s
}

func (s *store) put(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.data, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) record(first int, text string) {
	s.put(fmt.Sprintf("evidence/%020d.seg", first), text)
}

func (s *store) agency(id string) {
	s.t.Helper()
	err := s.db.Write(s.t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(s.t.Context(), `INSERT INTO agency_agency (id, name, level, region, suspended, created_at, updated_at) VALUES ($1, 'Uji', 'kota', '', FALSE, 0, 0)`, id)
		return errors.Join(err, trail.Append(s.t.Context(), tx, trail.Event{At: monday, Actor: trail.Hub, Action: "agency.create", Subject: id}))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) path(name string) string { return filepath.Join(s.out, name) }

// take makes a backup of the name; an hour passes.
func (s *store) take(name, since string, withKeys bool) (Receipt, error) {
	s.now = s.now.Add(time.Hour)
	w := Wish{Out: s.path(name), To: []archive.Recipient{s.id.Recipient()}, WithKeys: withKeys}
	if since != "" {
		w.Since = s.path(since)
	}
	return Backup{Data: s.data, DB: s.db, Journal: segments{}, Vault: keys{"kunci hub"}, Version: "uji", Now: func() time.Time { return s.now }}.Take(s.t.Context(), w)
}

func (s *store) must(name, since string, withKeys bool) Receipt {
	s.t.Helper()
	r, err := s.take(name, since, withKeys)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// into restores backups into a new folder, and into a new database of the engine.
func (s *store) into(engine string, change func(*Restore, *From), names ...string) (string, string, Restored, error) {
	s.t.Helper()
	data := filepath.Join(s.t.TempDir(), "baru")
	r := Restore{Data: data, File: "simpul.db", Database: "sqlite://" + data + "/simpul.db", KeyFile: filepath.Join(data, keysName), OpenKeys: openKeys, Now: func() time.Time { return s.now.Add(time.Minute) }}
	if engine == "PostgreSQL" {
		r.File, r.Database = "", testkit.PostgresURL(s.t)
	}
	from := From{Keys: []archive.Identity{s.id}}
	for _, name := range names {
		from.Backups = append(from.Backups, s.path(name))
	}
	if change != nil {
		change(&r, &from)
	}
	done, err := r.Run(s.t.Context(), from)
	return r.Data, r.Database, done, err
}

// tree is every file of a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[rel] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func count(t *testing.T, url string, query string) (n int64) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Read(t.Context(), simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
		if _, err = trail.Verify(t.Context(), tx); err != nil {
			return err
		}
		n, err = sqldb.One(t.Context(), tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) }, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

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

func note(origin string, size int) string {
	return fmt.Sprintf("%s\n%d\n%s\n\n— %s sig\n", origin, size, strings.Repeat("A", 43)+"=", origin)
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

func TestABackupThatIsDamagedRestoresNothing(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	s.must("penuh", "", true)
	text, err := os.ReadFile(s.path("penuh"))
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, changed []byte) {
		t.Helper()
		if err := os.WriteFile(s.path("rusak"), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		data, _, _, err := s.into("SQLite", nil, "rusak")
		if code := simpul.CodeOf(err); code != simpul.CodeInvalid && code != simpul.CodeDenied {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%s: something is left behind", what)
		}
	}
	for at := 0; at < len(text); at += len(text)/40 + 1 {
		try(fmt.Sprintf("cut at %d", at), text[:at])
		changed := bytes.Clone(text)
		changed[at] ^= 4
		try(fmt.Sprintf("flipped at %d", at), changed)
	}
	try("the last byte gone", text[:len(text)-1])
	if _, err := Verify(t.Context(), []string{s.path("rusak")}, nil); err == nil {
		t.Error("verified without a receipt")
	}
	if err := os.WriteFile(s.path("penuh"), append(text, 'x'), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(t.Context(), []string{s.path("penuh")}, nil); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("a byte more than the receipt says: %v", err)
	}
}

// forged writes an archive with a manifest of the attacker's choice: whoever
// knows the recipient can encrypt.
func (s *store) forged(name string, change func(*Manifest), files map[string]string) {
	s.t.Helper()
	w, err := archive.Create(s.path(name), []archive.Recipient{s.id.Recipient()})
	if err != nil {
		s.t.Fatal(err)
	}
	for name, text := range files {
		if _, err := w.AddBytes(name, []byte(text)); err != nil {
			s.t.Fatal(err)
		}
	}
	m := Manifest{Format: backupFormat, ID: newID(), At: monday, Database: Database{Versions: []int64{}, Tables: []TableCopy{}}, Log: Log{Files: []Copy{}}, Journal: JournalCopy{Segments: []Copy{}, Beside: []Copy{}}}
	change(&m)
	text, err := m.encode()
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := w.AddBytes(manifestName, text); err != nil {
		s.t.Fatal(err)
	}
	if _, err := w.Commit(); err != nil {
		s.t.Fatal(err)
	}
}

func TestForgedManifestsAreRefused(t *testing.T) {
	s := newStore(t, testkit.SQLite(t))
	file := archive.File{Name: "x", Bytes: 1, SHA256: digest([]byte("y"))}
	at := func(name string) Copy { f := file; f.Name = name; return Copy{File: f, In: "0000000000000000"} }
	for name, c := range map[string]struct {
		change func(*Manifest)
		files  map[string]string
	}{
		"another format":         {func(m *Manifest) { m.Format = "x" }, nil},
		"no identifier":          {func(m *Manifest) { m.ID = "../x" }, nil},
		"continues itself":       {func(m *Manifest) { m.Since = &Link{ID: m.ID} }, nil},
		"a segment elsewhere":    {func(m *Manifest) { m.Journal.Segments = []Copy{at("evidence/../../etc/passwd")} }, nil},
		"a log file elsewhere":   {func(m *Manifest) { m.Log.Files = []Copy{at("log/0a1b/../simpul.db")} }, nil},
		"a table that is SQL":    {func(m *Manifest) { m.Database.Tables = []TableCopy{{Table: sqldb.Table{Name: `x"; DROP TABLE y`}}} }, nil},
		"keys elsewhere":         {func(m *Manifest) { f := file; f.Name = "../vault.json"; m.Keys = &f }, nil},
		"a file that is missing": {func(m *Manifest) { c := at("log/0a1b/x"); c.In = m.ID; m.Log.Files = []Copy{c} }, nil},
		"a file too many":        {func(*Manifest) {}, map[string]string{"log/0a1b/x": "y"}},
		"a file of nobody":       {func(*Manifest) {}, map[string]string{"simpul.db": "y"}},
		"a file of another one":  {func(m *Manifest) { m.Log.Files = []Copy{at("log/0a1b/x")} }, nil},
		"another content":        {func(m *Manifest) { c := at("log/0a1b/x"); c.In = m.ID; m.Log.Files = []Copy{c} }, map[string]string{"log/0a1b/x": "z"}},
	} {
		s.forged(name, c.change, c.files)
		data, _, _, err := s.into("SQLite", nil, name)
		if simpul.CodeOf(err) != simpul.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%s: something is left behind", name)
		}
	}
	// All of it fits, and the hub whose keys are brought never wrote it.
	s.forged("semua cocok", func(*Manifest) {}, nil)
	vault := filepath.Join(t.TempDir(), "vault.json")
	if err := os.WriteFile(vault, []byte("kunci hub"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.into("SQLite", func(_ *Restore, f *From) { f.VaultFile = vault }, "semua cocok"); simpul.CodeOf(err) != simpul.CodeDenied {
		t.Errorf("a manifest that nobody authenticated: %v", err)
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

func FuzzParseManifest(f *testing.F) {
	text, _ := Manifest{Format: backupFormat, ID: newID(), At: monday}.encode()
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseManifest(text)
		if err != nil {
			return
		}
		for name := range m.files() {
			if !belongs(name) || !filepath.IsLocal(name) || slices.Contains(strings.Split(name, "/"), "..") {
				t.Errorf("%q", name)
			}
		}
	})
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add([]byte(note("hub/log", 7)))
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, ok := ParseCheckpoint(text); ok && !strings.HasPrefix(string(text), fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)) {
			t.Errorf("%q reads as %+v", text, c)
		}
	})
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
