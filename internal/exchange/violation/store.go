package violation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// errNotTheHub keeps everybody but the hub itself from writing.
var errNotTheHub = errors.New("only the hub writes violations")

func asTheHub(tx *sqldb.Tx) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return errNotTheHub
	}
	return nil
}

func addCounts(ctx context.Context, tx *sqldb.Tx, rows []row) error {
	if len(rows) == 0 {
		return nil
	}
	if err := asTheHub(tx); err != nil {
		return err
	}
	add, err := tx.Prepare(ctx, `
		INSERT INTO violation_count (address, hour, application, version, method, path, direction, place, keyword, enforced,
			provider_agency, consumer_agency, expected_id, expected_en, amount)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (address, hour, application, version, method, path, direction, place, keyword, enforced)
			DO UPDATE SET amount = violation_count.amount + excluded.amount`)
	if err != nil {
		return fmt.Errorf("add counts: %w", err)
	}
	for _, r := range rows {
		_, err := add.Exec(ctx, r.Address, r.hour, r.application, r.version, r.Operation.Method, r.Operation.Path, r.Direction, r.Place, r.Keyword, r.enforced,
			r.Provider, r.consumer(), r.expected.ID, r.expected.EN, r.amount)
		if err != nil {
			return fmt.Errorf("add counts: %w", err)
		}
	}
	return nil
}

func putSamples(ctx context.Context, tx *sqldb.Tx, samples []sample) error {
	if len(samples) == 0 {
		return nil
	}
	if err := asTheHub(tx); err != nil {
		return err
	}
	put, err := tx.Prepare(ctx, `
		INSERT INTO violation_sample (exchange, direction, place, keyword, address, at, application, version, method, path, enforced,
			provider_agency, consumer_agency)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (exchange, direction, place, keyword) DO NOTHING`)
	if err != nil {
		return fmt.Errorf("put examples: %w", err)
	}
	for _, s := range samples {
		_, err := put.Exec(ctx, s.exchange, s.Direction, s.Place, s.Keyword, s.Address, s.at.UnixMilli(), s.application, s.version,
			s.Operation.Method, s.Operation.Path, s.enforced, s.Provider, s.consumer())
		if err != nil {
			return fmt.Errorf("put examples: %w", err)
		}
	}
	return nil
}

func dropBefore(ctx context.Context, tx *sqldb.Tx, before time.Time) (int64, error) {
	if err := asTheHub(tx); err != nil {
		return 0, err
	}
	counts, err := tx.Exec(ctx, `DELETE FROM violation_count WHERE hour < $1`, before.UnixMilli())
	if err != nil {
		return 0, err
	}
	samples, err := tx.Exec(ctx, `DELETE FROM violation_sample WHERE at < $1`, before.UnixMilli())
	return counts + samples, err
}

// mine is the rows that a scope may read: all of a provider's LIDs, and of a
// consumer what its own requests did.
const mine = `($1 = '*' OR provider_agency = $1 OR consumer_agency = $1 AND direction = 'request')`

// mostGroups is how many kinds a report lists.
const mostGroups = 100

func groupsSince(ctx context.Context, tx *sqldb.Tx, address simpul.Address, since time.Time) ([]Group, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (g Group, err error) {
		var last, strict int64
		err = scan(&g.Method, &g.Path, &g.Direction, &g.Place, &g.Keyword, &g.Expected.ID, &g.Expected.EN, &g.Count, &last, &strict, &g.Applications)
		g.LastHour, g.Refused = timeOf(last), strict
		return g, err
	}, `SELECT method, path, direction, place, keyword, MAX(expected_id), MAX(expected_en), SUM(amount), MAX(hour),
			SUM(CASE WHEN enforced THEN amount ELSE 0 END), COUNT(DISTINCT application)
		FROM violation_count WHERE `+mine+` AND address = $2 AND hour >= $3
		GROUP BY method, path, direction, place, keyword ORDER BY SUM(amount) DESC, place, keyword LIMIT $4`,
		tx.Tenant(), address, since.UnixMilli(), mostGroups)
}

// first is when a kind was met first under a version.
type first struct {
	Kind
	version string
	hour    time.Time
}

// firsts lists the versions under which each kind was met, the earliest first.
func firsts(ctx context.Context, tx *sqldb.Tx, address simpul.Address) ([]first, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (f first, err error) {
		var hour int64
		err = scan(&f.Operation.Method, &f.Operation.Path, &f.Direction, &f.Place, &f.Keyword, &f.version, &hour)
		f.hour = timeOf(hour)
		return f, err
	}, `SELECT method, path, direction, place, keyword, version, MIN(hour) FROM violation_count
		WHERE `+mine+` AND address = $2
		GROUP BY method, path, direction, place, keyword, version ORDER BY MIN(hour) LIMIT 2000`, tx.Tenant(), address)
}

// dayMillis is a day; jakartaMillis moves its border to midnight there.
const (
	dayMillis     = 24 * 60 * 60 * 1000
	jakartaMillis = 7 * 60 * 60 * 1000
)

// days counts violations by day and direction.
func days(ctx context.Context, tx *sqldb.Tx, address simpul.Address, since time.Time) ([]Day, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (d Day, err error) {
		var day int64
		err = scan(&day, &d.Requests, &d.Responses)
		d.Date = time.UnixMilli(day * dayMillis).UTC().Format(time.DateOnly)
		return d, err
	}, `SELECT (hour + $3) / $4, SUM(CASE WHEN direction = 'request' THEN amount ELSE 0 END), SUM(CASE WHEN direction = 'response' THEN amount ELSE 0 END)
		FROM violation_count WHERE `+mine+` AND address = $2 AND hour >= $5 GROUP BY (hour + $3) / $4 ORDER BY 1`,
		tx.Tenant(), address, int64(jakartaMillis), int64(dayMillis), since.UnixMilli())
}

// mostExamples is how many examples of a LID are looked through.
const mostExamples = 500

func examples(ctx context.Context, tx *sqldb.Tx, address simpul.Address) ([]example, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (e example, err error) {
		var at int64
		err = scan(&e.Exchange, &at, &e.Application, &e.Version, &e.Operation.Method, &e.Operation.Path, &e.Direction, &e.Place, &e.Keyword)
		e.At = timeOf(at)
		return e, err
	}, `SELECT exchange, at, application, version, method, path, direction, place, keyword FROM violation_sample
		WHERE `+mine+` AND address = $2 ORDER BY at DESC, exchange LIMIT $3`, tx.Tenant(), address, mostExamples)
}

// callers counts by application what requests did.
func callers(ctx context.Context, tx *sqldb.Tx, address simpul.Address, since time.Time) ([]Caller, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (c Caller, err error) { return c, scan(&c.Application, &c.Count) },
		`SELECT application, SUM(amount) FROM violation_count
		WHERE `+mine+` AND address = $2 AND hour >= $3 AND direction = 'request' GROUP BY application ORDER BY SUM(amount) DESC, application LIMIT 20`,
		tx.Tenant(), address, since.UnixMilli())
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
