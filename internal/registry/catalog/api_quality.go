package catalog

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog/contract"
)

type qualityCheck struct {
	Key    string `json:"key" doc:"Names the check"`
	Title  Words  `json:"title"`
	Points int    `json:"points" doc:"What it is worth"`
	Earned int    `json:"earned"`
	Remedy *Words `json:"remedy,omitempty" doc:"What to do; absent where nothing is left to do"`
	Place  string `json:"place" doc:"Where to write it, in the resource file"`
}

type qualityOutput struct {
	Body struct {
		Score  int            `json:"score" minimum:"0" maximum:"100" doc:"Share of the points of the checks that apply"`
		Checks []qualityCheck `json:"checks"`
	}
}

type qualityInput struct {
	Agency string `query:"agency" maxLength:"253" doc:"Whose LIDs; the caller's own where absent, those of all for the nation"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Cursor string `query:"cursor" maxLength:"500"`
}

// of is the agency that is asked about.
func (in *qualityInput) of(p simpul.Principal) simpul.AgencyID {
	if in.Agency == "" && !p.National {
		return p.Agency
	}
	return simpul.AgencyID(in.Agency)
}

type scoreItem struct {
	LID    simpul.Address  `json:"lid"`
	Title  string          `json:"title"`
	Agency simpul.AgencyID `json:"agency"`
	Score  int             `json:"score" minimum:"0" maximum:"100"`
	Mend   []string        `json:"mend" doc:"Keys of the checks that leave something to do, those that are worth most first"`
}

type scoresOutput struct{ Body httpapi.List[scoreItem] }

type taskItem struct {
	LID    simpul.Address  `json:"lid"`
	Agency simpul.AgencyID `json:"agency"`
	Score  int             `json:"score" doc:"Of the LID, as it is"`
	Gain   int             `json:"gain" doc:"Points of the check that are left"`
	Key    string          `json:"key" doc:"Names the check"`
	Title  Words           `json:"title"`
	Remedy Words           `json:"remedy" doc:"What to do"`
	Place  string          `json:"place" doc:"Where to write it, in the resource file"`
}

type tasksOutput struct{ Body httpapi.List[taskItem] }

// registerQuality adds the operations on scores. What is published is measured
// for everybody; a draft only for whoever sees it.
func registerQuality(api *httpapi.API, service *Service, finder *Finder) {
	one := func(ctx context.Context, p simpul.Principal, in *lidInput) (*qualityOutput, error) {
		stored, err := service.Get(ctx, p, in.Group+"/"+in.Name)
		if err != nil {
			return nil, err
		}
		return qualityOf(stored.Spec, finder.gauge.bound(simpul.Address(stored.ID))), nil
	}
	httpapi.Register(api, httpapi.Operation{ID: "get-lid-quality", Method: http.MethodGet, Path: "/lids/{group}/{name}/quality", Tag: "lids",
		Need: simpul.ReadLIDs, Summary: "How well a LID is described, and what to mend"}, one)
	httpapi.Register(api, httpapi.Operation{ID: "get-quality", Method: http.MethodGet, Path: "/quality/{group}/{name}", Tag: "quality",
		Need: simpul.ReadLIDs, Summary: "How well a LID is described, and what to mend"}, one)
	httpapi.Register(api, httpapi.Operation{ID: "list-quality", Method: http.MethodGet, Path: "/quality", Tag: "quality",
		Need: simpul.ReadLIDs, Summary: "Scores of published LIDs, the worst described first"},
		func(_ context.Context, p simpul.Principal, in *qualityInput) (*scoresOutput, error) {
			marks, next, err := pageOf(finder.worstMarks(in.of(p)), in, mark.place)
			return &scoresOutput{httpapi.List[scoreItem]{Items: scoresOf(marks), Next: next}}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-quality-tasks", Method: http.MethodGet, Path: "/quality/tasks", Tag: "quality",
		Need: simpul.ReadLIDs, Summary: "What to mend in published LIDs, what earns most first"},
		func(_ context.Context, p simpul.Principal, in *qualityInput) (*tasksOutput, error) {
			chores, next, err := pageOf(finder.chores(in.of(p)), in, chore.place)
			out := &tasksOutput{httpapi.List[taskItem]{Items: []taskItem{}, Next: next}}
			for task := range finder.tasks(chores) {
				out.Body.Items = append(out.Body.Items, taskItem{task.LID, task.Agency, task.Score, task.Gain, task.Key, wordsOf(task.Title), wordsOf(task.Remedy), task.Place})
			}
			return out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-agency-quality", Method: http.MethodGet, Path: "/quality/agencies", Tag: "quality",
		Need: simpul.ReadLIDs, Summary: "How well the published LIDs of each agency are described"},
		func(ctx context.Context, _ simpul.Principal, _ *struct{}) (*standingsOutput, error) {
			return standingsOf(finder.Standings(ctx)), nil
		})
}

// place is where a LID stands in the list: texts of it sort as the list does.
func (m mark) place() string { return fmt.Sprintf("%03d %s", m.score, m.lid.Address) }

// place is where a chore stands in the list.
func (c chore) place() string { return fmt.Sprintf("%03d %s %s", 999-c.gain, c.mark.place(), c.key) }

// pageOf cuts the page out of a sorted list that the cursor, the place of the
// last entry before it, and the limit name.
func pageOf[T any](all []T, in *qualityInput, place func(T) string) (page []T, next string, err error) {
	after, err := httpapi.DecodeCursor(in.Cursor)
	if err != nil {
		return nil, "", err
	}
	from := 0
	if after != "" {
		from, _ = slices.BinarySearchFunc(all, after, func(one T, key string) int {
			if strings.Compare(place(one), key) <= 0 {
				return -1
			}
			return 1
		})
	}
	until := min(from+in.Limit, len(all))
	if until < len(all) {
		next = httpapi.EncodeCursor(place(all[until-1]))
	}
	return all[from:until], next, nil
}

func scoresOf(marks []mark) []scoreItem {
	items := make([]scoreItem, len(marks))
	for i, m := range marks {
		items[i] = scoreItem{m.lid.Address, m.lid.Spec.Title, m.lid.Spec.Agency, m.score, []string{}}
		for _, gap := range m.gaps {
			items[i].Mend = append(items[i].Mend, gap.key)
		}
	}
	return items
}

func qualityOf(s Spec, bound []string) *qualityOutput {
	read, err := contract.Parse(s.Contract)
	if err != nil {
		read = nil // a draft without a contract, or one that cannot be read any more
	}
	report := Quality(s, read, bound...)
	var out qualityOutput
	out.Body.Score, out.Body.Checks = report.Score, make([]qualityCheck, len(report.Checks))
	for i, c := range report.Checks {
		out.Body.Checks[i] = qualityCheck{Key: c.Key, Title: wordsOf(c.Title), Points: c.Points, Earned: c.Earned, Place: c.Place}
		if c.Remedy.ID != "" {
			remedy := wordsOf(c.Remedy)
			out.Body.Checks[i].Remedy = &remedy
		}
	}
	return &out
}
