package evidence

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// putPages writes the pages. One whose first exchange is the first of a page
// already is returned as records, since a page never changes: only an exchange
// that was recorded twice can lead to it, and the gateway records none twice.
func putPages(ctx context.Context, tx *sqldb.Tx, pages []page) (known []*indexed, err error) {
	if len(pages) == 0 {
		return nil, nil
	}
	put, err := tx.Prepare(ctx, `INSERT INTO evidence_page (id, journal, sequence, from_at, until_at,
			consumer_application, consumer_agency, provider_agency, address, version, class, method, path, grant_id, purpose, count, entries)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (id) DO NOTHING`)
	if err != nil {
		return nil, fmt.Errorf("index pages: %w", err)
	}
	whole := context.WithoutCancel(ctx) // as in putRows
	for i := range pages {
		n, err := put.Exec(whole, argumentsOfPage(&pages[i])...)
		if err != nil {
			return nil, fmt.Errorf("index a page from record %d: %w", pages[i].entries[0].sequence, err)
		}
		if n == 0 {
			known = append(known, pages[i].records()...)
		}
	}
	return known, nil
}

func argumentsOfPage(p *page) []any {
	x := &p.shared
	return []any{p.id(), p.journal, p.entries[0].sequence, p.from(), p.until(),
		x.Consumer.Application, x.Consumer.Application.Agency(), x.Provider, x.Address, x.Version, x.Class,
		x.Operation.Method, x.Operation.Path, x.Grant, x.Purpose, len(p.entries), pack(p.entries)}
}

// columnsOfPage in the order of scanPage.
const columnsOfPage = `id, until_at, journal, consumer_application, provider_agency, address, version, class, method, path, grant_id, purpose, entries`

func scanPage(scan sqldb.Scan) (p page, err error) {
	var id simpul.ExchangeID // follows from the entries, as does until
	var until int64
	var entries []byte
	x := &p.shared
	if err := scan(&id, &until, &p.journal, &x.Consumer.Application, &x.Provider, &x.Address, &x.Version, &x.Class,
		&x.Operation.Method, &x.Operation.Path, &x.Grant, &x.Purpose, &entries); err != nil {
		return p, err
	}
	if p.entries, err = unpack(entries); err != nil {
		return p, fmt.Errorf("page %s of the evidence index: %w", id, err)
	}
	return p, nil
}

var pagesOfExchanges = source[page]{"evidence_page", "until_at", columnsOfPage, scanPage}

// newestPages returns the pages with the latest ends that may hold what the
// filter and the reach let through, after the page that ends at a place.
func newestPages(ctx context.Context, tx *sqldb.Tx, f Filter, r reach, after place, limit int) ([]page, error) {
	return newestFirst(ctx, tx, pagesOfExchanges, f.ofPages(r, after), limit)
}

func (f Filter) ofPages(r reach, after place) conditions {
	c := f.inCommon()
	c.and(`until_at >= # AND until_at <= # AND from_at <= #`, r.since, r.last+pageSpan, r.last)
	if after.id != "" {
		c.and(`(until_at, id) < (#, #)`, after.openedAt, after.id)
	}
	return c
}

// pagesAround returns the pages that hold something opened at or after the time,
// and something opened at or before it.
func pagesAround(ctx context.Context, tx *sqldb.Tx, at int64) ([]page, error) {
	return sqldb.All(ctx, tx, scanPage, aroundQuery, tx.Tenant(), at, at+pageSpan)
}

const aroundQuery = `SELECT ` + columnsOfPage + ` FROM evidence_page
	WHERE ` + visible + ` AND until_at >= $2 AND until_at <= $3 AND from_at <= $2`

// countPages counts the exchanges of pages that lie between the times as a whole,
// as the provider and as the consumer of each LID.
func countPages(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, from, until time.Time) ([]Count, error) {
	const figures = `, CAST(SUM(count) AS BIGINT), CAST(SUM(count) AS BIGINT) FROM evidence_page
		WHERE address <> '' AND from_at >= $3 AND until_at >= $3 AND until_at < $4 AND ` + inEarnest + ` AND ` + visible
	return sqldb.All(ctx, tx, scanCount, `SELECT address, TRUE`+figures+` AND provider_agency = $2 GROUP BY address
		UNION ALL SELECT address, FALSE`+figures+` AND consumer_agency = $2 AND provider_agency <> $2 GROUP BY address`,
		tx.Tenant(), agency, from.UnixMilli(), until.UnixMilli())
}

// dropPages drops at most so many pages that end before the time, the oldest
// first, and returns how many exchanges were on them.
func dropPages(ctx context.Context, tx *sqldb.Tx, before time.Time, most int) (exchanges int64, err error) {
	err = sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var count int64
		err := scan(&count)
		exchanges += count
		return err
	}, `DELETE FROM evidence_page WHERE $1 = '*' AND id IN (
		SELECT id FROM evidence_page WHERE until_at < $2 ORDER BY until_at, id LIMIT $3) RETURNING count`, tx.Tenant(), before.UnixMilli(), most)
	return exchanges, err
}
