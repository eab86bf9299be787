package app

import (
	"context"
	"net/http"
	"net/url"
	"sync"

	"simpul"
	"simpul/internal/exchange/gateway"
	"simpul/internal/exchange/metering"
	"simpul/internal/exchange/provider"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog"
)

// openOrigins builds what watches over origins and canaries.
func (h *Hub) openOrigins() {
	h.caller.Hear(h.metrics.Origins(h.caller.Counts))
	h.caller.Trust(h.proves)
	h.canaries = provider.NewCanaries(h.db, h.caller, keptLIDs{h}, h.Notices, catalog.DeliveryPath, h.log)
}

// origins is how the gateway calls providers: with the hub's credential for each.
func (h *Hub) origins() gateway.Caller {
	return h.indoors(provider.Proven{Caller: h.caller, Proof: h.prove})
}

// proves reports whether the hub can prove itself to an origin of a LID, or need
// not.
func (h *Hub) proves(route *simpul.Route, base *url.URL) bool {
	credential, ok := h.Credentials.For(route.Address, base)
	return ok || credential.Header == ""
}

// prove adds the hub's credential to a request for an origin of a LID that has
// one. What a consumer sent under the same name never reaches the provider. The
// request stays as it is: others see it after the call.
func (h *Hub) prove(route *simpul.Route, base *url.URL, r *http.Request) *http.Request {
	credential, ok := h.Credentials.For(route.Address, base)
	if credential.Header == "" {
		return r
	}
	out := r.WithContext(r.Context())
	out.Header = r.Header.Clone()
	out.Header.Del(credential.Header)
	if ok {
		out.Header.Set(credential.Header, credential.Value.Reveal())
	}
	return out
}

// tendOrigins asks origins how they are, and stores which canaries fell, until
// ctx ends. Only whoever calls origins does.
func (h *Hub) tendOrigins(ctx context.Context) {
	if !h.config.Has(config.Gateway) {
		return
	}
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() { h.canaries.Run(ctx) })
	h.caller.Ask(ctx, h.askedRoutes, h.prove)
}

func (h *Hub) originsAPI(api *httpapi.API) {
	catalog.RegisterCanaries(api, h.LIDs)
	provider.Register(api, h.canaries)
}

// askedRoutes are those whose provider wants its origins to be asked.
func (h *Hub) askedRoutes() []*simpul.Route {
	return h.directory.Routes(func(r *simpul.Route) bool { return r.Delivery != nil && r.Delivery.Health != nil })
}

// watched is what this process knows of the origins of LIDs, for everybody: what
// they say of themselves where they are asked, and which of them are held back. That
// calls go well tells nothing, since it would tell that there are some; and a canary
// is nobody's concern.
type watched struct{ hub *Hub }

func (w watched) Health(address simpul.Address) (metering.State, bool) {
	route, err := w.hub.directory.Resolve(string(address))
	if err != nil {
		return metering.Unknown, false
	}
	origins, _ := w.hub.caller.State(route)
	return healthOf(origins)
}

func healthOf(origins []provider.OriginState) (state metering.State, known bool) {
	all, well := 0, 0
	for _, o := range origins {
		if o.Canary || o.Unproven {
			continue
		}
		held := o.Breaker != "closed"
		known = known || held || !o.AskedAt.IsZero()
		if all++; !held && !o.Sick {
			well++
		}
	}
	switch {
	case !known:
		return metering.Unknown, false
	case well == 0:
		return metering.Failing, true
	case well < all:
		return metering.Impaired, true
	}
	return metering.Good, true
}

// keptLIDs tells the room that calls providers what the catalogue has.
type keptLIDs struct{ hub *Hub }

func (s keptLIDs) Own(ctx context.Context, p simpul.Principal, id string) (*simpul.Route, error) {
	stored, err := s.hub.LIDs.Own(ctx, p, id)
	if err != nil || !stored.Spec.State.Live() {
		return nil, err
	}
	route, err := s.hub.directory.Resolve(id)
	if err != nil {
		return nil, nil // is published and not followed yet
	}
	return route, nil
}

// served tells the catalogue how origins do, in its own words.
type served struct{ canaries *provider.Canaries }

func (s served) Present(ctx context.Context, p simpul.Principal, id string) (catalog.Presence, error) {
	now, err := s.canaries.Present(ctx, p, id)
	if err != nil {
		return catalog.Presence{}, err
	}
	var seen catalog.Presence
	for _, o := range now.Origins {
		seen.Origins = append(seen.Origins, catalog.OriginPresence{
			URL: o.URL, Canary: o.Canary, Sick: o.Sick, Unproven: o.Unproven, AskedAt: o.AskedAt, Breaker: catalog.Breaker(o.Breaker), Latency: o.Latency, Calls: o.Calls, Failed: o.Failed,
		})
	}
	if c := now.Canary; c != nil {
		seen.Canary = &catalog.CanaryPresence{Calls: c.Calls, Failed: c.Failed}
		if c.Fall != nil {
			seen.Canary = &catalog.CanaryPresence{Calls: c.Fall.Calls, Failed: c.Fall.Failed, FellAt: c.Fall.At}
		}
	}
	return seen, nil
}

func (s served) Again(ctx context.Context, p simpul.Principal, id string) error {
	return s.canaries.Again(ctx, p, id)
}
