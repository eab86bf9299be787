package app

import (
	"context"
	"fmt"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// load fills the views in memory. It notes the newest revision first, so that a
// change made meanwhile is read twice rather than not at all.
func (h *Hub) load(ctx context.Context) (err error) {
	if h.revision, err = h.db.LastRevision(ctx); err != nil {
		return fmt.Errorf("load: %w", err)
	}
	for _, view := range []func(context.Context) error{h.keyring.Load, h.directory.Load, h.book.Load} {
		if err := view(ctx); err != nil {
			return fmt.Errorf("load: %w", err)
		}
	}
	return nil
}

// follow keeps the views up to date until ctx ends. A change costs what it
// changes, not the number of things that did not.
func (h *Hub) follow(ctx context.Context) {
	h.db.Follow(ctx, h.revision, func(changes []sqldb.Revision) error {
		if err := h.keyring.Refresh(ctx, changes); err != nil {
			return err
		}
		if err := h.directory.Refresh(ctx, changes); err != nil {
			return err
		}
		return h.book.Refresh(ctx, grantsOf(changes))
	}, func(err error) { h.log.Error("views are behind", "error", err) })
}

func grantsOf(changes []sqldb.Revision) (ids []simpul.GrantID) {
	for _, c := range changes {
		if c.Kind == "Grant" {
			ids = append(ids, simpul.GrantID(c.ID))
		}
	}
	return ids
}
