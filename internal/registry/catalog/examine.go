package catalog

import (
	"context"
	"errors"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Examine checks a LID as Put would, without a thought for its life cycle, and
// stores nothing. Whose agency the scope does not cover may not.
func (s *Service) Examine(ctx context.Context, p simpul.Principal, address simpul.Address, spec Spec) error {
	if _, err := spec.read(); err != nil {
		return err
	}
	err := s.db.Write(ctx, p.Scope(), func(tx *sqldb.Tx) error {
		if err := tx.Own(spec.Agency); err != nil {
			return err
		}
		_, err := holdAddress(ctx, tx, address, spec.Agency, false)
		if errors.Is(err, sqldb.ErrNoRows) || errors.Is(err, sqldb.ErrScope) {
			return addressTaken(address)
		}
		return sqldb.Rehearse(true, err)
	})
	return refusal(err, string(address), spec)
}
