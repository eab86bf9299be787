package app

import (
	"context"
	"slices"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
)

// catalogue builds what finds LIDs, beside the directory.
func (h *Hub) catalogue() (err error) {
	h.names = &roster{agencies: h.Agencies, log: h.log, now: clock.System}
	if h.finder, err = catalog.NewFinder(h.directory, providers{h.names}); err == nil {
		h.finder.Connect(h.bound)
	}
	return err
}

// closeCatalogue also serves a hub that could not be opened.
func (h *Hub) closeCatalogue() error {
	if h.finder == nil {
		return nil
	}
	return h.finder.Close()
}

// refreshCatalogue brings the search up to date. Names of agencies are searched
// too, so those that are kept for the screens are forgotten first.
func (h *Hub) refreshCatalogue(ctx context.Context, changes []sqldb.Revision) error {
	if slices.ContainsFunc(changes, func(c sqldb.Revision) bool { return c.Kind == "Agency" }) {
		h.names.forget()
	}
	return h.finder.Refresh(ctx, changes)
}

// remindStewards tells agencies weekly what to mend in their LIDs.
func (h *Hub) remindStewards(ctx context.Context) error {
	return h.finder.Remind(ctx, clock.System(), func(ctx context.Context, n simpul.Notice) error {
		return h.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error { return h.Notices.Notify(ctx, tx, n) })
	})
}
