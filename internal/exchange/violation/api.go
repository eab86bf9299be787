package violation

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type violationsInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
	Days  int    `query:"days" minimum:"1" maximum:"90" default:"7" doc:"Days that are reported, today included"`
}

type violationsOutput struct{ Body Report }

// Register adds the room's operation to the control API.
func Register(api *httpapi.API, service *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "get-violations", Method: http.MethodGet, Path: "/lids/{group}/{name}/violations", Tag: "lids", Need: simpul.ReadExchanges,
		Summary: "Read what calls and answers of a LID were not as its contract says; of another agency's LID, what one's own requests did"},
		func(ctx context.Context, p simpul.Principal, in *violationsInput) (*violationsOutput, error) {
			address, err := simpul.ParseAddress(in.Group + "/" + in.Name)
			if err != nil {
				return nil, simpul.NotFound(simpul.Text{ID: "LID", EN: "LID"}, in.Group+"/"+in.Name)
			}
			report, err := service.Report(ctx, p, address, in.Days)
			return &violationsOutput{report}, err
		})
}
