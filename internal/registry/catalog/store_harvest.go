package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"simpul/internal/platform/sqldb"
)

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
