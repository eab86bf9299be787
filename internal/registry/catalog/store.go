package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

const revisionLID = "LID"

func putLID(ctx context.Context, tx *sqldb.Tx, address simpul.Address, s Spec, now time.Time) (created, updated int64, err error) {
	if err := tx.Own(s.Agency); err != nil {
		return 0, 0, err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return 0, 0, fmt.Errorf("encode LID: %w", err)
	}
	var legacy *string
	if key := s.legacyKey(); key != "" {
		legacy = &key
	}
	times, err := sqldb.One(ctx, tx, func(scan sqldb.Scan) (t [2]int64, err error) {
		return t, scan(&t[0], &t[1])
	}, `INSERT INTO catalog_lid (address, agency, class, state, title, legacy, document, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
		ON CONFLICT (address) DO UPDATE SET class = excluded.class, state = excluded.state, title = excluded.title,
			legacy = excluded.legacy, document = excluded.document, updated_at = excluded.updated_at
		RETURNING created_at, updated_at`,
		address, s.Agency, s.Class, s.State, s.Title, legacy, string(document), now.UnixMilli())
	if err != nil {
		return 0, 0, err
	}
	return times[0], times[1], tx.Revise(ctx, revisionLID, string(address))
}

const lidColumns = `address, document, created_at, updated_at`

func scanLID(scan sqldb.Scan) (s httpapi.Stored[Spec], err error) {
	var document string
	var created, updated int64
	if err := scan(&s.ID, &document, &created, &updated); err != nil {
		return s, err
	}
	s.Times = httpapi.Times{CreatedAt: time.UnixMilli(created).UTC(), UpdatedAt: time.UnixMilli(updated).UTC()}
	if err := json.Unmarshal([]byte(document), &s.Spec); err != nil {
		return s, fmt.Errorf("decode LID %s: %w", s.ID, err)
	}
	return s, nil
}

// getLID sees what is published and what the scope covers.
func getLID(ctx context.Context, tx *sqldb.Tx, address string) (httpapi.Stored[Spec], error) {
	return sqldb.One(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address = $2`, tx.Tenant(), address)
}

func listLIDs(ctx context.Context, tx *sqldb.Tx, page httpapi.Page) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1 OR state = 'published') AND address > $2 ORDER BY address LIMIT $3`,
		tx.Tenant(), page.After, page.Limit)
}

// publishedLIDs is what everybody sees, whoever asks.
func publishedLIDs(ctx context.Context, tx *sqldb.Tx) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid WHERE state = 'published' ORDER BY address`)
}

func publishedLID(ctx context.Context, tx *sqldb.Tx, address string) (httpapi.Stored[Spec], error) {
	return sqldb.One(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid WHERE state = 'published' AND address = $1`, address)
}

// ownerOf tells whether an address is taken, whoever asks: an address belongs
// to one agency for ever, so the answer must not depend on the scope. It runs
// in the nation's scope and its result is not shown.
func ownerOf(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (simpul.AgencyID, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (id simpul.AgencyID, err error) {
		return id, scan(&id)
	}, `SELECT agency FROM catalog_lid WHERE address = $1`, address)
}

func deleteLID(ctx context.Context, tx *sqldb.Tx, address string) error {
	n, err := tx.Exec(ctx, `DELETE FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
	switch {
	case err != nil:
		return err
	case n == 0:
		return sqldb.ErrNoRows
	}
	return tx.Revise(ctx, revisionLID, address)
}
