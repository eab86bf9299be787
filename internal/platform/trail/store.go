package trail

import (
	"context"
	"math"
	"time"

	"simpul/internal/platform/sqldb"
)

// head is the end of the trail, and where it begins.
type head struct {
	seq        int64
	digest     string
	beginsSeq  int64
	beginsFrom string
}

// nextHead takes the next number and returns it with the digest of the event
// before. The row stays locked until the transaction ends, so numbers become
// visible in their order.
func nextHead(ctx context.Context, tx *sqldb.Tx) (head, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (h head, err error) {
		return h, scan(&h.seq, &h.digest)
	}, `UPDATE trail_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, digest`)
}

func currentHead(ctx context.Context, tx *sqldb.Tx) (head, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (h head, err error) {
		return h, scan(&h.seq, &h.digest, &h.beginsSeq, &h.beginsFrom)
	}, `SELECT seq, digest, begins_seq, begins_from FROM trail_head WHERE id = 1`)
}

func insertEvent(ctx context.Context, tx *sqldb.Tx, e Event) error {
	_, err := tx.Exec(ctx, `INSERT INTO trail_event (`+eventColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.Seq, e.At.UnixMilli(), e.Agency, e.Account, e.Actor, e.Action, e.Subject, e.Outcome, e.Detail, e.Origin, e.digest)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE trail_head SET digest = $1 WHERE id = 1`, e.digest)
	return err
}

const eventColumns = `seq, at, agency, account, actor, action, subject, outcome, detail, origin, digest`

func scanEvent(scan sqldb.Scan) (e Event, err error) {
	var at int64
	err = scan(&e.Seq, &at, &e.Agency, &e.Account, &e.Actor, &e.Action, &e.Subject, &e.Outcome, &e.Detail, &e.Origin, &e.digest)
	e.At = time.UnixMilli(at).UTC()
	return e, err
}

func listEvents(ctx context.Context, tx *sqldb.Tx, f Filter, before int64, limit int) ([]Event, error) {
	return sqldb.All(ctx, tx, scanEvent, `SELECT `+eventColumns+` FROM trail_event
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND seq < $2
			AND ($3 = '' OR account = $3) AND ($4 = '' OR actor = $4) AND ($5 = '' OR subject = $5) AND ($6 = '' OR agency = $6)
			AND ($7 = '' OR action = $7 OR substr(action, 1, length($7)) = $7 AND substr($7, length($7), 1) = '.')
			AND ($8 = 0 OR outcome <> '') AND at >= $9 AND at < $10
		ORDER BY seq DESC LIMIT $11`,
		tx.Tenant(), orEnd(before), f.Account, f.Actor, f.Subject, f.Agency, f.Action, flag(f.Refused), millis(f.Since), orEnd(millis(f.Until)), limit)
}

func flag(set bool) int64 {
	if set {
		return 1
	}
	return 0
}

// millis is 0 for the zero time, which is before all others.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// orEnd puts the end of all numbers in the place of none.
func orEnd(n int64) int64 {
	if n == 0 {
		return math.MaxInt64
	}
	return n
}

func eachEvent(ctx context.Context, tx *sqldb.Tx, fn func(Event) error) error {
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		e, err := scanEvent(scan)
		if err != nil {
			return err
		}
		return fn(e)
	}, `SELECT `+eventColumns+` FROM trail_event ORDER BY seq`)
}

// lastBefore returns the newest event before the time.
func lastBefore(ctx context.Context, tx *sqldb.Tx, before time.Time) (Event, error) {
	return sqldb.One(ctx, tx, scanEvent, `SELECT `+eventColumns+` FROM trail_event WHERE at < $1 ORDER BY seq DESC LIMIT 1`, before.UnixMilli())
}

func dropUntil(ctx context.Context, tx *sqldb.Tx, last Event) (int64, error) {
	if _, err := tx.Exec(ctx, `UPDATE trail_head SET begins_seq = $1, begins_from = $2 WHERE id = 1`, last.Seq, last.digest); err != nil {
		return 0, err
	}
	return tx.Exec(ctx, `DELETE FROM trail_event WHERE seq <= $1`, last.Seq)
}
