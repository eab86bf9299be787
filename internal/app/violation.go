package app

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/exchange/mediation"
	"simpul/internal/exchange/mediation/conform"
	"simpul/internal/exchange/violation"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/portal"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/signin"
)

// openViolations builds the room that reports what is not as a contract says.
func (h *Hub) openViolations() {
	h.violations = violation.NewCollector(h.db, h.Notices, clock.System, h.log)
	h.Violations = violation.New(h.db, checked{h.LIDs}, h.violations, clock.System)
}

// mediator holds calls and answers to contracts and grants.
func (h *Hub) mediator() *mediation.Mediator {
	return &mediation.Mediator{Reporter: noting{h.violations}}
}

// noting gives the report what mediation found.
type noting struct{ collector *violation.Collector }

func (n noting) Report(x *simpul.Exchange, d mediation.Direction, enforced bool, found []conform.Fault) {
	all := make([]violation.Found, len(found))
	for i, f := range found {
		all[i] = violation.Found{Place: f.Spot, Keyword: f.Keyword, Expected: f.Expected}
	}
	n.collector.Note(x, violation.Direction(d), enforced, all)
}

// checked tells the report what is checked of a LID.
type checked struct{ lids *catalog.Service }

func (c checked) Find(ctx context.Context, p simpul.Principal, address simpul.Address) (violation.LID, error) {
	stored, err := c.lids.Get(ctx, p, string(address))
	if err != nil {
		return violation.LID{}, err
	}
	lid := violation.LID{Title: stored.Spec.Title, Owner: stored.Spec.Agency, Version: stored.Spec.Version}
	if checks := stored.Spec.Delivery.Checks; checks != nil {
		lid.Checks = *checks
	}
	return lid, nil
}

func (h *Hub) violationAPI(api *httpapi.API) { violation.Register(api, h.Violations) }

func (h *Hub) violationPages(mux *http.ServeMux) {
	violation.NewPages(h.Violations, signin.Gate(), violation.Paths{
		LID: catalog.PagePath, Edit: catalog.WorkPagePath,
		Exchange: func(id simpul.ExchangeID) string { return portal.ExchangesPath + "/" + string(id) },
	}).Register(mux)
}
