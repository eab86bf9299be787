package grant

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// requestBody is a request as the API shows it.
type requestBody struct {
	ID          string               `json:"id"`
	LID         simpul.Address       `json:"lid"`
	Provider    simpul.AgencyID      `json:"provider"`
	Application simpul.ApplicationID `json:"application"`
	Consumer    simpul.AgencyID      `json:"consumer"`
	Class       simpul.LIDClass      `json:"class" enum:"terbuka,terbatas,tertutup"`
	State       State                `json:"state" enum:"submitted,returned,approved,refused,withdrawn,lapsed"`
	Version     int                  `json:"version" doc:"The last that was submitted"`
	Renews      simpul.GrantID       `json:"renews,omitempty" doc:"The grant that the application had when it asked"`
	Grant       simpul.GrantID       `json:"grant,omitempty" doc:"The grant that this led to"`
	Proposal    string               `json:"proposal,omitempty" doc:"With which a second person was asked"`
	Due         time.Time            `json:"due" doc:"Until when the provider should decide"`
	OpenDue     *time.Time           `json:"openDue,omitempty" doc:"Until when somebody of the provider should open it"`
	OpenedAt    *time.Time           `json:"openedAt,omitempty" doc:"When somebody of the provider did"`
	SubmittedAt time.Time            `json:"submittedAt"`
	Versions    []versionBody        `json:"versions,omitempty" doc:"Newest first; not in a list"`
	Sentences   []textBody           `json:"sentences,omitempty" doc:"What is asked, or given, for people; not in a list"`
}

type versionBody struct {
	Number      int        `json:"number"`
	Ask         Ask        `json:"ask"`
	Author      string     `json:"author" doc:"An account, or a token's ID"`
	SubmittedAt time.Time  `json:"submittedAt"`
	Outcome     State      `json:"outcome,omitempty"`
	Reason      string     `json:"reason,omitempty"`
	Given       *Terms     `json:"given,omitempty"`
	Agreement   *Agreement `json:"agreement,omitempty"`
	DecidedBy   string     `json:"decidedBy,omitempty"`
	DecidedAt   *time.Time `json:"decidedAt,omitempty"`
}

// textBody is a sentence in both languages.
type textBody struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

type requestOutput struct{ Body requestBody }

type requestsInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"From next of the page before"`
	State  State  `query:"state" enum:"submitted,returned,approved,refused,withdrawn,lapsed"`
	Side   string `query:"side" enum:"consumer,provider" doc:"Only what one's agency asks for, or is asked for"`
}

type requestsOutput struct{ Body httpapi.List[requestBody] }

type requestInput struct {
	ID string `path:"id" maxLength:"60"`
}

type submitInput struct{ Body Ask }

type mendInput struct {
	ID   string `path:"id" maxLength:"60"`
	Body Ask
}

type decisionInput struct {
	ID   string `path:"id" maxLength:"60"`
	Body struct {
		Version   int        `json:"version" minimum:"1" doc:"The version that was read"`
		Verdict   State      `json:"verdict" enum:"approved,returned,refused"`
		Reason    string     `json:"reason,omitempty" maxLength:"500" doc:"Needed to return or refuse; the requester reads it"`
		Terms     *Terms     `json:"terms,omitempty" doc:"What is given, at most what was asked; all of it when absent"`
		Agreement *Agreement `json:"agreement,omitempty" doc:"Needed for a closed LID"`
	}
}

type reasonInput struct {
	ID   string `path:"id" maxLength:"63"`
	Body struct {
		Reason string `json:"reason" minLength:"5" maxLength:"500" doc:"The holder of the grant reads it"`
	}
}

// RegisterAccess adds requests, and what becomes of the grants that they led to,
// to the control API.
func RegisterAccess(api *httpapi.API, a *Access, gate Gate) {
	registerRequests(api, a)
	registerExplanation(api, a, gate)
	end := func(id, path, summary string, do func(context.Context, simpul.Principal, string, string) error) {
		httpapi.Register(api, httpapi.Operation{ID: id, Method: http.MethodPost, Path: "/grants/{id}" + path, Tag: "grants", Summary: summary, Status: http.StatusNoContent, Need: simpul.WriteGrants},
			func(ctx context.Context, p simpul.Principal, in *reasonInput) (*struct{}, error) {
				return nil, do(ctx, p, in.ID, in.Body.Reason)
			})
	}
	end("revoke-grant", "/revocation", "Revoke a grant, for a reason that its holder reads", a.Revoke)
	end("suspend-grant", "/suspension", "Suspend a grant until it is resumed", a.Suspend)
	httpapi.Register(api, httpapi.Operation{ID: "resume-grant", Method: http.MethodPost, Path: "/grants/{id}/resumption", Tag: "grants", Need: simpul.WriteGrants,
		Summary: "Let a suspended grant go on; on a closed LID a second person must approve it"}, a.apiResume)
	registerVersion(api, a)
}

type resumeOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     struct {
		Resumed  bool   `json:"resumed" doc:"False while it waits for a second person"`
		Proposal string `json:"proposal,omitempty" doc:"With status 202: the proposal that a second person must approve before this takes effect"`
	}
}

func (a *Access) apiResume(ctx context.Context, p simpul.Principal, in *reasonInput) (*resumeOutput, error) {
	proposal, err := a.Resume(ctx, p, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	out := &resumeOutput{Status: http.StatusOK}
	out.Body.Resumed, out.Body.Proposal = proposal == "", proposal
	if proposal != "" {
		out.Status, out.Location = http.StatusAccepted, httpapi.ProposalPath(proposal)
	}
	return out, nil
}

func registerRequests(api *httpapi.API, a *Access) {
	op := func(id, method, path, summary string, need simpul.Permission) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: "/requests" + path, Tag: "requests", Summary: summary, Need: need}
	}
	httpapi.Register(api, op("list-requests", http.MethodGet, "", "List requests for access, one's own and those to one's agency", simpul.ReadGrants), a.apiList)
	httpapi.Register(api, op("get-request", http.MethodGet, "/{id}", "Read a request with all its versions", simpul.ReadGrants),
		func(ctx context.Context, p simpul.Principal, in *requestInput) (*requestOutput, error) {
			return whole(a.Open(ctx, p, in.ID))
		})
	submit := op("submit-request", http.MethodPost, "", "Ask for access to a published LID", simpul.WriteApplications)
	submit.Status = http.StatusCreated
	httpapi.Register(api, submit, func(ctx context.Context, p simpul.Principal, in *submitInput) (*requestOutput, error) {
		return whole(a.Submit(ctx, p, in.Body))
	})
	httpapi.Register(api, op("mend-request", http.MethodPost, "/{id}/versions", "Submit a returned request once more, changed", simpul.WriteApplications),
		func(ctx context.Context, p simpul.Principal, in *mendInput) (*requestOutput, error) {
			return whole(a.Mend(ctx, p, in.ID, in.Body))
		})
	httpapi.Register(api, op("withdraw-request", http.MethodPost, "/{id}/withdrawal", "Withdraw a request of one's own agency", simpul.WriteApplications),
		func(ctx context.Context, p simpul.Principal, in *requestInput) (*requestOutput, error) {
			return whole(a.Withdraw(ctx, p, in.ID))
		})
	httpapi.Register(api, op("decide-request", http.MethodPost, "/{id}/decision", "Approve, return or refuse a request to one's agency", simpul.WriteGrants), a.apiDecide)
}

func (a *Access) apiList(ctx context.Context, p simpul.Principal, in *requestsInput) (*requestsOutput, error) {
	after, err := httpapi.DecodeCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	f := Filter{State: in.State}
	switch in.Side {
	case "consumer":
		f.Consumer = p.Agency
	case "provider":
		f.Provider = p.Agency
	}
	found, err := a.List(ctx, p, f, httpapi.Page{Limit: in.Limit + 1, After: after})
	if err != nil {
		return nil, err
	}
	out := &requestsOutput{httpapi.List[requestBody]{Items: []requestBody{}}}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = httpapi.EncodeCursor(found[in.Limit-1].ID)
	}
	for _, r := range found {
		out.Body.Items = append(out.Body.Items, bodyOf(r))
	}
	return out, nil
}

func (a *Access) apiDecide(ctx context.Context, p simpul.Principal, in *decisionInput) (*requestOutput, error) {
	d := Decision{Version: in.Body.Version, Verdict: in.Body.Verdict, Reason: in.Body.Reason}
	if in.Body.Agreement != nil {
		d.Agreement = *in.Body.Agreement
	}
	if in.Body.Terms != nil {
		d.Terms = *in.Body.Terms
	} else if d.Verdict == Approved {
		c, err := a.Get(ctx, p, in.ID)
		if err != nil {
			return nil, err
		}
		d.Terms = c.Latest().Ask.Terms
	}
	return whole(a.Decide(ctx, p, in.ID, d))
}

// whole shows one request with its versions.
func whole(c Case, err error) (*requestOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &requestOutput{bodyOf(c.Request)}
	for _, v := range c.Versions {
		out.Body.Versions = append(out.Body.Versions, versionOf(v))
	}
	for _, t := range c.Sentences() {
		out.Body.Sentences = append(out.Body.Sentences, textBody(t))
	}
	return out, nil
}

func bodyOf(r Request) requestBody {
	return requestBody{
		ID: r.ID, LID: r.LID, Provider: r.Provider, Application: r.Application, Consumer: r.Consumer(), Class: r.Class, State: r.State,
		Version: r.Version, Renews: r.Renews, Grant: r.Grant, Proposal: r.Proposal, Due: r.Due, SubmittedAt: r.SubmittedAt,
		OpenDue: instant(stamp(r.OpenDue)), OpenedAt: instant(stamp(r.OpenedAt)),
	}
}

func versionOf(v Version) versionBody {
	b := versionBody{Number: v.Number, Ask: v.Ask, Author: v.Author, SubmittedAt: v.SubmittedAt, Outcome: v.Outcome, Reason: v.Reason, DecidedBy: v.DecidedBy}
	if v.Outcome != "" {
		b.DecidedAt = &v.DecidedAt
	}
	if v.Outcome == Approved {
		b.Given = &v.Given
	}
	if v.Agreement.Number != "" {
		b.Agreement = &v.Agreement
	}
	return b
}
