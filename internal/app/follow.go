package app

import (
	"context"
	"fmt"

	"simpul"
	"simpul/internal/platform/sqldb"
)

// load fills the views in memory. It notes the newest revision first, so that a
// change made meanwhile is read twice rather than not at all.
func (h *Hub) load(ctx context.Context) error {
	newest, err := h.db.LastRevision(ctx)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	for _, view := range []func(context.Context) error{h.Lifecycle.Load, h.Identity.Load, h.keyring.Load, h.tokens.Load, h.directory.Load, h.finder.Load, h.book.Load} {
		if err := view(ctx); err != nil {
			return fmt.Errorf("load: %w", err)
		}
	}
	h.applied.reach(newest)
	return nil
}

// follow keeps the views up to date until ctx ends. A change costs what it
// changes, not the number of things that did not.
func (h *Hub) follow(ctx context.Context) {
	h.db.Follow(ctx, h.applied.now(), func(changes []sqldb.Revision) error {
		if err := h.refresh(ctx, changes); err != nil {
			return err
		}
		h.applied.reach(changes[len(changes)-1].Seq)
		return nil
	}, func(err error) { h.log.Error("views are behind", "error", err) })
}

// refresh reads again what changed, a key before the grant that it may use.
func (h *Hub) refresh(ctx context.Context, changes []sqldb.Revision) error {
	if err := h.Lifecycle.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.keyring.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.tokens.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.directory.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.refreshCatalogue(ctx, changes); err != nil {
		return err
	}
	return h.book.Refresh(ctx, grantsOf(changes))
}

func grantsOf(changes []sqldb.Revision) (ids []simpul.GrantID) {
	for _, c := range changes {
		if c.Kind == "Grant" {
			ids = append(ids, simpul.GrantID(c.ID))
		}
	}
	return ids
}
