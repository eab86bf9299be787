package incident

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Prune drops cases that were closed before the time, with what was written about
// them. One that is open, or on hold, stays. No export is kept that could be left
// over: each is written while it is read.
func (s *Service) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	for {
		var some []string
		err := s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) (err error) {
			if some, err = closedBefore(ctx, tx, before); err != nil {
				return err
			}
			for _, id := range some {
				dropped, err := dropCase(ctx, tx, id, before)
				if err != nil {
					return err
				}
				n += dropped
			}
			return nil
		})
		if err != nil || len(some) < atATime {
			return n, err
		}
	}
}
