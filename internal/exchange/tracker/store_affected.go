package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// eachAffected calls each for the accesses of an application within a time whose
// answers began, the earliest first. An empty application stands for all that the scope may
// see. The accesses of an application are found by its own index, whatever the store
// holds besides. An initial stands after the month and its colon; that a text loses
// something without it is how both engines find a letter in a text, large or small.
func eachAffected(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, from, until time.Time, initials string, each func(Access) error) error {
	where, args := visible+` AND a.opened_at >= $2 AND a.opened_at < $3 AND a.status >= 200 AND a.status < 300`,
		[]any{tx.Tenant(), from.UnixMilli(), until.UnixMilli()}
	if application != "" {
		args = append(args, string(application))
		where += ` AND a.consumer_application = ` + number(len(args))
	}
	if initials != "" {
		args = append(args, initials, initials)
		where += ` AND replace(` + number(len(args)-1) + `, substr(a.person, 9, 1), '') <> ` + number(len(args))
	}
	var row struct {
		person, exchange, address, fields, outcome string
		at                                         int64
		status, unnamed                            int
	}
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		if err := scan(&row.person, &row.exchange, &row.at, &row.address, &row.fields, &row.outcome, &row.status, &row.unnamed); err != nil {
			return err
		}
		return each(Access{Person: simpul.Pseudonym(row.person), Exchange: simpul.ExchangeID(row.exchange), At: timeOf(row.at), LID: simpul.Address(row.address), Fields: row.fields, Outcome: simpul.Code(row.outcome), Status: row.status, Unnamed: row.unnamed})
	}, `SELECT a.person, a.exchange, a.opened_at, a.address, a.fields, a.outcome, a.status, a.unnamed
		FROM tracker_access a WHERE `+where+` ORDER BY a.opened_at, a.exchange, a.person`, args...)
}
