package mediation

import (
	"encoding/json"
	"errors"

	"simpul"
	"simpul/internal/exchange/mediation/conform"
	"simpul/internal/exchange/mediation/reshape"
	"simpul/internal/exchange/mediation/sandbox"
)

// Plan is what is known of a LID before any call: compiled once, when the LID is
// published, of its contract and of how its provider wants it delivered. It is
// immutable.
type Plan struct {
	Changes *reshape.Changes // nil: answers stay as the service gives them
	Sandbox *sandbox.Stage   // nil: there is none
	checks  *checks          // nil: nothing is held to the contract
}

// Sources are what plans are compiled with: contracts, each distinct one once, and
// the reference lists by which answers are recoded.
type Sources struct {
	Contracts *conform.Contracts
	Codes     reshape.Codes
}

// Compile makes the plan of a route, from the OpenAPI document of its contract. A
// part that cannot be compiled is left out, and the others are there beside the
// error.
func Compile(route *simpul.Route, document json.RawMessage, from Sources) (*Plan, error) {
	plan, delivery := &Plan{}, route.Delivery
	if delivery == nil {
		return plan, nil
	}
	var errs [3]error
	plan.checks, errs[0] = newChecks(delivery, document, from.Contracts)
	plan.Changes, errs[1] = reshape.Compile(delivery.Changes, from.Codes)
	if plan.Changes != nil {
		plan.Changes.Allow(delivery.LongestText())
	}
	if delivery.Sandbox {
		plan.Sandbox, errs[2] = sandbox.Compile(document)
	}
	return plan, errors.Join(errs[:]...)
}

// planOf returns the plan of a route, nil where none was compiled.
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
