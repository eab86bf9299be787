package tracker

import (
	"context"
	"errors"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Position says how far the view has read a journal.
type Position struct {
	Journal  string
	Sequence uint64    // of the last record that was read
	Seen     uint64    // of the newest record of the journal when that was stored
	At       time.Time // when that was
	again    bool      // everything of it is to be read anew
}

// Again reports whether everything of the journal is to be read anew.
func (p Position) Again() bool { return p.again }

// Behind is how many records were there and not read, or are to be read anew.
func (p Position) Behind() uint64 {
	seen := max(p.Seen, p.Sequence)
	if p.again {
		return seen
	}
	return seen - p.Sequence
}

const positionColumns = `journal, sequence, seen, moved_at, again`

func scanPosition(scan sqldb.Scan) (p Position, err error) {
	var at int64
	err = scan(&p.Journal, &p.Sequence, &p.Seen, &at, &p.again)
	p.At = timeOf(at)
	return p, err
}

func positionOf(ctx context.Context, tx *sqldb.Tx, journal string) (Position, error) {
	return sqldb.One(ctx, tx, scanPosition, `SELECT `+positionColumns+` FROM tracker_position WHERE journal = $1`, journal)
}

// positions returns those of all journals; in any other scope than the nation's,
// none.
func positions(ctx context.Context, tx *sqldb.Tx) ([]Position, error) {
	return sqldb.All(ctx, tx, scanPosition, `SELECT `+positionColumns+` FROM tracker_position WHERE $1 = '*' ORDER BY journal`, tx.Tenant())
}

// beginAt returns how far the journal has been read: nowhere, for one that is new,
// and for one that is to be read anew, whose rows are dropped. One with rows of which it
// is not known which key sealed them is read anew too.
func beginAt(ctx context.Context, tx *sqldb.Tx, journal string, now time.Time) (uint64, error) {
	_, err := tx.Exec(ctx, `INSERT INTO tracker_position (journal, sequence, seen, moved_at, again) VALUES ($1, 0, 0, $2, FALSE)
		ON CONFLICT (journal) DO NOTHING`, journal, now.UnixMilli())
	if err != nil {
		return 0, err
	}
	p, err := positionOf(ctx, tx, journal)
	if err != nil {
		return 0, err
	}
	if unknown, err := hasUnknown(ctx, tx, journal); err != nil || !unknown && !p.again {
		return p.Sequence, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM tracker_access WHERE journal = $1`, journal); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE tracker_position SET sequence = 0, again = FALSE, moved_at = $1 WHERE journal = $2`, now.UnixMilli(), journal)
	return 0, err
}

var errMoved = errors.New("the stored position has moved")

// movePosition fails with errMoved where the position is not where the batch
// began, or everything is to be read anew.
func movePosition(ctx context.Context, tx *sqldb.Tx, journal string, from, to, seen uint64, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE tracker_position SET sequence = $1, seen = $2, moved_at = $3
		WHERE journal = $4 AND sequence = $5 AND again = FALSE`, int64(to), int64(max(seen, to)), now.UnixMilli(), journal, int64(from))
	if err == nil && n != 1 {
		err = errMoved
	}
	return err
}

// readAgain has every journal read anew by the process that holds it. One that no
// process holds any more keeps its rows, but for those that are erased with their key.
func readAgain(ctx context.Context, tx *sqldb.Tx) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `UPDATE tracker_position SET again = TRUE`)
	return err
}
