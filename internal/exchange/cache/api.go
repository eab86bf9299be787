package cache

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type cachePurgeInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
}

// Register adds the room's operation to the control API.
func Register(api *httpapi.API, purges *Purges) {
	httpapi.Register(api, httpapi.Operation{ID: "purge-lid", Method: http.MethodDelete, Path: "/lids/{group}/{name}/kept", Tag: "lids",
		Need: simpul.WriteLIDs, Status: http.StatusNoContent, Summary: "Forget every answer that the hub keeps of a LID"},
		func(ctx context.Context, p simpul.Principal, in *cachePurgeInput) (*struct{}, error) {
			return nil, purges.Purge(ctx, p, in.Group+"/"+in.Name)
		})
}
