package grant

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type versionInput struct {
	ID   string `path:"id" maxLength:"63"`
	Body struct {
		Version string `json:"version,omitempty" maxLength:"20" doc:"Major version that the application is built for; follows the newest when absent" example:"2"`
	}
}

// registerVersion adds the operation by which a holder moves a grant.
func registerVersion(api *httpapi.API, a *Access) {
	httpapi.Register(api, httpapi.Operation{ID: "move-grant", Method: http.MethodPost, Path: "/grants/{id}/version", Tag: "grants",
		Summary: "Move a grant of one's own agency to another version of its LID's contract", Status: http.StatusNoContent, Need: simpul.WriteApplications},
		func(ctx context.Context, p simpul.Principal, in *versionInput) (*struct{}, error) {
			return nil, a.Move(ctx, p, in.ID, in.Body.Version)
		})
}
