package evidence

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// addTraffic counts the records that were sealed in the hour or later, by hour
// and by the two parties.
func addTraffic(ctx context.Context, tx *sqldb.Tx, journal string, since int64, records []indexed) error {
	type key struct {
		hour               int64
		consumer, provider simpul.AgencyID
	}
	type count struct{ sealed, delivered int }
	counts := map[key]*count{}
	var last key // often that of the next too
	var c *count
	for i := range records {
		if records[i].record.Kind != Sealed {
			continue
		}
		x := &records[i].record.Exchange
		k := key{hourOf(x.OpenedAt.Add(x.Latency)), x.Consumer.Application.Agency(), x.Provider}
		if k.hour < since {
			continue
		}
		if c == nil || k != last {
			if c = counts[k]; c == nil {
				c = &count{}
				counts[k] = c
			}
			last = k
		}
		c.sealed++
		if x.Outcome == "" {
			c.delivered++
		}
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

// dropTraffic drops at most so many counts of hours before the hour.
func dropTraffic(ctx context.Context, tx *sqldb.Tx, hour int64, most int) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM evidence_traffic WHERE $1 = '*' AND (journal, hour, consumer_agency, provider_agency) IN (
		SELECT journal, hour, consumer_agency, provider_agency FROM evidence_traffic WHERE hour < $2 LIMIT $3)`, tx.Tenant(), hour, most)
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
