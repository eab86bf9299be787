package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"simpul"
)

// Source is where the rows of a database come from.
type Source interface {
	// Open returns the rows of a table, one by one until io.EOF.
	Open(t Table) (next func() (Row, error), err error)
	// Check is told what the table holds now; an error undoes everything.
	Check(t Table, sum Sum) error
}

// Load fills an empty database: it makes the schema of the given migrations,
// puts the rows of the source in the place of what migrations put there, and
// reads all of it back for the source to check. Either all of it is stored or
// nothing. The caller migrates afterwards.
func (db *DB) Load(ctx context.Context, made []int64, from Source) error {
	if err := db.MustBeEmpty(ctx); err != nil {
		return err
	}
	err := db.migrateTo(ctx, made)
	switch {
	case err != nil:
	case db.dialect == postgres:
		err = db.loadPostgres(ctx, from)
	default:
		err = db.loadSQLite(ctx, from)
	}
	if err != nil {
		err = errors.Join(err, db.clear(context.WithoutCancel(ctx)))
	}
	return err
}

const postgresFunctions = `SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace`

// clear makes a database empty again that was empty before.
func (db *DB) clear(ctx context.Context) error {
	if db.dialect == sqlite {
		return nil // whoever wanted the file removes it
	}
	names, err := scanAll[string](ctx, db.writer, postgresTables)
	for _, name := range names {
		_, derr := db.writer.ExecContext(ctx, `DROP TABLE IF EXISTS `+quote(name)+` CASCADE`)
		err = errors.Join(err, derr)
	}
	functions, ferr := scanAll[string](ctx, db.writer, postgresFunctions)
	for _, name := range functions {
		_, derr := db.writer.ExecContext(ctx, `DROP FUNCTION IF EXISTS `+name+` CASCADE`)
		err = errors.Join(err, derr)
	}
	return errors.Join(err, ferr)
}

// MustBeEmpty refuses a database that has any table.
func (db *DB) MustBeEmpty(ctx context.Context) error {
	names, err := scanAll[string](ctx, db.reader, choose(db.dialect, sqliteTables, postgresTables))
	if err != nil || len(names) == 0 {
		return err
	}
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: "database.url",
		Message: simpul.Text{ID: "Basis data tujuan tidak kosong.", EN: "The database to restore into is not empty."},
		Remedy:  simpul.Text{ID: "Buat basis data baru yang kosong dan sebutkan alamatnya. Tidak ada yang diubah.", EN: "Create a new, empty database and name its address. Nothing was changed."},
	}
}

// migrateTo makes the given migrations and no other.
func (db *DB) migrateTo(ctx context.Context, made []int64) error {
	known, err := migrationNumbers()
	if err != nil {
		return err
	}
	for _, n := range made {
		if !slices.Contains(known, n) {
			return newerSchema(n)
		}
	}
	if db.dialect == sqlite {
		return migrateSome(ctx, goose.DialectSQLite3, db.writer, "migrations", versionTable, made)
	}
	if err := migrateSome(ctx, goose.DialectPostgres, db.writer, "migrations", versionTable, made); err != nil {
		return err
	}
	return migrateSome(ctx, goose.DialectPostgres, db.writer, "migrations/postgres", postgresVersionTable, made)
}

func newerSchema(n int64) error {
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: fmt.Sprintf("Cadangan ini dibuat oleh simpul yang lebih baru (migrasi %d tidak dikenal).", n), EN: fmt.Sprintf("This backup was made by a newer simpul (migration %d is unknown).", n)},
		Remedy:  simpul.Text{ID: "Pulihkan dengan versi simpul yang membuatnya, atau yang lebih baru.", EN: "Restore it with the version of simpul that made it, or a newer one."},
	}
}

func migrateSome(ctx context.Context, d goose.Dialect, pool *sql.DB, dir, table string, made []int64) error {
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	if err := migrateFrom(ctx, d, pool, chosen{files, made}, table); err != nil {
		return fmt.Errorf("migrate %s: %w", dir, err)
	}
	return nil
}

// chosen shows the migrations with these numbers alone.
type chosen struct {
	fs.FS
	numbers []int64
}

// ReadDir lists what is chosen.
func (c chosen) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(c.FS, name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool {
		n, ok := migrationNumber(e.Name())
		return !ok || !slices.Contains(c.numbers, n)
	}), err
}

func migrationNumber(name string) (int64, bool) {
	digits, _, ok := strings.Cut(name, "_")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ok && err == nil && strings.HasSuffix(name, ".sql")
}

// migrationNumbers are those that this program knows.
func migrationNumbers() ([]int64, error) {
	files, err := fs.ReadDir(migrations, "migrations")
	var all []int64
	for _, f := range files {
		if n, ok := migrationNumber(f.Name()); ok {
			all = append(all, n)
		}
	}
	return all, err
}

// loadSQLite leaves foreign keys alone until all rows are there, and then asks
// for those that point nowhere.
func (db *DB) loadSQLite(ctx context.Context, from Source) (err error) {
	conn, err := db.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = 0`); err != nil {
		return err
	}
	defer func() {
		_, ferr := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA foreign_keys = 1`)
		err = errors.Join(err, ferr)
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	all, err := tables(ctx, tx, sqlite)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := loadTable(ctx, tx, t, from); err != nil {
			return fmt.Errorf("load %s: %w", t.Name, err)
		}
	}
	if err := danglingIn(ctx, tx); err != nil {
		return err
	}
	if err := checkTables(ctx, tx, all, from); err != nil {
		return err
	}
	return tx.Commit()
}

func danglingIn(ctx context.Context, tx querier) error {
	dangling, err := scanAll[string](ctx, tx, danglingRows)
	if err == nil && len(dangling) > 0 {
		err = fmt.Errorf("%w: %s", ErrReference, strings.Join(dangling, "; "))
	}
	return err
}

func loadTable(ctx context.Context, tx *sql.Tx, t Table, from Source) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM `+quote(t.Name)); err != nil {
		return err
	}
	next, err := from.Open(t)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO `+quote(t.Name)+` (`+columnList(t)+`) VALUES (?`+strings.Repeat(`, ?`, len(t.Columns)-1)+`)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for {
		row, err := next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return translate(err)
		}
	}
}

func checkTables(ctx context.Context, tx querier, all []Table, from Source) error {
	for _, t := range all {
		sum, err := sumOf(ctx, tx, t)
		if err != nil {
			return err
		}
		if err := from.Check(t, sum); err != nil {
			return err
		}
	}
	return nil
}

// loadPostgres copies each table with one statement, in an order in which every
// row finds what it refers to. The tables' owner is exempt from row-level
// security until the transaction ends.
func (db *DB) loadPostgres(ctx context.Context, from Source) error {
	var all []Table
	err := db.Snapshot(ctx, func(s *Snapshot) error { all = s.Tables; return nil })
	if err != nil {
		return err
	}
	conn, err := db.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		tx, err := driver.(*stdlib.Conn).Conn().Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx))
		if err := fillPostgres(ctx, tx, all, from); err != nil {
			return err
		}
		return tx.Commit(ctx)
	})
}

func fillPostgres(ctx context.Context, tx pgx.Tx, all []Table, from Source) error {
	forced, err := ownersFree(ctx, tx, all)
	if err != nil {
		return err
	}
	for i := range all {
		t := all[len(all)-1-i] // those that refer first
		if _, err := tx.Exec(ctx, `DELETE FROM `+quote(t.Name)); err != nil {
			return err
		}
	}
	for _, t := range all {
		if err := copyTable(ctx, tx, t, from); err != nil {
			return fmt.Errorf("load %s: %w", t.Name, translate(err))
		}
	}
	for _, t := range all {
		sum, err := sumOfPostgres(ctx, tx, t)
		if err != nil {
			return err
		}
		if err := from.Check(t, sum); err != nil {
			return err
		}
	}
	for _, name := range forced {
		if _, err := tx.Exec(ctx, `ALTER TABLE `+quote(name)+` FORCE ROW LEVEL SECURITY`); err != nil {
			return err
		}
	}
	return nil
}

// ownersFree lifts row-level security from the owner and returns of which tables.
func ownersFree(ctx context.Context, tx pgx.Tx, all []Table) (forced []string, err error) {
	if _, err := tx.Exec(ctx, `SELECT set_config('simpul.scope', '*', true)`); err != nil {
		return nil, err
	}
	for _, t := range all {
		var is bool
		if err := tx.QueryRow(ctx, `SELECT relforcerowsecurity FROM pg_class WHERE oid = quote_ident($1)::regclass`, t.Name).Scan(&is); err != nil {
			return nil, err
		}
		if !is {
			continue
		}
		forced = append(forced, t.Name)
		if _, err := tx.Exec(ctx, `ALTER TABLE `+quote(t.Name)+` NO FORCE ROW LEVEL SECURITY`); err != nil {
			return nil, err
		}
	}
	return forced, nil
}

func copyTable(ctx context.Context, tx pgx.Tx, t Table, from Source) error {
	next, err := from.Open(t)
	if err != nil {
		return err
	}
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{t.Name}, names, pgx.CopyFromFunc(func() ([]any, error) {
		row, err := next()
		if err == io.EOF {
			return nil, nil
		}
		return row, err
	}))
	return err
}

func sumOfPostgres(ctx context.Context, tx pgx.Tx, t Table) (sum Sum, err error) {
	rows, err := tx.Query(ctx, `SELECT `+columnList(t)+` FROM `+quote(t.Name))
	if err != nil {
		return sum, err
	}
	defer rows.Close()
	var packed []byte
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return sum, err
		}
		for i := range values {
			if values[i], err = canonical(t.Columns[i].Kind, values[i]); err != nil {
				return sum, fmt.Errorf("read %s: %w", t.Name, err)
			}
		}
		if packed, err = Row(values).Pack(packed[:0]); err != nil {
			return sum, fmt.Errorf("read %s: %w", t.Name, err)
		}
		sum.Add(packed)
	}
	return sum, rows.Err()
}
