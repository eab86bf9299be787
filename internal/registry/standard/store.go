package standard

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// revisionList is the kind of a list in the revision log.
const revisionList = "RefCode"

// visible admits the rows of lists that the scope ($1) sees.
const visible = `list IN (SELECT id FROM standard_list WHERE state = 'published' OR $1 = '*' OR agency = $1)`

const listColumns = `id, agency, state, title_id, title_en, description, source, licence, lid, codes, created_at, updated_at`

func scanList(scan sqldb.Scan) (l httpapi.Stored[ListSpec], err error) {
	var created, updated int64
	s := &l.Spec
	err = scan(&l.ID, &s.Agency, &s.State, &s.Title.ID, &s.Title.EN, &s.Description, &s.Source, &s.Licence, &s.LID, &s.Count, &created, &updated)
	l.Times = httpapi.TimesOf(created, updated)
	return l, err
}

func getList(ctx context.Context, tx *sqldb.Tx, id ListID) (httpapi.Stored[ListSpec], error) {
	return sqldb.One(ctx, tx, scanList, `SELECT `+listColumns+` FROM standard_list
		WHERE (state = 'published' OR $1 = '*' OR agency = $1) AND id = $2`, tx.Tenant(), id)
}

func listLists(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[ListSpec], error) {
	return sqldb.All(ctx, tx, scanList, `SELECT `+listColumns+` FROM standard_list
		WHERE (state = 'published' OR $1 = '*' OR agency = $1) AND id > $2 ORDER BY id LIMIT $3`, tx.Tenant(), page.After, page.Limit)
}

// insertList creates a list; ErrDuplicate where there is one, seen or not.
func insertList(ctx context.Context, tx *sqldb.Tx, id ListID, s ListSpec, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO standard_list (id, agency, state, title_id, title_en, description, source, licence, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
		id, s.Agency, s.State, s.Title.ID, s.Title.EN, s.Description, s.Source, s.Licence, now.UnixMilli())
	return err
}

func updateList(ctx context.Context, tx *sqldb.Tx, id ListID, s ListSpec, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE standard_list SET state = $1, title_id = $2, title_en = $3, description = $4, source = $5, licence = $6, updated_at = $7
		WHERE id = $8 AND ($9 = '*' OR agency = $9)`,
		s.State, s.Title.ID, s.Title.EN, s.Description, s.Source, s.Licence, now.UnixMilli(), id, tx.Tenant())
	return err
}

func setListLID(ctx context.Context, tx *sqldb.Tx, id ListID, address simpul.Address) error {
	_, err := tx.Exec(ctx, `UPDATE standard_list SET lid = $1 WHERE id = $2 AND ($3 = '*' OR agency = $3)`, address, id, tx.Tenant())
	return err
}

// countCodes notes how many rows of codes the list has now.
func countCodes(ctx context.Context, tx *sqldb.Tx, id ListID, now time.Time) (n int, err error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`UPDATE standard_list SET codes = (SELECT COUNT(*) FROM standard_code WHERE list = $1), updated_at = $2
		WHERE id = $1 AND ($3 = '*' OR agency = $3) RETURNING codes`, id, now.UnixMilli(), tx.Tenant())
}

func deleteList(ctx context.Context, tx *sqldb.Tx, id ListID) error {
	n, err := tx.Exec(ctx, `DELETE FROM standard_list WHERE ($1 = '*' OR agency = $1) AND id = $2`, tx.Tenant(), id)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func deleteCodes(ctx context.Context, tx *sqldb.Tx, id ListID) error {
	_, err := tx.Exec(ctx, `DELETE FROM standard_code WHERE ($1 = '*' OR agency = $1) AND list = $2`, tx.Tenant(), id)
	return err
}

// rowsAtOnce is how many rows one statement inserts. SQLite's driver takes time
// with the square of the parameters, PostgreSQL's little less for more.
const rowsAtOnce = 25

// insertCodes adds codes, many in one statement.
func insertCodes(ctx context.Context, tx *sqldb.Tx, id ListID, agency simpul.AgencyID, codes []Code) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	for len(codes) > 0 {
		n := min(len(codes), rowsAtOnce)
		args := make([]any, 0, n*10)
		for _, c := range codes[:n] {
			args = append(args, id, c.Code, c.From, c.end(), agency, c.Parent, c.Name.ID, c.Name.EN, c.Name.folded(), c.Notes)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO standard_code (list, code, from_day, until_day, agency, parent, name_id, name_en, folded, notes) VALUES `+placeholders(n, 10), args...); err != nil {
			return err
		}
		codes = codes[n:]
	}
	return nil
}

// placeholders writes "($1, $2), ($3, $4)" for rows of a width.
func placeholders(rows, width int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range width {
			separator := ", "
			if j == 0 {
				separator = "("
			}
			fmt.Fprintf(&b, "%s$%d", separator, i*width+j+1)
		}
		b.WriteByte(')')
	}
	return b.String()
}

const codeColumns = `code, from_day, until_day, parent, name_id, name_en, notes`

func scanCode(scan sqldb.Scan) (c Code, err error) {
	err = scan(&c.Code, &c.From, &c.Until, &c.Parent, &c.Name.ID, &c.Name.EN, &c.Notes)
	c.Validity = shown(c.Validity)
	return c, err
}

// shown takes the stored open end off a period.
func shown(v Validity) Validity {
	if v.Until == openEnd {
		v.Until = ""
	}
	return v
}

// eachCode gives every row of a list in order, without holding them all.
func eachCode(ctx context.Context, tx *sqldb.Tx, id ListID, fn func(Code) error) error {
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		c, err := scanCode(scan)
		if err != nil {
			return err
		}
		return fn(c)
	}, `SELECT `+codeColumns+` FROM standard_code WHERE `+visible+` AND list = $2 ORDER BY code, from_day`, tx.Tenant(), id)
}

// periodsOfCode is every meaning that a code ever had, oldest first.
func periodsOfCode(ctx context.Context, tx *sqldb.Tx, id ListID, code string) ([]Code, error) {
	return sqldb.All(ctx, tx, scanCode, `SELECT `+codeColumns+` FROM standard_code
		WHERE `+visible+` AND list = $2 AND code = $3 ORDER BY from_day`, tx.Tenant(), id, code)
}

func codeOn(ctx context.Context, tx *sqldb.Tx, id ListID, code string, day Day) (Code, error) {
	return sqldb.One(ctx, tx, scanCode, `SELECT `+codeColumns+` FROM standard_code
		WHERE `+visible+` AND list = $2 AND code = $3 AND from_day <= $4 AND until_day > $4`, tx.Tenant(), id, code, day)
}

// candidatesOn is what a code means on a day, in each list that the scope sees.
func candidatesOn(ctx context.Context, tx *sqldb.Tx, code string, day Day) ([]Found, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (f Found, err error) {
		f.On = day
		err = scan(&f.List, &f.Code.Code, &f.From, &f.Until, &f.Parent, &f.Name.ID, &f.Name.EN, &f.Notes)
		f.Validity = shown(f.Validity)
		return f, err
	}, `SELECT list, `+codeColumns+` FROM standard_code
		WHERE `+visible+` AND code = $2 AND from_day <= $3 AND until_day > $3 ORDER BY list`, tx.Tenant(), code, day)
}

func scanListed(scan sqldb.Scan) (c Listed, err error) {
	err = scan(&c.Code.Code, &c.From, &c.Until, &c.Parent, &c.Name.ID, &c.Name.EN, &c.Notes, &c.Below)
	c.Validity = shown(c.Validity)
	return c, err
}

// childrenOn counts, for a row c, the codes below it on day $3.
const childrenOn = `(SELECT COUNT(*) FROM standard_code k WHERE k.list = c.list AND k.parent = c.code AND k.from_day <= $3 AND k.until_day > $3)`

// browse gives the codes of a day in order: those below the parent, or those
// whose code or name holds the text, wherever they stand. Each way of asking is
// a statement of its own, so that it finds its index.
func browse(ctx context.Context, tx *sqldb.Tx, id ListID, q CodeQuery) ([]Listed, error) {
	const begin = `SELECT ` + codeColumns + `, ` + childrenOn + ` FROM standard_code c
		WHERE c.` + visible + ` AND c.list = $2 AND c.from_day <= $3 AND c.until_day > $3 AND c.code > $4`
	const end = ` ORDER BY c.code LIMIT $5`
	args := []any{tx.Tenant(), id, q.On, q.After, q.Limit}
	switch {
	case q.Text != "":
		return sqldb.All(ctx, tx, scanListed, begin+` AND (c.folded LIKE $6 ESCAPE '!' OR c.code = $7)`+end, append(args, contains(strings.ToLower(q.Text)), q.Text)...)
	case q.Parent != "*":
		return sqldb.All(ctx, tx, scanListed, begin+` AND c.parent = $6`+end, append(args, q.Parent)...)
	}
	return sqldb.All(ctx, tx, scanListed, begin+end, args...)
}

// contains is the LIKE pattern for texts that hold s; both sides are in small letters.
func contains(s string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) + "%"
}

func countOn(ctx context.Context, tx *sqldb.Tx, id ListID, day Day) (n int, err error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`SELECT COUNT(*) FROM standard_code WHERE `+visible+` AND list = $2 AND from_day <= $3 AND until_day > $3`, tx.Tenant(), id, day)
}

func replaceSuccessions(ctx context.Context, tx *sqldb.Tx, id ListID, agency simpul.AgencyID, events []Succession) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM standard_succession WHERE ($1 = '*' OR agency = $1) AND list = $2`, tx.Tenant(), id); err != nil {
		return err
	}
	for i, e := range events {
		for _, from := range e.From {
			for _, to := range e.To {
				if _, err := tx.Exec(ctx, `INSERT INTO standard_succession (list, event, agency, day, kind, predecessor, successor, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
					id, i, agency, e.Day, e.Kind, from, to, e.Source); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// successions gives the events of a list in their order; with a code, those
// that it takes part in.
func successions(ctx context.Context, tx *sqldb.Tx, id ListID, code string) (events []Succession, err error) {
	last := int64(-1)
	err = sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var e Succession
		var event int64
		var from, to string
		if err := scan(&event, &e.Day, &e.Kind, &from, &to, &e.Source); err != nil {
			return err
		}
		if event != last {
			last, events = event, append(events, e)
		}
		joined := &events[len(events)-1]
		joined.From, joined.To = added(joined.From, from), added(joined.To, to)
		return nil
	}, `SELECT event, day, kind, predecessor, successor, source FROM standard_succession
		WHERE `+visible+` AND list = $2 AND ($3 = '' OR event IN (SELECT event FROM standard_succession WHERE list = $2 AND (predecessor = $3 OR successor = $3)))
		ORDER BY event, predecessor, successor`, tx.Tenant(), id, code)
	return events, err
}

func added(all []string, one string) []string {
	for _, s := range all {
		if s == one {
			return all
		}
	}
	return append(all, one)
}

func replaceMappings(ctx context.Context, tx *sqldb.Tx, id ListID, agency simpul.AgencyID, all []Mapping) error {
	if err := tx.Own(agency); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM standard_mapping WHERE ($1 = '*' OR agency = $1) AND list = $2`, tx.Tenant(), id); err != nil {
		return err
	}
	for _, m := range all {
		if _, err := tx.Exec(ctx, `INSERT INTO standard_mapping (list, code, target_list, target, from_day, until_day, agency, relation, source) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, m.Code, m.List, m.Target, m.From, m.end(), agency, m.Relation, m.Source); err != nil {
			return err
		}
	}
	return nil
}

func scanMapping(scan sqldb.Scan) (m Mapping, err error) {
	err = scan(&m.Code, &m.List, &m.Target, &m.From, &m.Until, &m.Relation, &m.Source)
	m.Validity = shown(m.Validity)
	return m, err
}

func mappings(ctx context.Context, tx *sqldb.Tx, id ListID) ([]Mapping, error) {
	return sqldb.All(ctx, tx, scanMapping, `SELECT code, target_list, target, from_day, until_day, relation, source FROM standard_mapping
		WHERE `+visible+` AND list = $2 ORDER BY code, target_list, target, from_day`, tx.Tenant(), id)
}

// mappingsOf gives what a code is in other lists, in both directions: what this
// list says of it, and, turned around, what others say.
func mappingsOf(ctx context.Context, tx *sqldb.Tx, id ListID, code string) ([]Mapping, error) {
	return sqldb.All(ctx, tx, scanMapping, `SELECT code, target_list, target, from_day, until_day, relation, source FROM standard_mapping
			WHERE `+visible+` AND list = $2 AND code = $3
		UNION ALL SELECT target, list, code, from_day, until_day,
				CASE relation WHEN 'broader' THEN 'narrower' WHEN 'narrower' THEN 'broader' ELSE relation END, source FROM standard_mapping
			WHERE `+visible+` AND target_list = $2 AND target = $3
		ORDER BY 2, 3, 4`, tx.Tenant(), id, code)
}

// standardVisible admits the versions that the scope ($1) sees.
const standardVisible = `(state IN ('approved', 'withdrawn') OR $1 = '*' OR agency = $1)`

const versionColumns = `standard, version, state, document, author, author_account, proposer, proposer_account, decider, decided_at, note, created_at, updated_at`

func scanVersion(scan sqldb.Scan) (v Version, err error) {
	var document string
	var state State
	var version int
	var decided, created, updated int64
	if err = scan(&v.ID, &version, &state, &document, &v.author.id, &v.author.account, &v.proposer.id, &v.proposer.account, &v.decider, &decided, &v.Note, &created, &updated); err != nil {
		return v, err
	}
	if err = json.Unmarshal([]byte(document), &v.Spec); err != nil {
		return v, fmt.Errorf("standard %s: %w", v.ID, err)
	}
	v.Spec.State, v.Spec.Version = state, version
	v.Times = httpapi.TimesOf(created, updated)
	if decided > 0 {
		at := time.UnixMilli(decided).UTC()
		v.DecidedAt = &at
	}
	return v, nil
}

func getVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, version int) (Version, error) {
	return sqldb.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 AND version = $3`, tx.Tenant(), id, version)
}

func latestVersion(ctx context.Context, tx *sqldb.Tx, id StandardID) (Version, error) {
	return sqldb.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 ORDER BY version DESC LIMIT 1`, tx.Tenant(), id)
}

// approvedVersion is the version of a standard that is in force.
func approvedVersion(ctx context.Context, tx *sqldb.Tx, id StandardID) (Version, error) {
	return sqldb.One(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 AND state = 'approved' ORDER BY version DESC LIMIT 1`, tx.Tenant(), id)
}

func versionsOf(ctx context.Context, tx *sqldb.Tx, id StandardID) ([]Version, error) {
	return sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND standard = $2 ORDER BY version DESC`, tx.Tenant(), id)
}

func searchVersions(ctx context.Context, tx *sqldb.Tx, text string, page httpapi.Page) ([]Version, error) {
	return sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version v
		WHERE `+standardVisible+` AND standard > $2 AND folded LIKE $3 ESCAPE '!'
			AND NOT EXISTS (SELECT 1 FROM standard_version w WHERE w.standard = v.standard AND w.version > v.version AND (w.state IN ('approved', 'withdrawn') OR $1 = '*' OR w.agency = $1))
		ORDER BY standard LIMIT $4`, tx.Tenant(), page.After, contains(strings.ToLower(text)), page.Limit)
}

// putVersion writes a draft: a new version, or the same one anew.
func putVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, s StandardSpec, author actor, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	s.State = ""
	document, err := json.Marshal(s)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE standard_version SET authority = $1, folded = $2, document = $3, author = $4, author_account = $5, updated_at = $6
		WHERE standard = $7 AND version = $8 AND state = 'draft' AND ($9 = '*' OR agency = $9)`,
		s.Authority, s.folded(), string(document), author.id, author.account, now.UnixMilli(), id, s.Version, tx.Tenant())
	if err != nil || n == 1 {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO standard_version (standard, version, agency, authority, state, folded, document, author, author_account, created_at, updated_at)
		VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $9)`,
		id, s.Version, s.Agency, s.Authority, s.folded(), string(document), author.id, author.account, now.UnixMilli())
	return err
}

// moveVersion takes a version from the state that the step begins in to the one
// where it ends; of two who decide at once, the second changes nothing.
func moveVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, version int, step Step, by actor, note string, now time.Time) error {
	set, args := `decider = $1, decided_at = $2`, []any{by.id, now.UnixMilli()}
	if step == Propose {
		set, args = `proposer = $1, proposer_account = $2`, []any{by.id, by.account}
	}
	n, err := tx.Exec(ctx, `UPDATE standard_version SET `+set+`, state = $3, note = $4, updated_at = $5
		WHERE standard = $6 AND version = $7 AND state = $8 AND ($9 = '*' OR agency = $9)`,
		append(args, step.to(), note, now.UnixMilli(), id, version, step.from(), tx.Tenant())...)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

func deleteVersion(ctx context.Context, tx *sqldb.Tx, id StandardID, version int) error {
	_, err := tx.Exec(ctx, `DELETE FROM standard_version WHERE ($1 = '*' OR agency = $1) AND standard = $2 AND version = $3 AND state = 'draft'`, tx.Tenant(), id, version)
	return err
}

// bindingVisible admits the bindings that the scope ($1) sees.
const bindingVisible = `(published OR $1 = '*' OR agency = $1)`

type boundRow struct {
	address          simpul.Address
	field            BoundField
	created, updated int64
}

func scanBound(scan sqldb.Scan) (r boundRow, err error) {
	return r, scan(&r.address, &r.field.Field, &r.field.Standard, &r.field.Version, &r.field.List, &r.created, &r.updated)
}

const bindingColumns = `address, field, standard, version, COALESCE(list, ''), created_at, updated_at`

func getBinding(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (s httpapi.Stored[BindingSpec], err error) {
	rows, err := sqldb.All(ctx, tx, scanBound, `SELECT `+bindingColumns+` FROM standard_binding
		WHERE `+bindingVisible+` AND address = $2 ORDER BY address, field`, tx.Tenant(), address)
	if err == nil && len(rows) == 0 {
		return s, sqldb.ErrNoRows
	}
	if err != nil {
		return s, err
	}
	return joined(rows)[0], nil
}

func listBindings(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[BindingSpec], error) {
	rows, err := sqldb.All(ctx, tx, scanBound, `SELECT `+bindingColumns+` FROM standard_binding
		WHERE `+bindingVisible+` AND address IN (SELECT DISTINCT address FROM standard_binding WHERE `+bindingVisible+` AND address > $2 ORDER BY address LIMIT $3)
		ORDER BY address, field`, tx.Tenant(), page.After, page.Limit)
	return joined(rows), err
}

// joined puts the rows of one LID together.
func joined(rows []boundRow) (all []httpapi.Stored[BindingSpec]) {
	for _, r := range rows {
		if n := len(all); n == 0 || all[n-1].ID != string(r.address) {
			all = append(all, httpapi.Stored[BindingSpec]{ID: string(r.address), Times: httpapi.TimesOf(r.created, r.updated)})
		}
		last := &all[len(all)-1]
		last.Spec.Fields = append(last.Spec.Fields, r.field)
	}
	return all
}

func replaceBinding(ctx context.Context, tx *sqldb.Tx, address simpul.Address, lid Subject, s BindingSpec, created, now time.Time) error {
	if err := tx.Own(lid.Agency); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM standard_binding WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address); err != nil {
		return err
	}
	for _, f := range s.Fields {
		var list any
		if f.List != "" {
			list = string(f.List)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO standard_binding (address, field, agency, published, standard, version, list, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			address, f.Field, lid.Agency, lid.Published, f.Standard, f.Version, list, created.UnixMilli(), now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

func deleteBinding(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (agency simpul.AgencyID, err error) {
	agencies, err := sqldb.All(ctx, tx, func(scan sqldb.Scan) (a simpul.AgencyID, err error) { return a, scan(&a) },
		`DELETE FROM standard_binding WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), address)
	if err == nil && len(agencies) == 0 {
		return "", sqldb.ErrNoRows
	}
	if err != nil {
		return "", err
	}
	return agencies[0], nil
}

func usesOf(ctx context.Context, tx *sqldb.Tx, standard StandardID, list ListID, limit int) ([]Use, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (u Use, err error) {
		r, err := scanBound(scan)
		return Use{r.address, r.field}, err
	}, `SELECT `+bindingColumns+` FROM standard_binding
		WHERE `+bindingVisible+` AND ($2 = '' OR standard = $2) AND ($3 = '' OR list = $3) ORDER BY address, field LIMIT $4`, tx.Tenant(), standard, list, limit)
}

// eachBound visits the bound fields of a LID, or of all where it is empty, that
// the scope sees, in order.
func eachBound(ctx context.Context, tx *sqldb.Tx, address simpul.Address, visit func(simpul.Address, string)) error {
	return sqldb.Each(ctx, tx, func(scan sqldb.Scan) error {
		var at simpul.Address
		var field string
		err := scan(&at, &field)
		visit(at, field)
		return err
	}, `SELECT address, field FROM standard_binding WHERE `+bindingVisible+` AND ($2 = '' OR address = $2) ORDER BY address, field`, tx.Tenant(), address)
}

// usesByAgency lists what the fields of an agency's LIDs are bound to.
func usesByAgency(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]Use, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (u Use, err error) {
		r, err := scanBound(scan)
		return Use{r.address, r.field}, err
	}, `SELECT `+bindingColumns+` FROM standard_binding WHERE `+bindingVisible+` AND agency = $2 ORDER BY address, field`, tx.Tenant(), agency)
}

// standardsOf lists the versions that an agency wrote and that are in force.
func standardsOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]Version, error) {
	return sqldb.All(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM standard_version
		WHERE `+standardVisible+` AND agency = $2 AND state = 'approved' ORDER BY standard, version`, tx.Tenant(), agency)
}

// listsOf lists the published lists of an agency.
func listsOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]httpapi.Stored[ListSpec], error) {
	return sqldb.All(ctx, tx, scanList, `SELECT `+listColumns+` FROM standard_list
		WHERE (state = 'published' OR $1 = '*' OR agency = $1) AND agency = $2 AND state = 'published' ORDER BY id`, tx.Tenant(), agency)
}

// formsOf counts the forms of an agency by kind and state.
func formsOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) (all []FormCount, err error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (c FormCount, err error) {
		return c, scan(&c.Form, &c.State, &c.Forms)
	}, `SELECT form, state, COUNT(*) FROM standard_metadata WHERE `+metadataVisible+` AND agency = $2 GROUP BY form, state ORDER BY form, state`, tx.Tenant(), agency)
}

// metadataVisible admits the forms that the scope ($1) sees.
const metadataVisible = `(state = 'approved' OR $1 = '*' OR agency = $1)`

const formColumns = `id, form, agency, lid, state, document, author, author_account, submitter, submitter_account, note, created_at, updated_at`

func scanMetadata(scan sqldb.Scan) (f Filled, err error) {
	var document string
	s := &f.Spec
	if err = scan(&f.ID, &s.Form, &s.Agency, &s.LID, &s.State, &document, &f.author.id, &f.author.account, &f.submitter.id, &f.submitter.account, &f.Note, &f.created, &f.updated); err != nil {
		return f, err
	}
	if err = json.Unmarshal([]byte(document), &s.Values); err != nil {
		return f, fmt.Errorf("metadata %s: %w", f.ID, err)
	}
	return f, nil
}

func getMetadata(ctx context.Context, tx *sqldb.Tx, id string) (Filled, error) {
	return sqldb.One(ctx, tx, scanMetadata, `SELECT `+formColumns+` FROM standard_metadata WHERE `+metadataVisible+` AND id = $2`, tx.Tenant(), id)
}

func listMetadata(ctx context.Context, tx *sqldb.Tx, form FormID, page httpapi.Page) ([]Filled, error) {
	return sqldb.All(ctx, tx, scanMetadata, `SELECT `+formColumns+` FROM standard_metadata
		WHERE `+metadataVisible+` AND ($2 = '' OR form = $2) AND id > $3 ORDER BY id LIMIT $4`, tx.Tenant(), form, page.After, page.Limit)
}

// putMetadata writes a form as a draft.
func putMetadata(ctx context.Context, tx *sqldb.Tx, id string, s MetadataSpec, author actor, existed bool, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(s.Values)
	if err != nil {
		return err
	}
	if existed {
		_, err = tx.Exec(ctx, `UPDATE standard_metadata SET lid = $1, state = 'draft', title = $2, document = $3, author = $4, author_account = $5, updated_at = $6
			WHERE id = $7 AND ($8 = '*' OR agency = $8)`,
			s.LID, s.Title(), string(document), author.id, author.account, now.UnixMilli(), id, tx.Tenant())
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO standard_metadata (id, form, agency, lid, state, title, document, author, author_account, created_at, updated_at)
		VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $9)`,
		id, s.Form, s.Agency, s.LID, s.Title(), string(document), author.id, author.account, now.UnixMilli())
	return err
}

func moveMetadata(ctx context.Context, tx *sqldb.Tx, id string, move Move, by actor, note string, now time.Time) error {
	statement := `UPDATE standard_metadata SET note = $1, updated_at = $2, state = $3 WHERE id = $4 AND ($5 = '*' OR agency = $5)`
	args := []any{note, now.UnixMilli(), move.to(), id, tx.Tenant()}
	if move == Submit {
		statement = `UPDATE standard_metadata SET note = $1, updated_at = $2, state = $3, submitter = $4, submitter_account = $5 WHERE id = $6 AND ($7 = '*' OR agency = $7)`
		args = []any{note, now.UnixMilli(), move.to(), by.id, by.account, id, tx.Tenant()}
	}
	_, err := tx.Exec(ctx, statement, args...)
	return err
}

func deleteMetadata(ctx context.Context, tx *sqldb.Tx, id string) (simpul.AgencyID, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (a simpul.AgencyID, err error) { return a, scan(&a) },
		`DELETE FROM standard_metadata WHERE ($1 = '*' OR agency = $1) AND id = $2 RETURNING agency`, tx.Tenant(), id)
}
