package app

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/incident"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/signin"
)

// openIncidents builds the room that says whom an application affected.
func (h *Hub) openIncidents() {
	h.Incidents = incident.New(h.db, incident.Sources{
		Accesses: noAccesses{}, Exchanges: deliveries{h.Exchanges}, Keys: noKeys{}, Lags: h.lags,
	}, clock.System)
}

func (h *Hub) incidentAPI(api *httpapi.API) { incident.Register(api, h.Incidents) }

func (h *Hub) incidentPages(mux *http.ServeMux) {
	incident.NewPages(h.Incidents, signin.Gate(), func(context.Context, simpul.Principal) incident.Zone { return incident.WIB }).Register(mux)
}

// deliveries counts what an application was delivered.
type deliveries struct{ exchanges *evidence.Exchanges }

func (d deliveries) Delivered(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time) (all []incident.Delivered, err error) {
	counts, err := d.exchanges.CountOfApplication(ctx, scope, application, from, until)
	for _, c := range counts {
		all = append(all, incident.Delivered{LID: c.Address, Class: c.Class, Exchanges: c.Delivered})
	}
	return all, err
}

// noAccesses is a hub that keeps no records of access: every exchange counts as
// one that names nobody.
type noAccesses struct{}

func (noAccesses) Affected(context.Context, simpul.Scope, simpul.ApplicationID, time.Time, time.Time, func(incident.Access) error) error {
	return nil
}

// noKeys is a hub that gives nobody a pseudonym.
type noKeys struct{}

func (noKeys) Pseudonymizer(_ context.Context, months []string) (func(simpul.NIK, func(simpul.Pseudonym)), []string, error) {
	return func(simpul.NIK, func(simpul.Pseudonym)) {}, months, nil
}
