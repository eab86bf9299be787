package tracker

import (
	"context"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// row is an access and where in its journal the record is.
type row struct {
	Access
	sequence uint64
	sealedBy string // key of the record; "": it is not sealed
}

// addAccesses writes rows, but for those before the floor, and those whose key is
// destroyed.
func addAccesses(ctx context.Context, tx *sqldb.Tx, journal string, rows []row, floor time.Time) error {
	if len(rows) == 0 {
		return nil
	}
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	erased, err := erasedKeys(ctx, tx)
	if err != nil {
		return err
	}
	put, err := tx.Prepare(ctx, `INSERT INTO tracker_access (exchange, person, journal, sequence, opened_at, consumer_application, consumer_agency,
			address, version, provider_agency, grant_id, purpose, basis, fields, case_number, outcome, status, unnamed, sealed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (exchange, person) DO NOTHING`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.At.Before(floor) || erased[r.sealedBy] {
			continue
		}
		_, err := put.Exec(ctx, r.Exchange, r.Person, journal, int64(r.sequence), r.At.UnixMilli(), r.Application, r.Consumer(),
			r.LID, r.Version, r.Provider, r.Grant, storable(r.Purpose), storable(r.Basis), storable(r.Fields), storable(r.Case), r.Outcome, r.Status, r.Unnamed, r.sealedBy)
		if err != nil {
			return err
		}
	}
	return nil
}

// storable is a text as every engine takes it. PostgreSQL knows no NUL.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

const accessColumns = `a.person, a.exchange, a.opened_at, a.consumer_application, a.address, a.version, a.provider_agency, a.grant_id,
	a.purpose, a.basis, a.fields, a.case_number, a.outcome, a.status, a.unnamed`

func scanAccess(scan sqldb.Scan, more ...any) (a Access, err error) {
	var at int64
	err = scan(append([]any{&a.Person, &a.Exchange, &at, &a.Application, &a.LID, &a.Version, &a.Provider, &a.Grant,
		&a.Purpose, &a.Basis, &a.Fields, &a.Case, &a.Outcome, &a.Status, &a.Unnamed}, more...)...)
	a.At = timeOf(at)
	return a, err
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// visible is the rows that a scope may read: those of either party.
const visible = `($1 = '*' OR a.consumer_agency = $1 OR a.provider_agency = $1)`

// placeholders writes "$3, $4, $5" for three values after two.
func placeholders(after, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", after+i+1)
	}
	return strings.Join(all, ", ")
}

// dropBefore drops the accesses from before the time, and raises the floor, so that
// they do not return when journals are read anew.
func dropBefore(ctx context.Context, tx *sqldb.Tx, before time.Time) (int64, error) {
	if tx.Tenant() != simpul.NationScope().Key() {
		return 0, sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO tracker_floor (name, at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE tracker_floor.at < excluded.at`, accessFloor, before.UnixMilli())
	if err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `DELETE FROM tracker_access WHERE opened_at < $1`, before.UnixMilli())
}

const accessFloor = "access"

func storedFloor(ctx context.Context, tx *sqldb.Tx) (time.Time, error) {
	ms, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (at int64, err error) { return at, scan(&at) },
		`SELECT COALESCE(MAX(at), 0) FROM tracker_floor WHERE name = $1`, accessFloor)
	return timeOf(ms), err
}
