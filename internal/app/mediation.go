package app

import (
	"encoding/json"

	"simpul"
	"simpul/internal/exchange/mediation"
	"simpul/internal/exchange/mediation/conform"
	"simpul/internal/exchange/tracker"
)

// compileRoutes has the contract and the delivery of each LID compiled when it is
// published. What cannot be compiled is reported, and the plan says how to do without: the
// catalogue has checked the LID, so this is the hub's own fault.
func (h *Hub) compileRoutes() {
	contracts := &conform.Contracts{}
	h.LIDs.Deliver(func(d simpul.Delivery, document []byte) error { return mediation.Deliverable(d, document, contracts) })
	h.directory.Compile(func(route *simpul.Route, document json.RawMessage) any {
		h.codebook.want(route.Delivery.Changes)
		route.Subject = tracker.Compile(route.Delivery)
		plan, err := mediation.Compile(route, document, mediation.Sources{Contracts: contracts, Codes: h.codebook})
		if err != nil {
			h.log.Error("LID is served without all of its plan", "address", route.Address, "version", route.Version, "error", err)
		}
		return plan
	})
}
