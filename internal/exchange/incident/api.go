package incident

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// caseBody is a case as the API shows it.
type caseBody struct {
	ID       string          `json:"id"`
	Agency   simpul.AgencyID `json:"agency,omitempty" doc:"Whose case it is; absent for the nation's"`
	Question Question        `json:"question"`
	NotedAt  time.Time       `json:"notedAt"`
	NotedBy  string          `json:"notedBy"`
	DueAt    time.Time       `json:"dueAt" doc:"Until when the notice is due: 3 × 24 hours after notedAt (UU 27/2022 article 46)"`
	Answer   Answer          `json:"answer" doc:"As it was counted last"`
	ClosedAt *time.Time      `json:"closedAt,omitempty"`
	ClosedBy string          `json:"closedBy,omitempty"`
	Notes    []Note          `json:"notes,omitempty" doc:"Not in a list"`
}

func bodyOf(c Case) caseBody {
	b := caseBody{ID: c.ID, Agency: c.Agency, Question: c.Question, NotedAt: c.NotedAt, NotedBy: c.NotedBy, DueAt: c.DueAt(), Answer: c.Answer, ClosedBy: c.ClosedBy, Notes: c.Notes}
	if c.Closed() {
		b.ClosedAt = &c.ClosedAt
	}
	return b
}

type incidentCaseOutput struct{ Body caseBody }

type incidentNoteInput struct {
	Body struct {
		Application string `json:"application" maxLength:"300" doc:"That got the data" example:"layanan@bandungkota.go.id"`
		LID         string `json:"lid,omitempty" maxLength:"300" doc:"Only of this LID"`
		From        string `json:"from" maxLength:"40" doc:"From this time, with an offset or on the clock of the zone" example:"2026-11-20T08:00"`
		Until       string `json:"until" maxLength:"40" doc:"Up to, but not including, this time"`
		Zone        string `json:"zone,omitempty" enum:"WIB,WITA,WIT" doc:"Clock of the office, WIB when absent"`
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

type incidentFileInput struct {
	ID     string `path:"id"`
	Format string `query:"format" enum:"pdf,csv,json" default:"pdf" doc:"pdf: the draft of the notice; csv and json: the affected"`
}

type incidentFileOutput struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
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
	note.Status = http.StatusCreated
	httpapi.Register(api, note, s.apiNote)
	httpapi.Register(api, operation("get-incident", http.MethodGet, "/{id}", "Read one incident; noted in the trail"),
		func(ctx context.Context, p simpul.Principal, in *incidentInput) (*incidentCaseOutput, error) {
			c, err := s.Look(ctx, p, in.ID)
			return &incidentCaseOutput{bodyOf(c)}, err
		})
	count := operation("count-incident", http.MethodPost, "/{id}/count", "Answer the question of an incident anew")
	count.Status = http.StatusOK
	httpapi.Register(api, count, func(ctx context.Context, p simpul.Principal, in *incidentInput) (*incidentCaseOutput, error) {
		c, err := s.Count(ctx, p, in.ID)
		return &incidentCaseOutput{bodyOf(c)}, err
	})
	httpapi.Register(api, operation("export-incident", http.MethodGet, "/{id}/file", "The draft of the notice, or the affected; noted in the trail"), s.apiFile)
	match := operation("match-incident", http.MethodPost, "/{id}/match", "Which persons of a list of NIKs were affected; the list is kept nowhere")
	match.MaxBody, match.Status = largestList, http.StatusOK
	httpapi.Register(api, match, s.apiMatch)
	httpapi.Register(api, operation("remark-incident", http.MethodPost, "/{id}/notes", "Write a note about an incident"),
		func(ctx context.Context, p simpul.Principal, in *incidentTextInput) (*struct{}, error) {
			return nil, s.Remark(ctx, p, in.ID, in.Body.Text)
		})
	httpapi.Register(api, operation("close-incident", http.MethodPost, "/{id}/close", "Close an incident"),
		func(ctx context.Context, p simpul.Principal, in *incidentTextInput) (*struct{}, error) {
			return nil, s.Close(ctx, p, in.ID, in.Body.Text)
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

func (s *Service) apiFile(ctx context.Context, p simpul.Principal, in *incidentFileInput) (*incidentFileOutput, error) {
	f, err := ParseFormat(in.Format)
	if err != nil {
		return nil, err
	}
	c, g, err := s.Export(ctx, p, in.ID, f)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = f.write(&file, c, g)
	return &incidentFileOutput{f.MediaType(), f.Disposition(c.ID), file.Bytes()}, err
}

func (s *Service) apiMatch(ctx context.Context, p simpul.Principal, in *incidentMatchInput) (*incidentMatchOutput, error) {
	m, g, err := s.Match(ctx, p, in.ID, bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, err
	}
	out := &incidentMatchOutput{incidentMatch{m.Lines, m.NIKs, m.Wrong, m.Missing, m.Unfound, []incidentFound{}}}
	for _, f := range m.Found {
		lids, fields := g.disclosures(f.in)
		out.Body.Found = append(out.Body.Found, incidentFound{f.Line, string(f.NIK), f.First, f.Last, f.Exchanges, lids, fields})
	}
	return out, nil
}
