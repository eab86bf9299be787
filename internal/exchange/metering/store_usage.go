package metering

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// row is one cell as it is stored.
type row struct {
	key
	consumer simpul.AgencyID
	Sums
}

// visible is what both parties of exchanges, and the nation, see.
const visible = `($1 = '*' OR $1 <> '' AND (consumer_agency = $1 OR provider_agency = $1))`

// each calls fn with every row of a span of units that the scope covers and that
// meets the condition, whose values are the arguments from $4 on.
func (t table) each(ctx context.Context, tx *sqldb.Tx, from, until int64, condition string, values []any, fn func(*row)) error {
	query := `SELECT ` + t.at + `, address, version, provider_agency, consumer_application, consumer_agency, grant_id, side, cause, ` + sumColumns +
		` FROM ` + t.name + ` WHERE ` + visible + ` AND ` + t.at + ` >= $2 AND ` + t.at + ` < $3` + condition
	args := append([]any{tx.Tenant(), from, until}, values...)
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		r, err := scanRow(scan)
		if err == nil {
			fn(&r)
		}
		return err
	}, query, args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", t.name, err)
	}
	return nil
}

func scanRow(scan sqldb.Scan) (r row, err error) {
	var latency, upstream int64
	var latencies, upstreams string
	err = scan(&r.at, &r.address, &r.version, &r.provider, &r.application, &r.consumer, &r.grant, &r.side, &r.cause,
		&r.Calls, &r.RequestBytes, &r.ResponseBytes, &latency, &upstream, &latencies, &upstreams)
	if err != nil {
		return r, err
	}
	r.Time, r.UpstreamTime = time.Duration(latency)*time.Microsecond, time.Duration(upstream)*time.Microsecond
	return r, errors.Join(r.Latency.addText(latencies), r.Upstream.addText(upstreams))
}

// condition says which rows answer a question.
func (q Question) condition() (sql string, values []any) {
	and := func(column string, value any) {
		values = append(values, value)
		sql += fmt.Sprintf(" AND %s = $%d", column, len(values)+3)
	}
	switch q.View {
	case AsProvider:
		and("provider_agency", q.Agency)
	case AsConsumer:
		and("consumer_agency", q.Agency)
	}
	if q.LID != "" {
		and("address", q.LID)
	}
	return sql, values
}

// health is how exchanges with one LID ended within one unit.
type health struct {
	at                  int64
	address             simpul.Address
	delivered, provider int64
	hub                 int64
}

// eachHealth counts by unit and LID, whoever called. With an address only that
// one's, else those of all.
func (t table) eachHealth(ctx context.Context, tx *sqldb.Tx, from, until int64, address simpul.Address) ([]health, error) {
	narrowed, args := "", []any{tx.Tenant(), from, until}
	if address != "" {
		narrowed, args = ` AND address = $4`, append(args, address)
	}
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (h health, err error) {
		return h, scan(&h.at, &h.address, &h.delivered, &h.provider, &h.hub)
	}, `SELECT `+t.at+`, address, CAST(SUM(CASE WHEN side = '' THEN calls ELSE 0 END) AS BIGINT),
			CAST(SUM(CASE WHEN side = 'provider' THEN calls ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN side = 'hub' THEN calls ELSE 0 END) AS BIGINT)
		FROM `+t.name+` WHERE $1 = '*' AND `+t.at+` >= $2 AND `+t.at+` < $3 AND address <> ''`+narrowed+` GROUP BY `+t.at+`, address ORDER BY 1, 2`, args...)
}
