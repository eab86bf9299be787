package duty

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// body is a proposal as the API shows it.
type body struct {
	ID           string           `json:"id"`
	Action       string           `json:"action" doc:"What would be done, such as lid.publish"`
	Subject      string           `json:"subject" doc:"To what it would be done"`
	Agency       simpul.AgencyID  `json:"agency,omitempty" doc:"Whose matter it is; absent for the nation's"`
	State        State            `json:"state" enum:"open,approved,rejected,withdrawn,lapsed"`
	Proposer     string           `json:"proposer" doc:"An account, or a token's ID"`
	Why          string           `json:"why,omitempty"`
	Digest       string           `json:"digest" doc:"SHA-256 of the content, in hex"`
	BeforeDigest string           `json:"beforeDigest" doc:"SHA-256 of the subject when this was proposed, in hex"`
	Decider      string           `json:"decider,omitempty"`
	Reason       string           `json:"reason,omitempty"`
	Failure      *textBody        `json:"failure,omitempty" doc:"Why the last execution failed"`
	CreatedAt    time.Time        `json:"createdAt"`
	LapsesAt     time.Time        `json:"lapsesAt"`
	EndedAt      *time.Time       `json:"endedAt,omitempty"`
	Changes      []changeBody     `json:"changes,omitempty" doc:"For people, before and after; not in a list"`
	Content      *json.RawMessage `json:"content,omitempty" doc:"Exactly what would be carried out; not in a list"`
}

type changeBody struct {
	Term   textBody `json:"term"`
	Before string   `json:"before"`
	After  string   `json:"after"`
}

// textBody is a sentence in both languages.
type textBody struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

type listInput struct {
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor  string `query:"cursor" maxLength:"500" doc:"From next of the page before"`
	State   State  `query:"state" enum:"open,approved,rejected,withdrawn,lapsed"`
	Action  string `query:"action" maxLength:"100"`
	Subject string `query:"subject" maxLength:"300"`
	Agency  string `query:"agency" maxLength:"253"`
	Mine    bool   `query:"mine" doc:"Only what the caller proposed"`
}

type listOutput struct{ Body httpapi.List[body] }

type itemInput struct {
	ID string `path:"id"`
}

type itemOutput struct{ Body body }

type decideInput struct {
	ID   string `path:"id"`
	Body struct {
		Verdict string `json:"verdict" enum:"approve,reject"`
		Reason  string `json:"reason" minLength:"1" maxLength:"1000" doc:"What was checked, or what has to change"`
	}
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	const tag = "proposals"
	httpapi.Register(api, httpapi.Operation{ID: "list-proposals", Method: http.MethodGet, Path: "/proposals", Tag: tag,
		Summary: "List what waits for, or had, a second person", Need: simpul.ReadProposals}, s.apiList)
	httpapi.Register(api, httpapi.Operation{ID: "get-proposal", Method: http.MethodGet, Path: "/proposals/{id}", Tag: tag,
		Summary: "Read one proposal, with what it would change", Need: simpul.ReadProposals},
		func(ctx context.Context, p simpul.Principal, in *itemInput) (*itemOutput, error) {
			return s.whole(s.Get(ctx, p, in.ID))
		})
	httpapi.Register(api, httpapi.Operation{ID: "decide-proposal", Method: http.MethodPost, Path: "/proposals/{id}/decision", Tag: tag,
		Summary: "Approve or reject as the second person", Need: simpul.DecideProposals},
		func(ctx context.Context, p simpul.Principal, in *decideInput) (*itemOutput, error) {
			if in.Body.Verdict == "approve" {
				return s.whole(s.Approve(ctx, p, in.ID, in.Body.Reason))
			}
			return s.whole(s.Reject(ctx, p, in.ID, in.Body.Reason))
		})
	httpapi.Register(api, httpapi.Operation{ID: "withdraw-proposal", Method: http.MethodPost, Path: "/proposals/{id}/withdrawal", Tag: tag,
		Summary: "Withdraw a proposal of one's own", Need: simpul.ReadProposals},
		func(ctx context.Context, p simpul.Principal, in *itemInput) (*itemOutput, error) {
			return s.whole(s.Withdraw(ctx, p, in.ID))
		})
}

func (s *Service) apiList(ctx context.Context, p simpul.Principal, in *listInput) (*listOutput, error) {
	after, err := httpapi.DecodeCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	f := Filter{State: in.State, Action: in.Action, Subject: in.Subject, Agency: simpul.AgencyID(in.Agency)}
	if in.Mine {
		f.Proposer = p.ID
	}
	found, err := s.List(ctx, p, f, httpapi.Page{Limit: in.Limit + 1, After: after})
	if err != nil {
		return nil, err
	}
	out := &listOutput{httpapi.List[body]{Items: []body{}}}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = httpapi.EncodeCursor(pageKey(found[in.Limit-1]))
	}
	for _, one := range found {
		out.Body.Items = append(out.Body.Items, bodyOf(one))
	}
	return out, nil
}

// whole shows one proposal with its content.
func (s *Service) whole(p Proposal, err error) (*itemOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &itemOutput{bodyOf(p)}
	content := json.RawMessage(p.Content)
	out.Body.Content = &content
	changes, err := s.Changes(p)
	for _, c := range changes {
		out.Body.Changes = append(out.Body.Changes, changeBody{textBody(c.Term), c.Before, c.After})
	}
	return out, err
}

func bodyOf(p Proposal) body {
	b := body{
		ID: p.ID, Action: p.Action, Subject: p.Subject, Agency: p.Agency, State: p.State, Proposer: p.Proposer.ID, Why: p.Why,
		Digest: p.contentDigest, BeforeDigest: p.beforeDigest, Decider: p.Decider.ID, Reason: p.Reason,
		CreatedAt: p.CreatedAt, LapsesAt: p.LapsesAt,
	}
	if p.Failure.ID != "" {
		b.Failure = &textBody{p.Failure.ID, p.Failure.EN}
	}
	if !p.EndedAt.IsZero() {
		b.EndedAt = &p.EndedAt
	}
	return b
}
