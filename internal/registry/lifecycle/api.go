package lifecycle

import (
	"context"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "LifeCycle", Plural: "lifecycles", Item: "{id}", Read: simpul.ReadLIDs, Write: simpul.WriteLifecycle}, s.Models())
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Holiday", Plural: "holidays", Item: "{id}", Read: simpul.ReadLIDs, Write: simpul.WriteLifecycle}, s.Holidays())
	registerQuestions(api, s)
}

const tagCourse = "lifecycles"

// modelBody is the model in force on a day.
type modelBody struct {
	On   Day `json:"on" doc:"The day that was asked about"`
	From Day `json:"from" doc:"Since when this model is in force; its ID among lifecycles"`
	Model
}

type modelInput struct {
	Date string `query:"date" maxLength:"10" doc:"Day to ask about, 2027-01-04; today when absent"`
}

type modelOutput struct{ Body modelBody }

// entryBody is one step in the life of a LID.
type entryBody struct {
	Phase  Phase      `json:"phase" enum:"done,current,coming"`
	Step   string     `json:"step"`
	Title  Names      `json:"title"`
	State  State      `json:"state" enum:"draft,published,deprecated,retired"`
	Owner  Owner      `json:"owner,omitempty" enum:"provider,operator,consumer,hub" doc:"Who acts in the step"`
	Timer  *Timer     `json:"timer,omitempty"`
	Since  *time.Time `json:"since,omitempty" doc:"When the LID came there"`
	Until  *time.Time `json:"until,omitempty" doc:"When it went on"`
	Due    *time.Time `json:"due,omitempty"`
	Late   bool       `json:"late,omitempty"`
	By     string     `json:"by,omitempty" doc:"Who took it there; told to its agency and the nation"`
	Second string     `json:"second,omitempty" doc:"Who approved it, where it took two people"`
	Note   string     `json:"note,omitempty"`
	Needs  []Names    `json:"needs,omitempty" doc:"What must be met to come there"`
}

type lidInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
}

type timelineOutput struct {
	Body struct {
		Items []entryBody `json:"items"`
	}
}

// standingBody is where a LID stands.
type standingBody struct {
	LID    simpul.Address  `json:"lid"`
	Agency simpul.AgencyID `json:"agency"`
	Step   string          `json:"step"`
	Title  Names           `json:"title"`
	State  State           `json:"state" enum:"draft,published,deprecated,retired"`
	Owner  Owner           `json:"owner" enum:"provider,operator,consumer,hub"`
	Since  *time.Time      `json:"since,omitempty"`
	Due    *time.Time      `json:"due,omitempty"`
	Late   bool            `json:"late"`
}

type dueInput struct {
	Late   bool   `query:"late" doc:"Only what is late"`
	Days   int    `query:"days" minimum:"0" maximum:"3650" default:"30" doc:"What is due within so many days, or is late"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100" doc:"Entries on a page"`
	Cursor string `query:"cursor" maxLength:"500" doc:"From next of the page before"`
}

type dueOutput struct{ Body httpapi.List[standingBody] }

type workingDayInput struct {
	From string `query:"from" required:"true" maxLength:"10" doc:"Day from which to count, 2026-11-25"`
	Days int    `query:"days" minimum:"0" maximum:"400" default:"1" doc:"Working days after it"`
}

type workingDayOutput struct {
	Body struct {
		From    Day   `json:"from"`
		Days    int   `json:"days"`
		Date    Day   `json:"date" doc:"So many working days later"`
		Unknown []int `json:"unknown,omitempty" doc:"Years on the way whose holidays are not known: only their weekends counted"`
	}
}

func registerQuestions(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{ID: "get-lifecycle-in-force", Method: http.MethodGet, Path: "/lifecycle", Tag: tagCourse,
		Summary: "The steps of a LID's life in force on a day", Need: simpul.ReadLIDs}, s.apiModel)
	httpapi.Register(api, httpapi.Operation{ID: "list-due-lids", Method: http.MethodGet, Path: "/lifecycle/due", Tag: tagCourse,
		Summary: "LIDs whose step is due or late, of the caller's scope", Need: simpul.ReadLIDs}, s.apiDue)
	httpapi.Register(api, httpapi.Operation{ID: "get-lid-timeline", Method: http.MethodGet, Path: "/lids/{group}/{name}/timeline", Tag: tagCourse,
		Summary: "What happened to a LID, where it stands, and what comes", Need: simpul.ReadLIDs}, s.apiTimeline)
	httpapi.Register(api, httpapi.Operation{ID: "count-working-days", Method: http.MethodGet, Path: "/working-days", Tag: tagCourse,
		Summary: "The day that is so many working days later", Need: simpul.ReadLIDs}, s.apiWorkingDay)
}

func (s *Service) apiModel(_ context.Context, _ simpul.Principal, in *modelInput) (*modelOutput, error) {
	day := s.today()
	if in.Date != "" {
		var err error
		if day, err = ParseDay(in.Date); err != nil {
			return nil, err
		}
	}
	v := s.Model(day)
	if v.From == "" {
		return nil, noModel()
	}
	return &modelOutput{modelBody{On: day, From: v.From, Model: v.Model}}, nil
}

func (s *Service) apiDue(ctx context.Context, p simpul.Principal, in *dueInput) (*dueOutput, error) {
	after, err := httpapi.DecodeCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	until := s.now()
	if !in.Late {
		until = until.AddDate(0, 0, in.Days)
	}
	found, next, err := s.DueUntil(ctx, p.Scope(), until, httpapi.Page{Limit: in.Limit, After: after})
	if err != nil {
		return nil, err
	}
	out := &dueOutput{httpapi.List[standingBody]{Items: make([]standingBody, len(found))}}
	for i, v := range found {
		out.Body.Items[i] = standingOf(v)
	}
	if next != "" {
		out.Body.Next = httpapi.EncodeCursor(next)
	}
	return out, nil
}

func standingOf(v Standing) standingBody {
	return standingBody{
		LID: v.Address, Agency: v.Agency, Step: v.Step.Code, Title: v.Step.Title, State: v.State, Owner: v.Step.Owner,
		Since: moment(v.Since), Due: moment(v.Due), Late: v.Late,
	}
}

func (s *Service) apiTimeline(ctx context.Context, p simpul.Principal, in *lidInput) (*timelineOutput, error) {
	entries, err := s.Timeline(ctx, p.Scope(), simpul.Address(in.Group+"/"+in.Name))
	if err != nil {
		return nil, err
	}
	out := &timelineOutput{}
	out.Body.Items = make([]entryBody, len(entries))
	for i, e := range entries {
		out.Body.Items[i] = entryOf(e)
	}
	return out, nil
}

func entryOf(e Entry) entryBody {
	b := entryBody{
		Phase: e.Phase, Step: e.Step.Code, Title: e.Step.Title, State: e.Step.State, Owner: e.Step.Owner, Timer: e.Step.Timer,
		Since: moment(e.Since), Until: moment(e.Until), Due: moment(e.Due), Late: e.Late, By: e.Mover, Second: e.Second, Note: e.Note,
	}
	for _, n := range e.Needs {
		b.Needs = append(b.Needs, Names(n))
	}
	return b
}

// moment is nil for the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *Service) apiWorkingDay(_ context.Context, _ simpul.Principal, in *workingDayInput) (*workingDayOutput, error) {
	from, err := ParseDay(in.From)
	if err != nil {
		return nil, simpul.At("query.from", err)
	}
	days := s.WorkingDays()
	out := &workingDayOutput{}
	out.Body.From, out.Body.Days, out.Body.Date = from, in.Days, DayOf(days.After(from.begin(), in.Days))
	for year := from.begin().Year(); year <= out.Body.Date.begin().Year(); year++ {
		if !days.Knows(year) {
			out.Body.Unknown = append(out.Body.Unknown, year)
		}
	}
	return out, nil
}
