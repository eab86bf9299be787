package incident

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// caseBody is a case as the API shows it.
type caseBody struct {
	ID          string          `json:"id"`
	Agency      simpul.AgencyID `json:"agency,omitempty" doc:"Whose case it is; absent for the nation's"`
	Question    Question        `json:"question"`
	NotedAt     time.Time       `json:"notedAt" doc:"When the agency learnt of the incident"`
	NotedBy     string          `json:"notedBy"`
	DueAt       time.Time       `json:"dueAt" doc:"Until when the notice is due: 3 × 24 hours after notedAt (UU 27/2022 article 46)"`
	Answer      Answer          `json:"answer" doc:"As it was counted last"`
	PersonsAt   *time.Time      `json:"personsAt,omitempty" doc:"When those affected got the notice"`
	AuthorityAt *time.Time      `json:"authorityAt,omitempty" doc:"When the data-protection institution got it"`
	HeldAt      *time.Time      `json:"heldAt,omitempty" doc:"Since when the case is kept whatever retention says"`
	HeldBy      string          `json:"heldBy,omitempty"`
	HeldWhy     string          `json:"heldWhy,omitempty"`
	ClosedAt    *time.Time      `json:"closedAt,omitempty"`
	ClosedBy    string          `json:"closedBy,omitempty"`
	Notes       []Note          `json:"notes,omitempty" doc:"Not in a list"`
}

// bodyOf has the times of a case with the offset of its office.
func bodyOf(c Case) caseBody {
	zone := c.Question.Zone.Location()
	moment := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = t.In(zone)
		return &t
	}
	q := c.Question
	q.From, q.Until = q.From.In(zone), q.Until.In(zone)
	return caseBody{
		ID: c.ID, Agency: c.Agency, Question: q, NotedAt: c.NotedAt.In(zone), NotedBy: c.NotedBy, DueAt: c.DueAt().In(zone), Answer: c.Answer,
		PersonsAt: moment(c.PersonsAt), AuthorityAt: moment(c.AuthorityAt), HeldAt: moment(c.HeldAt), HeldBy: c.HeldBy, HeldWhy: c.HeldWhy,
		ClosedAt: moment(c.ClosedAt), ClosedBy: c.ClosedBy, Notes: c.Notes,
	}
}

type incidentCaseOutput struct{ Body caseBody }

type incidentNoteInput struct {
	Body struct {
		Application string `json:"application" maxLength:"300" doc:"That got the data" example:"layanan@bandungkota.go.id"`
		LID         string `json:"lid,omitempty" maxLength:"300" doc:"Only of this LID"`
		From        string `json:"from" maxLength:"40" doc:"From this time, with an offset or on the clock of the zone" example:"2026-11-20T08:00"`
		Until       string `json:"until" maxLength:"40" doc:"Up to, but not including, this time"`
		Zone        string `json:"zone,omitempty" enum:"WIB,WITA,WIT" doc:"Clock of the office; when absent, that of the agency's region, and for the nation that of the hub"`
		Noted       string `json:"noted,omitempty" maxLength:"40" doc:"When the agency learnt of the incident; now when absent. The term counts from here"`
	}
}

type incidentListInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"400" doc:"From next of the page before"`
}

type incidentListOutput struct{ Body httpapi.List[caseBody] }

type incidentInput struct {
	ID string `path:"id"`
}

type incidentTextInput struct {
	ID   string `path:"id"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"Without personal data"`
	}
}

type incidentReportInput struct {
	ID   string `path:"id"`
	Body struct {
		To   Deed   `json:"to" enum:"persons,authority,both" doc:"Who got the notice: those affected, the data-protection institution, or both"`
		At   string `json:"at,omitempty" maxLength:"40" doc:"When, with an offset or on the clock of the case; now when absent"`
		Text string `json:"text" minLength:"1" maxLength:"2000" doc:"Such as its number; without personal data"`
	}
}

type incidentRedateInput struct {
	ID   string `path:"id"`
	Body struct {
		Noted string `json:"noted" maxLength:"40" doc:"When the agency learnt of the incident, with an offset or on the clock of the case"`
		Why   string `json:"why" minLength:"1" maxLength:"2000" doc:"Stays on record; without personal data"`
	}
}

type incidentFileInput struct {
	ID       string `path:"id"`
	Format   string `query:"format" enum:"pdf,pdf-authority,csv,json" default:"pdf" doc:"pdf: the draft of the notice to those affected; pdf-authority: to the institution; csv and json: the affected"`
	Language string `query:"language" enum:"id,en" default:"id" doc:"Of a draft"`
}

type incidentMatchInput struct {
	ID      string `path:"id"`
	RawBody []byte `contentType:"text/plain" doc:"One NIK at the beginning of each line. It is kept nowhere."`
}

type incidentMatchOutput struct{ Body incidentMatch }

type incidentMatch struct {
	Lines   int             `json:"lines" doc:"With something in them"`
	NIKs    int             `json:"niks" doc:"Of them, valid NIKs"`
	Wrong   []int           `json:"wrong,omitempty" doc:"Numbers of the first lines that hold no NIK"`
	Missing []string        `json:"missing,omitempty" doc:"Months whose key is gone: nobody is found in them"`
	Unfound int             `json:"unfound" doc:"Pseudonyms of the affected that no NIK of the list has"`
	Found   []incidentFound `json:"found" doc:"Persons of the list who were affected, in its order"`
}

type incidentFound struct {
	Line      int       `json:"line"`
	NIK       string    `json:"nik"`
	First     time.Time `json:"first"`
	Last      time.Time `json:"last"`
	Exchanges int64     `json:"exchanges"`
	LIDs      []string  `json:"lids"`
	Fields    []string  `json:"fields" doc:"Of each of the LIDs; * for every field"`
}

// largestList is what a list of NIKs may have, bytes.
const largestList = 32 << 20

const tag = "incidents"

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	operation := func(id, method, path, summary string) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: "/incidents" + path, Tag: tag, Summary: summary, Need: simpul.HandleIncidents}
	}
	httpapi.Register(api, operation("list-incidents", http.MethodGet, "", "List incidents, the newest first"), s.apiList)
	note := operation("note-incident", http.MethodPost, "", "Note an incident, and learn who was affected")
	note.Status, note.Slow = http.StatusCreated, true
	httpapi.Register(api, note, s.apiNote)
	httpapi.Register(api, operation("get-incident", http.MethodGet, "/{id}", "Read one incident; noted in the trail"),
		func(ctx context.Context, p simpul.Principal, in *incidentInput) (*incidentCaseOutput, error) {
			c, err := s.Look(ctx, p, in.ID)
			return &incidentCaseOutput{bodyOf(c)}, err
		})
	count := operation("count-incident", http.MethodPost, "/{id}/count", "Answer the question of an incident anew")
	count.Status, count.Slow = http.StatusOK, true
	httpapi.Register(api, count, func(ctx context.Context, p simpul.Principal, in *incidentInput) (*incidentCaseOutput, error) {
		c, err := s.Count(ctx, p, in.ID)
		return &incidentCaseOutput{bodyOf(c)}, err
	})
	httpapi.RegisterFile(api, operation("export-incident", http.MethodGet, "/{id}/file", "A draft of the notice, or the affected; noted in the trail"), s.apiFile)
	match := operation("match-incident", http.MethodPost, "/{id}/match", "Which persons of a list of NIKs were affected; the list is kept nowhere")
	match.MaxBody, match.Status, match.Slow = largestList, http.StatusOK, true
	httpapi.Register(api, match, s.apiMatch)
	httpapi.Register(api, operation("remark-incident", http.MethodPost, "/{id}/notes", "Write a note about an incident"),
		func(ctx context.Context, p simpul.Principal, in *incidentTextInput) (*struct{}, error) {
			return nil, s.Remark(ctx, p, in.ID, in.Body.Text)
		})
	httpapi.Register(api, operation("close-incident", http.MethodPost, "/{id}/close", "Close an incident"),
		func(ctx context.Context, p simpul.Principal, in *incidentTextInput) (*struct{}, error) {
			return nil, s.Close(ctx, p, in.ID, in.Body.Text)
		})
	httpapi.Register(api, operation("report-incident", http.MethodPost, "/{id}/report", "Record that the notice of an incident was sent"),
		func(ctx context.Context, p simpul.Principal, in *incidentReportInput) (*struct{}, error) {
			return nil, s.Report(ctx, p, in.ID, Report{in.Body.To, in.Body.At, in.Body.Text})
		})
	httpapi.Register(api, operation("redate-incident", http.MethodPost, "/{id}/noted", "Change when an incident became known, and with it the term"),
		func(ctx context.Context, p simpul.Principal, in *incidentRedateInput) (*struct{}, error) {
			return nil, s.Redate(ctx, p, in.ID, in.Body.Noted, in.Body.Why)
		})
	httpapi.Register(api, operation("hold-incident", http.MethodPost, "/{id}/hold", "Keep an incident whatever retention says"),
		func(ctx context.Context, p simpul.Principal, in *incidentTextInput) (*struct{}, error) {
			return nil, s.Hold(ctx, p, in.ID, in.Body.Text)
		})
	httpapi.Register(api, operation("release-incident", http.MethodPost, "/{id}/release", "Let retention have an incident again"),
		func(ctx context.Context, p simpul.Principal, in *incidentTextInput) (*struct{}, error) {
			return nil, s.Release(ctx, p, in.ID, in.Body.Text)
		})
}

func (s *Service) apiNote(ctx context.Context, p simpul.Principal, in *incidentNoteInput) (*incidentCaseOutput, error) {
	b := in.Body
	c, err := s.Note(ctx, p, Wish{Application: b.Application, LID: b.LID, From: b.From, Until: b.Until, Zone: b.Zone, Noted: b.Noted})
	return &incidentCaseOutput{bodyOf(c)}, err
}

func (s *Service) apiList(ctx context.Context, p simpul.Principal, in *incidentListInput) (*incidentListOutput, error) {
	all, next, err := s.List(ctx, p, in.Limit, in.Cursor)
	out := &incidentListOutput{httpapi.List[caseBody]{Items: []caseBody{}, Next: next}}
	for _, c := range all {
		out.Body.Items = append(out.Body.Items, bodyOf(c))
	}
	return out, err
}

func (s *Service) apiFile(ctx context.Context, p simpul.Principal, in *incidentFileInput, begin httpapi.Begin) error {
	f, err := ParseFile(in.Format, in.Language)
	if err != nil {
		return err
	}
	return s.Export(ctx, p, in.ID, f, func(c Case) io.Writer { return begin(f.MediaType(), f.Disposition(c.ID)) })
}

func (s *Service) apiMatch(ctx context.Context, p simpul.Principal, in *incidentMatchInput) (*incidentMatchOutput, error) {
	m, err := s.Match(ctx, p, in.ID, bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, err
	}
	out := &incidentMatchOutput{incidentMatch{m.Lines, m.NIKs, m.Wrong, m.Missing, m.Unfound, []incidentFound{}}}
	for _, f := range m.Found {
		out.Body.Found = append(out.Body.Found, incidentFound{f.Line, string(f.NIK), f.First, f.Last, f.Exchanges, f.LIDs, f.Fields})
	}
	return out, nil
}
