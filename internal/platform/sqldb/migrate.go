package sqldb

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the schema to this version. Migrations only go forward, in the
// order of their numbers; since every room has its own ten, a new one may stand
// before those that a database has, and is made all the same. On PostgreSQL an
// advisory lock lets several nodes start at once.
func (db *DB) Migrate(ctx context.Context) error {
	if db.dialect == sqlite {
		return migrate(ctx, goose.DialectSQLite3, db.writer, "migrations", "schema_version")
	}
	if err := migrate(ctx, goose.DialectPostgres, db.writer, "migrations", "schema_version"); err != nil {
		return err
	}
	return migrate(ctx, goose.DialectPostgres, db.writer, "migrations/postgres", "schema_version_postgres")
}

func migrate(ctx context.Context, d goose.Dialect, pool *sql.DB, dir, table string) error {
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	if err := migrateFrom(ctx, d, pool, files, table); err != nil {
		return fmt.Errorf("migrate %s: %w", dir, err)
	}
	return nil
}

func migrateFrom(ctx context.Context, d goose.Dialect, pool *sql.DB, files fs.FS, table string) error {
	options := []goose.ProviderOption{goose.WithTableName(table), goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)}
	if d == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(d, pool, files, options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	_, err = provider.Up(ctx)
	return err
}
