package traffic

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type limitUseInput struct {
	Group string `path:"group" doc:"Kind of the subject" example:"lid"`
	Name  string `path:"name" doc:"ID of the subject; write a slash in it as %2F" example:"master%2FKota"`
}

type limitUseOutput struct{ Body httpapi.List[Use] }

// Register adds the room's operations to the control API. The ID of a LID has a
// slash, which is written %2F in a path.
func Register(api *httpapi.API, service *Service) {
	httpapi.RegisterResource(api, httpapi.Kind{
		Name: "Limit", Plural: "limits", Item: "{group}/{name}",
		Read:  simpul.ReadGrants,
		Write: simpul.WriteGrants,
	}, service)
	httpapi.Register(api, httpapi.Operation{ID: "get-limit-use", Method: http.MethodGet, Path: "/limits/{group}/{name}/use", Tag: "limits",
		Summary: "How much of the limits of one subject is used now", Need: simpul.ReadGrants},
		func(ctx context.Context, p simpul.Principal, in *limitUseInput) (*limitUseOutput, error) {
			all, err := service.UseOf(ctx, p, in.Group+"/"+in.Name)
			return &limitUseOutput{httpapi.List[Use]{Items: all}}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-limit-uses", Method: http.MethodGet, Path: "/limit-uses", Tag: "limits",
		Summary: "How much of every limit is used now, the nearest to its limit first", Need: simpul.ReadGrants},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*limitUseOutput, error) {
			all, err := service.Uses(ctx, p)
			return &limitUseOutput{httpapi.List[Use]{Items: append([]Use{}, all...)}}, err
		})
}
