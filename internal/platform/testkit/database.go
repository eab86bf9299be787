package testkit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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
	return open(t, "sqlite://"+filepath.Join(t.TempDir(), "simpul.db"))
}

// Postgres returns an empty, migrated database that goes with the test, or
// skips the test where no server is given. In CI that is a failure.
func Postgres(t testing.TB) *sqldb.DB {
	t.Helper()
	return open(t, PostgresURL(t))
}

// PostgresURL creates an empty database and returns its URL.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv(PostgresEnv)
	if server == "" {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not set, so nothing would be tested on PostgreSQL", PostgresEnv)
		}
		t.Skipf("%s is not set; run `make test`", PostgresEnv)
	}
	name := "test_" + strings.ToLower(rand.Text())
	onServer(t, server, `CREATE DATABASE `+name)
	t.Cleanup(func() { onServer(t, server, `DROP DATABASE `+name+` WITH (FORCE)`) })
	return withDatabase(t, server, name)
}

func open(t testing.TB, dsn string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func onServer(t testing.TB, server, statement string) {
	t.Helper()
	pool, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func withDatabase(t testing.TB, server, name string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
