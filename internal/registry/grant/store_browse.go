package grant

import (
	"context"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

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
