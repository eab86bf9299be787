package app

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"simpul"
	"simpul/internal/exchange/gateway"
	"simpul/internal/exchange/policy"
	"simpul/internal/exchange/traffic"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/signin"
)

// openTraffic builds the room that counts calls. A process is known to the others
// by its journal, which it has for itself: started again, it takes its own place.
func (h *Hub) openTraffic() error {
	calendar, err := traffic.ParseCalendar(h.config.Traffic.Zone)
	if err != nil {
		return err
	}
	h.Limits = traffic.NewService(h.db, subjects{h}, calendar, clock.System)
	h.limiter = traffic.New(traffic.Config{
		DB: h.db, Calendar: calendar, Calls: h.config.Limits.Calls, Node: h.journal.ID().String(), Clock: clock.System, Log: h.log,
	})
	return nil
}

// loadTraffic and refreshTraffic keep the limits in memory where calls are
// counted: only there is a process a node among those that share them.
func (h *Hub) loadTraffic(ctx context.Context) error {
	if !h.config.Has(config.Gateway) {
		return nil
	}
	return h.limiter.Load(ctx)
}

func (h *Hub) refreshTraffic(ctx context.Context, changes []sqldb.Revision) error {
	if !h.config.Has(config.Gateway) {
		return nil
	}
	return h.limiter.Refresh(ctx, changes)
}

// tendTraffic keeps the limits in step with other nodes until ctx ends.
func (h *Hub) tendTraffic(ctx context.Context) {
	if !h.config.Has(config.Gateway) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { h.limiter.Run(ctx) })
	both.Go(func() { h.limiter.Breathe(ctx) })
	both.Wait()
}

func (h *Hub) trafficAPI(api *httpapi.API) { traffic.Register(api, h.Limits) }

// trafficPages puts the screen of limits on the mux.
func (h *Hub) trafficPages(mux *http.ServeMux, names *roster) {
	traffic.NewPages(h.Limits, signin.Gate(), func(ctx context.Context, id simpul.AgencyID) string { return names.today(ctx).name(id) }).Register(mux)
}

// counted asks the limiter in the gateway's words.
type counted struct{ limiter *traffic.Limiter }

func (c counted) Admit(x *simpul.Exchange, route *simpul.Route, ratePerMin int) (gateway.Pass, error) {
	return c.limiter.Admit(traffic.Call{Grant: x.Grant, Application: x.Consumer.Application, RatePerMin: ratePerMin, Sandbox: x.Rehearsed(), Route: route, At: x.OpenedAt})
}

// foreseen lets policy decide, and then asks what the limits would say.
func foreseen(book *policy.Book, limiter *traffic.Limiter, call traffic.Call) (simpul.Decision, error) {
	decision, err := book.Decide(simpul.Consumer{Application: call.Application}, call.Route, call.At)
	if err != nil {
		return decision, err
	}
	call.Grant, call.RatePerMin = decision.Grant, decision.RatePerMin
	return decision, limiter.Foresee(call)
}

// subjects tells the room of limits what can be limited.
type subjects struct{ hub *Hub }

func (s subjects) Parties(ctx context.Context, p simpul.Principal, subject simpul.Subject) (traffic.Parties, error) {
	switch subject.Kind {
	case simpul.SubjectGrant:
		g, provider, err := s.grant(ctx, p, simpul.GrantID(subject.ID))
		return traffic.Parties{Provider: provider, Consumer: g.Consumer.Agency()}, err
	case simpul.SubjectLID:
		owner, _, err := s.hub.LIDs.Owner(ctx, p.Scope(), simpul.Address(subject.ID))
		return traffic.Parties{Provider: owner}, err
	case simpul.SubjectApplication:
		_, err := s.hub.Applications.Get(ctx, p, subject.ID)
		return traffic.Parties{Consumer: simpul.ApplicationID(subject.ID).Agency()}, err
	}
	_, err := s.hub.Agencies.Get(ctx, p, subject.ID)
	return traffic.Parties{Consumer: simpul.AgencyID(subject.ID)}, err
}

// grant is one that the principal gave or was given.
func (s subjects) grant(ctx context.Context, p simpul.Principal, id simpul.GrantID) (simpul.Grant, simpul.AgencyID, error) {
	if _, err := s.hub.Grants.Get(ctx, p, string(id)); err != nil {
		return simpul.Grant{}, "", err
	}
	g, _, err := s.hub.Grants.Find(ctx, id)
	return g, g.Provider, err
}

// mostGrants is how many grants of one agency are looked at for their rates.
const mostGrants = 500

// Declared are the rates of grants and the places of LIDs: of an agency all, of
// the nation those in use.
func (s subjects) Declared(ctx context.Context, p simpul.Principal, inUse []simpul.Subject) ([]traffic.Declared, error) {
	if !p.National {
		given, err := s.given(ctx, p)
		return append(s.places(p), given...), err
	}
	all := s.places(p)
	for _, subject := range inUse[:min(len(inUse), mostGrants)] {
		if subject.Kind != simpul.SubjectGrant {
			continue
		}
		g, found, err := s.hub.Grants.Find(ctx, simpul.GrantID(subject.ID))
		if err != nil {
			return nil, err
		}
		if found && g.RatePerMin > 0 {
			all = append(all, rateOf(string(g.ID), g.Consumer, g.LID, g.RatePerMin, g.Provider))
		}
	}
	return all, nil
}

// given are the rates of the grants that an agency gave or was given.
func (s subjects) given(ctx context.Context, p simpul.Principal) (all []traffic.Declared, err error) {
	grants, err := s.hub.Grants.List(ctx, p, httpapi.Page{Limit: mostGrants})
	for _, g := range grants {
		provider := p.Agency
		if p.Agency == g.Spec.Application.Agency() {
			provider = ""
			if l, err := s.hub.directory.LID(g.Spec.LID); err == nil {
				provider = l.Spec.Agency
			}
		}
		if g.Spec.RatePerMinute > 0 {
			all = append(all, rateOf(g.ID, g.Spec.Application, g.Spec.LID, g.Spec.RatePerMinute, provider))
		}
	}
	return all, err
}

func rateOf(id string, application simpul.ApplicationID, lid simpul.Address, perMinute int, provider simpul.AgencyID) traffic.Declared {
	return traffic.Declared{
		Subject: simpul.Subject{Kind: simpul.SubjectGrant, ID: id}, RatePerMin: perMinute, Title: string(application) + " → " + string(lid),
		Parties: traffic.Parties{Provider: provider, Consumer: application.Agency()},
	}
}

// places are the calls that the origins of LIDs take at one time.
func (s subjects) places(p simpul.Principal) (all []traffic.Declared) {
	own := slices.DeleteFunc(slices.Clone(s.hub.directory.All()), func(l *catalog.LID) bool {
		return l.Spec.Delivery.MaxConcurrent == 0 || !p.Scope().Covers(l.Spec.Agency)
	})
	for _, l := range own {
		all = append(all, traffic.Declared{
			Subject: simpul.Subject{Kind: simpul.SubjectLID, ID: string(l.Address)}, Title: l.Spec.Title,
			Origins: l.Spec.Delivery.MaxConcurrent, Parties: traffic.Parties{Provider: l.Spec.Agency},
		})
	}
	return all
}
