package identity

import (
	"context"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Kinds in the revision log.
const (
	revisionAccount = "Account"
	revisionRole    = "Role"
)

func insertRole(ctx context.Context, tx *sqldb.Tx, name simpul.Role, spec simpul.RoleSpec, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_role (name, title_id, title_en, reach, permissions, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (name) DO NOTHING`,
		name, spec.Title.ID, spec.Title.EN, spec.Reach, joined(spec.Permissions), now.UnixMilli())
	return err
}

func listRoles(ctx context.Context, tx *sqldb.Tx) (roles, error) {
	all := roles{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var name simpul.Role
		var spec simpul.RoleSpec
		var permissions string
		err := scan(&name, &spec.Title.ID, &spec.Title.EN, &spec.Reach, &permissions)
		spec.Permissions = split(permissions)
		all[name] = spec
		return err
	}, `SELECT name, title_id, title_en, reach, permissions FROM identity_role`)
	return all, err
}

func joined(permissions []simpul.Permission) string {
	var b strings.Builder
	for i, p := range permissions {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(p))
	}
	return b.String()
}

func split(text string) []simpul.Permission {
	permissions := []simpul.Permission{}
	for name := range strings.FieldsSeq(text) {
		permissions = append(permissions, simpul.Permission(name))
	}
	return permissions
}

const accountColumns = `id, state, language, person, created_at, updated_at, erased_at`

func scanAccount(scan sqldb.Scan) (a storedAccount, err error) {
	var created, updated, erased int64
	err = scan(&a.ID, &a.State, &a.Language, &a.sealed, &created, &updated, &erased)
	a.Created, a.Updated, a.Erased = timeOf(created), timeOf(updated), timeOf(erased)
	return a, err
}

// timeOf reads milliseconds; 0 is the zero time.
func timeOf(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}

func getAccount(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) (storedAccount, error) {
	a, err := sqldb.One(ctx, tx, scanAccount,
		`SELECT `+accountColumns+` FROM identity_account WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND id = $2`, tx.Tenant(), id)
	if err != nil {
		return a, err
	}
	a.Holdings, err = holdingsOf(ctx, tx, id)
	return a, err
}

func holdingsOf(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) ([]Holding, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (h Holding, err error) {
		var given int64
		err = scan(&h.Role, &h.National, &h.GivenBy, &given)
		h.GivenAt = timeOf(given)
		return h, err
	}, `SELECT role, national, given_by, given_at FROM identity_holding
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND account = $2 ORDER BY role`, tx.Tenant(), id)
}

// eachActiveHolding calls fn for the roles of the agency's active accounts, or
// for the national roles of all where the agency is empty.
func eachActiveHolding(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, fn func(simpul.AccountID, simpul.Role)) error {
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var account simpul.AccountID
		var role simpul.Role
		err := scan(&account, &role)
		fn(account, role)
		return err
	}, `SELECT h.account, h.role FROM identity_holding h JOIN identity_account a ON a.id = h.account
		WHERE ($1 = '*' OR h.agency = $1 AND h.agency <> '') AND a.state = 'active'
			AND ($2 = '' AND h.national OR h.agency = $2 AND NOT h.national)
		ORDER BY h.account, h.role`, tx.Tenant(), agency)
}

func setState(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, state State, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE identity_account SET state = $1, updated_at = $2
		WHERE ($3 = '*' OR agency = $3 AND agency <> '') AND id = $4`, state, now.UnixMilli(), tx.Tenant(), id)
	return found(n, err)
}

// found turns a statement that met no row into ErrNoRows.
func found(n int64, err error) error {
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

const invitationColumns = `id, account, purpose, created_by, created_at, expires_at, used_at, withdrawn_at`

func scanInvitation(scan sqldb.Scan) (i Issued, err error) {
	var created, expires, used, withdrawn int64
	err = scan(&i.ID, &i.Account, &i.Purpose, &i.CreatedBy, &created, &expires, &used, &withdrawn)
	i.Created, i.Until, i.Used, i.Withdrawn = timeOf(created), timeOf(expires), timeOf(used), timeOf(withdrawn)
	return i, err
}

func openInvitation(ctx context.Context, tx *sqldb.Tx, digest string, now time.Time) (Issued, error) {
	return sqldb.One(ctx, tx, scanInvitation, `SELECT `+invitationColumns+` FROM identity_invitation
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND digest = $2 AND used_at = 0 AND withdrawn_at = 0 AND expires_at > $3`,
		tx.Tenant(), digest, now.UnixMilli())
}

// useInvitation is one statement, so that of two who come at once one wins.
func useInvitation(ctx context.Context, tx *sqldb.Tx, digest string, now time.Time) (Issued, error) {
	return sqldb.One(ctx, tx, scanInvitation, `UPDATE identity_invitation SET used_at = $1
		WHERE ($2 = '*' OR agency = $2 AND agency <> '') AND digest = $3 AND used_at = 0 AND withdrawn_at = 0 AND expires_at > $1
		RETURNING `+invitationColumns, now.UnixMilli(), tx.Tenant(), digest)
}

// runningEmergency returns the role that the account took and still has.
func runningEmergency(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, now time.Time) (simpul.Role, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (role simpul.Role, err error) {
		return role, scan(&role)
	}, `SELECT role FROM identity_emergency
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND account = $2 AND ended_at = 0 AND until > $3
		ORDER BY begun_at DESC LIMIT 1`, tx.Tenant(), id, now.UnixMilli())
}

func insertToken(ctx context.Context, tx *sqldb.Tx, id, digest string, role simpul.Role, agency simpul.AgencyID, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_token (id, digest, role, agency, created_at) VALUES ($1, $2, $3, $4, $5)`,
		id, digest, role, agency, now.UnixMilli())
	return err
}

func listTokens(ctx context.Context, tx *sqldb.Tx) ([]Token, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (t Token, err error) {
		var created int64
		err = scan(&t.ID, &t.Role, &t.Agency, &created)
		t.CreatedAt = time.UnixMilli(created).UTC()
		return t, err
	}, `SELECT id, role, agency, created_at FROM identity_token ORDER BY created_at, id`)
}

// deleteToken also ends the token's sessions, which refer to it.
func deleteToken(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM identity_token WHERE id = $1`, id)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func scanPrincipal(scan sqldb.Scan) (simpul.Principal, error) {
	var t Token
	if err := scan(&t.ID, &t.Role, &t.Agency); err != nil {
		return simpul.Principal{}, err
	}
	return simpul.Acting(t.ID, t.Role, t.Agency), nil
}

func scanToken(scan sqldb.Scan) (t Token, err error) { return t, scan(&t.ID, &t.Role, &t.Agency) }

func tokenByDigest(ctx context.Context, tx *sqldb.Tx, digest string) (Token, error) {
	return sqldb.One(ctx, tx, scanToken, `SELECT id, role, agency FROM identity_token WHERE digest = $1`, digest)
}

func tokenByID(ctx context.Context, tx *sqldb.Tx, id string) (Token, error) {
	return sqldb.One(ctx, tx, scanToken, `SELECT id, role, agency FROM identity_token WHERE id = $1`, id)
}

func insertSession(ctx context.Context, tx *sqldb.Tx, digest, token string, now, until time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO identity_session (digest, token, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		digest, token, now.UnixMilli(), until.UnixMilli())
	return err
}

func principalBySession(ctx context.Context, tx *sqldb.Tx, digest string, now time.Time) (simpul.Principal, error) {
	return sqldb.One(ctx, tx, scanPrincipal, `
		SELECT t.id, t.role, t.agency FROM identity_session s JOIN identity_token t ON t.id = s.token
		WHERE s.digest = $1 AND s.expires_at > $2`, digest, now.UnixMilli())
}

func deleteSession(ctx context.Context, tx *sqldb.Tx, digest string) error {
	_, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE digest = $1`, digest)
	return err
}

func deleteExpiredSessions(ctx context.Context, tx *sqldb.Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `DELETE FROM identity_session WHERE expires_at <= $1`, now.UnixMilli())
	return err
}
