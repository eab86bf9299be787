package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"simpul"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

type dialect int

const (
	sqlite dialect = iota
	postgres
)

// DB is one database. SQLite admits one writer at a time, so it has a pool of
// one connection for writing beside the pool for reading; on PostgreSQL both
// are the same pool.
type DB struct {
	dialect dialect
	reader  *sql.DB
	writer  *sql.DB
	follow  *sql.DB // of the revision log, so that it never waits behind requests
	changes *broadcast
}

// Open connects to "sqlite:///absolute/path.db" or "postgres://…" and checks
// that the database answers. It does not migrate.
func Open(ctx context.Context, rawURL string) (*DB, error) {
	scheme, rest, _ := strings.Cut(rawURL, "://")
	var db *DB
	var err error
	switch scheme {
	case "sqlite":
		db, err = openSQLite(rest)
	case "postgres", "postgresql":
		db, err = openPostgres(rawURL)
	default:
		return nil, simpul.Invalid("database.url",
			simpul.Text{ID: "Alamat basis data tidak dikenal.", EN: "The database URL is not understood."},
			simpul.Text{ID: "Gunakan sqlite:///jalur/simpul.db atau postgres://….", EN: "Use sqlite:///path/simpul.db or postgres://…."})
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.writer.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return db, nil
}

// sqlitePragmas make a commit survive a power cut (synchronous FULL with a
// write-ahead log), make foreign keys bind, and keep what a statement may have to
// take back in memory.
const sqlitePragmas = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)"

func openSQLite(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := ownerOnly(path); err != nil {
		return nil, err
	}
	dsn := (&url.URL{Scheme: "file", Path: path}).String() + "?" + sqlitePragmas
	writer, err := sql.Open("sqlite", dsn+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", dsn)
	if err != nil {
		writer.Close()
		return nil, err
	}
	reader.SetMaxOpenConns(max(4, runtime.NumCPU()))
	follow, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, errors.Join(err, writer.Close(), reader.Close())
	}
	follow.SetMaxOpenConns(1)
	return &DB{dialect: sqlite, reader: reader, writer: writer, follow: follow, changes: newBroadcast()}, nil
}

// ownerOnly makes the database file before SQLite does, so that nobody else on
// the machine can read it. SQLite gives its companion files the same mode.
func ownerOnly(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func openPostgres(dsn string) (*DB, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(max(8, 4*runtime.NumCPU()))
	pool.SetMaxIdleConns(max(8, 4*runtime.NumCPU()))
	follow, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	follow.SetMaxOpenConns(1)
	return &DB{dialect: postgres, reader: pool, writer: pool, follow: follow, changes: newBroadcast()}, nil
}

// Close closes every connection.
func (db *DB) Close() error {
	err := errors.Join(db.follow.Close(), db.writer.Close())
	if db.reader != db.writer {
		err = errors.Join(err, db.reader.Close())
	}
	return err
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.reader.PingContext(ctx) }
