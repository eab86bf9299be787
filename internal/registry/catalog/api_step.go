package catalog

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type lidStepInput struct {
	Group  string `path:"group" maxLength:"63"`
	Name   string `path:"name" maxLength:"63"`
	DryRun bool   `query:"dryRun" doc:"Check and answer as if moved, but move nothing"`
	Body   struct {
		Step string `json:"step" pattern:"^[a-z0-9-]{1,63}$" doc:"Step of the life cycle to take the LID to" example:"testing"`
		Note string `json:"note,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"For whoever reads the LID's history"`
	}
}

type lidStepOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     lidStepBody
}

type lidStepBody struct {
	Step     string `json:"step" doc:"Where the LID stands now"`
	State    State  `json:"state"`
	Proposal string `json:"proposal,omitempty" doc:"With status 202: the proposal that a second person must approve first"`
}

// registerSteps adds the operation that moves a LID through its life.
func registerSteps(api *httpapi.API, service *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "advance-lid", Method: http.MethodPost, Path: "/lids/{group}/{name}/steps", Tag: "lids",
		Need: simpul.WriteLIDs, Summary: "Take a LID to another step of its life cycle; who may is the life cycle's to say"},
		func(ctx context.Context, p simpul.Principal, in *lidStepInput) (*lidStepOutput, error) {
			moved, err := service.Advance(ctx, p, in.Group+"/"+in.Name, in.Body.Step, in.Body.Note, in.DryRun)
			if err != nil {
				return nil, err
			}
			out := &lidStepOutput{Status: http.StatusOK, Body: lidStepBody{Step: moved.Spec.Step, State: moved.Spec.State}}
			if moved.Waits {
				out.Status, out.Body.Proposal = http.StatusAccepted, moved.Proposal
			}
			if moved.Proposal != "" {
				out.Location = httpapi.ProposalPath(moved.Proposal)
			}
			return out, nil
		})
}
