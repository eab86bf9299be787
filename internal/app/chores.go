package app

import (
	"context"
	"time"

	"simpul/internal/platform/config"
)

// choreInterval is how often the hub does what is due by the clock. Retention
// counts in days, so it is swept once in choresPerDay times.
const (
	choreInterval = time.Hour
	choresPerDay  = 24
)

// chores lapses proposals, drops exports that nobody fetched, and once a day
// what was kept long enough, until ctx ends. One process that does background
// work is enough; several do no harm.
func (h *Hub) chores(ctx context.Context) {
	if !h.config.Has(config.Worker) {
		return
	}
	tick := time.NewTicker(choreInterval)
	defer tick.Stop()
	for n := 0; ; n++ {
		h.chore(ctx, "lapse proposals", h.Proposals.Lapse)
		h.chore(ctx, "drop key exports", h.custody.Expire)
		h.chore(ctx, "make keys of the access tracker", h.trackerKeys.Load)
		h.chore(ctx, "tell of questions of people that are due", h.Tracker.Escalate)
		h.chore(ctx, "close trackers opened at a counter", h.Tracker.CloseLooks)
		h.chore(ctx, "escalate access requests", h.Access.Escalate)
		h.chore(ctx, "lapse access requests", h.Access.Lapse)
		h.chore(ctx, "warn of grants that end", h.Access.WarnOfExpiry)
		h.chore(ctx, "warn of LIDs and versions that end", h.warnOfEnds)
		h.chore(ctx, "tell of steps that are due", h.Lifecycle.Escalate)
		if n%choresPerDay == 0 {
			h.chore(ctx, "drop what was kept long enough", h.Retention.Sweep)
			h.chore(ctx, "end grants that nobody uses", h.endDisuse)
			h.chore(ctx, "forget quotas of long ago", h.Limits.Prune)
		}
		if n%choresPerDay == 1 { // not at once: a hub that has just started has other things to tell
			h.chore(ctx, "remind stewards of quality", h.remindStewards)
			h.chore(ctx, "remind operators of backups", h.remindBackup)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (h *Hub) chore(ctx context.Context, what string, do func(context.Context) error) {
	if err := do(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("a chore failed and will be tried again", "chore", what, "error", err)
	}
}
