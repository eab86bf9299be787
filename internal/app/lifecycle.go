package app

import (
	"context"

	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/lifecycle"
)

// openLifecycle builds the room of courses. At the first start of a database it
// writes the first model and the holidays that are known.
func (h *Hub) openLifecycle(ctx context.Context) error {
	h.Lifecycle = lifecycle.New(h.db, h.Notices, shelved{h}, clock.System, h.conditions()...)
	if err := h.Lifecycle.Seed(ctx); err != nil {
		return err
	}
	return h.Lifecycle.Load(ctx)
}

// conditions are what models can ask for.
func (h *Hub) conditions() []lifecycle.Condition { return nil }

// lifecycleAPI adds the room's operations.
func (h *Hub) lifecycleAPI(api *httpapi.API) { lifecycle.Register(api, h.Lifecycle) }
