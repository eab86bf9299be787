package identity

import (
	"context"
	"net/http"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/trail"
)

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Role", Plural: "roles", Item: "{id}", Read: simpul.ReadAccounts, Write: simpul.WriteRoles}, s.Roles())
	registerAccounts(api, s)
	registerActs(api, s)
	registerEmergencies(api, s)
	registerPrivacy(api, s)
}

const (
	accountsTag    = "accounts"
	emergenciesTag = "emergencies"
)

type accountBody struct {
	ID        simpul.AccountID `json:"id" doc:"The person's name within the agency and the agency's domain" example:"siti.rahma@bandungkota.go.id"`
	Agency    simpul.AgencyID  `json:"agency"`
	State     State            `json:"state" enum:"invited,active,suspended,closed"`
	Name      string           `json:"name" doc:"Empty once the account is erased"`
	Email     string           `json:"email" doc:"Empty once the account is erased"`
	Phone     string           `json:"phone,omitempty"`
	Position  string           `json:"position,omitempty"`
	Language  simpul.Language  `json:"language" enum:"id,en" doc:"In which the hub writes to the person"`
	Roles     []holdingBody    `json:"roles"`
	CreatedAt time.Time        `json:"createdAt"`
	UpdatedAt time.Time        `json:"updatedAt"`
	ErasedAt  *time.Time       `json:"erasedAt,omitempty" doc:"When the personal fields were destroyed"`
}

type holdingBody struct {
	Role     simpul.Role `json:"role"`
	National bool        `json:"national,omitempty" doc:"For every agency"`
	GivenBy  string      `json:"givenBy" doc:"An account, or a token's ID"`
	GivenAt  time.Time   `json:"givenAt"`
}

func accountBodyOf(a Account) accountBody {
	body := accountBody{
		ID: a.ID, Agency: a.Agency(), State: a.State, Language: a.Language, Roles: []holdingBody{},
		Name: a.Personal.Name, Email: a.Personal.Email, Phone: a.Personal.Phone, Position: a.Personal.Position,
		CreatedAt: a.Created, UpdatedAt: a.Updated, ErasedAt: unlessZero(a.Erased),
	}
	for _, h := range a.Holdings {
		body.Roles = append(body.Roles, holdingBody(h))
	}
	return body
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type accountInput struct {
	ID string `path:"id"`
}

type accountOutput struct{ Body accountBody }

type accountsInput struct {
	State  string `query:"state" enum:"invited,active,suspended,closed" doc:"Only accounts in this state"`
	Search string `query:"search" maxLength:"254" doc:"Part of the account's name"`
	Agency string `query:"agency" maxLength:"253" doc:"Only accounts of this agency"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"From next of the page before"`
}

type accountsOutput struct{ Body httpapi.List[accountBody] }

// PersonFields is what is known of a person, as the API takes it.
type PersonFields struct {
	Name     string          `json:"name" minLength:"2" maxLength:"100" pattern:"^[\\P{Cc}]*$" patternDescription:"free of control characters" doc:"Full name" example:"Siti Rahma"`
	Email    string          `json:"email" minLength:"3" maxLength:"254" doc:"Where codes and notices go" example:"siti@bandung.go.id"`
	Phone    string          `json:"phone,omitempty" maxLength:"24" example:"+62 812 3456 7890"`
	Position string          `json:"position,omitempty" maxLength:"100" pattern:"^[\\P{Cc}]*$" patternDescription:"free of control characters" example:"Pranata Komputer"`
	Language simpul.Language `json:"language,omitempty" enum:"id,en" doc:"In which the hub writes to the person; id unless given"`
}

func (b PersonFields) personal() Personal {
	return Personal{Name: b.Name, Email: b.Email, Phone: b.Phone, Position: b.Position}
}

type inviteInput struct {
	Body struct {
		ID string `json:"id" maxLength:"320" doc:"The account to make; its agency must exist" example:"siti.rahma@bandungkota.go.id"`
		PersonFields
		Roles []Assignment `json:"roles" minItems:"1" maxItems:"50" doc:"What the person will hold"`
	}
}

type changeInput struct {
	ID   string `path:"id"`
	Body PersonFields
}

type rolesInput struct {
	ID   string `path:"id"`
	Body struct {
		Roles []Assignment `json:"roles" minItems:"1" maxItems:"50" doc:"All that the person is to hold from now on"`
	}
}

func registerAccounts(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "list-accounts", Method: http.MethodGet, Path: "/accounts", Tag: accountsTag,
		Summary: "List the accounts of people", Need: simpul.ReadAccounts},
		func(ctx context.Context, p simpul.Principal, in *accountsInput) (*accountsOutput, error) {
			return listBodies(ctx, s, p, in)
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-account", Method: http.MethodGet, Path: "/accounts/{id}", Tag: accountsTag,
		Summary: "Read one account", Need: simpul.ReadAccounts},
		func(ctx context.Context, p simpul.Principal, in *accountInput) (*accountOutput, error) {
			return answered(s.Account(ctx, p, in.ID))
		})
	httpapi.Register(api, httpapi.Operation{ID: "invite-account", Method: http.MethodPost, Path: "/accounts", Tag: accountsTag,
		Summary: "Invite a person: make an account and send a code, valid for 72 hours", Status: http.StatusCreated, Need: simpul.WriteAccounts},
		func(ctx context.Context, p simpul.Principal, in *inviteInput) (*accountOutput, error) {
			return answered(s.Invite(ctx, p, Newcomer{ID: in.Body.ID, Personal: in.Body.personal(), Language: in.Body.Language, Roles: in.Body.Roles}))
		})
	httpapi.Register(api, httpapi.Operation{ID: "change-account", Method: http.MethodPut, Path: "/accounts/{id}", Tag: accountsTag,
		Summary: "Replace what is known of a person; account.write for others than oneself", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, in *changeInput) (*accountOutput, error) {
			return answered(s.Change(ctx, p, in.ID, in.Body.personal(), in.Body.Language))
		})
	httpapi.Register(api, httpapi.Operation{ID: "put-account-roles", Method: http.MethodPut, Path: "/accounts/{id}/roles", Tag: accountsTag,
		Summary: "Replace the roles that a person holds; nobody gives what they may not do themselves", Need: simpul.WriteAccounts},
		func(ctx context.Context, p simpul.Principal, in *rolesInput) (*accountOutput, error) {
			return answered(s.SetRoles(ctx, p, in.ID, in.Body.Roles))
		})
}

// answered is an account as the API gives it, or the error with its place in the
// body.
func answered(a Account, err error) (*accountOutput, error) {
	if e, ok := err.(*simpul.Error); ok && e.Place != "" && !strings.HasPrefix(e.Place, "body.") {
		return nil, simpul.At("body."+e.Place, err)
	}
	return &accountOutput{accountBodyOf(a)}, err
}

func listBodies(ctx context.Context, s *Service, p simpul.Principal, in *accountsInput) (*accountsOutput, error) {
	after, err := httpapi.DecodeCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	search := Search{State: State(in.State), Text: in.Search, Agency: simpul.AgencyID(in.Agency)}
	found, err := s.Accounts(ctx, p, search, httpapi.Page{Limit: in.Limit + 1, After: after})
	if err != nil {
		return nil, err
	}
	out := &accountsOutput{httpapi.List[accountBody]{Items: []accountBody{}}}
	for i, a := range found {
		if i == in.Limit {
			out.Body.Next = httpapi.EncodeCursor(string(found[i-1].ID))
			break
		}
		out.Body.Items = append(out.Body.Items, accountBodyOf(a))
	}
	return out, nil
}

// registerActs adds what is done to an account as a whole.
func registerActs(api *httpapi.API, s *Service) {
	for _, op := range []struct {
		httpapi.Operation
		do func(context.Context, simpul.Principal, string) (Account, error)
	}{
		{httpapi.Operation{ID: "resend-invitation", Method: http.MethodPost, Path: "/accounts/{id}/invitation", Need: simpul.WriteAccounts,
			Summary: "Send the invitation again, with a new code; the code before is void"}, s.Resend},
		{httpapi.Operation{ID: "withdraw-invitation", Method: http.MethodDelete, Path: "/accounts/{id}/invitation", Need: simpul.WriteAccounts, Status: http.StatusOK,
			Summary: "Void the code that is under way to a person"}, s.Withdraw},
		{httpapi.Operation{ID: "recover-account", Method: http.MethodPost, Path: "/accounts/{id}/recovery", Need: simpul.WriteAccounts,
			Summary: "Send a code, valid for 24 hours, to a person who lost every credential; not to oneself"}, s.Recover},
		{httpapi.Operation{ID: "suspend-account", Method: http.MethodPost, Path: "/accounts/{id}/suspension", Need: simpul.WriteAccounts,
			Summary: "Keep a person out for now; their sessions end"}, s.Suspend},
		{httpapi.Operation{ID: "reinstate-account", Method: http.MethodDelete, Path: "/accounts/{id}/suspension", Need: simpul.WriteAccounts, Status: http.StatusOK,
			Summary: "Let a suspended person in again"}, s.Reinstate},
		{httpapi.Operation{ID: "close-account", Method: http.MethodPost, Path: "/accounts/{id}/closure", Need: simpul.OwnAccount,
			Summary: "End an account for good; account.write for others than one's own"}, s.Close},
	} {
		op.Tag = accountsTag
		httpapi.Register(api, op.Operation, func(ctx context.Context, p simpul.Principal, in *accountInput) (*accountOutput, error) {
			return answered(op.do(ctx, p, in.ID))
		})
	}
}

type emergencyBody struct {
	ID       string           `json:"id"`
	Account  simpul.AccountID `json:"account"`
	Role     simpul.Role      `json:"role"`
	National bool             `json:"national,omitempty" doc:"For every agency"`
	Reason   string           `json:"reason"`
	BegunAt  time.Time        `json:"begunAt"`
	Until    time.Time        `json:"until" doc:"When it ends by itself"`
	EndedAt  *time.Time       `json:"endedAt,omitempty"`
	EndedBy  string           `json:"endedBy,omitempty" doc:"An account, a token's ID, or hub when the time was over"`
}

func emergencyBodyOf(e Emergency) emergencyBody {
	return emergencyBody{ID: e.ID, Account: e.Account, Role: e.Role, National: e.National, Reason: e.Reason,
		BegunAt: e.Begun, Until: e.Until, EndedAt: unlessZero(e.Ended), EndedBy: e.EndedBy}
}

type emergencyInput struct {
	ID string `path:"id"`
}

type emergencyOutput struct{ Body emergencyBody }

type beginInput struct {
	Body struct {
		Role    simpul.Role `json:"role" maxLength:"63" doc:"The role to take, within one's own reach" example:"admin"`
		Reason  string      `json:"reason" minLength:"20" maxLength:"1000" doc:"What has happened, and what is going to be done"`
		Minutes int         `json:"minutes,omitempty" minimum:"1" maximum:"60" default:"60" doc:"For how long"`
	}
}

type emergenciesInput struct {
	Account string `query:"account" maxLength:"320" doc:"Only of this account"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor  string `query:"cursor" maxLength:"500" doc:"From next of the page before"`
}

type emergenciesOutput struct {
	Body httpapi.List[emergencyBody]
}

func registerEmergencies(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "begin-emergency", Method: http.MethodPost, Path: "/emergencies", Tag: emergenciesTag,
		Summary: "Take another role in an emergency, for at most 60 minutes; those who watch over it are told at once", Status: http.StatusCreated, Need: simpul.BreakGlass},
		func(ctx context.Context, p simpul.Principal, in *beginInput) (*emergencyOutput, error) {
			e, err := s.BeginEmergency(ctx, p, in.Body.Role, in.Body.Reason, in.Body.Minutes)
			if e, ok := err.(*simpul.Error); ok && e.Place != "" {
				return nil, simpul.At("body."+e.Place, err)
			}
			return &emergencyOutput{emergencyBodyOf(e)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "end-emergency", Method: http.MethodPost, Path: "/emergencies/{id}/end", Tag: emergenciesTag,
		Summary: "End emergency access early: one's own, or with account.write that of others", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, in *emergencyInput) (*emergencyOutput, error) {
			e, err := s.EndEmergency(ctx, p, in.ID)
			return &emergencyOutput{emergencyBodyOf(e)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-emergencies", Method: http.MethodGet, Path: "/emergencies", Tag: emergenciesTag,
		Summary: "List emergency access, running and past, newest first", Need: simpul.ReadAudit},
		func(ctx context.Context, p simpul.Principal, in *emergenciesInput) (*emergenciesOutput, error) {
			before, err := httpapi.DecodeCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			found, err := s.Emergencies(ctx, p, simpul.AccountID(in.Account), before, in.Limit+1)
			return &emergenciesOutput{emergencyPage(found, in.Limit)}, err
		})
}

func emergencyPage(found []Emergency, limit int) httpapi.List[emergencyBody] {
	list := httpapi.List[emergencyBody]{Items: []emergencyBody{}}
	for i, e := range found {
		if i == limit {
			list.Next = httpapi.EncodeCursor(found[i-1].ID)
			break
		}
		list.Items = append(list.Items, emergencyBodyOf(e))
	}
	return list
}

type dossierBody struct {
	Account     accountBody      `json:"account"`
	Invitations []invitationBody `json:"invitations" doc:"Codes that were sent to the person, without the codes"`
	Emergencies []emergencyBody  `json:"emergencies"`
	Events      []eventBody      `json:"events" doc:"Of the audit trail: that concern the person, or that they caused"`
	SignIn      map[string]any   `json:"signIn,omitempty" doc:"How the person signs in"`
	Inbox       map[string]any   `json:"inbox,omitempty" doc:"What the hub wrote to the person"`
}

type invitationBody struct {
	ID          string     `json:"id"`
	Purpose     string     `json:"purpose" enum:"join,recover"`
	CreatedBy   string     `json:"createdBy"`
	CreatedAt   time.Time  `json:"createdAt"`
	Until       time.Time  `json:"until"`
	UsedAt      *time.Time `json:"usedAt,omitempty"`
	WithdrawnAt *time.Time `json:"withdrawnAt,omitempty"`
}

type eventBody struct {
	Sequence int64     `json:"sequence"`
	At       time.Time `json:"at"`
	Actor    string    `json:"actor"`
	Action   string    `json:"action"`
	Subject  string    `json:"subject"`
	Outcome  string    `json:"outcome,omitempty" doc:"Why it was refused; absent when it was done"`
	Detail   string    `json:"detail,omitempty"`
	Origin   string    `json:"origin,omitempty" doc:"Address from which it came"`
}

func eventBodyOf(e trail.Event) eventBody {
	return eventBody{Sequence: e.Seq, At: e.At, Actor: e.Actor, Action: e.Action, Subject: e.Subject, Outcome: string(e.Outcome), Detail: e.Detail, Origin: e.Origin}
}

func dossierBodyOf(d Dossier) dossierBody {
	body := dossierBody{Account: accountBodyOf(d.Account), Invitations: []invitationBody{}, Events: []eventBody{}, SignIn: d.SignIn, Inbox: d.Inbox,
		Emergencies: emergencyPage(d.Emergencies, len(d.Emergencies)).Items}
	for _, i := range d.Invitations {
		body.Invitations = append(body.Invitations, invitationBody{ID: i.ID, Purpose: i.Purpose, CreatedBy: i.CreatedBy,
			CreatedAt: i.Created, Until: i.Until, UsedAt: unlessZero(i.Used), WithdrawnAt: unlessZero(i.Withdrawn)})
	}
	for _, e := range d.Events {
		body.Events = append(body.Events, eventBodyOf(e))
	}
	return body
}

type dossierOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         dossierBody
}

func registerPrivacy(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "export-account", Method: http.MethodPost, Path: "/accounts/{id}/export", Tag: accountsTag,
		Summary: "All that the hub knows of a person, for themselves or with account.export", Need: simpul.OwnAccount},
		func(ctx context.Context, p simpul.Principal, in *accountInput) (*dossierOutput, error) {
			d, err := s.Export(ctx, p, in.ID)
			return &dossierOutput{"no-store", dossierBodyOf(d)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "erase-account", Method: http.MethodPost, Path: "/accounts/{id}/erasure", Tag: accountsTag,
		Summary: "Destroy what is known of a person whose account is closed; its name stays in the audit trail", Status: http.StatusNoContent, Need: simpul.ErasePeople},
		func(ctx context.Context, p simpul.Principal, in *accountInput) (*struct{}, error) {
			return nil, s.Erase(ctx, p, in.ID)
		})
}
