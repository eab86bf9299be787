package catalog

import (
	"context"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// OfAgency returns every LID of an agency that the scope sees, drafts and
// retired ones too where the scope covers the agency, in the order of addresses.
func (s *Service) OfAgency(ctx context.Context, scope simpul.Scope, agency simpul.AgencyID) (all []httpapi.Stored[Spec], err error) {
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		all, err = lidsOf(ctx, tx, agency)
		return err
	})
	return all, err
}
