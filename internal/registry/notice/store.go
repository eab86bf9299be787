package notice

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// storedEntry is an entry whose text is still sealed.
type storedEntry struct {
	Entry
	sealed string
}

// insertEntry reports whether the account did not have one with the key.
func insertEntry(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, key string, e Entry, sealed string) (fresh bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO notice_entry (id, agency, account, topic, key, sealed, link, due_at, urgent, state, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
		e.ID, account.Agency(), account, e.Topic, key, sealed, e.Link, millis(e.Due), e.Urgent, e.State, e.At.UnixMilli())
	return n > 0, err
}

func insertDone(ctx context.Context, tx *sqldb.Tx, key string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_done (key, done_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, key, now.UnixMilli())
	return err
}

func insertMail(ctx context.Context, tx *sqldb.Tx, p parcel) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_mail (id, agency, account, entry, kind, topic, urgent, state, sealed, attempts, next_at, created_at, ends_at, ended_at, reason_id, reason_en)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, 0, $9, $10, $11, 0, '', '') ON CONFLICT DO NOTHING`,
		p.ID, p.Agency, p.Account, p.Entry, p.Kind, p.Topic, p.Urgent, p.sealed, p.next.UnixMilli(), p.At.UnixMilli(), p.ends.UnixMilli())
	return err
}
