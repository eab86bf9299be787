package evidence

import (
	"context"
	"fmt"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Remember makes the key of the class for the month of a time that is over, where there is
// none: for exchanges that did not pass this hub when they happened. One that was
// destroyed is not made again.
func (k *Keys) Remember(ctx context.Context, class simpul.LIDClass, at time.Time) error {
	id := keyID(class, monthOf(at))
	if k.ring.Load().keys[id] != nil {
		return nil
	}
	err := k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		known, err := knownKeys(ctx, tx)
		if err != nil || known[id] {
			return err
		}
		return k.makeKey(ctx, tx, class, monthOf(at), k.now())
	})
	if err != nil {
		return fmt.Errorf("make evidence key %s: %w", id, err)
	}
	return k.read(ctx)
}
