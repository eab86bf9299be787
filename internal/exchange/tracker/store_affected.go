package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// eachAffected calls each for the accesses of an application within a time, the
// earliest first. An empty application stands for all that the scope may see. The
// accesses of an application are found by its own index, whatever the store holds
// besides.
func eachAffected(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, from, until time.Time, each func(Access) error) error {
	where, args := visible+` AND a.opened_at >= $2 AND a.opened_at < $3`, []any{tx.Tenant(), from.UnixMilli(), until.UnixMilli()}
	if application != "" {
		where, args = where+` AND a.consumer_application = $4`, append(args, application)
	}
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var a Access
		var at int64
		if err := scan(&a.Person, &a.Exchange, &at, &a.Application, &a.LID, &a.Provider, &a.Fields, &a.Outcome, &a.Status, &a.Unnamed); err != nil {
			return err
		}
		a.At = timeOf(at)
		return each(a)
	}, `SELECT a.person, a.exchange, a.opened_at, a.consumer_application, a.address, a.provider_agency, a.fields, a.outcome, a.status, a.unnamed
		FROM tracker_access a WHERE `+where+` ORDER BY a.opened_at, a.exchange, a.person`, args...)
}
