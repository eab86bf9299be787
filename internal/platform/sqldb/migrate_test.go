package sqldb

import (
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"simpul"
)

// A room that comes later takes its own ten of numbers, which may stand before
// those that a database has.
func TestANewMigrationMayStandBeforeTheOldOnes(t *testing.T) {
	db, err := Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "simpul.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := migrateFrom(t.Context(), goose.DialectSQLite3, db.writer, without(t, "00006_trail.sql"), "schema_version"); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = db.Read(t.Context(), simpul.NationScope(), func(tx *Tx) error {
		_, err := One(t.Context(), tx, func(scan Scan) (n int64, err error) { return n, scan(&n) }, `SELECT COUNT(*) FROM trail_event`)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// without is all migrations but one.
func without(t *testing.T, name string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	entries, err := fs.ReadDir(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() == name {
			continue
		}
		text, err := fs.ReadFile(migrations, "migrations/"+e.Name())
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = &fstest.MapFile{Data: text}
	}
	return all
}
