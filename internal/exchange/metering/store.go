package metering

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// table is one of the two: hours, and days.
type table struct {
	name  string // of the table
	at    string // the column that counts its units
	named string // columns that are counted apart, after the journal and the unit
}

var (
	hours = table{"metering_hour", "hour", "address, version, method, path, provider_agency, consumer_application, grant_id, side, cause"}
	days  = table{"metering_day", "day", "address, version, provider_agency, consumer_application, grant_id, side, cause"}
)

// names are the values of the named columns.
func (t table) names(k key) []any {
	if t == days {
		return []any{k.address, k.version, k.provider, k.application, k.grant, k.side, k.cause}
	}
	return []any{k.address, k.version, k.operation.Method, k.operation.Path, k.provider, k.application, k.grant, k.side, k.cause}
}

func (t table) columns() []string { return strings.Split(t.named, ", ") }

const sumColumns = `calls, request_bytes, response_bytes, latency_us, upstream_us, latency, upstream`

// add adds cells to the rows, but for those before the floor.
func (t table) add(ctx context.Context, tx *sqldb.Tx, journal string, cells map[key]*Sums, floor int64) error {
	get, put := t.getStatement(), t.putStatement()
	ordered := slices.SortedFunc(maps.Keys(cells), func(a, b key) int { return cmp.Compare(a.at, b.at) })
	for _, k := range ordered {
		if k.at < floor {
			continue
		}
		sums := *cells[k]
		place := append([]any{journal, k.at}, t.names(k)...)
		stored, err := sqldb.One(ctx, tx, scanSums, get, place...)
		if err != nil && !errors.Is(err, sqldb.ErrNoRows) {
			return fmt.Errorf("read %s: %w", t.name, err)
		}
		stored.Merge(&sums)
		args := append(place, k.application.Agency(), stored.Calls, stored.RequestBytes, stored.ResponseBytes,
			stored.Time.Microseconds(), stored.UpstreamTime.Microseconds(), stored.Latency.text(), stored.Upstream.text())
		if _, err := tx.Exec(ctx, put, args...); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
	}
	return nil
}

func (t table) getStatement() string {
	where := `journal = $1 AND ` + t.at + ` = $2`
	for i, c := range t.columns() {
		where += fmt.Sprintf(" AND %s = $%d", c, i+3)
	}
	return `SELECT ` + sumColumns + ` FROM ` + t.name + ` WHERE ` + where
}

func (t table) putStatement() string {
	all := append([]string{"journal", t.at}, t.columns()...)
	place := strings.Join(all, ", ")
	all = append(all, "consumer_agency")
	all = append(all, strings.Split(sumColumns, ", ")...)
	values := make([]string, len(all))
	for i := range values {
		values[i] = fmt.Sprintf("$%d", i+1)
	}
	var updates []string
	for _, c := range strings.Split(sumColumns, ", ") {
		updates = append(updates, c+" = excluded."+c)
	}
	return `INSERT INTO ` + t.name + ` (` + strings.Join(all, ", ") + `) VALUES (` + strings.Join(values, ", ") + `)
		ON CONFLICT (` + place + `) DO UPDATE SET ` + strings.Join(updates, ", ")
}

func scanSums(scan sqldb.Scan) (s Sums, err error) {
	var latency, upstream int64
	var latencies, upstreams string
	if err = scan(&s.Calls, &s.RequestBytes, &s.ResponseBytes, &latency, &upstream, &latencies, &upstreams); err != nil {
		return s, err
	}
	s.Time, s.UpstreamTime = time.Duration(latency)*time.Microsecond, time.Duration(upstream)*time.Microsecond
	return s, errors.Join(s.Latency.addText(latencies), s.Upstream.addText(upstreams))
}

// Position says how far a journal has been counted.
type Position struct {
	Journal  string
	Sequence uint64    // of the last record that is counted
	Seen     uint64    // of the newest record of the journal when that was stored
	At       time.Time // when that was
	again    bool      // everything of it is to be counted anew
}

// Again reports whether everything of the journal is to be counted anew.
func (p Position) Again() bool { return p.again }

// Behind is how many records were there and not counted, or are to be counted
// anew.
func (p Position) Behind() uint64 {
	seen := max(p.Seen, p.Sequence)
	if p.again {
		return seen
	}
	return seen - p.Sequence
}

const positionColumns = `journal, sequence, seen, moved_at, again`

func scanPosition(scan sqldb.Scan) (p Position, err error) {
	var at int64
	err = scan(&p.Journal, &p.Sequence, &p.Seen, &at, &p.again)
	p.At = time.UnixMilli(at).UTC()
	return p, err
}

func positionOf(ctx context.Context, tx *sqldb.Tx, journal string) (Position, error) {
	return sqldb.One(ctx, tx, scanPosition, `SELECT `+positionColumns+` FROM metering_position WHERE journal = $1`, journal)
}

// positions returns those of all journals; in any other scope than the nation's,
// none.
func positions(ctx context.Context, tx *sqldb.Tx) ([]Position, error) {
	return sqldb.All(ctx, tx, scanPosition, `SELECT `+positionColumns+` FROM metering_position WHERE $1 = '*' ORDER BY journal`, tx.Tenant())
}

// beginAt returns how far the journal has been counted: nowhere, for one that is
// new, and for one that is to be counted anew, whose rows are dropped.
func beginAt(ctx context.Context, tx *sqldb.Tx, journal string, now time.Time) (uint64, error) {
	_, err := tx.Exec(ctx, `INSERT INTO metering_position (journal, sequence, seen, moved_at, again) VALUES ($1, 0, 0, $2, FALSE)
		ON CONFLICT (journal) DO NOTHING`, journal, now.UnixMilli())
	if err != nil {
		return 0, err
	}
	p, err := positionOf(ctx, tx, journal)
	if err != nil || !p.again {
		return p.Sequence, err
	}
	for _, t := range []table{hours, days} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+t.name+` WHERE journal = $1`, journal); err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE metering_position SET sequence = 0, again = FALSE, moved_at = $1 WHERE journal = $2`, now.UnixMilli(), journal)
	return 0, err
}

var errMoved = errors.New("the stored position has moved")

// movePosition fails with errMoved where the position is not where the batch
// began, or everything is to be counted anew.
func movePosition(ctx context.Context, tx *sqldb.Tx, journal string, from, to, seen uint64, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE metering_position SET sequence = $1, seen = $2, moved_at = $3
		WHERE journal = $4 AND sequence = $5 AND again = FALSE`, to, max(seen, to), now.UnixMilli(), journal, from)
	if err == nil && n != 1 {
		err = errMoved
	}
	return err
}

// countAgain has every journal counted anew by the process that holds it. One
// that no process holds any more keeps its counts.
func countAgain(ctx context.Context, tx *sqldb.Tx) (int64, error) {
	if tx.Tenant() != simpul.NationScope().Key() {
		return 0, sqldb.ErrScope
	}
	return tx.Exec(ctx, `UPDATE metering_position SET again = TRUE`)
}

// storedFloors returns the units before which nothing is kept, by table.
func storedFloors(ctx context.Context, tx *sqldb.Tx) (map[string]int64, error) {
	floors := map[string]int64{}
	return floors, sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var name string
		var at int64
		err := scan(&name, &at)
		floors[name] = at
		return err
	}, `SELECT name, at FROM metering_floor`)
}

// raiseFloor moves the floor up; what is below it does not come back when the
// journals are counted anew.
func (t table) raiseFloor(ctx context.Context, tx *sqldb.Tx, to int64) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO metering_floor (name, at) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET at = excluded.at WHERE metering_floor.at < excluded.at`, t.name, to)
	return err
}

// dropOldest drops the rows of the oldest unit, if it is before the one given,
// and reports whether there was one.
func (t table) dropOldest(ctx context.Context, tx *sqldb.Tx, before int64) (n int64, more bool, err error) {
	oldest, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (at int64, err error) { return at, scan(&at) },
		`SELECT COALESCE(MIN(`+t.at+`), $1) FROM `+t.name, before)
	if err != nil || oldest >= before {
		return 0, false, err
	}
	n, err = tx.Exec(ctx, `DELETE FROM `+t.name+` WHERE $1 = '*' AND `+t.at+` = $2`, tx.Tenant(), oldest)
	return n, n > 0, err
}
