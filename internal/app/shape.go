package app

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/exchange/cache"
	"simpul/internal/exchange/gateway"
	"simpul/internal/exchange/mediation"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/telemetry"
	"simpul/internal/registry/standard"
)

// openShape builds what changes answers and what keeps them.
func (h *Hub) openShape() {
	h.codebook = codebook{standard.NewCodebook(h.db, clock.System)}
	h.kept = cache.New(cache.Within(h.config.Limits.Kept), clock.System)
	h.metrics.WatchKept(func() telemetry.Kept {
		f := h.kept.Figures()
		return telemetry.Kept{Hits: f.Hits, Misses: f.Misses, Renewed: f.Renewed, Stale: f.Stale, Bytes: f.Bytes}
	})
}

// answerKeeper gives the gateway the room that keeps answers.
type answerKeeper struct{ kept *cache.Cache }

func (k answerKeeper) Call(x *simpul.Exchange, route *simpul.Route, o simpul.Obligations, r *http.Request, provider gateway.Caller) (*http.Response, error) {
	return k.kept.Call(x, route, o, r, provider)
}

// refreshShape follows reference lists, and forgets answers that are void.
func (h *Hub) refreshShape(ctx context.Context, changes []sqldb.Revision) error {
	h.kept.Refresh(changes)
	return h.codebook.Refresh(ctx, changes)
}

// codebook are the reference lists in memory, as what changes answers asks for them.
type codebook struct{ *standard.Codebook }

// want has the lists that changes name held from the next refresh on.
func (c codebook) want(changes []simpul.Change) {
	for _, change := range changes {
		if change.Recode != nil && change.Recode.List != "" {
			c.Want(change.Recode.List)
		}
	}
}

// Hold has the lists that changes name held now.
func (c codebook) Hold(ctx context.Context, changes []simpul.Change) error {
	c.want(changes)
	return c.Refresh(ctx, nil)
}

// shapeAPI adds the operations on changes and on what is kept.
func (h *Hub) shapeAPI(api *httpapi.API) {
	own := ownDelivery{h}
	mediation.Register(api, mediation.Previews{Declared: own, Codes: h.codebook})
	cache.Register(api, cache.NewPurges(h.db, own))
}

// ownDelivery tells what is stored of a LID of one's own. One that is published by
// another agency is as unknown here as a draft.
type ownDelivery struct{ h *Hub }

func (o ownDelivery) Declared(ctx context.Context, p simpul.Principal, address simpul.Address) (simpul.Delivery, simpul.AgencyID, error) {
	stored, err := o.h.LIDs.Get(ctx, p, string(address))
	if err != nil {
		return simpul.Delivery{}, "", err
	}
	if !p.Scope().Covers(stored.Spec.Agency) {
		return simpul.Delivery{}, "", simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, string(address))
	}
	return stored.Spec.Delivery, stored.Spec.Agency, nil
}

func (o ownDelivery) Owner(ctx context.Context, p simpul.Principal, address simpul.Address) (simpul.AgencyID, error) {
	_, owner, err := o.Declared(ctx, p, address)
	return owner, err
}

// reshaped makes the answers of an origin what the contract says, for whoever tests
// the origin.
type reshaped struct {
	codes codebook
	next  gateway.Caller
}

func (c reshaped) Call(route *simpul.Route, r *http.Request) (*http.Response, error) {
	if !route.Delivery.Changed() {
		return c.next.Call(route, r)
	}
	if err := c.codes.Hold(r.Context(), route.Delivery.Changes); err != nil {
		return nil, err
	}
	plan, err := mediation.Compile(&simpul.Route{Delivery: &simpul.Delivery{Changes: route.Delivery.Changes}}, nil, mediation.Sources{Codes: c.codes})
	if err != nil {
		return nil, err
	}
	tested := *route
	tested.Plan = plan
	mediator, x := &mediation.Mediator{}, &simpul.Exchange{Provider: route.Owner}
	if err := mediator.Request(x, &tested, simpul.Obligations{}, r); err != nil {
		return nil, err
	}
	res, err := c.next.Call(route, r)
	if err != nil {
		return nil, err
	}
	return res, mediator.Response(x, &tested, simpul.Obligations{}, res)
}
