package tracker

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// delaysOf picks the decisions that concern an access.
const delaysOf = `FROM tracker_delay d WHERE d.agency = a.consumer_agency
	AND (d.kind = 'case' AND d.subject = a.case_number OR d.kind = 'grant' AND d.subject = a.grant_id)`

// shownFrom is until when an access is kept from the person, in ms; 0 where nobody
// decided so.
const shownFrom = `(SELECT COALESCE(MAX(d.shown_from), 0) ` + delaysOf + `)`

// ofPerson begins the condition on a person's accesses that are shown: $1 is the
// scope, $2 the present time.
func ofPerson(tags int) string {
	return visible + ` AND a.person IN (` + placeholders(2, tags) + `) AND ` + shownFrom + ` <= $2`
}

func asArguments(tx *sqldb.Tx, now time.Time, tags []simpul.Pseudonym) []any {
	args := []any{tx.Tenant(), now.UnixMilli()}
	for _, tag := range tags {
		args = append(args, tag)
	}
	return args
}

func scanShown(scan sqldb.Scan) (Access, error) {
	var from int64
	a, err := scanAccess(scan, &from)
	if from > 0 {
		a.ShownFrom = timeOf(from)
	}
	return a, err
}

// history returns accesses after a place, the newest first, at most so many.
func history(ctx context.Context, tx *sqldb.Tx, tags []simpul.Pseudonym, f Filter, after place, now time.Time, most int) ([]Access, error) {
	if len(tags) == 0 {
		return nil, nil
	}
	from, until := f.between()
	n := 2 + len(tags)
	at, id := after.at, string(after.exchange)
	if id == "" {
		at = 1<<63 - 1
	}
	args := append(asArguments(tx, now, tags), from, until, f.Agency, at, id, most)
	return sqldb.All(ctx, tx, scanShown, `SELECT `+accessColumns+`, `+shownFrom+` FROM tracker_access a WHERE `+ofPerson(len(tags))+`
			AND a.opened_at >= `+number(n+1)+` AND a.opened_at < `+number(n+2)+` AND (`+number(n+3)+` = '' OR a.consumer_agency = `+number(n+3)+`)
			AND (a.opened_at < `+number(n+4)+` OR a.opened_at = `+number(n+4)+` AND a.exchange < `+number(n+5)+`)
		ORDER BY a.opened_at DESC, a.exchange DESC LIMIT `+number(n+6), args...)
}

// accessOf returns one access of a person, or ErrNoRows.
func accessOf(ctx context.Context, tx *sqldb.Tx, tags []simpul.Pseudonym, id simpul.ExchangeID, now time.Time) (Access, error) {
	if len(tags) == 0 {
		return Access{}, sqldb.ErrNoRows
	}
	args := append(asArguments(tx, now, tags), id)
	return sqldb.One(ctx, tx, scanShown, `SELECT `+accessColumns+`, `+shownFrom+` FROM tracker_access a WHERE `+ofPerson(len(tags))+`
		AND a.exchange = `+number(len(args)), args...)
}

func number(n int) string { return placeholders(n-1, 1) }

// choices are the agencies and the months by which a history can be narrowed. The
// engines have no common way to tell a month, so it is read off the days.
func choices(ctx context.Context, tx *sqldb.Tx, tags []simpul.Pseudonym, now time.Time) (agencies []simpul.AgencyID, months []Month, err error) {
	if len(tags) == 0 {
		return nil, nil, nil
	}
	args := asArguments(tx, now, tags)
	agencies, err = sqldb.All(ctx, tx, func(scan sqldb.Scan) (id simpul.AgencyID, err error) { return id, scan(&id) },
		`SELECT DISTINCT a.consumer_agency FROM tracker_access a WHERE `+ofPerson(len(tags))+` ORDER BY a.consumer_agency`, args...)
	if err != nil {
		return nil, nil, err
	}
	known := map[Month]bool{}
	err = sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var day int64
		if err := scan(&day); err != nil {
			return err
		}
		month := MonthOf(timeOf(day * dayMillis))
		if !known[month] {
			known[month] = true
			months = append(months, month)
		}
		return nil
	}, `SELECT DISTINCT (a.opened_at + `+number(len(args)+1)+`) / `+number(len(args)+2)+` FROM tracker_access a WHERE `+ofPerson(len(tags)),
		append(args, jakartaAhead.Milliseconds(), int64(dayMillis))...)
	return agencies, months, err
}

// dayMillis is a day in ms.
const dayMillis = 24 * 60 * 60 * 1000
