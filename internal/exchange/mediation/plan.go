package mediation

import (
	"encoding/json"

	"simpul"
	"simpul/internal/exchange/mediation/conform"
)

// Plan is what is known of a LID before any call: compiled once, when the LID is
// published, of its contract and of how its provider wants it delivered. It is
// immutable.
type Plan struct {
	checks *checks // nil: nothing is held to the contract
}

// Compile makes the plan of a route, from the OpenAPI document of its contract.
// Each distinct document is compiled once, and only for a LID that asks for it.
func Compile(route *simpul.Route, document json.RawMessage, contracts *conform.Contracts) (*Plan, error) {
	plan := &Plan{}
	var err error
	plan.checks, err = newChecks(route.Delivery, document, contracts)
	return plan, err
}

// planOf is the plan of a route; nil for none.
func planOf(route *simpul.Route) *Plan {
	plan, _ := route.Plan.(*Plan)
	return plan
}

// checksOf is what is held to the contract; nil for nothing.
func checksOf(route *simpul.Route) *checks {
	if plan := planOf(route); plan != nil {
		return plan.checks
	}
	return nil
}
