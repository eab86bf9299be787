package evidence

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// deliveredRows counts the delivered rows of an application by LID, for both
// parties of each and for the nation.
func deliveredRows(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, from, until time.Time) ([]DeliveredCount, error) {
	return sqldb.All(ctx, tx, scanDelivered, `SELECT address, class, COUNT(*) FROM evidence_exchange
		WHERE `+visible+` AND consumer_application = $2 AND opened_at >= $3 AND opened_at < $4 AND `+delivered+` AND address <> '' AND `+inEarnest+`
		GROUP BY address, class`, tx.Tenant(), application, from.UnixMilli(), until.UnixMilli())
}

// deliveredPages counts the exchanges of pages that lie between the times as a whole.
func deliveredPages(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, from, until time.Time) ([]DeliveredCount, error) {
	return sqldb.All(ctx, tx, scanDelivered, `SELECT address, class, CAST(SUM(count) AS BIGINT) FROM evidence_page
		WHERE `+visible+` AND consumer_application = $2 AND from_at >= $3 AND until_at >= $3 AND until_at < $4 AND address <> '' AND `+inEarnest+`
		GROUP BY address, class`, tx.Tenant(), application, from.UnixMilli(), until.UnixMilli())
}

func scanDelivered(scan sqldb.Scan) (c DeliveredCount, err error) {
	return c, scan(&c.Address, &c.Class, &c.Delivered)
}
