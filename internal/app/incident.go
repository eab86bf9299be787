package app

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/incident"
	"simpul/internal/exchange/tracker"
	"simpul/internal/exchange/traffic"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/signin"
)

// openIncidents builds the room that says whom an application affected.
func (h *Hub) openIncidents() {
	h.Incidents = incident.New(h.db, incident.Sources{
		Accesses: accesses{h}, Exchanges: deliveries{h.Exchanges}, Keys: aliases{h}, Lags: h.lags, Zone: h.office, Notices: h.Notices,
	}, clock.System)
}

func (h *Hub) incidentAPI(api *httpapi.API) { incident.Register(api, h.Incidents) }

func (h *Hub) incidentPages(mux *http.ServeMux) {
	incident.NewPages(h.Incidents, signin.Gate()).Register(mux)
}

// remindEvery is how often terms of incidents are looked at: the last notice before
// the end comes six hours ahead of it.
const remindEvery = time.Minute

// watchIncidents tells of terms of incidents until ctx ends. Any number of processes
// may.
func (h *Hub) watchIncidents(ctx context.Context) {
	if !h.config.Has(config.Worker) {
		return
	}
	tick := time.NewTicker(remindEvery)
	defer tick.Stop()
	for {
		h.chore(ctx, "tell of terms of incidents", h.Incidents.Remind)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// office is the time zone of an agency's office: that of the region which it
// governs, or which the agency that it is a part of does. A national agency, and the
// nation, reads the clock of the hub (traffic.zone).
func (h *Hub) office(ctx context.Context, id simpul.AgencyID) incident.Zone {
	const levels = 3 // an agency within an agency within an agency
	for range levels {
		if id == "" {
			break
		}
		one, err := h.Agencies.Get(ctx, simpul.Principal{}, string(id))
		if err != nil {
			break // a zone is no reason to refuse an incident; the form shows which it is
		}
		if zone, ok := incident.ZoneOfRegion(one.Spec.Region); ok {
			return zone
		}
		id = simpul.AgencyID(one.Spec.Parent)
	}
	return h.clockOfHub()
}

func (h *Hub) clockOfHub() incident.Zone {
	calendar, err := traffic.ParseCalendar(h.config.Traffic.Zone)
	if err != nil {
		return incident.WIB // the configuration was refused before it came to this
	}
	return incident.ZoneOfOffset(calendar.Ahead())
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

// accesses are whom the tracker saw affected.
type accesses struct{ hub *Hub }

func (a accesses) Affected(ctx context.Context, scope simpul.Scope, application simpul.ApplicationID, from, until time.Time, fn func(incident.Reading) error) error {
	return a.hub.Tracker.Readings(ctx, scope, application, from, until, func(read tracker.Reading) error {
		return fn(func(initials string, each func(incident.Access) error) error {
			persons := make([]simpul.Pseudonym, 1)
			return read(initials, func(x tracker.Access) error {
				persons[0] = x.Person
				return each(incident.Access{Exchange: x.Exchange, At: x.At, LID: x.LID, Fields: x.Fields, Persons: persons, Unnamed: x.Unnamed, Broken: x.Broken()})
			})
		})
	})
}

func (a accesses) KeptSince(ctx context.Context) (time.Time, error) {
	return a.hub.Tracker.KeptSince(ctx)
}

// aliases are the names that persons have in the records.
type aliases struct{ hub *Hub }

func (a aliases) Pseudonymizer(ctx context.Context, months []string) (func(simpul.NIK, func(simpul.Pseudonym)), []string, error) {
	asked := make([]tracker.Month, len(months))
	for i, m := range months {
		asked[i] = tracker.Month(m)
	}
	of, destroyed, err := a.hub.trackerKeys.Recall(ctx, asked)
	var gone []string
	for _, m := range destroyed {
		gone = append(gone, string(m))
	}
	return of, gone, err
}
