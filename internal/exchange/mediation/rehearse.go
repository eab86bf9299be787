package mediation

import (
	"net/http"

	"simpul"
)

// Rehearse answers a call of the sandbox with an example of the contract. It
// returns a *simpul.Error where the LID has no sandbox, or no such example.
func (m *Mediator) Rehearse(route *simpul.Route, op simpul.Operation, r *http.Request) (*http.Response, error) {
	plan := planOf(route)
	if plan == nil || plan.Sandbox == nil {
		return nil, noSandbox(route)
	}
	return plan.Sandbox.Answer(op, r)
}

func noSandbox(route *simpul.Route) error {
	e := simpul.Invalid("header.Simpul-Sandbox",
		simpul.Text{ID: string(route.Address) + " tidak membuka sandbox.", EN: string(route.Address) + " has no sandbox."},
		simpul.Text{ID: "Hilangkan kepala Simpul-Sandbox dan panggil dengan izin, atau minta penyedia membuka sandbox.", EN: "Leave the header Simpul-Sandbox out and call with a grant, or ask the provider to open the sandbox."})
	e.Owner = route.Owner
	return e
}
