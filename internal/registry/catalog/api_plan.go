package catalog

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type announceInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
	Body  struct {
		Spec Spec `json:"spec" doc:"As it will be put once all consumers consent"`
	}
}

type announceOutput struct {
	Body struct {
		Digest string `json:"digest" doc:"SHA-256 of the planned contract; names the plan"`
	}
}

type planPathInput struct {
	Group  string `path:"group"`
	Name   string `path:"name"`
	Digest string `path:"digest" pattern:"^[0-9a-f]{64}$"`
}

type consentItem struct {
	Agency  simpul.AgencyID `json:"agency"`
	Verdict Verdict         `json:"verdict" enum:"asked,consents,objects"`
	Reason  string          `json:"reason,omitempty"`
	At      *time.Time      `json:"at,omitempty" doc:"Absent until it is answered"`
}

type planOutput struct {
	Body struct {
		Digest  string        `json:"digest"`
		At      time.Time     `json:"at"`
		Version string        `json:"version"`
		Spec    Spec          `json:"spec" doc:"Without what its owner alone may see"`
		Answers []consentItem `json:"answers" doc:"To the provider all, to an agency that is asked its own"`
	}
}

type answerInput struct {
	Group  string `path:"group"`
	Name   string `path:"name"`
	Digest string `path:"digest" pattern:"^[0-9a-f]{64}$"`
	Body   struct {
		Verdict Verdict `json:"verdict" enum:"consents,objects"`
		Reason  string  `json:"reason,omitempty" maxLength:"1000" doc:"Needed to object"`
	}
}

// RegisterPlans adds the operations on changes that are put before consumers.
func RegisterPlans(api *httpapi.API, plans *Plans) {
	const path = "/lids/{group}/{name}/plans"
	httpapi.Register(api, httpapi.Operation{ID: "announce-lid-plan", Method: http.MethodPost, Path: path, Tag: "lids",
		Need: simpul.WriteLIDs, MaxBody: maxLIDBody, Summary: "Put a change that breaks consumers before them"},
		func(ctx context.Context, p simpul.Principal, in *announceInput) (*announceOutput, error) {
			plan, err := plans.Announce(ctx, p, in.Group+"/"+in.Name, in.Body.Spec)
			var out announceOutput
			out.Body.Digest = plan.Contract
			return &out, inBody(err)
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-lid-plan", Method: http.MethodGet, Path: path + "/{digest}", Tag: "lids",
		Need: simpul.ReadLIDs, Summary: "Read a planned change, and what was answered"},
		func(ctx context.Context, p simpul.Principal, in *planPathInput) (*planOutput, error) {
			plan, _, err := plans.Get(ctx, p, in.Group+"/"+in.Name, in.Digest)
			return planShown(plan), err
		})
	httpapi.Register(api, httpapi.Operation{ID: "answer-lid-plan", Method: http.MethodPost, Path: path + "/{digest}/answer", Tag: "lids",
		Need: simpul.WriteApplications, Status: http.StatusNoContent, Summary: "Consent or object to a planned change for one's agency"},
		func(ctx context.Context, p simpul.Principal, in *answerInput) (*struct{}, error) {
			return nil, inBody(plans.Answer(ctx, p, in.Group+"/"+in.Name, in.Digest, in.Body.Verdict, in.Body.Reason))
		})
}

func planShown(plan Plan) *planOutput {
	var out planOutput
	out.Body.Digest, out.Body.At, out.Body.Version, out.Body.Spec = plan.Contract, plan.At, plan.Version, plan.Spec
	out.Body.Answers = make([]consentItem, len(plan.Answers))
	for i, a := range plan.Answers {
		out.Body.Answers[i] = consentItem{Agency: a.Agency, Verdict: a.Verdict, Reason: a.Reason}
		if !a.At.IsZero() {
			out.Body.Answers[i].At = &a.At
		}
	}
	return &out
}
