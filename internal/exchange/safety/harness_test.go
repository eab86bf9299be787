package safety

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

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

func note(origin string, size int) string {
	return fmt.Sprintf("%s\n%d\n%s\n\n— %s sig\n", origin, size, strings.Repeat("A", 43)+"=", origin)
}
