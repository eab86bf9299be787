package mediation

import (
	"encoding/json"

	"simpul"
	"simpul/internal/exchange/mediation/reshape"
	"simpul/internal/exchange/mediation/sandbox"
)

// Plan is what is known of a LID before any call: compiled once, when the LID is
// published, of its contract and of how its provider wants it delivered. It is
// immutable.
type Plan struct {
	Changes *reshape.Changes // nil: answers stay as the service gives them
	Sandbox *sandbox.Stage   // nil: there is none
}

// Compile makes the plan of a route, from the OpenAPI document of its contract and
// the reference lists by which answers are recoded.
func Compile(route *simpul.Route, document json.RawMessage, codes reshape.Codes) (*Plan, error) {
	plan, delivery := &Plan{}, route.Delivery
	if delivery == nil {
		return plan, nil
	}
	var err error
	if plan.Changes, err = reshape.Compile(delivery.Changes, codes); err != nil {
		return nil, err
	}
	if delivery.Sandbox {
		plan.Sandbox, err = sandbox.Compile(document)
	}
	return plan, err
}

// planOf returns the plan of a route, nil where none was compiled.
func planOf(route *simpul.Route) *Plan {
	plan, _ := route.Plan.(*Plan)
	return plan
}
