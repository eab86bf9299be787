package tracker

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// trackerText is a sentence in both languages.
type trackerText struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

type trackerAccess struct {
	Exchange    simpul.ExchangeID    `json:"exchange"`
	At          time.Time            `json:"at"`
	Sentence    trackerText          `json:"sentence" doc:"The access in one sentence for the person"`
	Agency      simpul.AgencyID      `json:"agency" doc:"That asked"`
	Application simpul.ApplicationID `json:"application"`
	LID         simpul.Address       `json:"lid"`
	Provider    simpul.AgencyID      `json:"provider"`
	Purpose     string               `json:"purpose"`
	Basis       string               `json:"basis" doc:"Legal basis"`
	Fields      []string             `json:"fields" doc:"Paths of the fields that were asked for; empty for every field"`
	Case        string               `json:"case,omitempty"`
	Delivered   bool                 `json:"delivered" doc:"Whether an answer with data was given"`
	ShownFrom   *time.Time           `json:"shownFrom,omitempty" doc:"Until when a decision kept it from the person"`
}

type trackerLook struct {
	Agency simpul.AgencyID `json:"agency,omitempty"`
	At     time.Time       `json:"at"`
	Reason string          `json:"reason"`
}

type trackerListInput struct {
	Body struct {
		NIK    simpul.NIK      `json:"nik,omitempty" maxLength:"16" doc:"Of the person who stands at the counter; begins a look, which the person sees"`
		Reason string          `json:"reason,omitempty" maxLength:"200" doc:"With nik: why it is opened; the person reads it"`
		Look   string          `json:"look,omitempty" maxLength:"40" doc:"Instead of nik: the look of an earlier answer, for further pages"`
		Month  string          `json:"month,omitempty" maxLength:"7" example:"2026-11"`
		Agency simpul.AgencyID `json:"agency,omitempty" maxLength:"253" doc:"Only what this agency asked for"`
		Cursor string          `json:"cursor,omitempty" maxLength:"500" doc:"From next of the page before"`
	}
}

type trackerListOutput struct {
	Body struct {
		Look  string          `json:"look" doc:"For further pages, questions, and details, for half an hour"`
		Items []trackerAccess `json:"items"`
		Looks []trackerLook   `json:"looks" doc:"Who opened the tracker at a counter; on the first page"`
		Next  string          `json:"next,omitempty"`
	}
}

// trackerUsage is one reading of a person's data as the GovStack Digital
// Registries building block tells it (specification, 8.10 "DATA My personal data
// usage", GET /data/MyPersonalDataUsage/1.0). Names and their spelling are those of
// the schema in the building block's tests
// (github.com/GovStackWorkingGroup/bb-digital-registries, test/openAPI).
type trackerUsage struct {
	ID                    string             `json:"ID" doc:"Exchange"`
	ReaderID              string             `json:"ReaderID" doc:"Application that read: the hub knows no person behind it"`
	ReaderInitials        string             `json:"ReaderInitials" doc:"Always empty"`
	ReaderInstitutionID   string             `json:"ReaderInstitutionID"`
	ReaderInstitutionName string             `json:"ReaderInstitutionName"`
	ReaderApplicationName string             `json:"ReaderApplicationName"`
	SearchDateTime        time.Time          `json:"SearchDateTime"`
	Refrences             []trackerReference `json:"Refrences" doc:"LID, and the number of the case where one was stated"`
}

type trackerReference struct {
	ReferenceID string `json:"ReferenceID"`
}

type trackerUsageInput struct {
	Body struct {
		NIK    simpul.NIK `json:"nik" minLength:"16" maxLength:"16"`
		Reason string     `json:"reason" minLength:"1" maxLength:"200" doc:"Why it is opened; the person reads it"`
	}
}

type trackerUsageOutput struct{ Body []trackerUsage }

type trackerAPI struct {
	service *Service
	keys    *Keys
	names   Names
}

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, service *Service, keys *Keys, names Names) {
	const tag = "tracker"
	t := trackerAPI{service, keys, names}
	httpapi.Register(api, httpapi.Operation{ID: "trace-person", Method: http.MethodPost, Path: "/tracker/accesses", Tag: tag,
		Summary: "List who looked at a person's data, for the person at the counter; the look itself is recorded and shown to the person", Need: simpul.TracePeople}, t.list)
	httpapi.Register(api, httpapi.Operation{ID: "personal-data-usage", Method: http.MethodPost, Path: "/tracker/personal-data-usage", Tag: tag,
		Summary: "The same as GovStack's Digital Registries building block tells it (MyPersonalDataUsage), the newest 500", Need: simpul.TracePeople}, t.usage)
	httpapi.Register(api, httpapi.Operation{ID: "ask-why", Method: http.MethodPost, Path: "/tracker/questions", Tag: tag, Status: http.StatusCreated,
		Summary: "Ask an agency why it looked, for the person whose tracker is open", Need: simpul.TracePeople}, t.ask)
	httpapi.Register(api, httpapi.Operation{ID: "prove-access", Method: http.MethodPost, Path: "/tracker/proofs", Tag: tag, Status: http.StatusOK,
		Summary: "The proof of one access, for the person whose tracker is open; 409 with Retry-After until it is in the evidence log", Need: simpul.TracePeople}, t.prove)
	httpapi.Register(api, httpapi.Operation{ID: "list-questions", Method: http.MethodGet, Path: "/tracker/questions", Tag: tag,
		Summary: "List the questions of people to one's agency", Need: simpul.AnswerPeople}, t.questions)
	httpapi.Register(api, httpapi.Operation{ID: "get-question", Method: http.MethodGet, Path: "/tracker/questions/{number}", Tag: tag,
		Summary: "Read a question to one's agency", Need: simpul.AnswerPeople},
		func(ctx context.Context, p simpul.Principal, in *trackerNumberInput) (*trackerQuestionOutput, error) {
			q, err := service.Question(ctx, p, in.Number)
			return &trackerQuestionOutput{questionOf(q)}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "answer-question", Method: http.MethodPost, Path: "/tracker/questions/{number}/answer", Tag: tag,
		Summary: "Answer a question to one's agency, once", Need: simpul.AnswerPeople},
		func(ctx context.Context, p simpul.Principal, in *trackerAnswerInput) (*trackerQuestionOutput, error) {
			q, err := service.Answer(ctx, p, in.Number, in.Body.Answer)
			return &trackerQuestionOutput{questionOf(q)}, err
		})
	t.registerKeeping(api, tag)
}

func (t trackerAPI) list(ctx context.Context, p simpul.Principal, in *trackerListInput) (*trackerListOutput, error) {
	f := Filter{Agency: in.Body.Agency}
	if in.Body.Month != "" {
		month, err := ParseMonth(in.Body.Month)
		if err != nil {
			return nil, simpul.At("body.month", err)
		}
		f.Month = month
	}
	nik, look, err := t.person(ctx, p, in)
	if err != nil {
		return nil, err
	}
	page, err := t.service.Of(ctx, nik, f, in.Body.Cursor)
	if err != nil {
		return nil, err
	}
	out := &trackerListOutput{}
	out.Body.Look, out.Body.Next = look, page.Next
	out.Body.Items, out.Body.Looks = make([]trackerAccess, len(page.Accesses)), make([]trackerLook, len(page.Looks))
	for i, a := range page.Accesses {
		out.Body.Items[i] = t.access(ctx, a)
	}
	for i, l := range page.Looks {
		out.Body.Looks[i] = trackerLook{l.Agency, l.At, l.Reason}
	}
	return out, nil
}

// person begins a look, or goes on with one.
func (t trackerAPI) person(ctx context.Context, p simpul.Principal, in *trackerListInput) (nik simpul.NIK, look string, err error) {
	if in.Body.Look != "" {
		nik, err = t.service.Traced(ctx, p, in.Body.Look)
		return nik, in.Body.Look, err
	}
	if nik, err = simpul.ParseNIK(string(in.Body.NIK)); err != nil {
		return "", "", simpul.At("body.nik", err)
	}
	look, err = t.service.Trace(ctx, p, nik, in.Body.Reason)
	return nik, look, simpul.At("body.reason", err)
}

func (t trackerAPI) access(ctx context.Context, a Access) trackerAccess {
	shown := trackerAccess{
		Exchange: a.Exchange, At: a.At, Sentence: trackerText(Sentence(ctx, t.names, a, WhenText(a.At))), Agency: a.Consumer(), Application: a.Application,
		LID: a.LID, Provider: a.Provider, Purpose: a.Purpose, Basis: a.Basis, Fields: fieldsOf(a), Case: a.Case, Delivered: a.Delivered(),
	}
	if !a.ShownFrom.IsZero() {
		shown.ShownFrom = &a.ShownFrom
	}
	return shown
}

func (t trackerAPI) usage(ctx context.Context, p simpul.Principal, in *trackerUsageInput) (*trackerUsageOutput, error) {
	nik, err := simpul.ParseNIK(string(in.Body.NIK))
	if err != nil {
		return nil, simpul.At("body.nik", err)
	}
	if _, err := t.service.Trace(ctx, p, nik, in.Body.Reason); err != nil {
		return nil, simpul.At("body.reason", err)
	}
	all, err := t.service.Newest(ctx, nik, usageAtOnce)
	out := &trackerUsageOutput{Body: make([]trackerUsage, 0, len(all))}
	for _, a := range all {
		if a.Delivered() || a.Broken() {
			out.Body = append(out.Body, t.reading(ctx, a))
		}
	}
	return out, err
}

func (t trackerAPI) reading(ctx context.Context, a Access) trackerUsage {
	u := trackerUsage{
		ID: string(a.Exchange), ReaderID: string(a.Application), ReaderInstitutionID: string(a.Consumer()),
		ReaderInstitutionName: t.names.Agency(ctx, a.Consumer()), ReaderApplicationName: t.names.Application(ctx, a.Application),
		SearchDateTime: a.At, Refrences: []trackerReference{{string(a.LID)}},
	}
	if a.Case != "" {
		u.Refrences = append(u.Refrences, trackerReference{a.Case})
	}
	return u
}

type trackerAskInput struct {
	Body struct {
		Look     string            `json:"look" minLength:"1" maxLength:"40" doc:"Of the person's open tracker"`
		Exchange simpul.ExchangeID `json:"exchange" minLength:"36" maxLength:"36" doc:"The access that is asked about"`
		Question string            `json:"question" minLength:"1" maxLength:"1000"`
	}
}

type trackerProofInput struct {
	Body struct {
		Look     string            `json:"look" minLength:"1" maxLength:"40" doc:"Of the person's open tracker"`
		Exchange simpul.ExchangeID `json:"exchange" minLength:"36" maxLength:"36" doc:"The access that is to be proved"`
	}
}

// trackerProofOutput is the file of a proof (simpul-proof/1), as get-exchange-proof
// describes it.
type trackerProofOutput struct{ Body json.RawMessage }

type trackerNumberInput struct {
	Number string `path:"number" maxLength:"40"`
}

type trackerAnswerInput struct {
	Number string `path:"number" maxLength:"40"`
	Body   struct {
		Answer string `json:"answer" minLength:"1" maxLength:"1000" doc:"For the person, in words that anybody understands"`
	}
}

type trackerQuestion struct {
	Number     string            `json:"number" doc:"Whoever has it sees how the question stands"`
	Exchange   simpul.ExchangeID `json:"exchange"`
	Agency     simpul.AgencyID   `json:"agency" doc:"That has to answer"`
	Question   string            `json:"question"`
	AskedAt    time.Time         `json:"askedAt"`
	DueAt      time.Time         `json:"dueAt"`
	Answer     string            `json:"answer,omitempty"`
	AnsweredAt *time.Time        `json:"answeredAt,omitempty"`
}

type trackerQuestionOutput struct{ Body trackerQuestion }

type trackerQuestionsInput struct {
	State string `query:"state" enum:"open,answered" default:"open"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type trackerQuestionsOutput struct{ Body httpapi.List[trackerQuestion] }

func questionOf(q Question) trackerQuestion {
	shown := trackerQuestion{Number: q.Number, Exchange: q.Exchange, Agency: q.Agency, Question: q.Text, AskedAt: q.AskedAt, DueAt: q.DueAt, Answer: q.Answer}
	if !q.Open() {
		shown.AnsweredAt = &q.AnsweredAt
	}
	return shown
}

func (t trackerAPI) ask(ctx context.Context, p simpul.Principal, in *trackerAskInput) (*trackerQuestionOutput, error) {
	nik, err := t.service.Traced(ctx, p, in.Body.Look)
	if err != nil {
		return nil, err
	}
	q, err := t.service.Ask(ctx, nik, in.Body.Exchange, in.Body.Question)
	return &trackerQuestionOutput{questionOf(q)}, err
}

func (t trackerAPI) prove(ctx context.Context, p simpul.Principal, in *trackerProofInput) (*trackerProofOutput, error) {
	nik, err := t.service.Traced(ctx, p, in.Body.Look)
	if err != nil {
		return nil, err
	}
	found, err := t.service.Prove(ctx, nik, in.Body.Exchange)
	return &trackerProofOutput{found.File}, err
}

func (t trackerAPI) questions(ctx context.Context, p simpul.Principal, in *trackerQuestionsInput) (*trackerQuestionsOutput, error) {
	all, err := t.service.Questions(ctx, p, in.State == "open", httpapi.Page{Limit: in.Limit})
	out := &trackerQuestionsOutput{httpapi.List[trackerQuestion]{Items: make([]trackerQuestion, len(all))}}
	for i, q := range all {
		out.Body.Items[i] = questionOf(q)
	}
	return out, err
}
