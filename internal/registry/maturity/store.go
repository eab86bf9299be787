package maturity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"simpul/internal/platform/sqldb"
)

// modelOn is the model that holds on a day; everybody may know it.
func modelOn(ctx context.Context, tx *sqldb.Tx, day string) (m Model, found bool, err error) {
	m, err = sqldb.One(ctx, tx, func(scan sqldb.Scan) (m Model, err error) {
		var document string
		if err := scan(&document); err != nil {
			return m, err
		}
		if err := json.Unmarshal([]byte(document), &m); err != nil {
			return m, fmt.Errorf("decode maturity model: %w", err)
		}
		return m, nil
	}, `SELECT document FROM maturity_model WHERE valid_from <= $1 ORDER BY valid_from DESC LIMIT 1`, day)
	if errors.Is(err, sqldb.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, err
}

func putModel(ctx context.Context, tx *sqldb.Tx, m Model, author string, now time.Time) error {
	if err := tx.Own(""); err != nil {
		return err
	}
	document, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO maturity_model (valid_from, document, author, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (valid_from) DO UPDATE SET document = excluded.document, author = excluded.author, updated_at = excluded.updated_at`,
		m.From, string(document), author, now.UnixMilli())
	return err
}
