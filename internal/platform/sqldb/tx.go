package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"simpul"
)

// Tx is one transaction in one scope.
type Tx struct {
	tx      *sql.Tx
	dialect dialect
	scope   simpul.Scope
	revised bool
}

// Read runs fn in a transaction that sees one consistent state.
func (db *DB) Read(ctx context.Context, scope simpul.Scope, fn func(*Tx) error) error {
	return db.readFrom(ctx, db.reader, scope, fn)
}

func (db *DB) readFrom(ctx context.Context, pool *sql.DB, scope simpul.Scope, fn func(*Tx) error) error {
	options := &sql.TxOptions{}
	if db.dialect == postgres {
		options = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	_, err := db.run(ctx, pool, options, scope, fn)
	return err
}

// Write runs fn in a transaction and commits it unless fn fails. When Write
// returns nil the change is on disk. fn may not keep the Tx.
func (db *DB) Write(ctx context.Context, scope simpul.Scope, fn func(*Tx) error) error {
	revised, err := db.run(ctx, db.writer, &sql.TxOptions{}, scope, fn)
	switch {
	case errors.Is(err, errRehearsal):
		return nil
	case err == nil && revised:
		db.changes.announce()
	}
	return err
}

func (db *DB) run(ctx context.Context, pool *sql.DB, options *sql.TxOptions, scope simpul.Scope, fn func(*Tx) error) (revised bool, err error) {
	sqltx, err := pool.BeginTx(ctx, options)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	defer sqltx.Rollback() // does nothing after a commit
	tx := &Tx{tx: sqltx, dialect: db.dialect, scope: scope}
	if err := tx.enterScope(ctx); err != nil {
		return false, err
	}
	if err := fn(tx); err != nil {
		return false, err
	}
	if err := sqltx.Commit(); err != nil {
		return false, fmt.Errorf("commit: %w", translate(err))
	}
	return tx.revised, nil
}

// enterScope tells PostgreSQL's row-level security who is asking, for this
// transaction only, and steps down to the role that is subject to it.
func (tx *Tx) enterScope(ctx context.Context) error {
	if tx.dialect != postgres {
		return nil
	}
	_, err := tx.tx.ExecContext(ctx, `SELECT set_config('role', 'simpul_app', true), set_config('simpul.scope', $1, true)`, tx.scope.Key())
	if err != nil {
		return fmt.Errorf("enter scope: %w", err)
	}
	return nil
}

// Scope returns the scope of the transaction.
func (tx *Tx) Scope() simpul.Scope { return tx.scope }

// Tenant returns the scope as a statement's argument:
// `WHERE ($1 = '*' OR agency = $1)`.
func (tx *Tx) Tenant() string { return tx.scope.Key() }

// Own refuses with ErrScope unless the scope covers the agency. Every method
// that writes a tenant's row begins with it.
func (tx *Tx) Own(id simpul.AgencyID) error {
	if !tx.scope.Covers(id) {
		return fmt.Errorf("%w: %s acts on %s", ErrScope, tx.scope.Key(), id)
	}
	return nil
}

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.tx.ExecContext(ctx, tx.dialect.native(query), args...)
	if err != nil {
		return 0, translate(err)
	}
	return res.RowsAffected()
}

// Statement is a statement that is parsed once and run often, within its
// transaction.
type Statement struct{ statement *sql.Stmt }

// Prepare parses a statement. It ends with the transaction.
func (tx *Tx) Prepare(ctx context.Context, query string) (*Statement, error) {
	statement, err := tx.tx.PrepareContext(ctx, tx.dialect.native(query))
	return &Statement{statement}, translate(err)
}

// Exec runs the statement and returns how many rows it changed.
func (s *Statement) Exec(ctx context.Context, args ...any) (int64, error) {
	res, err := s.statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, translate(err)
	}
	return res.RowsAffected()
}

// Scan copies the columns of one row.
type Scan func(dest ...any) error

// Each calls fn for every row of the answer, in order.
func Each(ctx context.Context, tx *Tx, fn func(Scan) error, query string, args ...any) error {
	rows, err := tx.tx.QueryContext(ctx, tx.dialect.native(query), args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// All returns every row of the answer, in order; never nil.
func All[T any](ctx context.Context, tx *Tx, row func(Scan) (T, error), query string, args ...any) ([]T, error) {
	all := []T{}
	err := Each(ctx, tx, func(scan Scan) error {
		one, err := row(scan)
		all = append(all, one)
		return err
	}, query, args...)
	return all, err
}

// One returns the only row of the answer, or ErrNoRows.
func One[T any](ctx context.Context, tx *Tx, row func(Scan) (T, error), query string, args ...any) (T, error) {
	one, err := row(tx.tx.QueryRowContext(ctx, tx.dialect.native(query), args...).Scan)
	return one, translate(err)
}
