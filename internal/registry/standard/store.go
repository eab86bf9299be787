package standard

import (
	"context"
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

func deleteList(ctx context.Context, tx *sqldb.Tx, id ListID) error {
	n, err := tx.Exec(ctx, `DELETE FROM standard_list WHERE ($1 = '*' OR agency = $1) AND id = $2`, tx.Tenant(), id)
	if err == nil && n == 0 {
		return sqldb.ErrNoRows
	}
	return err
}

// listsOf lists the published lists of an agency.
func listsOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]httpapi.Stored[ListSpec], error) {
	return sqldb.All(ctx, tx, scanList, `SELECT `+listColumns+` FROM standard_list
		WHERE (state = 'published' OR $1 = '*' OR agency = $1) AND agency = $2 AND state = 'published' ORDER BY id`, tx.Tenant(), agency)
}
