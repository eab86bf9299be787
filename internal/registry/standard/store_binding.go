package standard

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

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
