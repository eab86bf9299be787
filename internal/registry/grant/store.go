package grant

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const (
	revisionGrant   = "Grant"
	revisionRequest = "AccessRequest"
)

// row is a stored grant.
type row struct {
	ID       string
	Spec     Spec
	Provider simpul.AgencyID
	Times    httpapi.Times
	origin
	SuspendedWhy string
	UnusedAt     *time.Time // when both parties heard that nobody uses it; nil for never
}

// origin is where a grant comes from.
type origin struct {
	Request   string // "" for one that was written directly
	DecidedBy string // principal
	// SuspendedBy is the principal that suspended it; the hub's for want of use,
	// empty for one that is not suspended.
	SuspendedBy string
}

// holdGrant makes changes of one grant follow one another.
func holdGrant(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE grant_grant SET updated_at = updated_at WHERE ($1 = '*' OR provider = $1) AND id = $2`, tx.Tenant(), id)
	return err
}

// putGrant writes a grant over one that was last changed at a time; zero for one
// that was not there. It finds no row where that is not so any more.
func putGrant(ctx context.Context, tx *sqldb.Tx, id string, s Spec, provider simpul.AgencyID, from origin, over, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(provider); err != nil {
		return httpapi.Times{}, err
	}
	fields, err := json.Marshal(append([]string{}, s.Fields...))
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode fields: %w", err)
	}
	rows, err := json.Marshal(append([]Row{}, s.Rows...))
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode rows: %w", err)
	}
	agreement, err := agreementText(s.Agreement)
	if err != nil {
		return httpapi.Times{}, err
	}
	times, err := sqldb.One(ctx, tx, scanTimes, `
		INSERT INTO grant_grant (id, lid, provider, application, consumer, purpose, legal_basis, fields, rate_per_min,
			valid_from, valid_until, suspended, created_at, updated_at, row_limits, request, decided_by,
			agreement, seldom, suspended_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (id) DO UPDATE SET lid = excluded.lid, provider = excluded.provider, application = excluded.application,
			consumer = excluded.consumer, purpose = excluded.purpose, legal_basis = excluded.legal_basis, fields = excluded.fields,
			rate_per_min = excluded.rate_per_min, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
			suspended = excluded.suspended, updated_at = excluded.updated_at, row_limits = excluded.row_limits,
			request = CASE WHEN excluded.request <> '' THEN excluded.request ELSE grant_grant.request END,
			decided_by = excluded.decided_by, suspended_why = CASE WHEN excluded.suspended THEN grant_grant.suspended_why ELSE '' END,
			agreement = excluded.agreement, seldom = excluded.seldom, suspended_by = excluded.suspended_by, unused_at = 0
		WHERE grant_grant.provider = excluded.provider AND grant_grant.updated_at = $20
		RETURNING created_at, updated_at`,
		id, s.LID, provider, s.Application, s.Application.Agency(), s.Purpose, s.LegalBasis, string(fields), s.RatePerMinute,
		millis(s.From), millis(s.Until), s.Suspended, now.UnixMilli(), string(rows), from.Request, from.DecidedBy,
		agreement, s.Seldom, from.SuspendedBy, over.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, tx.Revise(ctx, revisionGrant, id)
}

const grantColumns = `id, lid, provider, application, purpose, legal_basis, fields, rate_per_min, valid_from, valid_until, suspended, created_at, updated_at,
	row_limits, request, decided_by, suspended_why, agreement, seldom, suspended_by, unused_at, version`

func scanGrant(scan sqldb.Scan) (r row, err error) {
	var fields, rows, agreement string
	var from, until, created, updated, unused int64
	err = scan(&r.ID, &r.Spec.LID, &r.Provider, &r.Spec.Application, &r.Spec.Purpose, &r.Spec.LegalBasis, &fields,
		&r.Spec.RatePerMinute, &from, &until, &r.Spec.Suspended, &created, &updated,
		&rows, &r.Request, &r.DecidedBy, &r.SuspendedWhy, &agreement, &r.Spec.Seldom, &r.SuspendedBy, &unused, &r.Spec.Version)
	if err != nil {
		return r, err
	}
	r.Spec.From, r.Spec.Until, r.UnusedAt, r.Times = instant(from), instant(until), instant(unused), httpapi.TimesOf(created, updated)
	if agreement != "" {
		if err := json.Unmarshal([]byte(agreement), &r.Spec.Agreement); err != nil {
			return r, fmt.Errorf("decode agreement of grant %s: %w", r.ID, err)
		}
	}
	if err := json.Unmarshal([]byte(fields), &r.Spec.Fields); err != nil {
		return r, fmt.Errorf("decode grant %s: %w", r.ID, err)
	}
	if rows == "[]" {
		return r, nil
	}
	if err := json.Unmarshal([]byte(rows), &r.Spec.Rows); err != nil {
		return r, fmt.Errorf("decode rows of grant %s: %w", r.ID, err)
	}
	return r, nil
}

func agreementText(g *Agreement) (string, error) {
	if g == nil || *g == (Agreement{}) {
		return "", nil
	}
	text, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("encode agreement: %w", err)
	}
	return string(text), nil
}

// getGrant sees what the scope gave or was given.
func getGrant(ctx context.Context, tx *sqldb.Tx, id string) (row, error) {
	return sqldb.One(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id = $2`, tx.Tenant(), id)
}

// listGrants goes through both sides of a tenant by their indexes: grants of
// others are not read.
func listGrants(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]row, error) {
	if tx.Tenant() == simpul.NationScope().Key() {
		return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant WHERE id > $1 ORDER BY id LIMIT $2`, page.After, page.Limit)
	}
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant WHERE id IN (
			SELECT id FROM (SELECT id FROM grant_grant WHERE provider = $1 AND id > $2 ORDER BY id LIMIT $3) given
			UNION SELECT id FROM (SELECT id FROM grant_grant WHERE consumer = $1 AND id > $2 ORDER BY id LIMIT $3) held)
		ORDER BY id LIMIT $3`, tx.Tenant(), page.After, page.Limit)
}

// narrowing is the condition of a statement, which grows. Only what is asked for
// stands in it, so that the database can choose an index.
type narrowing struct {
	conditions []string
	args       []any
}

// seenBy begins with what the scope gave or was given.
func seenBy(tx *sqldb.Tx) *narrowing {
	n := &narrowing{}
	if tenant := tx.Tenant(); tenant != simpul.NationScope().Key() {
		n.and("(provider = ? OR consumer = ?)", tenant, tenant)
	}
	return n
}

// and adds a condition whose question marks stand for the arguments.
func (n *narrowing) and(condition string, args ...any) {
	for _, a := range args {
		n.args = append(n.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(n.args)), 1)
	}
	n.conditions = append(n.conditions, condition)
}

// containing adds a condition on a part of a text, in any case.
func (n *narrowing) containing(column, part string) {
	if part != "" {
		n.and("LOWER("+column+`) LIKE ? ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(part))+"%")
	}
}

func (n *narrowing) equal(column, value string) {
	if value != "" {
		n.and(column+" = ?", value)
	}
}

func (n *narrowing) String() string {
	if len(n.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(n.conditions, " AND ")
}

// window is a part of a list.
func (n *narrowing) window(order string, offset, limit int) string {
	n.args = append(n.args, limit, offset)
	return fmt.Sprintf(" ORDER BY %s LIMIT $%d OFFSET $%d", order, len(n.args)-1, len(n.args))
}

// tally counts how many there are of each kind.
func tally(ctx context.Context, tx *sqldb.Tx, statement string, args ...any) (map[string]int, error) {
	counts := map[string]int{}
	err := sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var kind string
		var n int
		err := scan(&kind, &n)
		counts[kind] = n
		return err
	}, statement, args...)
	return counts, err
}

// narrowGrants is the condition of a filter without the standing.
func narrowGrants(tx *sqldb.Tx, f GrantFilter, now time.Time) *narrowing {
	n := seenBy(tx)
	if f.Ending {
		n.and("valid_until > ?", now.UnixMilli())
	}
	n.equal("provider", string(f.Provider))
	n.equal("consumer", string(f.Consumer))
	n.containing("lid", f.LID)
	n.containing("application || ' ' || provider", f.Party)
	return n
}

// standingOf is the standing of a grant at a time, as SQL.
const standingOf = `CASE WHEN suspended THEN 'suspended' WHEN valid_until > 0 AND valid_until <= %d THEN 'ended' WHEN valid_from > %d THEN 'pending' ELSE 'active' END`

// browseGrants lists grants that the scope gave or was given.
func browseGrants(ctx context.Context, tx *sqldb.Tx, f GrantFilter, now time.Time, offset, limit int) ([]row, error) {
	order := "created_at DESC, id"
	if f.Ending {
		order = "valid_until, valid_from, suspended, id"
	}
	n := narrowGrants(tx, f, now)
	n.equal(fmt.Sprintf(standingOf, now.UnixMilli(), now.UnixMilli()), string(f.Standing))
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant`+n.String()+n.window(order, offset, limit), n.args...)
}

// countGrants counts grants that the scope gave or was given by their standing,
// whatever standing the filter asks for.
func countGrants(ctx context.Context, tx *sqldb.Tx, f GrantFilter, now time.Time) (map[string]int, error) {
	n := narrowGrants(tx, f, now)
	return tally(ctx, tx, `SELECT `+fmt.Sprintf(standingOf, now.UnixMilli(), now.UnixMilli())+`, COUNT(*) FROM grant_grant`+n.String()+` GROUP BY 1`, n.args...)
}

// eachGrant goes through every grant without holding all of them.
func eachGrant(ctx context.Context, tx *sqldb.Tx, do func(row)) error {
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		r, err := scanGrant(scan)
		if err == nil {
			do(r)
		}
		return err
	}, `SELECT `+grantColumns+` FROM grant_grant`)
}

// grantsOf is what an application holds, as the scope gave or was given it.
func grantsOf(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND application = $2 ORDER BY lid`, tx.Tenant(), application)
}

// notOver counts the grants on a LID that have not ended.
func notOver(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, now time.Time) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND (valid_until = 0 OR valid_until > $3)`, tx.Tenant(), lid, now.UnixMilli())
}

// ending is how a grant was ended.
type ending struct {
	Reason string
	By     string // principal
	At     time.Time
}

// deleteGrant returns who gave the grant that is gone, and keeps that it ended.
func deleteGrant(ctx context.Context, tx *sqldb.Tx, id string, e ending) (provider simpul.AgencyID, err error) {
	_, err = tx.Exec(ctx, `INSERT INTO grant_end (grant_id, lid, provider, application, consumer, reason, ended_by, ended_at)
		SELECT id, lid, provider, application, consumer, $1, $2, $3 FROM grant_grant WHERE ($4 = '*' OR provider = $4) AND id = $5`,
		e.Reason, e.By, e.At.UnixMilli(), tx.Tenant(), id)
	if err != nil {
		return "", err
	}
	provider, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (provider simpul.AgencyID, err error) {
		return provider, scan(&provider)
	}, `DELETE FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND id = $2 RETURNING provider`, tx.Tenant(), id)
	if err != nil {
		return "", err
	}
	return provider, tx.Revise(ctx, revisionGrant, id)
}

// wasEnded reports whether a grant of the application on the LID was ever ended.
func wasEnded(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, lid simpul.Address) (bool, error) {
	n, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int64, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM grant_end WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND application = $2 AND lid = $3`, tx.Tenant(), application, lid)
	return n > 0, err
}

// grantOfPair is what an application holds on a LID.
func grantOfPair(ctx context.Context, tx *sqldb.Tx, application simpul.ApplicationID, lid simpul.Address) (row, error) {
	return sqldb.One(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND application = $2 AND lid = $3`, tx.Tenant(), application, lid)
}

// suspension is how a grant was stopped; zero for one that goes on.
type suspension struct {
	By  string // principal
	Why string
}

// suspendGrant stops a grant, or lets it go on.
func suspendGrant(ctx context.Context, tx *sqldb.Tx, id string, s suspension, now time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE grant_grant SET suspended = $1, suspended_why = $2, suspended_by = $3, unused_at = 0, updated_at = $4
		WHERE ($5 = '*' OR provider = $5) AND id = $6`, s.By != "", s.Why, s.By, now.UnixMilli(), tx.Tenant(), id)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionGrant, id)
}

// expiring lists the grants that end in the time between.
func expiring(ctx context.Context, tx *sqldb.Tx, after, until time.Time) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE valid_until > $1 AND valid_until <= $2 ORDER BY valid_until`, after.UnixMilli(), until.UnixMilli())
}

// delayed lists what is late, and more so than people were told.
func delayed(ctx context.Context, tx *sqldb.Tx, now time.Time) ([]Request, error) {
	return sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request
		WHERE state = 'submitted' AND (due_at < $1 AND delay_told < 2 OR open_due_at > 0 AND open_due_at < $1 AND opened_at = 0 AND delay_told < 1)`, now.UnixMilli())
}

// stamp and moment map the zero time to 0 and back.
func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func scanTimes(scan sqldb.Scan) (httpapi.Times, error) {
	var created, updated int64
	err := scan(&created, &updated)
	return httpapi.TimesOf(created, updated), err
}

// millis and instant map an absent time to 0 and back.
func millis(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

func instant(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := time.UnixMilli(ms).UTC()
	return &t
}

// restingSince lists the grants in effect that nobody has changed since a time,
// without those that are rarely used.
func restingSince(ctx context.Context, tx *sqldb.Tx, since, now time.Time, after string, limit int) ([]row, error) {
	return sqldb.All(ctx, tx, scanGrant, `SELECT `+grantColumns+` FROM grant_grant
		WHERE id > $1 AND updated_at < $2 AND valid_from < $2 AND (valid_until = 0 OR valid_until > $3) AND NOT suspended AND seldom = '' ORDER BY id LIMIT $4`,
		after, since.UnixMilli(), now.UnixMilli(), limit)
}

// markUnused notes that both parties heard of disuse, which changes nothing of
// the grant.
func markUnused(ctx context.Context, tx *sqldb.Tx, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE grant_grant SET unused_at = $1 WHERE ($2 = '*' OR provider = $2) AND id = $3`, now.UnixMilli(), tx.Tenant(), id)
	return err
}

// countInEffect counts the grants on a LID under which other agencies can call it,
// of those that the scope gave.
func countInEffect(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, now time.Time) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND consumer <> provider
		AND NOT suspended AND valid_from <= $3 AND (valid_until = 0 OR valid_until > $3)`, tx.Tenant(), lid, now.UnixMilli())
}

// agenciesInEffect lists the other agencies that can call a LID, of those to whom
// the scope gave grants.
func agenciesInEffect(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, now time.Time) ([]simpul.AgencyID, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (id simpul.AgencyID, err error) { return id, scan(&id) },
		`SELECT DISTINCT consumer FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND consumer <> provider
		AND NOT suspended AND valid_from <= $3 AND (valid_until = 0 OR valid_until > $3) ORDER BY consumer`, tx.Tenant(), lid, now.UnixMilli())
}

// pinGrants holds the grants that the scope gave on a LID, have not ended and
// follow the newest version to a version, and returns which.
func pinGrants(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string, now time.Time) ([]string, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (id string, err error) { return id, scan(&id) },
		`UPDATE grant_grant SET version = $1 WHERE ($2 = '*' OR provider = $2) AND lid = $3 AND version = ''
		AND (valid_until = 0 OR valid_until > $4) RETURNING id`, version, tx.Tenant(), lid, now.UnixMilli())
}

// heldOn lists the grants that the scope gave on a LID and that have not ended,
// on a version or on any where it is "", by their holders.
func heldOn(ctx context.Context, tx *sqldb.Tx, lid simpul.Address, version string, now time.Time) ([]holding, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (h holding, err error) { return h, scan(&h.Application, &h.Request) },
		`SELECT application, request FROM grant_grant WHERE ($1 = '*' OR provider = $1) AND lid = $2 AND ($3 = '' OR version = $3)
		AND (valid_until = 0 OR valid_until > $4) ORDER BY consumer, application`, tx.Tenant(), lid, version, now.UnixMilli())
}

// setVersion moves a grant. Whoever calls it has made sure that its holder wants
// that; it revises where the grant was there before.
func setVersion(ctx context.Context, tx *sqldb.Tx, id, version string) error {
	n, err := tx.Exec(ctx, `UPDATE grant_grant SET version = $1 WHERE ($2 = '*' OR provider = $2) AND id = $3`, version, tx.Tenant(), id)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

// requests is where requests are kept.
type requests struct{ sealer Sealer }

const requestColumns = `id, lid, provider, application, class, state, version, renews, grant_id, proposal, due_at, submitted_at, created_at, updated_at,
	open_due_at, opened_at, opened_by, delay_told`

func scanRequest(scan sqldb.Scan) (r Request, err error) {
	var due, submitted, created, updated, openDue, opened int64
	err = scan(&r.ID, &r.LID, &r.Provider, &r.Application, &r.Class, &r.State, &r.Version, &r.Renews, &r.Grant, &r.Proposal, &due, &submitted, &created, &updated, &openDue, &opened, &r.OpenedBy, &r.DelayTold)
	r.OpenDue, r.OpenedAt = moment(openDue), moment(opened)
	r.Due, r.SubmittedAt = time.UnixMilli(due).UTC(), time.UnixMilli(submitted).UTC()
	r.CreatedAt, r.UpdatedAt = time.UnixMilli(created).UTC(), time.UnixMilli(updated).UTC()
	return r, err
}

func insertRequest(ctx context.Context, tx *sqldb.Tx, r Request) error {
	if !tx.Scope().Covers(r.Consumer()) && !tx.Scope().Covers(r.Provider) {
		return sqldb.ErrScope
	}
	_, err := tx.Exec(ctx, `INSERT INTO grant_request (id, lid, provider, application, consumer, class, state, version, renews, due_at, submitted_at, created_at, updated_at, open_due_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)`,
		r.ID, r.LID, r.Provider, r.Application, r.Consumer(), r.Class, r.State, r.Version, r.Renews, r.Due.UnixMilli(), r.SubmittedAt.UnixMilli(), r.CreatedAt.UnixMilli(), stamp(r.OpenDue))
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionRequest, r.ID)
}

// holdRequest makes changes of one request follow one another.
func holdRequest(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := tx.Exec(ctx, `UPDATE grant_request SET updated_at = updated_at WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id = $2`, tx.Tenant(), id)
	return err
}

// saveRequest stores a request that is held.
func saveRequest(ctx context.Context, tx *sqldb.Tx, r Request) error {
	n, err := tx.Exec(ctx, `UPDATE grant_request SET class = $1, state = $2, version = $3, renews = $4, grant_id = $5, proposal = $6, due_at = $7, submitted_at = $8, updated_at = $9,
		open_due_at = $10, opened_at = $11, opened_by = $12, delay_told = $13
		WHERE ($14 = '*' OR provider = $14 OR consumer = $14) AND id = $15`,
		r.Class, r.State, r.Version, r.Renews, r.Grant, r.Proposal, r.Due.UnixMilli(), r.SubmittedAt.UnixMilli(), r.UpdatedAt.UnixMilli(),
		stamp(r.OpenDue), stamp(r.OpenedAt), r.OpenedBy, r.DelayTold, tx.Tenant(), r.ID)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return err
	}
	return tx.Revise(ctx, revisionRequest, r.ID)
}

// getRequest sees what the scope asked or was asked.
func getRequest(ctx context.Context, tx *sqldb.Tx, id string) (Request, error) {
	return sqldb.One(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request
		WHERE ($1 = '*' OR provider = $1 OR consumer = $1) AND id = $2`, tx.Tenant(), id)
}

// narrowRequests is the condition of a filter without the state.
func narrowRequests(tx *sqldb.Tx, f Filter) *narrowing {
	n := seenBy(tx)
	n.equal("provider", string(f.Provider))
	n.equal("consumer", string(f.Consumer))
	n.containing("lid", f.LID)
	n.containing("application || ' ' || provider", f.Party)
	return n
}

// listRequests narrows what the scope asked or was asked, by ID.
func listRequests(ctx context.Context, tx *sqldb.Tx, f Filter, page httpapi.Page) ([]Request, error) {
	n := narrowRequests(tx, f)
	n.equal("state", string(f.State))
	n.and("id > ?", page.After)
	return sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request`+n.String()+n.window("id", 0, page.Limit), n.args...)
}

// browseRequests lists what the scope asked or was asked, what waits first and by
// when it is due, then the newest; and counts it by its state.
func browseRequests(ctx context.Context, tx *sqldb.Tx, f Filter, offset, limit int) ([]Request, map[string]int, error) {
	all := narrowRequests(tx, f)
	counts, err := tally(ctx, tx, `SELECT state, COUNT(*) FROM grant_request`+all.String()+` GROUP BY state`, all.args...)
	if err != nil {
		return nil, nil, err
	}
	some := narrowRequests(tx, f)
	some.equal("state", string(f.State))
	order := "CASE state WHEN 'submitted' THEN 0 WHEN 'returned' THEN 1 ELSE 2 END, CASE state WHEN 'submitted' THEN due_at ELSE -submitted_at END, id"
	rows, err := sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request`+some.String()+some.window(order, offset, limit), some.args...)
	return rows, counts, err
}

// neglected lists what nobody acted on since a time.
func neglected(ctx context.Context, tx *sqldb.Tx, before time.Time) ([]Request, error) {
	return sqldb.All(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM grant_request
		WHERE state IN ('submitted', 'returned') AND due_at < $1`, before.UnixMilli())
}

func (s requests) insertVersion(ctx context.Context, tx *sqldb.Tx, request string, v Version) error {
	plain := v.Ask
	plain.Contact = ""
	content, err := json.Marshal(plain)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	contact, err := s.sealer.Seal([]byte(v.Ask.Contact), "grant_request_version", versionRow(request, v.Number), "contact")
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO grant_request_version (request, version, content, contact, author, author_account, submitted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		request, v.Number, string(content), base64.StdEncoding.EncodeToString(contact), v.Author, v.AuthorAccount, v.SubmittedAt.UnixMilli())
	return err
}

func versionRow(request string, number int) string { return fmt.Sprintf("%s/%d", request, number) }

// decideVersion writes down what was decided on a version, once.
func decideVersion(ctx context.Context, tx *sqldb.Tx, request string, v Version) error {
	given, err := json.Marshal(v.Given)
	if err != nil {
		return fmt.Errorf("encode terms: %w", err)
	}
	agreement, err := json.Marshal(v.Agreement)
	if err != nil {
		return fmt.Errorf("encode agreement: %w", err)
	}
	n, err := tx.Exec(ctx, `UPDATE grant_request_version SET outcome = $1, reason = $2, given = $3, agreement = $4, decided_by = $5, decided_at = $6
		WHERE request = $7 AND version = $8 AND outcome = ''`,
		v.Outcome, v.Reason, string(given), string(agreement), v.DecidedBy, v.DecidedAt.UnixMilli(), request, v.Number)
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

// versions lists what was submitted of a request that the caller has read,
// newest first.
func (s requests) versions(ctx context.Context, tx *sqldb.Tx, request string) ([]Version, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (v Version, err error) {
		var content, contact, given, agreement string
		var submitted, decided int64
		err = scan(&v.Number, &content, &contact, &v.Author, &v.AuthorAccount, &submitted, &v.Outcome, &v.Reason, &given, &agreement, &v.DecidedBy, &decided)
		if err != nil {
			return v, err
		}
		v.SubmittedAt = time.UnixMilli(submitted).UTC()
		if at := instant(decided); at != nil {
			v.DecidedAt = *at
		}
		if err := s.open(&v, request, content, contact); err != nil {
			return v, err
		}
		if v.Outcome == "" {
			return v, nil
		}
		return v, errors.Join(json.Unmarshal([]byte(given), &v.Given), json.Unmarshal([]byte(agreement), &v.Agreement))
	}, `SELECT version, content, contact, author, author_account, submitted_at, outcome, reason, given, agreement, decided_by, decided_at
		FROM grant_request_version WHERE request = $1 ORDER BY version DESC`, request)
}

func (s requests) open(v *Version, request, content, contact string) error {
	if err := json.Unmarshal([]byte(content), &v.Ask); err != nil {
		return fmt.Errorf("decode request: %w", err)
	}
	sealed, err := base64.StdEncoding.DecodeString(contact)
	if err != nil {
		return fmt.Errorf("decode contact: %w", err)
	}
	plain, err := s.sealer.Open(sealed, "grant_request_version", versionRow(request, v.Number), "contact")
	v.Ask.Contact = string(plain)
	return err
}

// tallies counts the grants of which an agency is a party, as provider and as
// consumer.
func tallies(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID, now time.Time) (given, held Tally, err error) {
	count := func(tally *Tally, statement string) error {
		*tally, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (t Tally, err error) {
			return t, scan(&t.InEffect, &t.Suspended, &t.Over, &t.Parties)
		}, statement, tx.Tenant(), agency, now.UnixMilli())
		return err
	}
	const figures = `SELECT COALESCE(SUM(CASE WHEN suspended = FALSE AND current = 1 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN suspended THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN suspended = FALSE AND current = 0 THEN 1 ELSE 0 END), 0), COUNT(DISTINCT CASE WHEN suspended = FALSE AND current = 1 THEN other END)
		FROM (SELECT suspended, CASE WHEN valid_from <= $3 AND (valid_until = 0 OR valid_until > $3) THEN 1 ELSE 0 END AS current, `
	const visible = ` AND ($1 = '*' OR provider = $1 OR consumer = $1)) AS mine`
	if err = count(&given, figures+`consumer AS other FROM grant_grant WHERE provider = $2`+visible); err != nil {
		return given, held, err
	}
	return given, held, count(&held, figures+`provider AS other FROM grant_grant WHERE consumer = $2`+visible)
}
