package grant

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type explainInput struct{ Body Question }

type explainOutput struct {
	Body struct {
		Allowed bool       `json:"allowed" doc:"No step fails"`
		Steps   []stepBody `json:"steps" doc:"In the order of the gateway"`
	}
}

type stepBody struct {
	Name    textBody  `json:"name"`
	Outcome Outcome   `json:"outcome" enum:"passed,failed,unchecked"`
	Finding *textBody `json:"finding,omitempty" doc:"Why it failed"`
	Remedy  *textBody `json:"remedy,omitempty" doc:"What to do then"`
}

func registerExplanation(api *httpapi.API, a *Access, gate Gate) {
	httpapi.Register(api, httpapi.Operation{ID: "explain-decision", Method: http.MethodPost, Path: "/decisions/explain", Tag: "requests",
		Summary: "Replay what the gateway would decide on a call, step by step", Need: simpul.ReadGrants},
		func(ctx context.Context, p simpul.Principal, in *explainInput) (*explainOutput, error) {
			steps, err := a.Explain(ctx, p, gate, in.Body)
			if err != nil {
				return nil, err
			}
			out := &explainOutput{}
			out.Body.Allowed = true
			for _, s := range steps {
				out.Body.Allowed = out.Body.Allowed && s.Outcome != Failed
				out.Body.Steps = append(out.Body.Steps, stepOf(s))
			}
			return out, nil
		})
}

func stepOf(s Step) stepBody {
	b := stepBody{Name: textBody(s.Name), Outcome: s.Outcome}
	if s.Outcome == Failed {
		finding, remedy := textBody(s.Finding), textBody(s.Remedy)
		b.Finding, b.Remedy = &finding, &remedy
	}
	return b
}
