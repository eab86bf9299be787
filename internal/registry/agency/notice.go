package agency

import (
	"context"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Notifier tells people, in the transaction of what it tells of.
type Notifier interface {
	Notify(ctx context.Context, tx *sqldb.Tx, n simpul.Notice) error
}
