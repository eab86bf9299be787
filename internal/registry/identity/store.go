package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
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

// runningEmergency returns what the account took and still has.
func runningEmergency(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, now time.Time) (Emergency, error) {
	return sqldb.One(ctx, tx, scanEmergency, `SELECT `+emergencyColumns+` FROM identity_emergency
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND account = $2 AND ended_at = 0 AND until > $3
		ORDER BY begun_at DESC LIMIT 1`, tx.Tenant(), id, now.UnixMilli())
}

func getRole(ctx context.Context, tx *sqldb.Tx, name string) (httpapi.Stored[RoleSpec], error) {
	return sqldb.One(ctx, tx, scanRole, `SELECT `+roleColumns+` FROM identity_role WHERE name = $1`, name)
}

func pageOfRoles(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[RoleSpec], error) {
	return sqldb.All(ctx, tx, scanRole,
		`SELECT `+roleColumns+` FROM identity_role WHERE name > $1 ORDER BY name LIMIT $2`, page.After, page.Limit)
}

const roleColumns = `name, title_id, title_en, reach, permissions, created_at, updated_at`

func scanRole(scan sqldb.Scan) (s httpapi.Stored[RoleSpec], err error) {
	var permissions string
	var created, updated int64
	err = scan(&s.ID, &s.Spec.Title.ID, &s.Spec.Title.EN, &s.Spec.Reach, &permissions, &created, &updated)
	s.Spec.Permissions, s.Times = split(permissions), httpapi.TimesOf(created, updated)
	return s, err
}

func putRole(ctx context.Context, tx *sqldb.Tx, name simpul.Role, spec simpul.RoleSpec, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(""); err != nil {
		return httpapi.Times{}, err
	}
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (httpapi.Times, error) {
		var created, updated int64
		err := scan(&created, &updated)
		return httpapi.TimesOf(created, updated), err
	}, `INSERT INTO identity_role (name, title_id, title_en, reach, permissions, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6)
		ON CONFLICT (name) DO UPDATE SET title_id = excluded.title_id, title_en = excluded.title_en, reach = excluded.reach,
			permissions = excluded.permissions, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`,
		name, spec.Title.ID, spec.Title.EN, spec.Reach, joined(spec.Permissions), now.UnixMilli())
}

// roleHeld reports whether an account that is not closed, or a token, holds the
// role.
func roleHeld(ctx context.Context, tx *sqldb.Tx, name simpul.Role) (bool, error) {
	if err := tx.Own(""); err != nil {
		return false, err
	}
	n, err := sqldb.One(ctx, tx, scanCount, `
		SELECT (SELECT COUNT(*) FROM identity_token WHERE role = $1) +
			(SELECT COUNT(*) FROM identity_holding h JOIN identity_account a ON a.id = h.account WHERE h.role = $1 AND a.state <> 'closed')`, name)
	return n > 0, err
}

func scanCount(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) }

// deleteRole also forgets that closed accounts held it.
func deleteRole(ctx context.Context, tx *sqldb.Tx, name simpul.Role) error {
	if err := tx.Own(""); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM identity_holding WHERE role = $1 AND account IN (SELECT id FROM identity_account WHERE state = 'closed')`, name); err != nil {
		return err
	}
	return found(tx.Exec(ctx, `DELETE FROM identity_role WHERE name = $1`, name))
}

func insertAccount(ctx context.Context, tx *sqldb.Tx, a Account, person, digest string, now time.Time) error {
	if err := tx.Own(a.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO identity_account (id, agency, state, language, person, email_digest, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`, a.ID, a.Agency(), a.State, a.Language, person, digest, now.UnixMilli())
	return err
}

// listAccounts finds text within the account's name.
func listAccounts(ctx context.Context, tx *sqldb.Tx, state State, agency simpul.AgencyID, text string, page httpapi.Page) ([]storedAccount, error) {
	return sqldb.All(ctx, tx, scanAccount, `SELECT `+accountColumns+` FROM identity_account
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND ($2 = '' OR state = $2) AND ($3 = '' OR agency = $3)
			AND ($4 = '' OR id LIKE $5 ESCAPE '\') AND id > $6 ORDER BY id LIMIT $7`,
		tx.Tenant(), state, agency, text, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)+"%", page.After, page.Limit)
}

func updatePerson(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, language simpul.Language, person, digest string, now time.Time) error {
	return found(tx.Exec(ctx, `UPDATE identity_account SET language = $1, person = $2, email_digest = $3, updated_at = $4
		WHERE ($5 = '*' OR agency = $5 AND agency <> '') AND id = $6`, language, person, digest, now.UnixMilli(), tx.Tenant(), id))
}

// eraseAccount leaves the name, and when the account began and ended.
func eraseAccount(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, now time.Time) error {
	return found(tx.Exec(ctx, `UPDATE identity_account SET person = '', email_digest = '', language = 'id', updated_at = $1, erased_at = $1
		WHERE ($2 = '*' OR agency = $2 AND agency <> '') AND id = $3 AND state = 'closed'`, now.UnixMilli(), tx.Tenant(), id))
}

// putHoldings replaces the roles that an account holds; what stays keeps saying
// who gave it and when.
func putHoldings(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, held []Holding, wanted []Assignment, by string, now time.Time) error {
	if err := tx.Own(id.Agency()); err != nil {
		return err
	}
	for _, h := range held {
		if slices.ContainsFunc(wanted, func(g Assignment) bool { return g.is(h) }) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM identity_holding WHERE account = $1 AND role = $2`, id, h.Role); err != nil {
			return err
		}
	}
	for _, g := range wanted {
		if slices.ContainsFunc(held, g.is) {
			continue
		}
		if g.National {
			if err := tx.Own(""); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO identity_holding (account, role, agency, national, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, g.Role, id.Agency(), g.National, by, now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

func insertInvitation(ctx context.Context, tx *sqldb.Tx, i Issued, digest string) error {
	if err := tx.Own(i.Account.Agency()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO identity_invitation (id, account, agency, purpose, digest, created_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		i.ID, i.Account, i.Account.Agency(), i.Purpose, digest, i.CreatedBy, i.Created.UnixMilli(), i.Until.UnixMilli())
	return err
}

// withdrawInvitations voids every code of the account that could still be used,
// and returns how many there were.
func withdrawInvitations(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID, now time.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE identity_invitation SET withdrawn_at = $1
		WHERE ($2 = '*' OR agency = $2 AND agency <> '') AND account = $3 AND used_at = 0 AND withdrawn_at = 0 AND expires_at > $1`,
		now.UnixMilli(), tx.Tenant(), id)
}

func invitationsOf(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) ([]Issued, error) {
	return sqldb.All(ctx, tx, scanInvitation, `SELECT `+invitationColumns+` FROM identity_invitation
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND account = $2 ORDER BY created_at DESC, id`, tx.Tenant(), id)
}

// countInvitations counts the codes made since a time: for the agency, and for
// the account.
func countInvitations(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, id simpul.AccountID, since time.Time) (ofAgency, ofAccount int64, err error) {
	ofAgency, err = sqldb.One(ctx, tx, scanCount, `SELECT COUNT(*) FROM identity_invitation
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND agency = $2 AND created_at > $3`, tx.Tenant(), agency, since.UnixMilli())
	if err != nil {
		return 0, 0, err
	}
	ofAccount, err = sqldb.One(ctx, tx, scanCount, `SELECT COUNT(*) FROM identity_invitation
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND account = $2 AND created_at > $3`, tx.Tenant(), id, since.UnixMilli())
	return ofAgency, ofAccount, err
}

const emergencyColumns = `id, account, national, role, reason, begun_at, until, ended_at, ended_by`

func scanEmergency(scan sqldb.Scan) (e Emergency, err error) {
	var begun, until, ended int64
	err = scan(&e.ID, &e.Account, &e.National, &e.Role, &e.sealed, &begun, &until, &ended, &e.EndedBy)
	e.Begun, e.Until, e.Ended = timeOf(begun), timeOf(until), timeOf(ended)
	return e, err
}

func insertEmergency(ctx context.Context, tx *sqldb.Tx, e Emergency) error {
	if err := tx.Own(e.Account.Agency()); err != nil {
		return err
	}
	if e.National {
		if err := tx.Own(""); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO identity_emergency (id, account, agency, national, role, reason, begun_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, e.Account, e.Account.Agency(), e.National, e.Role, e.sealed, e.Begun.UnixMilli(), e.Until.UnixMilli())
	return err
}

func getEmergency(ctx context.Context, tx *sqldb.Tx, id string) (Emergency, error) {
	return sqldb.One(ctx, tx, scanEmergency, `SELECT `+emergencyColumns+` FROM identity_emergency
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND id = $2`, tx.Tenant(), id)
}

// listEmergencies lists the newest first, after the one with the ID before.
func listEmergencies(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID, before string, limit int) ([]Emergency, error) {
	return sqldb.All(ctx, tx, scanEmergency, `SELECT `+emergencyColumns+` FROM identity_emergency e
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND ($2 = '' OR account = $2)
			AND ($3 = '' OR EXISTS (SELECT 1 FROM identity_emergency b WHERE ($1 = '*' OR b.agency = $1) AND b.id = $3
				AND (e.begun_at < b.begun_at OR e.begun_at = b.begun_at AND e.id < b.id)))
		ORDER BY begun_at DESC, id DESC LIMIT $4`, tx.Tenant(), account, before, limit)
}

func unendedEmergencies(ctx context.Context, tx *sqldb.Tx, id simpul.AccountID) ([]Emergency, error) {
	return sqldb.All(ctx, tx, scanEmergency, `SELECT `+emergencyColumns+` FROM identity_emergency
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND account = $2 AND ended_at = 0`, tx.Tenant(), id)
}

func overdueEmergencies(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]Emergency, error) {
	return sqldb.All(ctx, tx, scanEmergency, `SELECT `+emergencyColumns+` FROM identity_emergency
		WHERE ($1 = '*' OR agency = $1 AND agency <> '') AND ended_at = 0 AND until <= $2 ORDER BY until`, tx.Tenant(), now.UnixMilli())
}

// endEmergency returns how many it ended: none where it was over already.
func endEmergency(ctx context.Context, tx *sqldb.Tx, id string, at time.Time, by string) (int64, error) {
	return tx.Exec(ctx, `UPDATE identity_emergency SET ended_at = $1, ended_by = $2
		WHERE ($3 = '*' OR agency = $3 AND agency <> '') AND id = $4 AND ended_at = 0`, at.UnixMilli(), by, tx.Tenant(), id)
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

func deleteToken(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := tx.Exec(ctx, `DELETE FROM identity_token WHERE id = $1`, id)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func scanToken(scan sqldb.Scan) (t Token, err error) { return t, scan(&t.ID, &t.Role, &t.Agency) }

func tokenByDigest(ctx context.Context, tx *sqldb.Tx, digest string) (Token, error) {
	return sqldb.One(ctx, tx, scanToken, `SELECT id, role, agency FROM identity_token WHERE digest = $1`, digest)
}

func tokenByID(ctx context.Context, tx *sqldb.Tx, id string) (Token, error) {
	return sqldb.One(ctx, tx, scanToken, `SELECT id, role, agency FROM identity_token WHERE id = $1`, id)
}
