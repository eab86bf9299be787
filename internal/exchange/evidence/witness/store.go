package witness

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// asTheHub keeps everybody but the hub itself from writing.
func asTheHub(tx *sqldb.Tx) error {
	if tx.Tenant() != simpul.NationScope().Key() {
		return sqldb.ErrScope
	}
	return nil
}

const standingColumns = `origin, witness, state, reason, since, tried_at, failures, claimed, size, cosigned_at`

func scanStanding(scan sqldb.Scan) (s Standing, err error) {
	var since, tried, cosigned, claimed, size int64
	err = scan(&s.Origin, &s.Witness, &s.State, &s.Reason, &since, &tried, &s.Failures, &claimed, &size, &cosigned)
	s.Since, s.Tried, s.CosignedAt = timeOf(since), timeOf(tried), timeOf(cosigned)
	s.Claimed, s.Size = uint64(claimed), uint64(size)
	return s, err
}

// standings returns where all witnesses stand. Everybody may know it.
func standings(ctx context.Context, tx *sqldb.Tx) ([]Standing, error) {
	return sqldb.All(ctx, tx, scanStanding, `SELECT `+standingColumns+` FROM evidence_witness ORDER BY origin, witness`)
}

func putStanding(ctx context.Context, tx *sqldb.Tx, s Standing) error {
	if err := asTheHub(tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_witness (`+standingColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (origin, witness) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = excluded.since,
			tried_at = excluded.tried_at, failures = excluded.failures, claimed = excluded.claimed, size = excluded.size, cosigned_at = excluded.cosigned_at`,
		s.Origin, s.Witness, s.State, s.Reason, millis(s.Since), millis(s.Tried), s.Failures, int64(s.Claimed), int64(s.Size), millis(s.CosignedAt))
	if err != nil {
		return fmt.Errorf("store a witness: %w", err)
	}
	return nil
}

const sealedColumns = `origin, witness, size, root, at, note, line`

func scanSealed(scan sqldb.Scan) (s sealed, err error) {
	var size, at int64
	var root string
	if err = scan(&s.Origin, &s.Witness, &size, &root, &at, &s.Note, &s.Line); err != nil {
		return s, err
	}
	s.Size, s.At = uint64(size), timeOf(at)
	if n, err := hex.Decode(s.Root[:], []byte(root)); err != nil || n != len(s.Root) {
		return s, errors.New("a stored root is no hash")
	}
	return s, nil
}

// day tells days apart, in UTC.
func day(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// putSealed keeps a cosignature. Of one tree on one day the last stays: an older
// day proves that the tree was there by then.
func putSealed(ctx context.Context, tx *sqldb.Tx, s sealed) error {
	if err := asTheHub(tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO evidence_cosignature (`+sealedColumns+`, day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (origin, witness, size, day) DO UPDATE SET root = excluded.root, at = excluded.at, note = excluded.note, line = excluded.line`,
		s.Origin, s.Witness, int64(s.Size), hex.EncodeToString(s.Root[:]), s.At.UnixMilli(), s.Note, s.Line, day(s.At))
	if err != nil {
		return fmt.Errorf("store a cosignature: %w", err)
	}
	return nil
}

// newestOf returns the cosignature of the largest tree, and nothing where there
// is none.
func newestOf(ctx context.Context, tx *sqldb.Tx, origin, witness string) (sealed, error) {
	s, err := sqldb.One(ctx, tx, scanSealed, `SELECT `+sealedColumns+` FROM evidence_cosignature
		WHERE origin = $1 AND witness = $2 ORDER BY size DESC, at DESC LIMIT 1`, origin, witness)
	if errors.Is(err, sqldb.ErrNoRows) {
		return sealed{}, nil
	}
	return s, err
}

// mostCovering is among how many cosignatures the best are looked for.
const mostCovering = 400

// covering lists cosignatures of trees within sizes, the largest first. Everybody
// may know them.
func covering(ctx context.Context, tx *sqldb.Tx, origin string, from, to uint64) ([]sealed, error) {
	return sqldb.All(ctx, tx, scanSealed, `SELECT `+sealedColumns+` FROM evidence_cosignature
		WHERE origin = $1 AND size BETWEEN $2 AND $3 ORDER BY size DESC, at DESC LIMIT $4`, origin, int64(from), int64(to), mostCovering)
}

// mostNewest is how many cosignatures of each witness are kept besides one of
// each day.
const mostNewest = 16

// prune drops what neither is among the newest of a witness nor the last of its
// day.
func prune(ctx context.Context, tx *sqldb.Tx, origin, witness string) error {
	if err := asTheHub(tx); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM evidence_cosignature WHERE origin = $1 AND witness = $2
		AND size < (SELECT MIN(size) FROM (SELECT size FROM evidence_cosignature WHERE origin = $1 AND witness = $2 ORDER BY size DESC LIMIT $3) newest)
		AND EXISTS (SELECT 1 FROM evidence_cosignature later WHERE later.origin = evidence_cosignature.origin
			AND later.witness = evidence_cosignature.witness AND later.day = evidence_cosignature.day AND later.size > evidence_cosignature.size)`,
		origin, witness, mostNewest)
	if err != nil {
		return fmt.Errorf("drop old cosignatures: %w", err)
	}
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
