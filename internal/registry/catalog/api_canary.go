package catalog

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type canaryEndOutput struct {
	Body struct {
		Upstream string `json:"upstream" doc:"Base URL that is called from now on, or once the proposal is approved"`
		Proposal string `json:"proposal,omitempty" doc:"That a second person must approve first"`
	}
}

// RegisterCanaries adds the operations by which a canary ends.
func RegisterCanaries(api *httpapi.API, s *Service) {
	for _, one := range []struct {
		id, path, summary string
		end               func(context.Context, simpul.Principal, string) (httpapi.Stored[Spec], error)
	}{
		{"end-canary", "end", "End the canary of a LID: every call goes to the other origins", s.EndCanary},
		{"promote-canary", "promote", "Make the canary of a LID its service, for every call", s.PromoteCanary},
	} {
		httpapi.Register(api, httpapi.Operation{ID: one.id, Method: http.MethodPost, Path: "/lids/{group}/{name}/canary/" + one.path, Tag: "lids", Need: simpul.WriteLIDs, Summary: one.summary},
			func(ctx context.Context, p simpul.Principal, in *LIDPath) (*canaryEndOutput, error) {
				stored, err := one.end(ctx, p, in.id())
				out := &canaryEndOutput{}
				out.Body.Upstream, out.Body.Proposal = stored.Spec.Upstream, stored.Proposal
				return out, err
			})
	}
}
