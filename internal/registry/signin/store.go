package signin

import (
	"context"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// millis reads a time as it is stored; 0 is none.
func millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func stored(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func timeOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// Sessions.

const sessionColumns = `id, account, agency, token, methods, device, origin, proved_at, begun_at, seen_at, expires_at`

func scanSession(scan sqldb.Scan) (s Session, err error) {
	var methods, device string
	var proved, begun, seen, expires int64
	err = scan(&s.ID, &s.Account, &s.agency, &s.Token, &methods, &device, &s.origin, &proved, &begun, &seen, &expires)
	s.Methods, s.device = split(methods), deviceStored(device)
	s.At, s.begun, s.seen, s.expires = millis(proved), millis(begun), millis(seen), millis(expires)
	return s, err
}

func insertSession(ctx context.Context, tx *sqldb.Tx, s Session, digest string) error {
	_, err := tx.Exec(ctx, `INSERT INTO signin_session (`+sessionColumns+`, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		s.ID, s.Account, s.agency, s.Token, joined(s.Methods), s.device.stored(), s.origin,
		s.At.UnixMilli(), s.begun.UnixMilli(), s.seen.UnixMilli(), s.expires.UnixMilli(), digest)
	return err
}

func sessionByDigest(ctx context.Context, tx *sqldb.Tx, digest string) (Session, error) {
	return sqldb.One(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM signin_session WHERE digest = $1 AND ($2 = '*' OR agency = $2)`, digest, tx.Tenant())
}

func sessionByID(ctx context.Context, tx *sqldb.Tx, id string) (Session, error) {
	return sqldb.One(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM signin_session WHERE id = $1 AND ($2 = '*' OR agency = $2)`, id, tx.Tenant())
}

func sessionOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, id string) (Session, error) {
	return sqldb.One(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM signin_session
		WHERE account = $1 AND account <> '' AND id = $2 AND ($3 = '*' OR agency = $3)`, account, id, tx.Tenant())
}

// sessionsOf lists the sessions of a person; nobody has the programs' ones.
func sessionsOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) ([]Session, error) {
	return sqldb.All(ctx, tx, scanSession, `SELECT `+sessionColumns+` FROM signin_session
		WHERE account = $1 AND account <> '' AND ($2 = '*' OR agency = $2) ORDER BY begun_at DESC, id`, account, tx.Tenant())
}

func sessionsOver(ctx context.Context, tx *sqldb.Tx, now time.Time, l Limits) ([]string, error) {
	return sqldb.All(ctx, tx, scanText, `SELECT id FROM signin_session
		WHERE expires_at <= $1 OR seen_at <= $2 LIMIT $3`, now.UnixMilli(), now.Add(-l.Idle).UnixMilli(), sessionsAtOnce)
}

func touchSession(ctx context.Context, tx *sqldb.Tx, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE signin_session SET seen_at = $1 WHERE id = $2 AND ($3 = '*' OR agency = $3)`, now.UnixMilli(), id, tx.Tenant())
	return err
}

func renewSession(ctx context.Context, tx *sqldb.Tx, id, digest, methods string, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE signin_session SET digest = $1, methods = $2, proved_at = $3, seen_at = $3 WHERE id = $4 AND ($5 = '*' OR agency = $5)`,
		digest, methods, now.UnixMilli(), id, tx.Tenant())
	return affected(n, err)
}

func deleteSession(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM signin_session WHERE id = $1 AND ($2 = '*' OR agency = $2)`, id, tx.Tenant())
	return err
}

func scanText(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }

func scanNumber(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) }

// affected turns a change of no row into ErrNoRows.
func affected(n int64, err error) error {
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

// People.

func credentialsOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (credentials, error) {
	return sqldb.One(ctx, tx, scanCredentials, `SELECT account, handle, password, password_at, totp, totp_at, totp_step FROM signin_person
		WHERE account = $1 AND ($2 = '*' OR agency = $2)`, account, tx.Tenant())
}

func credentialsByHandle(ctx context.Context, tx *sqldb.Tx, handle string) (credentials, error) {
	return sqldb.One(ctx, tx, scanCredentials, `SELECT account, handle, password, password_at, totp, totp_at, totp_step FROM signin_person
		WHERE handle = $1 AND ($2 = '*' OR agency = $2)`, handle, tx.Tenant())
}

func scanCredentials(scan sqldb.Scan) (c credentials, err error) {
	return c, scan(&c.account, &c.handle, &c.password, &c.passwordAt, &c.totp, &c.totpAt, &c.totpStep)
}

func insertPerson(ctx context.Context, tx *sqldb.Tx, c credentials) error {
	if err := tx.Own(c.account.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO signin_person (account, agency, handle) VALUES ($1, $2, $3)`, c.account, c.account.Agency(), c.handle)
	return err
}

func updatePassword(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, phc string, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE signin_person SET password = $1, password_at = $2 WHERE account = $3 AND ($4 = '*' OR agency = $4)`,
		phc, stored(now), account, tx.Tenant())
	return affected(n, err)
}

func updateTOTP(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, sealed string, step int64, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE signin_person SET totp = $1, totp_step = $2, totp_at = $3 WHERE account = $4 AND ($5 = '*' OR agency = $5)`,
		sealed, step, stored(now), account, tx.Tenant())
	return affected(n, err)
}

// useStep notes that the code of a time step was used; ErrNoRows if one of that
// step or a later one was before.
func useStep(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, step int64) error {
	n, err := tx.Exec(ctx, `UPDATE signin_person SET totp_step = $1 WHERE account = $2 AND totp_step < $1 AND ($3 = '*' OR agency = $3)`,
		step, account, tx.Tenant())
	return affected(n, err)
}

// forgetSteps forgets which codes were used of the time steps before the step.
func forgetSteps(ctx context.Context, tx *sqldb.Tx, step int64) (int64, error) {
	return tx.Exec(ctx, `UPDATE signin_person SET totp_step = 0 WHERE totp_step <> 0 AND totp_step < $1 AND $2 = '*'`, step, tx.Tenant())
}

// deletePerson takes passkeys and recovery codes along. It returns how many
// people there were.
func deletePerson(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM signin_person WHERE account = $1 AND ($2 = '*' OR agency = $2)`, account, tx.Tenant())
}

// Passkeys.

const passkeyColumns = `id, credential, account, name, public_key, transports, sign_count, backup_eligible, backed_up, created_at, used_at`

func scanPasskey(scan sqldb.Scan) (k Passkey, err error) {
	var transports string
	var created, used int64
	err = scan(&k.ID, &k.credential, &k.account, &k.Name, &k.publicKey, &transports, &k.signCount, &k.backupEligible, &k.BackedUp, &created, &used)
	k.transports, k.CreatedAt, k.UsedAt = strings.Fields(transports), millis(created), millis(used)
	return k, err
}

func insertPasskey(ctx context.Context, tx *sqldb.Tx, k Passkey) error {
	if err := tx.Own(k.account.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO signin_passkey (id, credential, account, name, public_key, transports, sign_count, backup_eligible, backed_up, created_at, agency)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		k.ID, k.credential, k.account, k.Name, k.publicKey, strings.Join(k.transports, " "), k.signCount, k.backupEligible, k.BackedUp,
		k.CreatedAt.UnixMilli(), k.account.Agency())
	return err
}

func passkeysOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) ([]Passkey, error) {
	return sqldb.All(ctx, tx, scanPasskey, `SELECT `+passkeyColumns+` FROM signin_passkey
		WHERE account = $1 AND ($2 = '*' OR agency = $2) ORDER BY created_at, id`, account, tx.Tenant())
}

// usePasskey notes a use; ErrNoRows if the counter did not go forward, which it
// must unless both are 0 (WebAuthn section 7.2 step 22).
func usePasskey(ctx context.Context, tx *sqldb.Tx, k Passkey, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE signin_passkey SET sign_count = $1, backed_up = $2, used_at = $3
		WHERE id = $4 AND (sign_count < $1 OR sign_count = 0 AND $1 = 0) AND ($5 = '*' OR agency = $5)`,
		k.signCount, k.BackedUp, now.UnixMilli(), k.ID, tx.Tenant())
	return affected(n, err)
}

func renamePasskey(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, id, name string) error {
	n, err := tx.Exec(ctx, `UPDATE signin_passkey SET name = $1 WHERE account = $2 AND id = $3 AND ($4 = '*' OR agency = $4)`, name, account, id, tx.Tenant())
	return affected(n, err)
}

func deletePasskey(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM signin_passkey WHERE account = $1 AND id = $2 AND ($3 = '*' OR agency = $3)`, account, id, tx.Tenant())
	return affected(n, err)
}

// Recovery codes.

func insertRecovery(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, digest string) error {
	if err := tx.Own(account.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO signin_recovery (account, digest, agency) VALUES ($1, $2, $3)`, account, digest, account.Agency())
	return err
}

func deleteRecoveries(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	_, err := tx.Exec(ctx, `DELETE FROM signin_recovery WHERE account = $1 AND ($2 = '*' OR agency = $2)`, account, tx.Tenant())
	return err
}

// useRecovery drops a code; ErrNoRows if there is none such.
func useRecovery(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, digest string) error {
	n, err := tx.Exec(ctx, `DELETE FROM signin_recovery WHERE account = $1 AND digest = $2 AND ($3 = '*' OR agency = $3)`, account, digest, tx.Tenant())
	return affected(n, err)
}

func countRecovery(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (int64, error) {
	return sqldb.One(ctx, tx, scanNumber, `SELECT COUNT(*) FROM signin_recovery WHERE account = $1 AND ($2 = '*' OR agency = $2)`, account, tx.Tenant())
}

// Ceremonies.

func insertCeremony(ctx context.Context, tx *sqldb.Tx, digest, kind, sealed string, until time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO signin_ceremony (digest, kind, sealed, expires_at) VALUES ($1, $2, $3, $4)`, digest, kind, sealed, until.UnixMilli())
	return err
}

func ceremonyByDigest(ctx context.Context, tx *sqldb.Tx, digest, kind string, now time.Time) (string, error) {
	return sqldb.One(ctx, tx, scanText, `SELECT sealed FROM signin_ceremony WHERE digest = $1 AND kind = $2 AND expires_at > $3`, digest, kind, now.UnixMilli())
}

// takeCeremony reads and drops a ceremony in one statement, so that of two who
// try at once one gets it.
func takeCeremony(ctx context.Context, tx *sqldb.Tx, digest, kind string, now time.Time) (string, error) {
	return sqldb.One(ctx, tx, scanText, `DELETE FROM signin_ceremony WHERE digest = $1 AND kind = $2 AND expires_at > $3 RETURNING sealed`, digest, kind, now.UnixMilli())
}

func deleteCeremoniesBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM signin_ceremony WHERE expires_at <= $1`, now.UnixMilli())
}

// Failures.

// lockFailure makes whoever counts the same subject wait for this transaction.
func lockFailure(ctx context.Context, tx *sqldb.Tx, subject string) error {
	_, err := tx.Exec(ctx, `INSERT INTO signin_failure (subject, failures, failed_at, shut_until) VALUES ($1, 0, 0, 0)
		ON CONFLICT (subject) DO UPDATE SET subject = excluded.subject`, subject)
	return err
}

func failureOf(ctx context.Context, tx *sqldb.Tx, subject string) (failure, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (f failure, err error) {
		var failed, until int64
		err = scan(&f.count, &failed, &until)
		f.at, f.until = millis(failed), millis(until)
		return f, err
	}, `SELECT failures, failed_at, shut_until FROM signin_failure WHERE subject = $1`, subject)
}

func putFailure(ctx context.Context, tx *sqldb.Tx, subject string, f failure) error {
	_, err := tx.Exec(ctx, `INSERT INTO signin_failure (subject, failures, failed_at, shut_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, failed_at = excluded.failed_at, shut_until = excluded.shut_until`,
		subject, f.count, stored(f.at), stored(f.until))
	return err
}

func deleteFailure(ctx context.Context, tx *sqldb.Tx, subject string) error {
	_, err := tx.Exec(ctx, `DELETE FROM signin_failure WHERE subject = $1`, subject)
	return err
}

func deleteFailuresBefore(ctx context.Context, tx *sqldb.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM signin_failure WHERE failed_at < $1`, before.UnixMilli())
}

// Providers of agencies.

func scanUpstream(scan sqldb.Scan) (u storedUpstream, err error) {
	err = scan(&u.agency, &u.Issuer, &u.ClientID, &u.sealed, &u.Claim, &u.Domain, &u.Required, &u.created, &u.updated)
	return u, err
}

func upstreamOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) (storedUpstream, error) {
	return sqldb.One(ctx, tx, scanUpstream, `SELECT agency, issuer, client, secret, claim, domain, required, created_at, updated_at FROM signin_upstream
		WHERE agency = $1 AND ($2 = '*' OR agency = $2)`, agency, tx.Tenant())
}

func putUpstream(ctx context.Context, tx *sqldb.Tx, u storedUpstream) error {
	if err := tx.Own(u.agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO signin_upstream (agency, issuer, client, secret, claim, domain, required, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (agency) DO UPDATE SET issuer = excluded.issuer, client = excluded.client, secret = excluded.secret, claim = excluded.claim,
			domain = excluded.domain, required = excluded.required, updated_at = excluded.updated_at`,
		u.agency, u.Issuer, u.ClientID, u.sealed, u.Claim, u.Domain, u.Required, u.created, u.updated)
	return err
}

func deleteUpstream(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) error {
	n, err := tx.Exec(ctx, `DELETE FROM signin_upstream WHERE agency = $1 AND ($2 = '*' OR agency = $2)`, agency, tx.Tenant())
	return affected(n, err)
}

func subjectOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (s subject, err error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (s subject, err error) { return s, scan(&s.issuer, &s.digest) },
		`SELECT issuer, subject FROM signin_subject WHERE account = $1 AND ($2 = '*' OR agency = $2)`, account, tx.Tenant())
}

func putSubject(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, s subject, now time.Time) error {
	if err := tx.Own(account.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO signin_subject (account, agency, issuer, subject, noted_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account) DO UPDATE SET issuer = excluded.issuer, subject = excluded.subject, noted_at = excluded.noted_at`,
		account, account.Agency(), s.issuer, s.digest, now.UnixMilli())
	return err
}

func deleteSubject(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	_, err := tx.Exec(ctx, `DELETE FROM signin_subject WHERE account = $1 AND ($2 = '*' OR agency = $2)`, account, tx.Tenant())
	return err
}
