package feasibility

import (
	"context"
	"encoding/json"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// LIDPath names a LID in the path of an operation.
type LIDPath struct {
	Group string `path:"group"`
	Name  string `path:"name"`
}

func (in LIDPath) id() string { return in.Group + "/" + in.Name }

type runInput struct {
	LIDPath
	Body *struct {
		Spec json.RawMessage `json:"spec,omitempty" doc:"Spec of a LID that is not stored, as in its resource; absent: test what is stored"`
	} `required:"false"`
}

type reportOutput struct{ Body Report }

type standingInput struct {
	LIDPath
	Report string `query:"report" maxLength:"60" doc:"ID of an older report, from history"`
}

type standingOutput struct{ Body Standing }

type waiveInput struct {
	LIDPath
	Body struct {
		Digest string `json:"digest,omitempty" maxLength:"64" doc:"Of the report that is waived; absent: what is stored now"`
		Reason string `json:"reason" maxLength:"4000" doc:"At least 20 characters; everybody can read it"`
	}
}

type waiverOutput struct{ Body Waiver }

// maxSpec admits a contract of 2 MiB and what stands around it, in bytes.
const maxSpec = 3 << 20

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, service *Service) {
	const path = "/lids/{group}/{name}/feasibility"
	httpapi.Register(api, httpapi.Operation{ID: "test-lid", Method: http.MethodPost, Path: path, Tag: "lids", Need: simpul.WriteLIDs, MaxBody: maxSpec,
		Summary: "Run the feasibility test (uji kelaikan) now and answer its report"},
		func(ctx context.Context, p simpul.Principal, in *runInput) (out *reportOutput, err error) {
			out = &reportOutput{}
			if in.Body != nil && len(in.Body.Spec) > 0 {
				out.Body, err = service.RunPlanned(ctx, p, in.id(), in.Body.Spec)
			} else {
				out.Body, err = service.Run(ctx, p, in.id())
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-feasibility", Method: http.MethodGet, Path: path, Tag: "lids", Need: simpul.ReadLIDs,
		Summary: "Read the last feasibility report of a LID of one's own, with the history"},
		func(ctx context.Context, p simpul.Principal, in *standingInput) (*standingOutput, error) {
			standing, err := service.Standing(ctx, p, in.id(), in.Report)
			return &standingOutput{standing}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "waive-feasibility", Method: http.MethodPost, Path: path + "/waiver", Tag: "lids", Need: simpul.WaiveLIDs, Status: http.StatusCreated,
		Summary: "Let a LID be published although its feasibility test failed"},
		func(ctx context.Context, p simpul.Principal, in *waiveInput) (*waiverOutput, error) {
			w, err := service.Waive(ctx, p, in.id(), in.Body.Digest, in.Body.Reason)
			return &waiverOutput{w}, err
		})
}
