package evidence

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// columns of evidence_exchange in the order of arguments and of scanIndexed.
const columns = `id, journal, sequence, state, opened_at, consumer_application, consumer_agency, provider_agency,
	address, version, class, method, path, grant_id, purpose, status, outcome,
	request_digest, response_digest, request_bytes, response_bytes, latency_us, upstream_us`

const argumentsOfRow = 23

func arguments(journal string, r indexed) []any {
	x := &r.record.Exchange
	return []any{x.ID, journal, r.sequence, r.record.Kind, x.OpenedAt.UnixMilli(),
		x.Consumer.Application, x.Consumer.Application.Agency(), x.Provider,
		x.Address, x.Version, x.Class, x.Operation.Method, x.Operation.Path, x.Grant, x.Purpose, x.Status, x.Outcome,
		x.RequestDigest, x.ResponseDigest, x.RequestBytes, x.ResponseBytes, x.Latency.Microseconds(), x.Upstream.Microseconds()}
}

// rowsAtOnce is how many rows one statement writes: a statement and the way to
// PostgreSQL cost more than a row.
const rowsAtOnce = 8

// putExchanges writes one row of each record; no two are of the same exchange.
func putExchanges(ctx context.Context, tx *sqldb.Tx, journal string, records []indexed) error {
	whole := len(records) - len(records)%rowsAtOnce
	return errors.Join(
		putRows(ctx, tx, journal, records[:whole], rowsAtOnce),
		putRows(ctx, tx, journal, records[whole:], 1))
}

// putRows writes rows, so many with one statement, which is parsed once.
func putRows(ctx context.Context, tx *sqldb.Tx, journal string, records []indexed, atOnce int) error {
	if len(records) == 0 {
		return nil
	}
	put, err := tx.Prepare(ctx, putStatement(atOnce, atOnce*argumentsOfRow))
	if err != nil {
		return fmt.Errorf("index records: %w", err)
	}
	args := make([]any, 0, atOnce*argumentsOfRow)
	whole := context.WithoutCancel(ctx) // SQLite's driver watches a context at each row, and the batch is short
	for some := range slices.Chunk(records, atOnce) {
		args = args[:0]
		for _, r := range some {
			args = append(args, arguments(journal, r)...)
		}
		if _, err := put.Exec(whole, args...); err != nil {
			return fmt.Errorf("index records %d to %d: %w", some[0].sequence, some[len(some)-1].sequence, err)
		}
	}
	return nil
}

// putStatement writes that many rows with so many arguments in all. A row
// replaces what an earlier record of the same exchange said.
func putStatement(rows, arguments int) string {
	values := make([]byte, 0, 6*arguments)
	for i := range arguments {
		separator := ", $"
		if i%(arguments/rows) == 0 {
			separator = "), ($"
		}
		values = strconv.AppendInt(append(values, separator...), int64(i+1), 10)
	}
	return `INSERT INTO evidence_exchange (` + columns + `) VALUES ` + string(values[len("), "):]) + `)
	ON CONFLICT (id) DO UPDATE SET
		sequence = excluded.sequence, state = excluded.state, opened_at = excluded.opened_at,
		consumer_application = excluded.consumer_application, consumer_agency = excluded.consumer_agency,
		provider_agency = excluded.provider_agency, address = excluded.address, version = excluded.version,
		class = excluded.class, method = excluded.method, path = excluded.path,
		grant_id = excluded.grant_id, purpose = excluded.purpose, status = excluded.status, outcome = excluded.outcome,
		request_digest = excluded.request_digest, response_digest = excluded.response_digest,
		request_bytes = excluded.request_bytes, response_bytes = excluded.response_bytes,
		latency_us = excluded.latency_us, upstream_us = excluded.upstream_us
	WHERE evidence_exchange.journal = excluded.journal AND evidence_exchange.sequence < excluded.sequence`
}

// addTraffic counts the records that were sealed in the hour or later, by hour
// and by the two parties.
func addTraffic(ctx context.Context, tx *sqldb.Tx, journal string, since int64, records []indexed) error {
	type key struct {
		hour               int64
		consumer, provider simpul.AgencyID
	}
	type count struct{ sealed, delivered int }
	counts := map[key]count{}
	for _, r := range records {
		if r.record.Kind != Sealed {
			continue
		}
		x := &r.record.Exchange
		k := key{hourOf(x.OpenedAt.Add(x.Latency)), x.Consumer.Application.Agency(), x.Provider}
		if k.hour < since {
			continue
		}
		c := counts[k]
		c.sealed++
		if x.Outcome == "" {
			c.delivered++
		}
		counts[k] = c
	}
	for k, c := range counts {
		_, err := tx.Exec(ctx, `
			INSERT INTO evidence_traffic (journal, hour, consumer_agency, provider_agency, sealed, delivered)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (journal, hour, consumer_agency, provider_agency) DO UPDATE SET
				sealed = evidence_traffic.sealed + excluded.sealed, delivered = evidence_traffic.delivered + excluded.delivered`,
			journal, k.hour, k.consumer, k.provider, c.sealed, c.delivered)
		if err != nil {
			return fmt.Errorf("count traffic: %w", err)
		}
	}
	return nil
}

// hourOf counts hours since the Unix epoch.
func hourOf(t time.Time) int64 { return t.Unix() / 3600 }

// storedPosition returns how far the journal has been read, and makes a place
// for the position of a journal that is new.
func storedPosition(ctx context.Context, tx *sqldb.Tx, journal string) (uint64, error) {
	_, err := tx.Exec(ctx, `INSERT INTO evidence_position (journal, sequence) VALUES ($1, 0) ON CONFLICT (journal) DO NOTHING`, journal)
	if err != nil {
		return 0, err
	}
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (at uint64, err error) {
		return at, scan(&at)
	}, `SELECT sequence FROM evidence_position WHERE journal = $1`, journal)
}

// movePosition fails with errMoved if the position is no longer where the caller read on from.
func movePosition(ctx context.Context, tx *sqldb.Tx, journal string, from, to uint64) error {
	n, err := tx.Exec(ctx, `UPDATE evidence_position SET sequence = $1 WHERE journal = $2 AND sequence = $3`, to, journal, from)
	if err == nil && n != 1 {
		err = errMoved
	}
	return err
}

var errMoved = errors.New("the stored position has moved")

func dropJournal(ctx context.Context, tx *sqldb.Tx, journal string) error {
	for _, table := range []string{"evidence_exchange", "evidence_traffic", "evidence_position"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE journal = $1`, journal); err != nil {
			return err
		}
	}
	return nil
}

// raiseFloor moves the floor to the time, unless it is there or beyond.
func raiseFloor(ctx context.Context, tx *sqldb.Tx, to time.Time) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_floor (id, at) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE evidence_floor.at < excluded.at`, to.UnixMilli())
	return err
}

// storedFloor returns the floor, the Unix epoch if none was ever set. Everybody
// may know it.
func storedFloor(ctx context.Context, tx *sqldb.Tx) (time.Time, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (time.Time, error) {
		var at int64
		err := scan(&at)
		return time.UnixMilli(at), err
	}, `SELECT COALESCE(MAX(at), 0) FROM evidence_floor`)
}

// dropExchanges drops at most so many, the oldest first.
func dropExchanges(ctx context.Context, tx *sqldb.Tx, before time.Time, most int) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM evidence_exchange WHERE $1 = '*' AND id IN (
		SELECT id FROM evidence_exchange WHERE opened_at < $2 ORDER BY opened_at, id LIMIT $3)`, tx.Tenant(), before.UnixMilli(), most)
}

// dropTraffic drops at most so many counts of hours before the hour.
func dropTraffic(ctx context.Context, tx *sqldb.Tx, hour int64, most int) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM evidence_traffic WHERE $1 = '*' AND (journal, hour, consumer_agency, provider_agency) IN (
		SELECT journal, hour, consumer_agency, provider_agency FROM evidence_traffic WHERE hour < $2 LIMIT $3)`, tx.Tenant(), hour, most)
}

func scanIndexed(scan sqldb.Scan) (i Indexed, err error) {
	var opened, latency, upstream int64
	var consumer simpul.AgencyID // follows from the application
	x := &i.Exchange
	err = scan(&x.ID, &i.Journal, &i.Sequence, &i.State, &opened, &x.Consumer.Application, &consumer, &x.Provider,
		&x.Address, &x.Version, &x.Class, &x.Operation.Method, &x.Operation.Path, &x.Grant, &x.Purpose, &x.Status, &x.Outcome,
		&x.RequestDigest, &x.ResponseDigest, &x.RequestBytes, &x.ResponseBytes, &latency, &upstream)
	x.OpenedAt = time.UnixMilli(opened).UTC()
	x.Latency, x.Upstream = time.Duration(latency)*time.Microsecond, time.Duration(upstream)*time.Microsecond
	return i, err
}

// visible is what both parties of an exchange, and the nation, see. An unknown
// party is ” and is nobody.
const visible = `($1 = '*' OR $1 <> '' AND (consumer_agency = $1 OR provider_agency = $1))`

func getExchange(ctx context.Context, tx *sqldb.Tx, id simpul.ExchangeID) (Indexed, error) {
	return sqldb.One(ctx, tx, scanIndexed,
		`SELECT `+columns+` FROM evidence_exchange WHERE `+visible+` AND id = $2`, tx.Tenant(), id)
}

// newestFirst reads the latest exchanges that match. It asks once as consumer
// and once as provider, since each has an index in the order of time, which an
// OR would not use.
func newestFirst[T any](ctx context.Context, tx *sqldb.Tx, row func(sqldb.Scan) (T, error), columns string, c conditions, limit int) ([]T, error) {
	const order = ` ORDER BY opened_at DESC, id DESC LIMIT `
	args := append([]any{tx.Tenant()}, c.args...)
	args = append(args, limit)
	end := order + fmt.Sprintf("$%d", len(args))
	as := func(party string) string {
		return `SELECT ` + columns + ` FROM evidence_exchange WHERE ` + party + c.sql + end
	}
	if tx.Tenant() == simpul.NationScope().Key() {
		return sqldb.All(ctx, tx, row, as(`$1 = '*'`), args...)
	}
	return sqldb.All(ctx, tx, row, `
		SELECT * FROM (SELECT * FROM (`+as(`consumer_agency = $1 AND $1 <> ''`)+`) AS consumed
		UNION ALL SELECT * FROM (`+as(`provider_agency = $1 AND $1 <> '' AND consumer_agency <> $1`)+`) AS provided) AS both_sides`+end,
		args...)
}

// conditions narrow a search; each value is an argument after the tenant.
type conditions struct {
	sql  string
	args []any
}

// and adds a condition in which # stands for the values, in order.
func (c *conditions) and(condition string, values ...any) {
	for _, v := range values {
		c.args = append(c.args, v)
		condition = strings.Replace(condition, "#", fmt.Sprintf("$%d", len(c.args)+1), 1)
	}
	c.sql += " AND " + condition
}

const delivered = `state = 'sealed' AND outcome = ''`

func (f Filter) conditions() conditions {
	var c conditions
	if f.Address != "" {
		c.and(`address = #`, f.Address)
	}
	if f.Application != "" {
		c.and(`consumer_agency = # AND consumer_application = #`, f.Application.Agency(), f.Application)
	}
	if f.Grant != "" {
		c.and(`grant_id = #`, f.Grant)
	}
	switch f.Outcome {
	case "":
	case Delivered:
		c.and(delivered)
	case Failed:
		c.and(`outcome <> ''`)
	default:
		c.and(`outcome = # AND outcome <> ''`, f.Outcome)
	}
	if !f.Since.IsZero() {
		c.and(`opened_at >= #`, f.Since.UnixMilli())
	}
	if !f.Until.IsZero() {
		c.and(`opened_at < #`, f.Until.UnixMilli())
	}
	return c
}

func listExchanges(ctx context.Context, tx *sqldb.Tx, f Filter, p place, limit int) ([]Indexed, error) {
	c := f.conditions()
	if p.id != "" {
		c.and(`(opened_at, id) < (#, #)`, p.openedAt, p.id)
	}
	return newestFirst(ctx, tx, scanIndexed, columns, c, limit)
}

// medianLatency looks at the last so many delivered exchanges; zero without any.
func medianLatency(ctx context.Context, tx *sqldb.Tx, last int) (time.Duration, error) {
	var c conditions
	c.and(delivered)
	all, err := newestFirst(ctx, tx, func(scan sqldb.Scan) (us int64, err error) {
		var opened int64
		var id string // what the rows are ordered by must be among the columns
		return us, scan(&us, &opened, &id)
	}, `latency_us, opened_at, id`, c, last)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	slices.Sort(all)
	return time.Duration(all[len(all)/2]) * time.Microsecond, nil
}

// addUp sums the traffic since the hour.
func addUp(ctx context.Context, tx *sqldb.Tx, hour int64) (Totals, error) {
	var t Totals
	agencies := map[simpul.AgencyID]bool{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var consumer, provider simpul.AgencyID
		var sealed, delivered int64
		if err := scan(&consumer, &provider, &sealed, &delivered); err != nil {
			return err
		}
		t.Sealed += sealed
		t.Delivered += delivered
		agencies[consumer], agencies[provider] = true, true
		return nil
	}, `SELECT consumer_agency, provider_agency, CAST(SUM(sealed) AS BIGINT), CAST(SUM(delivered) AS BIGINT) FROM evidence_traffic
		WHERE `+visible+` AND hour >= $2 GROUP BY consumer_agency, provider_agency`, tx.Tenant(), hour)
	delete(agencies, "")
	t.Agencies = len(agencies)
	return t, err
}

// countByLID counts the exchanges that were opened from the one time up to the
// other, as the provider and as the consumer of each LID.
func countByLID(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, from, until time.Time) ([]Count, error) {
	row := func(scan sqldb.Scan) (c Count, err error) {
		return c, scan(&c.Address, &c.Provided, &c.Sealed, &c.Delivered)
	}
	const figures = `, COUNT(*), COALESCE(SUM(CASE WHEN outcome = '' THEN 1 ELSE 0 END), 0) FROM evidence_exchange
		WHERE state = 'sealed' AND address <> '' AND opened_at >= $3 AND opened_at < $4 AND ` + visible
	return sqldb.All(ctx, tx, row, `SELECT address, TRUE`+figures+` AND provider_agency = $2 GROUP BY address
		UNION ALL SELECT address, FALSE`+figures+` AND consumer_agency = $2 AND provider_agency <> $2 GROUP BY address
		ORDER BY 1, 2`, tx.Tenant(), agency, from.UnixMilli(), until.UnixMilli())
}
