package mediation

import (
	"context"
	"encoding/json"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type mediationPreviewInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
	Body  struct {
		Changes []simpul.Change `json:"changes,omitempty" maxItems:"200" doc:"To try instead of those that are stored"`
		Answer  json.RawMessage `json:"answer" doc:"As the service answers"`
	}
}

type mediationWords struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

type mediationFault struct {
	Place   string         `json:"place,omitempty" doc:"In the answer, as items[3].kd_kab"`
	Message mediationWords `json:"message"`
	Remedy  mediationWords `json:"remedy"`
}

type mediationPreviewOutput struct {
	Body struct {
		Changed json.RawMessage `json:"changed,omitempty" doc:"As the contract has it; absent where the answer cannot be changed"`
		Fault   *mediationFault `json:"fault,omitempty" doc:"Why it cannot be changed; a consumer would get 502"`
	}
}

// maxSample is how large an answer may be that is tried, bytes.
const maxSample = 2 << 20

// Register adds the room's operation to the control API.
func Register(api *httpapi.API, previews Previews) {
	httpapi.Register(api, httpapi.Operation{ID: "preview-lid-changes", Method: http.MethodPost, Path: "/lids/{group}/{name}/changes/preview", Tag: "lids",
		Need: simpul.WriteLIDs, MaxBody: maxSample, Summary: "What the changes of a LID make of an answer; calls nobody and stores nothing"},
		func(ctx context.Context, p simpul.Principal, in *mediationPreviewInput) (*mediationPreviewOutput, error) {
			preview, err := previews.Try(ctx, p, in.Group+"/"+in.Name, in.Body.Changes, in.Body.Answer)
			return previewed(preview), inBody(err)
		})
}

func previewed(preview Preview) *mediationPreviewOutput {
	var out mediationPreviewOutput
	out.Body.Changed = preview.Changed
	if f := preview.Fault; f != nil {
		out.Body.Fault = &mediationFault{f.Place, mediationWords(f.Message), mediationWords(f.Remedy)}
	}
	return &out
}

// inBody puts a place of the changes into the body.
func inBody(err error) error {
	if e, ok := err.(*simpul.Error); ok && e.Code == simpul.CodeInvalid && e.Place != "" {
		return simpul.At("body."+e.Place, e)
	}
	return err
}
