package standard

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type usesInput struct {
	Standard string `query:"standard" doc:"Only fields bound to this standard"`
	List     string `query:"list" doc:"Only fields bound to this list"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type usesOutput struct{ Body httpapi.List[Use] }

func registerBindings(api *httpapi.API, bindings *Bindings) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Binding", Plural: "bindings", Item: "{group}/{name}", Read: simpul.ReadStandards, Write: simpul.WriteStandards}, bindings)
	httpapi.Register(api, httpapi.Operation{ID: "list-uses", Method: http.MethodGet, Path: "/uses", Tag: "bindings",
		Summary: "Which fields of which LIDs follow a standard or take values from a list", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *usesInput) (*usesOutput, error) {
			all, err := bindings.Uses(ctx, p, StandardID(in.Standard), ListID(in.List), in.Limit)
			return &usesOutput{httpapi.List[Use]{Items: all}}, err
		})
}
