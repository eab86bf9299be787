package standard

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

const tagStandards = "standards"

type versionsInput struct {
	ID string `path:"id"`
}

type versionsOutput struct{ Body httpapi.List[Version] }

type stepInput struct {
	ID      string `path:"id"`
	Version int    `path:"version"`
	Body    struct {
		Note string `json:"note,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Why; shown to whoever proposed it"`
	}
}

type versionOutput struct{ Body Version }

func registerStandards(api *httpapi.API, standards *Standards) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Standard", Plural: "standards", Item: "{id}", Read: simpul.ReadStandards, Write: simpul.WriteStandards}, standards)
	httpapi.Register(api, httpapi.Operation{ID: "list-standard-versions", Method: http.MethodGet, Path: "/standards/{id}/versions", Tag: tagStandards,
		Summary: "Every version of a standard, newest first", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *versionsInput) (*versionsOutput, error) {
			all, err := standards.Versions(ctx, p, in.ID)
			return &versionsOutput{httpapi.List[Version]{Items: all}}, err
		})
	for _, step := range Steps() {
		httpapi.Register(api, httpapi.Operation{ID: string(step) + "-standard", Method: http.MethodPost, Path: "/standards/{id}/versions/{version}/" + string(step), Tag: tagStandards,
			Summary: step.summary(), Need: step.Need(), Status: http.StatusOK},
			func(ctx context.Context, p simpul.Principal, in *stepInput) (*versionOutput, error) {
				v, err := standards.Take(ctx, p, in.ID, in.Version, step, in.Body.Note)
				return &versionOutput{v}, err
			})
	}
}

func (s Step) summary() string {
	switch s {
	case Propose:
		return "Ask the authority to approve a draft"
	case Approve:
		return "Put a proposed version in force"
	case Return:
		return "Return a proposed version to its agency"
	}
	return "End a version that is in force"
}
