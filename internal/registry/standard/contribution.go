package standard

import (
	"context"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
)

// FormCount counts forms of statistical metadata of one kind in one state.
type FormCount struct {
	Form  FormID
	State MetadataState
	Forms int
}

// Contribution is what an agency gives to the standards and takes from them.
type Contribution struct {
	Standards []Version                  // that it wrote and that are in force
	Lists     []httpapi.Stored[ListSpec] // that it publishes
	Uses      []Use                      // what fields of its LIDs are bound to
	Forms     []FormCount
}

// Contribution returns what the scope sees of an agency's.
func (s *Standards) Contribution(ctx context.Context, scope simpul.Scope, agency simpul.AgencyID) (c Contribution, err error) {
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		if c.Standards, err = standardsOf(ctx, tx, agency); err != nil {
			return err
		}
		if c.Lists, err = listsOf(ctx, tx, agency); err != nil {
			return err
		}
		if c.Uses, err = usesByAgency(ctx, tx, agency); err != nil {
			return err
		}
		c.Forms, err = formsOf(ctx, tx, agency)
		return err
	})
	return c, err
}
