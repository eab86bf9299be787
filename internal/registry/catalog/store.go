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
		WHERE catalog_lid.agency = excluded.agency
		RETURNING created_at, updated_at`,
		address, s.Agency, s.Class, s.State, s.Title, legacy, string(document), now.UnixMilli())
	if err != nil {
		return 0, 0, err
	}
	return times[0], times[1], tx.Revise(ctx, revisionLID, string(address))
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

// present is a LID as it is stored; without a spec there is none.
type present struct {
	document []byte
	spec     *Spec
}

// ownLID returns the LID at an address that the scope's agency holds.
func ownLID(ctx context.Context, tx *sqldb.Tx, address string) (present, error) {
	r, err := sqldb.One(ctx, tx, scanRow, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND address = $2`, tx.Tenant(), address)
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

// putBegun keeps a LID that has no address yet, under a name that no address can
// have. Nobody follows it: it cannot be called, and its agency alone sees it.
func putBegun(ctx context.Context, tx *sqldb.Tx, id string, s Spec, now time.Time) error {
	if err := tx.Own(s.Agency); err != nil {
		return err
	}
	document, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode LID: %w", err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO catalog_lid (address, agency, class, state, title, legacy, document, created_at, updated_at)
		VALUES ($1, $2, $3, 'draft', $4, NULL, $5, $6, $6)
		ON CONFLICT (address) DO UPDATE SET title = excluded.title, document = excluded.document, updated_at = excluded.updated_at
		WHERE catalog_lid.agency = excluded.agency`,
		begunPrefix+id, s.Agency, s.Class, s.Title, string(document), now.UnixMilli())
	if err == nil && n == 0 {
		err = sqldb.ErrNoRows
	}
	return err
}

func listBegun(ctx context.Context, tx *sqldb.Tx) ([]httpapi.Stored[Spec], error) {
	return sqldb.All(ctx, tx, scanLID, `SELECT `+lidColumns+` FROM catalog_lid
		WHERE ($1 = '*' OR agency = $1) AND substr(address, 1, 1) = '~' ORDER BY created_at DESC, address LIMIT 1000`, tx.Tenant())
}

func countBegun(ctx context.Context, tx *sqldb.Tx, agency simpul.AgencyID) (int, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (n int, err error) {
		return n, scan(&n)
	}, `SELECT COUNT(*) FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND agency = $2 AND substr(address, 1, 1) = '~'`, tx.Tenant(), agency)
}

// dropBegun returns whose it was.
func dropBegun(ctx context.Context, tx *sqldb.Tx, id string) (simpul.AgencyID, error) {
	return sqldb.One(ctx, tx, func(scan sqldb.Scan) (owner simpul.AgencyID, err error) {
		return owner, scan(&owner)
	}, `DELETE FROM catalog_lid WHERE ($1 = '*' OR agency = $1) AND address = $2 RETURNING agency`, tx.Tenant(), begunPrefix+id)
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
	return owner, tx.Revise(ctx, revisionLID, address)
}

const revisionHarvest = "Harvest"

// putHarvested stores an entry of another catalogue unless what is stored is the
// same or later, and reports whether it did. Of two deliveries with one time the
// one with the greater digest counts, so that their order is no matter.
func putHarvested(ctx context.Context, tx *sqldb.Tx, h harvested, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO catalog_harvested (source, uri, title, publisher, modified, digest, document, taken_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (source, uri) DO UPDATE SET title = excluded.title, publisher = excluded.publisher, modified = excluded.modified,
			digest = excluded.digest, document = excluded.document, taken_at = excluded.taken_at
		WHERE catalog_harvested.modified < excluded.modified
			OR catalog_harvested.modified = excluded.modified AND catalog_harvested.digest < excluded.digest`,
		h.source, h.entry.URI, h.entry.Title, h.entry.Publisher, h.modified(), h.digest, h.document, now.UnixMilli())
	return n > 0, err
}

func scanHarvested(scan sqldb.Scan) (h harvested, err error) {
	if err := scan(&h.source, &h.document); err != nil {
		return h, err
	}
	if err := json.Unmarshal([]byte(h.document), &h.entry); err != nil {
		return h, fmt.Errorf("decode harvested entry of %s: %w", h.source, err)
	}
	return h, nil
}

// harvestedOf lists what was taken in from a source, or from all where it is "".
func harvestedOf(ctx context.Context, tx *sqldb.Tx, source string) ([]harvested, error) {
	return sqldb.All(ctx, tx, scanHarvested, `SELECT source, document FROM catalog_harvested WHERE ($1 = '' OR source = $1) ORDER BY source, uri`, source)
}

func listSources(ctx context.Context, tx *sqldb.Tx) ([]Source, error) {
	return sqldb.All(ctx, tx, func(scan sqldb.Scan) (s Source, err error) {
		var at int64
		err = scan(&s.Source, &s.Entries, &at)
		s.TakenAt = time.UnixMilli(at).UTC()
		return s, err
	}, `SELECT source, COUNT(*), MAX(taken_at) FROM catalog_harvested GROUP BY source ORDER BY source`)
}

func deleteSource(ctx context.Context, tx *sqldb.Tx, source string) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM catalog_harvested WHERE source = $1`, source)
}
