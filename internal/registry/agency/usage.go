package agency

import (
	"context"
	"sync/atomic"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// usage is the day of a key's last use as this process saw it, and as it stored
// it: starts of days in UTC, in milliseconds since the epoch.
type usage struct{ seen, stored atomic.Int64 }

func (u *usage) note(now time.Time) {
	today := now.UTC().Truncate(day).UnixMilli()
	if u.seen.Load() < today {
		u.seen.Store(today)
	}
}

// StoreUse writes down on which day keys were last used, those of which the
// store does not know it yet. Calls do not wait for it.
func (k *Keyring) StoreUse(ctx context.Context) error {
	fresh := map[string]int64{}
	ring := k.now.Load()
	for id := range ring.digestOf {
		if u := ring.key(id).used; u.seen.Load() > u.stored.Load() {
			fresh[id] = u.seen.Load()
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	err := k.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return storeUse(ctx, tx, fresh) })
	if err != nil {
		return err
	}
	for id, seen := range fresh {
		if key := ring.key(id); key != nil {
			key.used.stored.Store(seen)
		}
	}
	return nil
}
