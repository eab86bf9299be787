package sqldb

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	sqlitedriver "modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"
)

// What a statement can run into on both engines. The driver's own error stays
// in the chain for the log.
var (
	ErrNoRows    = errors.New("no such row")
	ErrDuplicate = errors.New("duplicate key")
	ErrReference = errors.New("foreign key") // a row that is named does not exist, or one that is still named goes
	ErrScope     = errors.New("row outside the scope")
)

// PostgreSQL error codes: https://www.postgresql.org/docs/15/errcodes-appendix.html
const (
	pgForeignKey = "23503"
	pgUnique     = "23505"
	pgPrivilege  = "42501" // row-level security refused the row
)

func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNoRows
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case pgForeignKey:
			return errors.Join(ErrReference, err)
		case pgUnique:
			return errors.Join(ErrDuplicate, err)
		case pgPrivilege:
			return errors.Join(ErrScope, err)
		}
	}
	if lite, ok := errors.AsType[*sqlitedriver.Error](err); ok {
		switch lite.Code() {
		case sqlitecode.SQLITE_CONSTRAINT_FOREIGNKEY:
			return errors.Join(ErrReference, err)
		case sqlitecode.SQLITE_CONSTRAINT_UNIQUE, sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY:
			return errors.Join(ErrDuplicate, err)
		}
	}
	return err
}
