package grant

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Tally counts grants by how they stand.
type Tally struct {
	InEffect  int
	Suspended int
	Over      int // whose period is over, or has not begun
	Parties   int // agencies on the other side of those in effect
}

// Tallies counts the grants that an agency gave and those that it holds, as far
// as the scope sees them.
func (s *Service) Tallies(ctx context.Context, scope simpul.Scope, agency simpul.AgencyID) (given, held Tally, err error) {
	err = s.db.Read(ctx, scope, func(tx *sqldb.Tx) error {
		given, held, err = tallies(ctx, tx, agency, s.now())
		return err
	})
	return given, held, err
}
