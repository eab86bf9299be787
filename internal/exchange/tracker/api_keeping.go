package tracker

import (
	"context"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type trackerDelay struct {
	Wish
	ID         string    `json:"id"`
	ProposedBy string    `json:"proposedBy"`
	DecidedBy  string    `json:"decidedBy"`
	DecidedAt  time.Time `json:"decidedAt"`
	Over       bool      `json:"over" doc:"Whether the persons see the accesses"`
}

type trackerDelaysOutput struct{ Body httpapi.List[trackerDelay] }

type trackerDelayInput struct {
	Body struct {
		Wish
		Why string `json:"why,omitempty" maxLength:"1000" doc:"For the second person"`
	}
}

type trackerProposedOutput struct {
	Location string `header:"Location"`
	Body     struct {
		Proposal string `json:"proposal"`
	}
}

type trackerWithheld struct {
	Agency    simpul.AgencyID `json:"agency"`
	Decisions int             `json:"decisions" doc:"In force"`
	Accesses  int             `json:"accesses" doc:"That persons do not see yet"`
	Until     time.Time       `json:"until" doc:"When the last of them is shown at the latest"`
}

type trackerWithheldOutput struct {
	Body httpapi.List[trackerWithheld]
}

type trackerPosition struct {
	Journal  string    `json:"journal"`
	Sequence uint64    `json:"sequence" doc:"Of the last record that the view has read"`
	Behind   uint64    `json:"behind"`
	At       time.Time `json:"at"`
}

type trackerStateOutput struct {
	Body struct {
		Journals []trackerPosition `json:"journals"`
		Keys     []Month           `json:"keys" doc:"Months whose keys are kept"`
		Policy   Policy            `json:"policy"`
	}
}

type trackerPolicyInput struct{ Body Policy }

type trackerPolicyOutput struct{ Body Policy }

type trackerMonthInput struct {
	Month string `path:"month" maxLength:"7"`
}

// registerKeeping adds what concerns delays, and what the hub's keepers do.
func (t trackerAPI) registerKeeping(api *httpapi.API, tag string) {
	httpapi.Register(api, httpapi.Operation{ID: "list-delays", Method: http.MethodGet, Path: "/tracker/delays", Tag: tag,
		Summary: "List the decisions to show accesses of one's agency later", Need: simpul.DelayDisclosure}, t.delays)
	httpapi.Register(api, httpapi.Operation{ID: "delay-disclosure", Method: http.MethodPost, Path: "/tracker/delays", Tag: tag, Status: http.StatusAccepted,
		Summary: "Propose to show accesses of a case or a grant later; a second person decides", Need: simpul.DelayDisclosure}, t.delay)
	httpapi.Register(api, httpapi.Operation{ID: "list-withheld", Method: http.MethodGet, Path: "/tracker/withheld", Tag: tag,
		Summary: "How much each agency keeps from persons at present", Public: true}, t.withheld)
	httpapi.Register(api, httpapi.Operation{ID: "get-tracker", Method: http.MethodGet, Path: "/tracker", Tag: tag,
		Summary: "How far the view is, which months' keys are kept, and the policy", Need: simpul.KeepTracker}, t.state)
	httpapi.Register(api, httpapi.Operation{ID: "rebuild-tracker", Method: http.MethodPost, Path: "/tracker/rebuild", Tag: tag, Status: http.StatusNoContent,
		Summary: "Drop the view and make it anew from every journal", Need: simpul.KeepTracker},
		func(ctx context.Context, p simpul.Principal, _ *struct{}) (*struct{}, error) {
			return nil, t.service.Rebuild(ctx, p)
		})
	httpapi.Register(api, httpapi.Operation{ID: "decide-tracker-policy", Method: http.MethodPut, Path: "/tracker/policy", Tag: tag,
		Summary: "Set how long agencies have to answer, and how long a delay may be", Need: simpul.KeepTracker},
		func(ctx context.Context, p simpul.Principal, in *trackerPolicyInput) (*trackerPolicyOutput, error) {
			return &trackerPolicyOutput{in.Body}, t.service.Decide(ctx, p, in.Body)
		})
	httpapi.Register(api, httpapi.Operation{ID: "destroy-tracker-key", Method: http.MethodPost, Path: "/tracker/keys/{month}/destruction", Tag: tag, Status: http.StatusNoContent,
		Summary: "Destroy the key of a month that is over: nobody can tell any more whom its accesses were about", Need: simpul.KeepTracker},
		func(ctx context.Context, p simpul.Principal, in *trackerMonthInput) (*struct{}, error) {
			month, err := ParseMonth(in.Month)
			if err != nil {
				return nil, simpul.NotFound(simpul.Text{ID: "Kunci jejak akses", EN: "Key of the access tracker"}, in.Month)
			}
			return nil, t.keys.Destroy(ctx, p, month)
		})
}

func (t trackerAPI) delays(ctx context.Context, p simpul.Principal, _ *struct{}) (*trackerDelaysOutput, error) {
	all, err := t.service.Delays(ctx, p)
	out := &trackerDelaysOutput{httpapi.List[trackerDelay]{Items: make([]trackerDelay, len(all))}}
	for i, d := range all {
		out.Body.Items[i] = trackerDelay{d.Wish, d.ID, d.ProposedBy, d.DecidedBy, d.DecidedAt, d.Over(t.service.Now())}
	}
	return out, err
}

func (t trackerAPI) delay(ctx context.Context, p simpul.Principal, in *trackerDelayInput) (*trackerProposedOutput, error) {
	id, err := t.service.Delay(ctx, p, in.Body.Wish, in.Body.Why)
	if e, ok := err.(*simpul.Error); ok && e.Place != "" {
		err = simpul.At("body."+e.Place, err)
	}
	out := &trackerProposedOutput{Location: httpapi.ProposalPath(id)}
	out.Body.Proposal = id
	return out, err
}

func (t trackerAPI) withheld(ctx context.Context, _ simpul.Principal, _ *struct{}) (*trackerWithheldOutput, error) {
	all, err := t.service.Withheld(ctx)
	out := &trackerWithheldOutput{httpapi.List[trackerWithheld]{Items: make([]trackerWithheld, len(all))}}
	for i, w := range all {
		out.Body.Items[i] = trackerWithheld{w.Agency, w.Decisions, w.Accesses, w.Longest}
	}
	return out, err
}

func (t trackerAPI) state(ctx context.Context, p simpul.Principal, _ *struct{}) (*trackerStateOutput, error) {
	positions, err := t.service.Positions(ctx, p)
	if err != nil {
		return nil, err
	}
	out := &trackerStateOutput{}
	out.Body.Journals, out.Body.Keys = make([]trackerPosition, len(positions)), t.keys.months()
	for i, one := range positions {
		out.Body.Journals[i] = trackerPosition{one.Journal, one.Sequence, one.Behind(), one.At}
	}
	out.Body.Policy, err = t.service.Policy(ctx)
	return out, err
}

// fieldsOf are the paths that were selected; empty for every field.
func fieldsOf(a Access) []string { return append([]string{}, strings.Fields(a.Fields)...) }
