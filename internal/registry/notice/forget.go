package notice

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// Forget drops the account's inbox, letters and preferences, in the transaction
// that erases the person. Only a scope that covers the person's agency may.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) error {
	if err := tx.Own(account.Agency()); err != nil {
		return err
	}
	return forget(ctx, tx, account)
}

// Facts returns what the room knows of the account, for the person's export.
func (s *Service) Facts(ctx context.Context, tx *sqldb.Tx, account simpul.AccountID) (map[string]any, error) {
	stored, err := listEntries(ctx, tx, account, Filter{}, newest(), 10_000)
	if err != nil {
		return nil, err
	}
	entries, err := s.openEntries(stored)
	if err != nil {
		return nil, err
	}
	prefs, err := preferences(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	inbox := make([]entryBody, len(entries))
	for i, e := range entries {
		inbox[i] = bodyOf(e)
	}
	return map[string]any{"inbox": inbox, "preferences": prefsBodyOf(prefs)}, nil
}

// Prune drops entries from before the time on which nobody has to act any more,
// and returns how many.
func (s *Service) Prune(ctx context.Context, before time.Time) (n int64, err error) {
	err = s.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		n, err = dropEntriesBefore(ctx, tx, before)
		return err
	})
	return n, err
}
