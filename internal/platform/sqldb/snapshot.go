package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Snapshot is the whole database as it stood at one moment.
type Snapshot struct {
	tx       *sql.Tx
	dialect  dialect
	Tables   []Table // those that others refer to before those that refer to them
	Versions []int64 // of the migrations that were made, ascending
}

// Snapshot calls fn with the database as it stands now, of all tenants, while
// others go on writing. It reads in one transaction.
func (db *DB) Snapshot(ctx context.Context, fn func(*Snapshot) error) error {
	options := &sql.TxOptions{}
	if db.dialect == postgres {
		options = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	tx, err := db.reader.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if err := seeAll(ctx, tx, db.dialect); err != nil {
		return err
	}
	s := &Snapshot{tx: tx, dialect: db.dialect}
	if s.Versions, err = versions(ctx, tx); err != nil {
		return err
	}
	if s.Tables, err = tables(ctx, tx, db.dialect); err != nil {
		return err
	}
	return fn(s)
}

// seeAll makes row-level security show the rows of every tenant.
func seeAll(ctx context.Context, tx *sql.Tx, d dialect) error {
	if d != postgres {
		return nil
	}
	_, err := tx.ExecContext(ctx, `SELECT set_config('simpul.scope', '*', true)`)
	return err
}

// Rows calls fn with every row of the table; it may not keep the row.
func (s *Snapshot) Rows(ctx context.Context, t Table, fn func(Row) error) error {
	return eachRow(ctx, s.tx, t, fn)
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func eachRow(ctx context.Context, tx querier, t Table, fn func(Row) error) error {
	rows, err := tx.QueryContext(ctx, `SELECT `+columnList(t)+` FROM `+quote(t.Name))
	if err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	defer rows.Close()
	row, into := make(Row, len(t.Columns)), make([]any, len(t.Columns))
	for rows.Next() {
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		for i := range row {
			if row[i], err = canonical(t.Columns[i].Kind, row[i]); err != nil {
				return fmt.Errorf("read %s.%s: %w", t.Name, t.Columns[i].Name, err)
			}
		}
		if err := fn(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	return nil
}

// sumOf is the sum of what the table holds.
func sumOf(ctx context.Context, tx querier, t Table) (sum Sum, err error) {
	var packed []byte
	err = eachRow(ctx, tx, t, func(r Row) (err error) {
		if packed, err = r.Pack(packed[:0]); err == nil {
			sum.Add(packed)
		}
		return err
	})
	return sum, err
}

func columnList(t Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quote(c.Name)
	}
	return strings.Join(names, ", ")
}

// quote writes a name of the schema into a statement.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

const versionTable, postgresVersionTable = "schema_version", "schema_version_postgres"

func versions(ctx context.Context, tx querier) ([]int64, error) {
	return scanAll[int64](ctx, tx, `SELECT DISTINCT version_id FROM schema_version WHERE version_id > 0 ORDER BY version_id`)
}

func scanAll[T any](ctx context.Context, tx querier, query string, args ...any) (all []T, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one T
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

const (
	sqliteTables   = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`
	postgresTables = `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`

	// Each gives name, declared type, and place in the primary key (0: not in it).
	sqliteColumns   = `SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid`
	postgresColumns = `SELECT a.attname::text, format_type(a.atttypid, NULL),
			COALESCE((SELECT array_position(i.indkey::int2[], a.attnum) + 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary), 0)
		FROM pg_attribute a WHERE a.attrelid = quote_ident($1)::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`

	// The tables that a table refers to.
	sqliteReferences   = `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`
	postgresReferences = `SELECT DISTINCT c.relname::text FROM pg_constraint f JOIN pg_class c ON c.oid = f.confrelid
		WHERE f.contype = 'f' AND f.conrelid = quote_ident($1)::regclass`
)

// choose picks the engine's own form.
func choose(d dialect, lite, pg string) string {
	if d == postgres {
		return pg
	}
	return lite
}

// tables describes every table but the bookkeeping of migrations.
func tables(ctx context.Context, tx querier, d dialect) ([]Table, error) {
	names, err := scanAll[string](ctx, tx, choose(d, sqliteTables, postgresTables))
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == versionTable || n == postgresVersionTable })
	all, needs := make(map[string]Table, len(names)), make(map[string][]string, len(names))
	for _, name := range names {
		if all[name], err = describe(ctx, tx, d, name); err != nil {
			return nil, fmt.Errorf("describe %s: %w", name, err)
		}
		if needs[name], err = scanAll[string](ctx, tx, choose(d, sqliteReferences, postgresReferences), name); err != nil {
			return nil, fmt.Errorf("describe %s: %w", name, err)
		}
	}
	var list []Table
	for _, name := range inOrder(names, needs) {
		list = append(list, all[name])
	}
	return list, nil
}

func describe(ctx context.Context, tx querier, d dialect, name string) (Table, error) {
	t := Table{Name: name}
	rows, err := tx.QueryContext(ctx, choose(d, sqliteColumns, postgresColumns), name)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	key := map[int]string{}
	for rows.Next() {
		var column, declared string
		var place int
		if err := rows.Scan(&column, &declared, &place); err != nil {
			return t, err
		}
		kind, err := kindOf(declared)
		if err != nil {
			return t, fmt.Errorf("column %s: %w", column, err)
		}
		t.Columns = append(t.Columns, Column{column, kind})
		if place > 0 {
			key[place] = column
		}
	}
	for i := 1; i <= len(key); i++ {
		t.Key = append(t.Key, key[i])
	}
	return t, rows.Err()
}

func kindOf(declared string) (Kind, error) {
	switch strings.ToLower(declared) {
	case "text", "character varying":
		return KindText, nil
	case "bigint", "integer", "smallint":
		return KindInteger, nil
	case "boolean":
		return KindBoolean, nil
	case "bytea", "blob":
		return KindBytes, nil
	case "real", "double precision":
		return KindReal, nil
	}
	return "", fmt.Errorf("type %q is not portable", declared)
}

// inOrder puts every name after those that it needs, otherwise by name. What
// needs itself in a circle comes last.
func inOrder(names []string, needs map[string][]string) []string {
	placed := map[string]bool{}
	ordered := make([]string, 0, len(names))
	ready := func(name string) bool {
		return !slices.ContainsFunc(needs[name], func(n string) bool { return n != name && !placed[n] })
	}
	for moved := true; moved; {
		moved = false
		for _, name := range names {
			if !placed[name] && ready(name) {
				placed[name], moved = true, true
				ordered = append(ordered, name)
			}
		}
	}
	for _, name := range names {
		if !placed[name] {
			ordered = append(ordered, name)
		}
	}
	return ordered
}
