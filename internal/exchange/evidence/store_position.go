package evidence

import (
	"context"
	"errors"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Position says how far a journal has been read into the view.
type Position struct {
	Journal  string
	Sequence uint64    // of the last record that is in the view
	Seen     uint64    // of the newest record of the journal when that was stored
	At       time.Time // when that was; zero for one that no newer version has moved
	Again    bool      // all of it is to be read anew
}

// Behind is how many records were there and are not in the view, or are to be
// read anew.
func (p Position) Behind() uint64 {
	seen := max(p.Seen, p.Sequence)
	if p.Again {
		return seen
	}
	return seen - p.Sequence
}

const positionColumns = `journal, sequence, seen, moved_at, again`

func scanPosition(scan sqldb.Scan) (p Position, err error) {
	var at int64
	err = scan(&p.Journal, &p.Sequence, &p.Seen, &at, &p.Again)
	if at > 0 {
		p.At = time.UnixMilli(at).UTC()
	}
	return p, err
}

// storedPositions are those of all journals; in any other scope than the
// nation's, none.
func storedPositions(ctx context.Context, tx *sqldb.Tx) ([]Position, error) {
	return sqldb.All(ctx, tx, scanPosition, `SELECT `+positionColumns+` FROM evidence_position WHERE $1 = '*' ORDER BY journal`, tx.Tenant())
}

// storedPosition returns how far the journal has been read, and makes a place
// for the position of a journal that is new.
func storedPosition(ctx context.Context, tx *sqldb.Tx, journal string) (Position, error) {
	_, err := tx.Exec(ctx, `INSERT INTO evidence_position (journal, sequence) VALUES ($1, 0) ON CONFLICT (journal) DO NOTHING`, journal)
	if err != nil {
		return Position{}, err
	}
	return sqldb.One(ctx, tx, scanPosition, `SELECT `+positionColumns+` FROM evidence_position WHERE journal = $1`, journal)
}

// movePosition fails with errMoved if the position is no longer where the caller
// read on from, or everything is to be read anew.
func movePosition(ctx context.Context, tx *sqldb.Tx, journal string, from, to, seen uint64, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE evidence_position SET sequence = $1, seen = $2, moved_at = $3 WHERE journal = $4 AND sequence = $5 AND again = FALSE`,
		to, max(seen, to), now.UnixMilli(), journal, from)
	if err == nil && n != 1 {
		err = errMoved
	}
	return err
}

// readAgain has journals read anew by the processes that hold them: one, or all
// where none is named.
func readAgain(ctx context.Context, tx *sqldb.Tx, journal string) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `UPDATE evidence_position SET again = TRUE WHERE $1 = '' OR journal = $1`, journal)
	return err
}

// beginAgain sets the position of a journal of which nothing is in the view to
// its beginning.
func beginAgain(ctx context.Context, tx *sqldb.Tx, journal string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE evidence_position SET sequence = 0, moved_at = $1, again = FALSE WHERE journal = $2`, now.UnixMilli(), journal)
	return err
}

var errMoved = errors.New("the stored position has moved")

// dropJournal drops at most so many rows of a journal from each table, and
// returns how many there were.
func dropJournal(ctx context.Context, tx *sqldb.Tx, journal string, most int) (all int64, err error) {
	for _, table := range []struct{ name, key string }{
		{"evidence_exchange", "id"}, {"evidence_page", "id"}, {"evidence_traffic", "(journal, hour, consumer_agency, provider_agency)"},
	} {
		columns := strings.Trim(table.key, "()")
		n, err := tx.Exec(ctx, `DELETE FROM `+table.name+` WHERE `+table.key+` IN (SELECT `+columns+` FROM `+table.name+` WHERE journal = $1 LIMIT $2)`, journal, most)
		if err != nil {
			return all, err
		}
		all += n
	}
	return all, nil
}

// raiseFloor moves the floor to the time, unless it is there or beyond.
func raiseFloor(ctx context.Context, tx *sqldb.Tx, to time.Time) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_floor (id, at) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE evidence_floor.at < excluded.at`, to.UnixMilli())
	return err
}

// storedFloor returns the floor, the Unix epoch if none was ever set. Everybody
// may know it.
func storedFloor(ctx context.Context, tx *sqldb.Tx) (time.Time, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (time.Time, error) {
		var at int64
		err := scan(&at)
		return time.UnixMilli(at), err
	}, `SELECT COALESCE(MAX(at), 0) FROM evidence_floor`)
}
