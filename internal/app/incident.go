package app

import (
	"context"
	"net/http"
	"slices"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/incident"
	"simpul/internal/exchange/tracker"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/signin"
)

// openIncidents builds the room that says whom an application affected.
func (h *Hub) openIncidents() {
	h.Incidents = incident.New(h.db, incident.Sources{
		Accesses: accesses{h}, Exchanges: deliveries{h.Exchanges}, Keys: aliases{h}, Lags: h.lags,
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

// accesses are whom the tracker saw affected. What was refused affected nobody.
type accesses struct{ hub *Hub }

func (a accesses) Affected(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time, each func(incident.Access) error) error {
	return a.hub.Tracker.Affected(ctx, scope, application, from, until, func(x tracker.Access) error {
		if !x.Delivered() {
			return nil
		}
		return each(incident.Access{Exchange: x.Exchange, At: x.At, LID: x.LID, Fields: x.Fields, Persons: []simpul.Pseudonym{x.Person}, Unnamed: x.Unnamed})
	})
}

// aliases are the names that persons have in the records.
type aliases struct{ hub *Hub }

func (a aliases) Pseudonymizer(_ context.Context, months []string) (func(simpul.NIK, func(simpul.Pseudonym)), []string, error) {
	held := a.hub.trackerKeys.Months()
	gone := slices.DeleteFunc(slices.Clone(months), func(m string) bool { return slices.Contains(held, tracker.Month(m)) })
	return func(nik simpul.NIK, each func(simpul.Pseudonym)) {
		for _, p := range a.hub.trackerKeys.Pseudonyms(nik) {
			each(p)
		}
	}, gone, nil
}
