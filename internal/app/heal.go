package app

import (
	"context"
	"time"
)

// healInterval is how long a journal that refused waits before it is tried
// again: a full disk may have room by then.
const healInterval = 2 * time.Second

// heal reopens the journal after it failed to write, until ctx ends. Reopening
// verifies what is on disk; until it succeeds, no exchange that must be recorded
// takes place.
func (h *Hub) heal(ctx context.Context) {
	tick := time.NewTicker(healInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		cause := h.journal.Err()
		if cause == nil {
			continue
		}
		if err := h.journal.Reopen(); err != nil {
			h.log.Error("journal still refuses records", "cause", cause, "error", err)
			continue
		}
		h.log.Warn("journal accepts records again", "cause", cause)
	}
}
