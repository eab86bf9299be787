package safety

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/archive"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

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
