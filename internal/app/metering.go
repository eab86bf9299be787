package app

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/metering"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/signin"
)

// openMetering builds the room that counts, and shows how far it is behind. A
// process without a journal of its own reads what others counted.
func (h *Hub) openMetering() {
	h.meter = metering.NewMeter(h.db, evidence.NewFeed(h.journal), h.log, clock.System)
	own := h.meter
	if !h.indexes() {
		own = nil
	}
	h.Metering = metering.New(h.db, own, inEffect{h}, clock.System)
	h.Metering.Watch(watched{h})
	h.gauges()
}

func (h *Hub) meteringAPI(api *httpapi.API) {
	metering.Register(api, h.Metering, h.isPublished, h.lagOf(counting))
}

func (h *Hub) isPublished(address simpul.Address) bool {
	_, err := h.directory.LID(address)
	return err == nil
}

func (h *Hub) meteringPages(mux *http.ServeMux, names *roster) {
	metering.NewPages(h.Metering, calledBy{h, names}, h.publicState, signin.Gate()).Register(mux)
}

// publicState is what everybody may know of this process.
func (h *Hub) publicState(ctx context.Context) metering.HubState {
	return metering.HubState{
		Ready:   h.journal.Err() == nil && h.db.Ping(ctx) == nil,
		Journal: h.journal.Err() == nil,
		LIDs:    len(h.directory.All()),
	}
}

// calledBy tells the dashboards what agencies and LIDs are called.
type calledBy struct {
	hub   *Hub
	names *roster
}

func (c calledBy) Agency(ctx context.Context, id simpul.AgencyID) string {
	return c.names.today(ctx).name(id)
}

func (c calledBy) LID(ctx context.Context, address simpul.Address) (metering.Entry, bool) {
	l, err := c.hub.directory.LID(address)
	if err != nil {
		return metering.Entry{}, false
	}
	entry := metering.Entry{Title: l.Spec.Title, Provider: c.Agency(ctx, l.Spec.Agency)}
	if route, err := c.hub.directory.Resolve(string(address)); err == nil {
		entry.Ending = route.Ending
	}
	return entry, true
}

// inEffect lists the grants in effect that a principal may see. One that says
// that it is used rarely is left out: nobody need wonder why it is not used.
type inEffect struct{ hub *Hub }

// grantsAtOnce is how many grants are read with one statement, and grantsInAll how
// many at most: what is unused beyond them is found once these are ended.
const (
	grantsAtOnce = 500
	grantsInAll  = 20_000
)

func (e inEffect) InEffect(ctx context.Context, p simpul.Principal) (all []metering.Granted, err error) {
	for offset := 0; offset < grantsInAll; offset += grantsAtOnce {
		some, err := e.hub.Grants.Browse(ctx, p, grant.GrantFilter{Standing: grant.Active}, offset, grantsAtOnce)
		if err != nil {
			return nil, err
		}
		for _, g := range some {
			if g.Spec.Seldom == "" {
				all = append(all, granted(g))
			}
		}
		if len(some) < grantsAtOnce {
			break
		}
	}
	return all, nil
}

func granted(g grant.Held) metering.Granted {
	since := g.CreatedAt
	if g.Spec.From != nil && g.Spec.From.After(since) {
		since = *g.Spec.From
	}
	return metering.Granted{ID: simpul.GrantID(g.ID), LID: g.Spec.LID, Provider: g.Provider, Application: g.Spec.Application, Since: since.Round(time.Second)}
}
