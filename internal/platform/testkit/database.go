package testkit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"simpul/internal/platform/sqldb"
)

// PostgresEnv names the variable with the URL of a PostgreSQL server on which
// tests may create databases. `make test` starts a private one and sets it.
const PostgresEnv = "SIMPUL_TEST_POSTGRES"

// Databases runs the test on an empty, migrated SQLite database and, where a
// server is given, on a PostgreSQL database of its own.
func Databases(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite returns an empty, migrated database that goes with the test.
func SQLite(t testing.TB) *sqldb.DB {
	t.Helper()
	migrated, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "simpul.db")
	if err := os.WriteFile(path, migrated, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite://"+path)
}

// Postgres returns an empty, migrated database that goes with the test, or
// skips the test where no server is given. In CI that is a failure.
func Postgres(t testing.TB) *sqldb.DB {
	t.Helper()
	server := postgresServer(t)
	template, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, createDatabase(t, server, " TEMPLATE "+template+" STRATEGY FILE_COPY"))
}

// PostgresURL creates an empty database, not migrated, and returns its URL.
func PostgresURL(t testing.TB) string {
	t.Helper()
	return createDatabase(t, postgresServer(t), "")
}

// Migrating takes longer than most tests, so each test process migrates one
// database of each engine, and its tests get copies.
var (
	sqliteTemplate   = sync.OnceValues(migrateSQLite)
	postgresTemplate = sync.OnceValues(migratePostgres)
)

func migrateSQLite() ([]byte, error) {
	dir, err := os.MkdirTemp("", "simpul-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "simpul.db")
	if err := migrate("sqlite://" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func migratePostgres() (string, error) {
	server, name := os.Getenv(PostgresEnv), newName("template_")
	if err := onServer(server, `CREATE DATABASE `+name); err != nil {
		return "", err
	}
	target, err := withDatabase(server, name)
	if err != nil {
		return "", err
	}
	return name, migrate(target)
}

// migrate brings the database to this version and lets go of it.
func migrate(dsn string) error {
	ctx := context.Background()
	db, err := sqldb.Open(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

func postgresServer(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresEnv)
	if server != "" {
		return server
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not set, so nothing would be tested on PostgreSQL", PostgresEnv)
	}
	t.Skipf("%s is not set; run `make test`", PostgresEnv)
	return ""
}

func createDatabase(t testing.TB, server, options string) (dsn string) {
	t.Helper()
	name := newName("test_")
	if err := onServer(server, `CREATE DATABASE `+name+options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := onServer(server, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	dsn, err := withDatabase(server, name)
	if err != nil {
		t.Fatal(err)
	}
	return dsn
}

func open(t testing.TB, dsn string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func onServer(server, statement string) error {
	pool, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func newName(prefix string) string { return prefix + strings.ToLower(rand.Text()) }

func withDatabase(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}
