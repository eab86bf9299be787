package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const revisionLID = "LID"

// holdAddress takes the address for the agency, or finds that the agency holds
// it already, and tells whether a LID at it has retired. An address that another
// agency holds is "no such row", or outside the scope where the engine says so.
func holdAddress(ctx context.Context, tx *sqldb.Tx, address simpul.Address, agency simpul.AgencyID, retires bool) (retired bool, err error) {
	if err := tx.Own(agency); err != nil {
		return false, err
	}
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (retired bool, err error) {
		return retired, scan(&retired)
	}, `INSERT INTO catalog_address (address, agency, retired) VALUES ($1, $2, $3)
		ON CONFLICT (address) DO UPDATE SET retired = (catalog_address.retired OR excluded.retired)
		WHERE catalog_address.agency = excluded.agency
		RETURNING retired`, address, agency, retires)
}

// lockAddress makes whoever changes a LID at the address wait for the end of the
// transaction: holdAddress, with which they begin, locks the same row.
func lockAddress(ctx context.Context, tx *sqldb.Tx, address string) error {
	_, err := tx.Exec(ctx, `UPDATE catalog_address SET retired = retired WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
	return err
}

// storeLID writes the row of a LID; whoever calls it revises. On PostgreSQL it
// waits for whoever is referring to the LID, such as a grant that is being given,
// because it may change a unique column: what comes after it sees that grant.
func storeLID(ctx context.Context, tx *sqldb.Tx, address simpul.Address, s Spec, now time.Time) (httpapi.Times, error) {
	if err := tx.Own(s.Agency); err != nil {
		return httpapi.Times{}, err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return httpapi.Times{}, fmt.Errorf("encode LID: %w", err)
	}
	times, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (httpapi.Times, error) {
		var created, updated int64
		err := scan(&created, &updated)
		return httpapi.TimesOf(created, updated), err
	}, `INSERT INTO catalog_lid (address, agency, class, state, title, legacy, document, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
		ON CONFLICT (address) DO UPDATE SET class = excluded.class, state = excluded.state, title = excluded.title,
			legacy = excluded.legacy, document = excluded.document, updated_at = excluded.updated_at
		WHERE catalog_lid.agency = excluded.agency
		RETURNING created_at, updated_at`,
		address, s.Agency, s.Class, s.State.column(), s.Title, orNull(s.legacyKey()), string(document), now.UnixMilli())
	if err != nil {
		return times, err
	}
	return times, legacyFree(ctx, tx, s.legacyKey(), address)
}

// column is the state as SQL sees it: one that is deprecated is seen and called
// as one that is published, also by a program that knows no more states.
func (s State) column() State {
	if s == Deprecated {
		return Published
	}
	return s
}

// orNull is how a column holds an absent text that must be unique.
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

const lidColumns = `address, document, created_at, updated_at`

// row is a stored LID whose document nobody has read yet.
type row struct {
	address          string
	document         string
	created, updated int64
}

func scanRow(scan sqldb.Scan) (r row, err error) {
	return r, scan(&r.address, &r.document, &r.created, &r.updated)
}

func (r row) stored() (httpapi.Stored[Spec], error) {
	s := httpapi.Stored[Spec]{ID: r.address, Times: httpapi.Times{CreatedAt: time.UnixMilli(r.created).UTC(), UpdatedAt: time.UnixMilli(r.updated).UTC()}}
	if err := json.Unmarshal([]byte(r.document), &s.Spec); err != nil {
		return s, fmt.Errorf("decode LID %s: %w", r.address, err)
	}
	return s, nil
}

func scanLID(scan sqldb.Scan) (httpapi.Stored[Spec], error) {
	r, err := scanRow(scan)
	if err != nil {
		return httpapi.Stored[Spec]{}, err
	}
	return r.stored()
}

// getLID sees what is published and what the scope covers.
func getLID(ctx context.Context, tx *sqldb.Tx, address string) (httpapi.Stored[Spec], error) {
	return sqldb.One(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address = $2`, tx.Tenant(), address)
}

// seenRow is what getLID reads.
func seenRow(ctx context.Context, tx *sqldb.Tx, address string) (row, error) {
	return sqldb.One(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address = $2`, tx.Tenant(), address)
}

func ownRow(ctx context.Context, tx *sqldb.Tx, address string) (row, error) {
	return sqldb.One(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
}

// present is a LID as it is stored; without a spec there is none.
type present struct {
	document []byte
	spec     *Spec
}

// ownLID returns the LID at an address that the scope's agency holds.
func ownLID(ctx context.Context, tx *sqldb.Tx, address string) (present, error) {
	r, err := ownRow(ctx, tx, address)
	switch {
	case errors.Is(err, sqldb.ErrNoRows):
		return present{}, nil
	case err != nil:
		return present{}, err
	}
	s, err := r.stored()
	return present{[]byte(r.document), &s.Spec}, err
}

func listLIDs(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address > $2 AND substr(address, 1, 1) <> '~' ORDER BY address LIMIT $3`,
		tx.Tenant(), page.After, page.Limit)
}

// lidsOf lists the LIDs of an agency.
func lidsOf(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND agency = $2 AND substr(address, 1, 1) <> '~' ORDER BY address`, tx.Tenant(), agency)
}

// ownLIDs are those that the scope covers and the selection names. Letters count
// alike in both sizes where they are ASCII.
func ownLIDs(ctx context.Context, tx *sqldb.Tx, s Selection) ([]httpapi.Stored[Spec], error) {
	words := "%" + escapeLike(strings.ToLower(s.Text)) + "%"
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND substr(address, 1, 1) <> '~' AND ($2 = '' OR agency = $2) AND ($3 = '' OR state = $3)
			AND (lower(title) LIKE $4 ESCAPE '\' OR lower(address) LIKE $4 ESCAPE '\') AND address > $5 ORDER BY address LIMIT $6`,
		tx.Tenant(), s.Agency, s.State, words, s.After, s.Limit)
}

func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text)
}

// publishedLIDs is what everybody sees, whoever asks.
func publishedLIDs(ctx context.Context, tx *sqldb.Tx) ([]row, error) {
	return sqldb.All(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid WHERE state = 'published' ORDER BY address`)
}

func publishedLID(ctx context.Context, tx *sqldb.Tx, address string) (row, error) {
	return sqldb.One(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid WHERE state = 'published' AND address = $1`, address)
}

// deleteLID returns the owner of the LID that is gone.
func deleteLID(ctx context.Context, tx *sqldb.Tx, address string) (owner simpul.AgencyID, err error) {
	owner, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (owner simpul.AgencyID, err error) {
		return owner, scan(&owner)
	}, `DELETE FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), address)
	if err != nil {
		return "", err
	}
	return owner, errors.Join(forget(ctx, tx, address), tx.Revise(ctx, revisionLID, address))
}

// forget drops what was kept of a LID that is gone, unless it is retired: whoever
// calls that one is told so for ever.
func forget(ctx context.Context, tx *sqldb.Tx, address string) error {
	_, err := tx.Exec(ctx, `DELETE FROM catalog_version WHERE ($1 = '*' OR agency = $1) AND address = $2
		AND NOT EXISTS (SELECT 1 FROM catalog_address a WHERE a.address = $2 AND a.retired)`, tx.Tenant(), address)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE catalog_address SET successor = '' WHERE ($1 = '*' OR agency = $1) AND address = $2 AND NOT retired`, tx.Tenant(), address)
	return err
}
