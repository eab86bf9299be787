package standard

import (
	"context"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// countCodes notes how many rows of codes the list has now.
func countCodes(ctx context.Context, tx *sqldb.Tx, id ListID, now time.Time) (n int, err error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) { return n, scan(&n) },
		`UPDATE standard_list SET codes = (SELECT COUNT(*) FROM standard_code WHERE list = $1), updated_at = $2
		WHERE id = $1 AND ($3 = '*' OR agency = $3) RETURNING codes`, id, now.UnixMilli(), tx.Tenant())
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
