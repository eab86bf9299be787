package evidence

import (
	"context"
	"encoding/base64"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// ActionEnd is the name of the end of a journal in the audit trail.
const ActionEnd = "evidence.end"

// NoteEnding notes in the database that a journal has ended, and which one goes on for it.
// It reports whether that is news.
func NoteEnding(ctx context.Context, tx *sqldb.Tx, e Ending, successor string) (bool, error) {
	if tx.Tenant() != simpul.NationScope().Key() {
		return false, sqldb.ErrScope
	}
	encode := base64.StdEncoding.EncodeToString
	n, err := tx.Exec(ctx, `INSERT INTO evidence_ending (journal, successor, last, at, cause, entries, root, covered, rest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (journal) DO NOTHING`,
		e.Journal, successor, int64(e.Last), e.At.UnixMilli(), e.Cause, int64(e.Entries), encode(e.Root), int64(e.Covered), encode(e.Rest))
	if err != nil || n == 0 {
		return false, err
	}
	return true, trail.Append(ctx, tx, trail.Event{Actor: trail.Hub, Action: ActionEnd, Subject: e.Journal, Detail: e.detail(successor)})
}

// NotedEndings lists the journals that have ended, of all data folders, by time. Everybody
// may know of them.
func NotedEndings(ctx context.Context, tx *sqldb.Tx) ([]Ending, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (e Ending, err error) {
		var at int64
		var root, rest string
		if err := scan(&e.Journal, &e.Last, &at, &e.Cause, &e.Entries, &root, &e.Covered, &rest); err != nil {
			return e, err
		}
		e.At = time.UnixMilli(at).UTC()
		if e.Root, err = base64.StdEncoding.DecodeString(root); err == nil {
			e.Rest, err = base64.StdEncoding.DecodeString(rest)
		}
		return e, err
	}, `SELECT journal, last, at, cause, entries, root, covered, rest FROM evidence_ending ORDER BY at, journal`)
}
