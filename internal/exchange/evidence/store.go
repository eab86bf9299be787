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

func arguments(journal string, r *indexed) []any {
	x := &r.record.Exchange
	return []any{x.ID, journal, r.sequence, r.record.Kind, x.OpenedAt.UnixMilli(),
		x.Consumer.Application, x.Consumer.Application.Agency(), x.Provider,
		x.Address, x.Version, x.Class, x.Operation.Method, x.Operation.Path, x.Grant, x.Purpose, x.Status, x.Outcome,
		x.RequestDigest, x.ResponseDigest, x.RequestBytes, x.ResponseBytes, x.Latency.Microseconds(), x.Upstream.Microseconds()}
}

// rowsAtOnce is how many rows one statement writes: a statement and the way to
// PostgreSQL cost more than a row.
const rowsAtOnce = 8

// putExchanges writes the records, of which no two are of the same exchange:
// pages of the many, and a row for each of the others.
func putExchanges(ctx context.Context, tx *sqldb.Tx, journal string, records []*indexed) error {
	pages, rows := paged(journal, records)
	known, err := putPages(ctx, tx, pages)
	if err != nil {
		return err
	}
	rows = append(rows, known...)
	whole := len(rows) - len(rows)%rowsAtOnce
	return errors.Join(
		putRows(ctx, tx, journal, rows[:whole], rowsAtOnce),
		putRows(ctx, tx, journal, rows[whole:], 1))
}

// putRows writes rows, so many with one statement, which is parsed once.
func putRows(ctx context.Context, tx *sqldb.Tx, journal string, records []*indexed, atOnce int) error {
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

// dropExchanges drops at most so many, the oldest first.
func dropExchanges(ctx context.Context, tx *sqldb.Tx, before time.Time, most int) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM evidence_exchange WHERE $1 = '*' AND id IN (
		SELECT id FROM evidence_exchange WHERE opened_at < $2 ORDER BY opened_at, id LIMIT $3)`, tx.Tenant(), before.UnixMilli(), most)
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

// scanLatency reads no more than what a median needs.
func scanLatency(scan sqldb.Scan) (i Indexed, err error) {
	var opened, latency int64
	err = scan(&i.Exchange.ID, &opened, &latency)
	i.Exchange.OpenedAt, i.Exchange.Latency = time.UnixMilli(opened).UTC(), time.Duration(latency)*time.Microsecond
	return i, err
}

// visible is what both parties of an exchange, and the nation, see. An unknown
// party is ” and is nobody.
const visible = `($1 = '*' OR $1 <> '' AND (consumer_agency = $1 OR provider_agency = $1))`

func getRow(ctx context.Context, tx *sqldb.Tx, id simpul.ExchangeID) (Indexed, error) {
	return sqldb.One(ctx, tx, scanIndexed,
		`SELECT `+columns+` FROM evidence_exchange WHERE `+visible+` AND id = $2`, tx.Tenant(), id)
}

// source is a table in the order of time, and how its rows are read; time and id
// are among the columns.
type source[T any] struct {
	table, time, columns string
	row                  func(sqldb.Scan) (T, error)
}

var (
	rowsOfExchanges = source[Indexed]{"evidence_exchange", "opened_at", columns, scanIndexed}
	rowsOfLatency   = source[Indexed]{"evidence_exchange", "opened_at", `id, opened_at, latency_us`, scanLatency}
)

// newestFirst reads the latest rows that match.
func newestFirst[T any](ctx context.Context, tx *sqldb.Tx, from source[T], c conditions, limit int) ([]T, error) {
	query, args := from.newestFirst(tx.Tenant(), c, limit)
	return sqldb.All(ctx, tx, from.row, query, args...)
}

// newestFirst asks once as consumer and once as provider, since each has an index
// in the order of time, which an OR would not use. Where an application, a LID or a
// grant is asked for, the index of that is narrower: the sum of the agency with an
// empty text keeps the engines from reading all of the agency instead. An agency is
// a party to all that its own application does.
func (s source[T]) newestFirst(tenant string, c conditions, limit int) (query string, args []any) {
	args = append([]any{tenant}, c.args...)
	args = append(args, limit)
	end := fmt.Sprintf(` ORDER BY %s DESC, id DESC LIMIT $%d`, s.time, len(args))
	as := func(party string) string {
		return `SELECT ` + s.columns + ` FROM ` + s.table + ` WHERE ` + party + c.sql + end
	}
	consumer, provider := `consumer_agency`, `provider_agency`
	if c.of.Grant != "" || c.of.Address != "" || c.of.Application != "" && !c.of.oneFailure() {
		consumer, provider = `consumer_agency || ''`, `provider_agency || ''`
	}
	switch {
	case tenant == simpul.NationScope().Key():
		return as(`$1 = '*'`), args
	case c.of.Application != "" && c.of.Application.Agency() == simpul.AgencyID(tenant):
		return as(consumer + ` = $1 AND $1 <> ''`), args
	case c.of.Application != "":
		return as(provider + ` = $1 AND $1 <> ''`), args
	}
	return `SELECT * FROM (SELECT * FROM (` + as(consumer+` = $1 AND $1 <> ''`) + `) AS consumed
		UNION ALL SELECT * FROM (` + as(provider+` = $1 AND $1 <> '' AND consumer_agency <> $1`) + `) AS provided) AS both_sides` + end, args
}

// conditions narrow a search; each value is an argument after the tenant.
type conditions struct {
	sql  string
	args []any
	of   Filter // whose they are
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

// inCommon are the conditions that rows and pages have in common.
func (f Filter) inCommon() conditions {
	c := conditions{of: f}
	if f.Address != "" {
		c.and(`address = #`, f.Address)
	}
	if f.Application != "" {
		c.and(`consumer_application = #`, f.Application)
		if f.oneFailure() {
			c.and(`consumer_agency = #`, f.Application.Agency())
		}
	}
	if f.Grant != "" {
		c.and(`grant_id = #`, f.Grant)
	}
	return c
}

// oneFailure reports whether one way to fail is asked for, of which there is an
// index by agency, but none by application.
func (f Filter) oneFailure() bool {
	return f.Outcome != "" && f.Outcome != Delivered && f.Outcome != Failed
}

func (f Filter) ofRows(after place) conditions {
	c := f.inCommon()
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
	if after.id != "" {
		c.and(`(opened_at, id) < (#, #)`, after.openedAt, after.id)
	}
	return c
}

// inEarnest leaves calls of the sandbox out.
const inEarnest = `(grant_id <> '' OR purpose <> '` + simpul.Rehearsal + `')`

// countRows counts the rows that were opened from the one time up to the other,
// as the provider and as the consumer of each LID.
func countRows(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, from, until time.Time) ([]Count, error) {
	const figures = `, COUNT(*), COALESCE(SUM(CASE WHEN outcome = '' THEN 1 ELSE 0 END), 0) FROM evidence_exchange
		WHERE state = 'sealed' AND address <> '' AND opened_at >= $3 AND opened_at < $4 AND ` + inEarnest + ` AND ` + visible
	return sqldb.All(ctx, tx, scanCount, `SELECT address, TRUE`+figures+` AND provider_agency = $2 GROUP BY address
		UNION ALL SELECT address, FALSE`+figures+` AND consumer_agency = $2 AND provider_agency <> $2 GROUP BY address`,
		tx.Tenant(), agency, from.UnixMilli(), until.UnixMilli())
}

func scanCount(scan sqldb.Scan) (c Count, err error) {
	return c, scan(&c.Address, &c.Provided, &c.Sealed, &c.Delivered)
}
