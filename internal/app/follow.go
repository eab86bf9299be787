package app

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

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
	// The catalogue and its search take about as long as all grants do.
	err = together(ctx,
		[]view{h.trackerKeys.Load, h.Lifecycle.Load, h.Identity.Load, h.keyring.Load, h.wallet.Load, h.tokens.Load, h.trust.Load, h.book.Load, h.loadTraffic, h.keys.Load},
		[]view{h.Credentials.Load, h.canaries.Load, h.directory.Load, h.codebook.Load, h.bound.Load, h.finder.Load})
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	h.applied.reach(newest)
	debug.FreeOSMemory() // loading leaves several times what it keeps
	return nil
}

// view fills one view in memory.
type view func(context.Context) error

// together fills views at the same time, and those of one list one after the
// other.
func together(ctx context.Context, lists ...[]view) error {
	var all sync.WaitGroup
	failed := make([]error, len(lists))
	for i, list := range lists {
		all.Go(func() {
			for _, load := range list {
				if failed[i] = load(ctx); failed[i] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
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

// refresh reads again what changed, a key before the grant that it may use, and
// a grant that is pinned to a version before the version that follows it.
func (h *Hub) refresh(ctx context.Context, changes []sqldb.Revision) error {
	if err := h.Lifecycle.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.keys.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.trackerKeys.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.keyring.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.tokens.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.refreshIssuers(ctx, changes); err != nil {
		return err
	}
	if err := h.book.Refresh(ctx, grantsOf(changes)); err != nil {
		return err
	}
	if err := h.refreshTraffic(ctx, changes); err != nil {
		return err
	}
	if err := h.Credentials.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.canaries.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.directory.Refresh(ctx, changes); err != nil {
		return err
	}
	if err := h.refreshShape(ctx, changes); err != nil {
		return err
	}
	if err := h.bound.Refresh(ctx, changes); err != nil {
		return err
	}
	return h.refreshCatalogue(ctx, changes)
}

func grantsOf(changes []sqldb.Revision) (ids []simpul.GrantID) {
	for _, c := range changes {
		if c.Kind == "Grant" {
			ids = append(ids, simpul.GrantID(c.ID))
		}
	}
	return ids
}
