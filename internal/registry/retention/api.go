package retention

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type ruleBody struct {
	Kind      string     `json:"kind"`
	Days      int        `json:"days"`
	Minimum   int        `json:"minimum"`
	Basis     string     `json:"basis" doc:"Legal basis"`
	Kept      bool       `json:"kept" doc:"Whether something drops what is over"`
	UpdatedAt *time.Time `json:"updatedAt,omitempty" doc:"Absent for the default"`
	RanAt     *time.Time `json:"ranAt,omitempty" doc:"When what was over was last dropped"`
	Dropped   int64      `json:"dropped,omitempty"`
}

type rulesOutput struct{ Body httpapi.List[ruleBody] }

type changeInput struct {
	Kind string `path:"kind"`
	Body struct {
		Days  int    `json:"days" minimum:"1" maximum:"36525"`
		Basis string `json:"basis" minLength:"1" maxLength:"500" doc:"Legal basis"`
		Why   string `json:"why,omitempty" maxLength:"1000" doc:"For the second person"`
	}
}

type proposedOutput struct {
	Location string `header:"Location"`
	Body     struct {
		Proposal string `json:"proposal"`
	}
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	const tag = "retention"
	httpapi.Register(api, httpapi.Operation{ID: "list-retention", Method: http.MethodGet, Path: "/retention", Tag: tag,
		Summary: "List how long things are kept", Need: simpul.ReadRetention},
		func(ctx context.Context, _ simpul.Principal, _ *struct{}) (*rulesOutput, error) {
			rules, err := s.Rules(ctx)
			out := &rulesOutput{httpapi.List[ruleBody]{Items: make([]ruleBody, len(rules))}}
			for i, r := range rules {
				out.Body.Items[i] = bodyOf(r)
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "change-retention", Method: http.MethodPut, Path: "/retention/{kind}", Tag: tag,
		Summary: "Propose how long a kind is kept", Status: http.StatusAccepted, Need: simpul.WriteRetention},
		func(ctx context.Context, p simpul.Principal, in *changeInput) (*proposedOutput, error) {
			id, err := s.Change(ctx, p, Wish{in.Kind, in.Body.Days, in.Body.Basis}, in.Body.Why)
			out := &proposedOutput{Location: httpapi.ProposalPath(id)}
			out.Body.Proposal = id
			return out, err
		})
}

func bodyOf(r Rule) ruleBody {
	b := ruleBody{Kind: r.Name, Days: r.Days, Minimum: r.Minimum, Basis: r.Basis, Kept: r.Kept, Dropped: r.Dropped}
	if !r.UpdatedAt.IsZero() {
		b.UpdatedAt = &r.UpdatedAt
	}
	if !r.RanAt.IsZero() {
		b.RanAt = &r.RanAt
	}
	return b
}
