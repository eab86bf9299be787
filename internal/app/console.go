package app

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/exchange/console"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/httpapi"
	"simpul/internal/portal"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/catalog/contract"
	"simpul/internal/registry/signin"
)

// console is the room in which people call LIDs by hand.
func (h *Hub) console(gatewayURL string) *console.Service {
	return console.New(h.db, callable{h}, ownApplications{h}, hands{h}, clock.System, func() string {
		return cmp.Or(gatewayURL, h.config.Gateway.URL, "http://localhost:8080")
	})
}

func (h *Hub) consolePages(mux *http.ServeMux, gatewayURL string) {
	record := func(id simpul.ExchangeID) string { return portal.ExchangesPath + "/" + string(id) }
	console.NewPages(h.console(gatewayURL), signin.Gate(), record, catalog.PagePath).Register(mux)
}

func (h *Hub) consoleAPI(api *httpapi.API) { console.Register(api, h.console(h.callsAt)) }

// callable tells the console what is published.
type callable struct{ h *Hub }

func (c callable) Subject(_ context.Context, address simpul.Address) (console.Subject, error) {
	l, err := c.h.directory.LID(address)
	if err != nil {
		return console.Subject{}, err
	}
	held, _ := l.Spec.Personal()
	s := console.Subject{
		Address: address, Title: l.Spec.Title, Owner: l.Spec.Agency, Class: l.Spec.Class, StatePurpose: l.Spec.StatePurpose,
		Personal: held, Sandbox: l.Spec.Delivery.Sandbox,
	}
	for _, o := range l.Contract.Operations {
		s.Operations = append(s.Operations, operationOf(o))
	}
	return s, nil
}

func operationOf(o contract.Operation) console.Operation {
	shown := console.Operation{Operation: o.Operation, Summary: o.Summary}
	var all []console.Parameter
	for _, p := range o.Parameters {
		parameter := console.Parameter{Name: p.Name, In: p.In, Type: p.Type, Description: p.Description, Example: p.Example, Required: p.Required}
		if p.Rules != nil {
			for _, value := range p.Rules.Values {
				parameter.Values = append(parameter.Values, strings.Trim(value, `"`))
			}
		}
		all = append(all, parameter)
	}
	shown.Parameters = console.Callable(all)
	if o.Request != nil && len(o.Request.Bodies) > 0 {
		i := max(0, slices.IndexFunc(o.Request.Bodies, func(b contract.Body) bool { return b.JSON }))
		shown.Body = &console.Body{Media: o.Request.Bodies[i].Media, Required: o.Request.Required, Example: catalog.ExampleBody(o)}
	}
	return shown
}

// ownApplications tells the console as which applications somebody can call:
// those of their own agency. Whoever acts for the nation has none.
type ownApplications struct{ h *Hub }

const mostApplications = 200

func (o ownApplications) Choices(ctx context.Context, p simpul.Principal, address simpul.Address) ([]console.Choice, error) {
	if p.National || p.Agency == "" {
		return nil, nil
	}
	all, err := o.h.Applications.List(ctx, p, httpapi.Page{Limit: mostApplications})
	if err != nil {
		return nil, err
	}
	route, _ := o.h.directory.Resolve(string(address))
	choices := make([]console.Choice, len(all))
	for i, a := range all {
		choices[i] = console.Choice{ID: simpul.ApplicationID(a.ID), Name: a.Spec.Name}
		if route != nil {
			_, err := o.h.book.Decide(simpul.Consumer{Application: choices[i].ID}, route, clock.System())
			choices[i].Granted = err == nil || simpul.CodeOf(err) == simpul.CodeLimited
		}
	}
	return choices, nil
}

// hands carries what somebody calls by hand. The consumer travels as a value of
// this process: no request from outside can hold one.
type hands struct{ h *Hub }

type byHandKey struct{}

func (c hands) Ready() bool { return c.h.config.Has(config.Gateway) }

func (c hands) Carry(w http.ResponseWriter, r *http.Request, consumer simpul.Consumer) {
	c.h.gateway.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), byHandKey{}, consumer)))
}

// byHand returns for whom the console vouches, if the request is its own.
func byHand(r *http.Request, suspended func(simpul.AgencyID) bool) (consumer simpul.Consumer, is bool, err error) {
	consumer, is = r.Context().Value(byHandKey{}).(simpul.Consumer)
	if is && suspended(consumer.Application.Agency()) {
		err = agency.Suspended(consumer.Application.Agency())
	}
	return consumer, is, err
}
