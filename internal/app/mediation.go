package app

import (
	"encoding/json"

	"simpul"
	"simpul/internal/exchange/mediation"
)

// compileRoutes has the contract and the delivery of each LID compiled when it is
// published. One that cannot be compiled is served without, and reported: the
// catalogue has checked it, so this is the hub's own fault.
func (h *Hub) compileRoutes() {
	h.directory.Compile(func(route *simpul.Route, document json.RawMessage) any {
		h.codebook.want(route.Delivery.Changes)
		plan, err := mediation.Compile(route, document, h.codebook)
		if err != nil {
			h.log.Error("LID is served without its plan", "address", route.Address, "version", route.Version, "error", err)
			return nil
		}
		return plan
	})
}
