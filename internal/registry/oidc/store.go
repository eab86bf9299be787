package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// Kinds in the revision log. That of the applications is written by the room
// that owns them: with an application go its keys.
const (
	revisionSigningKey  = "OIDCSigningKey"
	revisionClientKeys  = "OIDCClientKeys" // ID: the application
	revisionRevocation  = "OIDCRevocation"
	revisionApplication = "Application"
	revisionClient      = "OIDCClient" // ID: the application
	revisionLogin       = "OIDCLogin"
	revisionSession     = "Session" // written by whoever keeps sessions
	revisionAccount     = "Account" // written by whoever keeps accounts
)

func scanSigningKey(scan sqldb.Scan) (k storedKey, err error) {
	var from, until, kept int64
	err = scan(&k.ID, &k.sealed, &from, &until, &kept)
	k.SignsFrom, k.SignsUntil, k.KeptUntil = timeOf(from), timeOf(until), timeOf(kept)
	return k, err
}

func listSigningKeys(ctx context.Context, tx *sqldb.Tx) ([]storedKey, error) {
	return sqldb.All(ctx, tx, scanSigningKey,
		`SELECT id, sealed, signs_from, signs_until, kept_until FROM oidc_signing_key ORDER BY signs_from, id`)
}

func insertSigningKey(ctx context.Context, tx *sqldb.Tx, k storedKey) error {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_signing_key (id, sealed, signs_from, signs_until, kept_until) VALUES ($1, $2, $3, $4, $5)`,
		k.ID, k.sealed, k.SignsFrom.UnixMilli(), k.SignsUntil.UnixMilli(), k.KeptUntil.UnixMilli())
	return err
}

func deleteSigningKey(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_signing_key WHERE id = $1`, id)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func deleteSigningKeysBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_signing_key WHERE kept_until <= $1`, now.UnixMilli())
	return err
}

const clientKeyColumns = `id, application, jwk, label, created_at`

// scanClientKey parses the stored key once more, so that what is in memory is
// what the rules of today accept. One that they do not is listed and not used.
func scanClientKey(scan sqldb.Scan) (ClientKey, error) {
	var id, jwk, label string
	var application simpul.ApplicationID
	var created int64
	if err := scan(&id, &application, &jwk, &label, &created); err != nil {
		return ClientKey{}, err
	}
	k, _ := parseClientKey([]byte(jwk))
	k.ID, k.Application, k.Label, k.CreatedAt = id, application, label, timeOf(created)
	return k, nil
}

func insertClientKey(ctx context.Context, tx *sqldb.Tx, k ClientKey) error {
	if err := tx.Own(k.Application.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO oidc_client_key (id, application, agency, thumbprint, jwk, label, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		k.ID, k.Application, k.Application.Agency(), k.Thumbprint, k.jwk, k.Label, k.CreatedAt.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionClientKeys, string(k.Application))
}

func deleteClientKey(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_client_key WHERE ($1 = '*' OR agency = $1) AND application = $2 AND id = $3`,
		tx.Tenant(), application, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionClientKeys, string(application))
}

func clientKeysOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]ClientKey, error) {
	return sqldb.All(ctx, tx, scanClientKey, `SELECT `+clientKeyColumns+` FROM oidc_client_key
		WHERE ($1 = '*' OR agency = $1) AND application = $2 ORDER BY created_at, id`, tx.Tenant(), application)
}

func allClientKeys(ctx context.Context, tx *sqldb.Tx) ([]ClientKey, error) {
	return sqldb.All(ctx, tx, scanClientKey,
		`SELECT `+clientKeyColumns+` FROM oidc_client_key WHERE $1 = '*' ORDER BY application, id`, tx.Tenant())
}

// useAssertion remembers that the application has shown the assertion. The
// second time it fails with ErrDuplicate.
func useAssertion(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, jti string, until time.Time) error {
	sum := sha256.Sum256([]byte(string(application) + "\x00" + jti))
	_, err := tx.Exec(ctx, `INSERT INTO oidc_assertion (digest, expires_at) VALUES ($1, $2)`, hex.EncodeToString(sum[:]), until.UnixMilli())
	return err
}

func deleteAssertionsBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_assertion WHERE expires_at < $1`, now.UnixMilli())
	return err
}

// revocation is a token that was revoked, until it would have expired.
type revocation struct {
	jti   string
	until time.Time
}

func scanRevocation(scan sqldb.Scan) (r revocation, err error) {
	var until int64
	err = scan(&r.jti, &until)
	r.until = timeOf(until)
	return r, err
}

func insertRevocation(ctx context.Context, tx *sqldb.Tx, r revocation) error {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_revocation (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING`, r.jti, r.until.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionRevocation, r.jti)
}

func revocationOf(ctx context.Context, tx *sqldb.Tx, jti string) (revocation, error) {
	return sqldb.One(ctx, tx, scanRevocation, `SELECT jti, expires_at FROM oidc_revocation WHERE jti = $1`, jti)
}

func revocationsSince(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]revocation, error) {
	return sqldb.All(ctx, tx, scanRevocation, `SELECT jti, expires_at FROM oidc_revocation WHERE expires_at >= $1`, now.UnixMilli())
}

func deleteRevocationsBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_revocation WHERE expires_at < $1`, now.UnixMilli())
	return err
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

const registrationColumns = `application, spec, created_at, updated_at`

// scanRegistration checks the stored declaration once more, so that what is in
// memory is what the rules of today accept. One that they do not is not used.
func scanRegistration(scan sqldb.Scan) (r Registration, err error) {
	var spec string
	var created, updated int64
	if err := scan(&r.Application, &spec, &created, &updated); err != nil {
		return r, err
	}
	r.Times = httpapi.TimesOf(created, updated)
	return r, json.Unmarshal([]byte(spec), &r.Spec)
}

func putRegistration(ctx context.Context, tx *sqldb.Tx, id simpul.ApplicationID, s ClientSpec, now time.Time) (r Registration, err error) {
	if err := tx.Own(id.Agency()); err != nil {
		return r, err
	}
	spec, err := json.Marshal(s)
	if err != nil {
		return r, err
	}
	r, err = sqldb.One(ctx, tx, scanRegistration, `
		INSERT INTO oidc_client (application, agency, spec, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (application) DO UPDATE SET spec = excluded.spec, updated_at = excluded.updated_at
		RETURNING `+registrationColumns, id, id.Agency(), string(spec), now.UnixMilli())
	if err != nil {
		return r, err
	}
	return r, tx.Revise(ctx, revisionClient, string(id))
}

func deleteRegistration(ctx context.Context, tx *sqldb.Tx, id simpul.ApplicationID) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_client WHERE ($1 = '*' OR agency = $1) AND application = $2`, tx.Tenant(), id)
	if err != nil {
		return err
	}
	if n == 0 {
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionClient, string(id))
}

func registrationOf(ctx context.Context, tx *sqldb.Tx, id simpul.ApplicationID) (Registration, error) {
	return sqldb.One(ctx, tx, scanRegistration, `SELECT `+registrationColumns+` FROM oidc_client
		WHERE ($1 = '*' OR agency = $1) AND application = $2`, tx.Tenant(), id)
}

func allRegistrations(ctx context.Context, tx *sqldb.Tx) ([]Registration, error) {
	return sqldb.All(ctx, tx, scanRegistration, `SELECT `+registrationColumns+` FROM oidc_client WHERE $1 = '*' ORDER BY application`, tx.Tenant())
}

// subjectOf returns the name by which applications know the account, and makes
// it the first time.
func subjectOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, now time.Time) (string, error) {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_subject (account, subject, created_at) VALUES ($1, $2, $3) ON CONFLICT (account) DO NOTHING`,
		account, strings.ToLower(rand.Text()), now.UnixMilli())
	if err != nil {
		return "", err
	}
	return sqldb.One(ctx, tx, scanText, `SELECT subject FROM oidc_subject WHERE account = $1`, account)
}

func scanText(scan sqldb.Scan) (s string, err error) { return s, scan(&s) }

func scanConsent(scan sqldb.Scan) (c Consent, err error) {
	var scopes string
	var at int64
	err = scan(&c.Application, &scopes, &at)
	c.Scopes, c.At = strings.Fields(scopes), timeOf(at)
	return c, err
}

func consentOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, application simpul.ApplicationID) (Consent, error) {
	return sqldb.One(ctx, tx, scanConsent, `SELECT application, scopes, given_at FROM oidc_consent
		WHERE account = $1 AND application = $2`, account, application)
}

func consentsOf(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) ([]Consent, error) {
	return sqldb.All(ctx, tx, scanConsent, `SELECT application, scopes, given_at FROM oidc_consent
		WHERE account = $1 ORDER BY given_at DESC, application`, account)
}

func putConsent(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, c Consent) error {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_consent (account, application, scopes, given_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account, application) DO UPDATE SET scopes = excluded.scopes, given_at = excluded.given_at`,
		account, c.Application, strings.Join(c.Scopes, " "), c.At.UnixMilli())
	return err
}

func deleteConsent(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, application simpul.ApplicationID) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_consent WHERE account = $1 AND application = $2`, account, application)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func insertWaiting(ctx context.Context, tx *sqldb.Tx, digest string, q waiting) error {
	parameters, err := json.Marshal(q.parameters)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO oidc_request (digest, application, pushed, parameters, session, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		digest, q.application, q.pushed, string(parameters), q.session, q.at.UnixMilli(), q.until.UnixMilli())
	return err
}

func waitingOf(ctx context.Context, tx *sqldb.Tx, digest string, now time.Time) (waiting, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (q waiting, err error) {
		var parameters string
		var at, until int64
		if err := scan(&q.application, &q.pushed, &parameters, &q.session, &at, &until); err != nil {
			return q, err
		}
		q.at, q.until = timeOf(at), timeOf(until)
		return q, json.Unmarshal([]byte(parameters), &q.parameters)
	}, `SELECT application, pushed, parameters, session, created_at, expires_at FROM oidc_request WHERE digest = $1 AND expires_at > $2`, digest, now.UnixMilli())
}

// bindWaiting ties a request to the session in which consent is asked.
func bindWaiting(ctx context.Context, tx *sqldb.Tx, digest, session string) error {
	_, err := tx.Exec(ctx, `UPDATE oidc_request SET session = $1 WHERE digest = $2`, session, digest)
	return err
}

// takeWaiting uses a request up; the second time there is none.
func takeWaiting(ctx context.Context, tx *sqldb.Tx, digest string) error {
	n, err := tx.Exec(ctx, `DELETE FROM oidc_request WHERE digest = $1`, digest)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

const loginColumns = `id, application, account, subject, session, scopes, nonce, methods, signed_in_at, redirect_uri, challenge,
	code, code_until, code_used, family, refresh, created_at, expires_at, session_ended_at, ended_at`

func scanLogin(scan sqldb.Scan) (l login, err error) {
	var scopes, methods string
	var signedIn, codeUntil, created, expires, sessionEnded, ended int64
	err = scan(&l.ID, &l.Application, &l.Account, &l.Subject, &l.Session, &scopes, &l.nonce, &methods, &signedIn, &l.redirectURI, &l.challenge,
		&l.code, &codeUntil, &l.codeUsed, &l.family, &l.refresh, &created, &expires, &sessionEnded, &ended)
	l.Scopes, l.Methods = strings.Fields(scopes), strings.Fields(methods)
	l.SignedInAt, l.codeUntil, l.At, l.Until = timeOf(signedIn), timeOf(codeUntil), timeOf(created), timeOf(expires)
	l.sessionEnded, l.ended = sessionEnded != 0, ended != 0
	return l, err
}

func insertLogin(ctx context.Context, tx *sqldb.Tx, l login) error {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_login (`+loginColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, 0)`,
		l.ID, l.Application, l.Account, l.Subject, l.Session, strings.Join(l.Scopes, " "), l.nonce, strings.Join(l.Methods, " "), l.SignedInAt.UnixMilli(),
		l.redirectURI, l.challenge, l.code, l.codeUntil.UnixMilli(), l.codeUsed, l.family, l.refresh, l.At.UnixMilli(), l.Until.UnixMilli())
	return err
}

func loginByCode(ctx context.Context, tx *sqldb.Tx, digest string) (login, error) {
	return sqldb.One(ctx, tx, scanLogin, `SELECT `+loginColumns+` FROM oidc_login WHERE code = $1`, digest)
}

func loginByFamily(ctx context.Context, tx *sqldb.Tx, digest string) (login, error) {
	return sqldb.One(ctx, tx, scanLogin, `SELECT `+loginColumns+` FROM oidc_login WHERE family = $1 AND family <> ''`, digest)
}

func loginOf(ctx context.Context, tx *sqldb.Tx, id string) (login, error) {
	return sqldb.One(ctx, tx, scanLogin, `SELECT `+loginColumns+` FROM oidc_login WHERE id = $1`, id)
}

// useCode reports whether this is the first use of the login's code.
func useCode(ctx context.Context, tx *sqldb.Tx, id string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE oidc_login SET code_used = TRUE WHERE id = $1 AND NOT code_used`, id)
	return n == 1, err
}

// startFamily gives a login its first refresh token.
func startFamily(ctx context.Context, tx *sqldb.Tx, id, family, refresh string) error {
	_, err := tx.Exec(ctx, `UPDATE oidc_login SET family = $1, refresh = $2 WHERE id = $3`, family, refresh, id)
	return err
}

// turnRefresh puts the next refresh token in the place of the one that was
// shown, and reports whether that one was the last.
func turnRefresh(ctx context.Context, tx *sqldb.Tx, id, shown, next string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE oidc_login SET refresh = $1 WHERE id = $2 AND refresh = $3 AND ended_at = 0`, next, id, shown)
	return n == 1, err
}

// endLogin ends a login and all its tokens. Ending one that has ended is no
// change and is not announced.
func endLogin(ctx context.Context, tx *sqldb.Tx, id string, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE oidc_login SET ended_at = $1 WHERE id = $2 AND ended_at = 0`, now.UnixMilli(), id)
	if err != nil || n == 0 {
		return err
	}
	return tx.Revise(ctx, revisionLogin, id)
}

// liveLogins lists those of an account; of one application where it is named.
func liveLogins(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, application simpul.ApplicationID) ([]login, error) {
	return sqldb.All(ctx, tx, scanLogin, `SELECT `+loginColumns+` FROM oidc_login
		WHERE account = $1 AND ($2 = '' OR application = $2) AND ended_at = 0 ORDER BY created_at, id`, account, application)
}

// openSessions lists the sessions of logins that the hub has not seen end.
func openSessions(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]string, error) {
	return sqldb.All(ctx, tx, scanText, `SELECT DISTINCT session FROM oidc_login WHERE session_ended_at = 0 AND ended_at = 0 AND expires_at > $1`, now.UnixMilli())
}

// endSession notes that the session of logins has ended, and returns those that
// did not know it yet.
func endSession(ctx context.Context, tx *sqldb.Tx, session string, now time.Time) ([]login, error) {
	return sqldb.All(ctx, tx, scanLogin, `UPDATE oidc_login SET session_ended_at = $1 WHERE session = $2 AND session_ended_at = 0
		RETURNING `+loginColumns, now.UnixMilli(), session)
}

// endedSince lists what logins and sessions have ended since, whose access
// tokens may not have expired.
func endedSince(ctx context.Context, tx *sqldb.Tx, since time.Time) (logins, sessions []string, err error) {
	logins, err = sqldb.All(ctx, tx, scanText, `SELECT id FROM oidc_login WHERE ended_at >= $1`, since.UnixMilli())
	if err != nil {
		return nil, nil, err
	}
	sessions, err = sqldb.All(ctx, tx, scanText, `SELECT DISTINCT session FROM oidc_login WHERE session_ended_at >= $1`, since.UnixMilli())
	return logins, sessions, err
}

// deleteLoginsBefore drops logins that nothing can come of any more.
func deleteLoginsBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_login WHERE expires_at < $1 OR ended_at > 0 AND ended_at < $2`, now.UnixMilli(), now.Add(-keptFor).UnixMilli())
	if err != nil {
		return err
	}
	return deleteWaitingBefore(ctx, tx, now)
}

func deleteWaitingBefore(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_request WHERE expires_at < $1`, now.UnixMilli())
	return err
}

// forgetAccount drops all that the room knows of an account but its subject,
// which must never be given to another.
func forgetAccount(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_consent WHERE account = $1`, account)
	return err
}

func insertLogout(ctx context.Context, tx *sqldb.Tx, id string, l login, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO oidc_logout (id, application, subject, session, next_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (application, session) DO NOTHING`, id, l.Application, l.Subject, l.Session, now.UnixMilli())
	return err
}

// claimLogout takes the notification that is longest due and puts it off until
// then, so that nobody else takes it meanwhile.
func claimLogout(ctx context.Context, tx *sqldb.Tx, now, until time.Time) (notification, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n notification, err error) {
		return n, scan(&n.id, &n.application, &n.subject, &n.session, &n.attempts)
	}, `UPDATE oidc_logout SET attempts = attempts + 1, next_at = $1
		WHERE id = (SELECT id FROM oidc_logout WHERE next_at <= $2 ORDER BY next_at, id LIMIT 1) AND next_at <= $2
		RETURNING id, application, subject, session, attempts`, until.UnixMilli(), now.UnixMilli())
}

func postponeLogout(ctx context.Context, tx *sqldb.Tx, id string, until time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE oidc_logout SET next_at = $1 WHERE id = $2`, until.UnixMilli(), id)
	return err
}

func deleteLogout(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM oidc_logout WHERE id = $1`, id)
	return err
}
