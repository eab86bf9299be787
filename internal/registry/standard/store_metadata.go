package standard

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

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
