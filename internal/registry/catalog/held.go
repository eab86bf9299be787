package catalog

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog/contract"
)

// Held returns a LID whose agency the transaction covers, published or not, with
// its contract, which is nil for a draft without one. Any other is not found.
func (s *Service) Held(ctx context.Context, tx *sqldb.Tx, address simpul.Address) (Spec, *contract.Contract, error) {
	found, err := ownLID(ctx, tx, string(address))
	if err == nil && found.spec == nil {
		err = sqldb.ErrNoRows
	}
	if err != nil {
		return Spec{}, nil, sqldb.Coded(err, kindLID, string(address))
	}
	read, err := found.spec.read()
	return *found.spec, read, err
}
