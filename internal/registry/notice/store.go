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

// acted is true of an entry on whose key somebody has acted.
const acted = `EXISTS (SELECT 1 FROM notice_done d WHERE d.key = notice_entry.key)`

const entryColumns = `id, topic, sealed, link, due_at, urgent, CASE WHEN ` + acted + ` THEN 'done' ELSE state END, created_at`

func scanEntry(scan sqldb.Scan) (e storedEntry, err error) {
	var due, at int64
	err = scan(&e.ID, &e.Topic, &e.sealed, &e.Link, &due, &e.Urgent, &e.State, &at)
	e.Due, e.At = timeOf(due), timeOf(at)
	return e, err
}

func getEntry(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, id string) (storedEntry, error) {
	return sqldb.One(ctx, tx, scanEntry, `SELECT `+entryColumns+` FROM notice_entry
		WHERE ($1 = '*' OR agency = $1) AND account = $2 AND id = $3`, tx.Tenant(), account, id)
}

// listWaiting returns what somebody has to act on, the most urgent date first.
func listWaiting(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, limit int) ([]storedEntry, error) {
	return sqldb.All(ctx, tx, scanEntry, `SELECT `+entryColumns+` FROM notice_entry
		WHERE ($1 = '*' OR agency = $1) AND account = $2 AND due_at > 0 AND state <> 'done' AND NOT `+acted+`
		ORDER BY due_at, id LIMIT $3`, tx.Tenant(), account, limit)
}

// listEntries returns entries, newest first, from before the place on.
func listEntries(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, f Filter, before place, limit int) ([]storedEntry, error) {
	return sqldb.All(ctx, tx, scanEntry, `SELECT `+entryColumns+` FROM notice_entry
		WHERE ($1 = '*' OR agency = $1) AND account = $2
			AND ($3 = '' OR state = $3 AND NOT `+acted+`)
			AND ($4 = 'all' OR due_at = 0 OR state = 'done' OR `+acted+`)
			AND (created_at < $5 OR created_at = $5 AND id < $6)
		ORDER BY created_at DESC, id DESC LIMIT $7`,
		tx.Tenant(), account, f.state(), f.reach(), before.at, before.id, limit)
}

func countUnread(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM notice_entry WHERE ($1 = '*' OR agency = $1) AND account = $2 AND state = 'unread' AND NOT `+acted,
		tx.Tenant(), account)
}

func markEntry(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, id string, state State) error {
	n, err := tx.Exec(ctx, `UPDATE notice_entry SET state = $1 WHERE ($2 = '*' OR agency = $2) AND account = $3 AND id = $4`,
		state, tx.Tenant(), account, id)
	return found(n, err)
}

func markAllRead(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	_, err := tx.Exec(ctx, `UPDATE notice_entry SET state = 'read' WHERE ($1 = '*' OR agency = $1) AND account = $2 AND state = 'unread' AND due_at = 0`,
		tx.Tenant(), account)
	return err
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func insertMail(ctx context.Context, tx *sqldb.Tx, p parcel) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_mail (id, agency, account, entry, kind, topic, urgent, state, sealed, attempts, next_at, created_at, ends_at, ended_at, reason_id, reason_en)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, 0, $9, $10, $11, 0, '', '') ON CONFLICT DO NOTHING`,
		p.ID, p.Agency, p.Account, p.Entry, p.Kind, p.Topic, p.Urgent, p.sealed, p.next.UnixMilli(), p.At.UnixMilli(), p.ends.UnixMilli())
	return err
}

const mailColumns = `id, agency, account, entry, kind, topic, urgent, state, sealed, attempts, next_at, created_at, ends_at, ended_at, reason_id, reason_en`

func scanMail(scan sqldb.Scan) (p parcel, err error) {
	var next, at, ends, ended int64
	err = scan(&p.ID, &p.Agency, &p.Account, &p.Entry, &p.Kind, &p.Topic, &p.Urgent, &p.State, &p.sealed, &p.Attempts, &next, &at, &ends, &ended, &p.Reason.ID, &p.Reason.EN)
	p.next, p.At, p.ends, p.Ended = timeOf(next), timeOf(at), timeOf(ends), timeOf(ended)
	return p, err
}

// claimMail takes the next letter whose time has come, for the time of the
// lease. A letter whose lease has run out was left by a process that died, and
// is taken again.
func claimMail(ctx context.Context, tx *sqldb.Tx, now, lease time.Time) (parcel, error) {
	return sqldb.One(ctx, tx, scanMail, `UPDATE notice_mail SET state = 'sending', attempts = attempts + 1, next_at = $1
		WHERE id = (SELECT id FROM notice_mail WHERE state IN ('queued', 'sending') AND next_at <= $2 ORDER BY next_at, id LIMIT 1)
			AND state IN ('queued', 'sending') AND next_at <= $2
		RETURNING `+mailColumns, lease.UnixMilli(), now.UnixMilli())
}

// endMail puts a letter away, without what it held. It does nothing to one that
// another process has taken since.
func endMail(ctx context.Context, tx *sqldb.Tx, p parcel, state string, reason simpul.Text, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE notice_mail SET state = $1, sealed = '', ended_at = $2, reason_id = $3, reason_en = $4
		WHERE id = $5 AND state = 'sending' AND attempts = $6`, state, now.UnixMilli(), reason.ID, reason.EN, p.ID, p.Attempts)
	return err
}

// postponeMail puts a letter back until the time. One that was not tried gets
// the attempt back.
func postponeMail(ctx context.Context, tx *sqldb.Tx, p parcel, state string, attempts int64, next time.Time, reason simpul.Text) error {
	_, err := tx.Exec(ctx, `UPDATE notice_mail SET state = $1, attempts = $2, next_at = $3, reason_id = $4, reason_en = $5
		WHERE id = $6 AND state = 'sending' AND attempts = $7`, state, attempts, next.UnixMilli(), reason.ID, reason.EN, p.ID, p.Attempts)
	return err
}

// listGathered returns the unread entries that wait for the account's digest of
// the time, oldest first.
func listGathered(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, at time.Time, limit int) ([]storedEntry, error) {
	return sqldb.All(ctx, tx, scanEntry, `SELECT `+entryColumns+` FROM notice_entry
		WHERE account = $1 AND state = 'unread' AND NOT `+acted+`
			AND id IN (SELECT entry FROM notice_mail WHERE account = $1 AND state = 'gathered' AND next_at <= $2)
		ORDER BY created_at, id LIMIT $3`, account, at.UnixMilli(), limit)
}

// endGathered puts away what a digest told of.
func endGathered(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, at time.Time, state string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE notice_mail SET state = $1, ended_at = $2 WHERE account = $3 AND state = 'gathered' AND next_at <= $4`,
		state, now.UnixMilli(), account, at.UnixMilli())
	return err
}

// reopenDigest lets a digest go once more for what was gathered after it went.
func reopenDigest(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE notice_mail SET state = 'queued', attempts = 0 WHERE id = $1 AND state IN ('sent', 'dropped', 'dead')`, id)
	return err
}

// listMail returns letters of the scope, newest first.
func listMail(ctx context.Context, tx *sqldb.Tx, state string, before place, limit int) ([]parcel, error) {
	return sqldb.All(ctx, tx, scanMail, `SELECT `+mailColumns+` FROM notice_mail
		WHERE ($1 = '*' OR agency = $1) AND ($2 = '' OR state = $2) AND (created_at < $3 OR created_at = $3 AND id < $4)
		ORDER BY created_at DESC, id DESC LIMIT $5`, tx.Tenant(), state, before.at, before.id, limit)
}

// lastDead returns the newest letter to the account that could not go, unless
// one went since.
func lastDead(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (parcel, error) {
	return sqldb.One(ctx, tx, scanMail, `SELECT `+mailColumns+` FROM notice_mail
		WHERE ($1 = '*' OR agency = $1) AND account = $2 AND state = 'dead'
			AND NOT EXISTS (SELECT 1 FROM notice_mail s WHERE s.account = $2 AND s.state = 'sent' AND s.ended_at > notice_mail.ended_at)
		ORDER BY ended_at DESC, id DESC LIMIT 1`, tx.Tenant(), account)
}

func dropMailBefore(ctx context.Context, tx *sqldb.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice_mail WHERE state IN ('sent', 'dropped', 'dead') AND ended_at < $1`, before.UnixMilli())
	return err
}

func listWays(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (map[string]Way, error) {
	ways := map[string]Way{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var subject string
		var way Way
		err := scan(&subject, &way)
		ways[subject] = way
		return err
	}, `SELECT subject, way FROM notice_preference WHERE ($1 = '*' OR agency = $1) AND account = $2`, tx.Tenant(), account)
	return ways, err
}

func putWay(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, subject string, way Way) error {
	if err := tx.Own(account.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO notice_preference (account, agency, subject, way) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account, subject) DO UPDATE SET way = excluded.way`, account, account.Agency(), subject, way)
	return err
}

// getLanguage returns the language that the account chose; empty for none.
func getLanguage(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (simpul.Language, error) {
	language := simpul.Language("")
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error { return scan(&language) },
		`SELECT language FROM notice_language WHERE ($1 = '*' OR agency = $1) AND account = $2`, tx.Tenant(), account)
	return language, err
}

func putLanguage(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, language simpul.Language) error {
	if err := tx.Own(account.Agency()); err != nil {
		return err
	}
	if language == "" {
		_, err := tx.Exec(ctx, `DELETE FROM notice_language WHERE account = $1`, account)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO notice_language (account, agency, language) VALUES ($1, $2, $3)
		ON CONFLICT (account) DO UPDATE SET language = excluded.language`, account, account.Agency(), language)
	return err
}

// forget drops everything about the account.
func forget(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	for _, statement := range []string{
		`DELETE FROM notice_entry WHERE account = $1`,
		`DELETE FROM notice_mail WHERE account = $1`,
		`DELETE FROM notice_preference WHERE account = $1`,
		`DELETE FROM notice_language WHERE account = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, account); err != nil {
			return err
		}
	}
	return nil
}

// dropEntriesBefore drops entries on which nobody has to act any more, and the
// keys of things done before.
func dropEntriesBefore(ctx context.Context, tx *sqldb.Tx, before time.Time) (int64, error) {
	n, err := tx.Exec(ctx, `DELETE FROM notice_entry WHERE created_at < $1 AND (due_at = 0 OR state = 'done' OR `+acted+`)`, before.UnixMilli())
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM notice_done WHERE done_at < $1 AND NOT EXISTS (SELECT 1 FROM notice_entry e WHERE e.key = notice_done.key)`, before.UnixMilli())
	return n, err
}
