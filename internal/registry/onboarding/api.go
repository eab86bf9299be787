package onboarding

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// RegisterAPI adds the room's operations to the control API. Whoever has no
// account yet fills the form on the screens.
func RegisterAPI(api *httpapi.API, service *Service) {
	registerInbox(api, service)
	registerOwn(api, service)
}

type caseBody struct {
	ID          string            `json:"id"`
	Agency      string            `json:"agency"`
	Name        string            `json:"name"`
	State       State             `json:"state"`
	Version     int               `json:"version" doc:"The last that was submitted; 0 for none"`
	SubmittedAt *time.Time        `json:"submittedAt,omitempty"`
	Due         *time.Time        `json:"due,omitempty" doc:"Until when the operator should decide"`
	Reasons     map[string]string `json:"reasons,omitempty" doc:"Why it was returned, by field"`
	Form        *Form             `json:"form,omitempty"`
}

func bodyOf(c Case) caseBody {
	b := caseBody{ID: c.ID, Agency: c.Form.Agency, Name: c.Form.Name, State: c.State, Version: c.Version, Reasons: c.Reasons}
	if !c.SubmittedAt.IsZero() {
		b.SubmittedAt = &c.SubmittedAt
	}
	if c.State == Submitted {
		due := c.Due()
		b.Due = &due
	}
	return b
}

type caseOutput struct{ Body caseBody }

type listInput struct {
	State string `query:"state" enum:"submitted,returned,accepted,locked" default:"submitted" doc:"Where the forms stand"`
}

type listOutput struct{ Body httpapi.List[caseBody] }

type caseInput struct {
	ID string `path:"id"`
}

type acceptInput struct {
	ID   string `path:"id"`
	Body struct {
		Version int `json:"version" minimum:"1" doc:"The version that was read"`
	}
}

type returnInput struct {
	ID   string `path:"id"`
	Body struct {
		Version int               `json:"version" minimum:"1" doc:"The version that was read"`
		Reasons map[string]string `json:"reasons" doc:"What must be mended, by field, such as letterNumber or team.1.email"`
	}
}

type inviteOutput struct {
	Body struct {
		Account simpul.AccountID `json:"account" doc:"The account that was invited"`
	}
}

func registerInbox(api *httpapi.API, s *Service) {
	op := func(id, method, path, summary string, status int) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: "/onboardings" + path, Tag: "onboardings", Summary: summary, Status: status, Need: simpul.ApproveAgencies}
	}
	httpapi.Register(api, op("list-onboardings", http.MethodGet, "", "List appointments of PICs, the longest waiting first", 0),
		func(ctx context.Context, p simpul.Principal, in *listInput) (*listOutput, error) {
			cases, err := s.Waiting(ctx, p, State(in.State))
			out := &listOutput{httpapi.List[caseBody]{Items: make([]caseBody, len(cases))}}
			for i, c := range cases {
				out.Body.Items[i] = bodyOf(c)
			}
			return out, err
		})
	httpapi.Register(api, op("get-onboarding", http.MethodGet, "/{id}", "Read the last submitted version of an appointment", 0),
		func(ctx context.Context, p simpul.Principal, in *caseInput) (*caseOutput, error) {
			c, versions, err := s.Open(ctx, p, in.ID)
			if err == nil && len(versions) == 0 {
				err = simpul.NotFound(kindCase, in.ID)
			}
			if err != nil {
				return nil, err
			}
			out := &caseOutput{bodyOf(c)}
			out.Body.Form, out.Body.Reasons = &versions[0].Form, versions[0].Reasons
			return out, nil
		})
	httpapi.Register(api, op("accept-onboarding", http.MethodPost, "/{id}/acceptance", "Accept an appointment and admit the agency", http.StatusNoContent),
		func(ctx context.Context, p simpul.Principal, in *acceptInput) (*struct{}, error) {
			return nil, s.Accept(ctx, p, in.ID, in.Body.Version)
		})
	httpapi.Register(api, op("return-onboarding", http.MethodPost, "/{id}/return", "Return an appointment to be mended", http.StatusNoContent),
		func(ctx context.Context, p simpul.Principal, in *returnInput) (*struct{}, error) {
			return nil, s.Return(ctx, p, in.ID, in.Body.Version, in.Body.Reasons)
		})
	httpapi.Register(api, op("lock-onboarding", http.MethodPost, "/{id}/lock", "Make an accepted appointment final", http.StatusNoContent),
		func(ctx context.Context, p simpul.Principal, in *caseInput) (*struct{}, error) {
			return nil, s.Lock(ctx, p, in.ID)
		})
	httpapi.Register(api, op("invite-onboarding", http.MethodPost, "/{id}/invitation", "Invite the first of the team as the agency's administrator", 0),
		func(ctx context.Context, p simpul.Principal, in *caseInput) (*inviteOutput, error) {
			account, err := s.Invite(ctx, p, in.ID)
			out := &inviteOutput{}
			out.Body.Account = account
			return out, err
		})
}

type ownInput struct {
	ID string `path:"id"`
}

type saveInput struct {
	ID   string `path:"id"`
	Body Form
}

type attachInput struct {
	ID   string `path:"id"`
	Body struct {
		Name    string `json:"name" maxLength:"200" doc:"Name of the file" example:"surat.pdf"`
		Content []byte `json:"content" doc:"The file in base64"`
	}
}

type detachInput struct {
	ID       string `path:"id"`
	Document string `path:"document"`
}

func registerOwn(api *httpapi.API, s *Service) {
	op := func(id, method, path, summary string, need simpul.Permission) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: "/agencies/{id}/onboarding" + path, Tag: "onboardings", Summary: summary, Need: need}
	}
	read := func(ctx context.Context, p simpul.Principal, id string) (*caseOutput, error) {
		c, err := s.Case(ctx, For(p, simpul.AgencyID(id)))
		out := &caseOutput{bodyOf(c)}
		out.Body.Form = &c.Form
		return out, err
	}
	httpapi.Register(api, op("get-own-onboarding", http.MethodGet, "", "Read an agency's own appointment as it is being written", simpul.WriteAgencies),
		func(ctx context.Context, p simpul.Principal, in *ownInput) (*caseOutput, error) {
			return read(ctx, p, in.ID)
		})
	httpapi.Register(api, op("put-own-onboarding", http.MethodPut, "", "Write an agency's own appointment; after a locked one, this begins a new version", simpul.WriteAgencies),
		func(ctx context.Context, p simpul.Principal, in *saveInput) (*caseOutput, error) {
			agency := simpul.AgencyID(in.ID)
			if err := s.BeginOwn(ctx, p, agency, Form{}); err != nil {
				return nil, err
			}
			if err := s.Save(ctx, For(p, agency), func(f *Form) { *f = in.Body }); err != nil {
				return nil, err
			}
			return read(ctx, p, in.ID)
		})
	attach := op("attach-own-onboarding", http.MethodPost, "/documents", "Put a PDF of at most 5 MB beside an agency's own appointment", simpul.WriteAgencies)
	attach.MaxBody = 8 << 20
	httpapi.Register(api, attach, func(ctx context.Context, p simpul.Principal, in *attachInput) (*caseOutput, error) {
		if err := s.Attach(ctx, For(p, simpul.AgencyID(in.ID)), in.Body.Name, in.Body.Content); err != nil {
			return nil, err
		}
		return read(ctx, p, in.ID)
	})
	detach := op("detach-own-onboarding", http.MethodDelete, "/documents/{document}", "Take a document off an agency's own appointment", simpul.WriteAgencies)
	detach.Status = http.StatusNoContent
	httpapi.Register(api, detach, func(ctx context.Context, p simpul.Principal, in *detachInput) (*struct{}, error) {
		return nil, s.Detach(ctx, For(p, simpul.AgencyID(in.ID)), in.Document)
	})
	submit := op("submit-own-onboarding", http.MethodPost, "/submission", "Submit an agency's own appointment", simpul.WriteAgencies)
	submit.Status = http.StatusNoContent
	httpapi.Register(api, submit, func(ctx context.Context, p simpul.Principal, in *ownInput) (*struct{}, error) {
		_, err := s.Submit(ctx, For(p, simpul.AgencyID(in.ID)))
		return nil, err
	})
}
