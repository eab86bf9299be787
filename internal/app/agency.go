package app

import (
	"context"
	"time"

	"simpul"
	"simpul/internal/exchange/policy"
	"simpul/internal/platform/config"
	"simpul/internal/registry/agency"
)

// notifier tells people of what concerns them, by the inboxes.
func (h *Hub) notifier() agency.Notifier { return h.Notices }

// permitted lets policy decide on what both agencies may do at all.
type permitted struct {
	keys *agency.Keyring
	book *policy.Book
}

func (p permitted) Decide(c simpul.Consumer, route *simpul.Route, now time.Time) (simpul.Decision, error) {
	if err := p.keys.Permit(c, route); err != nil {
		return simpul.Decision{}, err
	}
	return p.book.Decide(c, route, now)
}

// How often the use of keys is stored, and how often people are warned of keys
// that end; a warning that was given is not given again.
const (
	useEvery  = 30 * time.Second
	warnEvery = time.Hour
)

// tendKeys stores what the gateway noted and warns of what ends, until ctx ends.
func (h *Hub) tendKeys(ctx context.Context) {
	use, warn := time.NewTicker(useEvery), time.NewTicker(warnEvery)
	defer use.Stop()
	defer warn.Stop()
	h.warnOfExpiry(ctx)
	for {
		select {
		case <-ctx.Done():
			h.storeUse(context.WithoutCancel(ctx))
			return
		case <-use.C:
			h.storeUse(ctx)
		case <-warn.C:
			h.warnOfExpiry(ctx)
		}
	}
}

func (h *Hub) storeUse(ctx context.Context) {
	if !h.config.Has(config.Gateway) {
		return
	}
	if err := h.keyring.StoreUse(ctx); err != nil {
		h.log.ErrorContext(ctx, "the use of keys is not stored", "error", err)
	}
	if err := h.strays.Store(ctx); err != nil {
		h.log.ErrorContext(ctx, "calls from elsewhere are not stored", "error", err)
	}
}

func (h *Hub) warnOfExpiry(ctx context.Context) {
	if !h.config.Has(config.Worker) {
		return
	}
	if err := h.Applications.WarnOfExpiry(ctx); err != nil && ctx.Err() == nil {
		h.log.ErrorContext(ctx, "people are not warned of keys that end", "error", err)
	}
	if err := h.Onboarding.Sweep(ctx); err != nil && ctx.Err() == nil {
		h.log.ErrorContext(ctx, "abandoned drafts are not dropped", "error", err)
	}
}
