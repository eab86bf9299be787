package catalog

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog/contract"
)

// Words is a text for programs to show, in both languages.
type Words struct {
	ID string `json:"id"`
	EN string `json:"en"`
}

func wordsOf(t simpul.Text) Words { return Words{t.ID, t.EN} }

type lidInput struct {
	Group string `path:"group"`
	Name  string `path:"name"`
}

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

type standingItem struct {
	Agency simpul.AgencyID `json:"agency"`
	Score  int             `json:"score" doc:"Mean of its published LIDs"`
	LIDs   int             `json:"lids"`
	Mend   []gapItem       `json:"mend"`
}

type gapItem struct {
	Key   string `json:"key"`
	Title Words  `json:"title"`
	LIDs  int    `json:"lids" doc:"In how many LIDs"`
}

type standingsOutput struct {
	Body struct {
		Items []standingItem `json:"items" doc:"The worst described first"`
	}
}

// RegisterOpen adds the operations on what the catalogue says of its LIDs.
func RegisterOpen(api *httpapi.API, service *Service, finder *Finder) {
	httpapi.Register(api, httpapi.Operation{ID: "get-lid-quality", Method: http.MethodGet, Path: "/lids/{group}/{name}/quality", Tag: "lids",
		Need: simpul.ReadLIDs, Summary: "How well a LID is described, and what to mend"},
		func(ctx context.Context, p simpul.Principal, in *lidInput) (*qualityOutput, error) {
			stored, err := service.Get(ctx, p, in.Group+"/"+in.Name)
			if err != nil {
				return nil, err
			}
			return qualityOf(stored.Spec), nil
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-quality", Method: http.MethodGet, Path: "/quality", Tag: "lids",
		Need: simpul.ReadLIDs, Summary: "How well the published LIDs of each agency are described"},
		func(ctx context.Context, _ simpul.Principal, _ *struct{}) (*standingsOutput, error) {
			return standingsOf(finder.Standings(ctx)), nil
		})
}

func qualityOf(s Spec) *qualityOutput {
	read, err := contract.Parse(s.Contract)
	if err != nil {
		read = nil // a draft without a contract, or one that cannot be read any more
	}
	report := Quality(s, read)
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

func standingsOf(all []Standing) *standingsOutput {
	var out standingsOutput
	out.Body.Items = make([]standingItem, len(all))
	for i, s := range all {
		item := standingItem{Agency: s.Agency, Score: s.Score, LIDs: s.LIDs}
		for _, g := range s.Gaps {
			item.Mend = append(item.Mend, gapItem{g.Key, wordsOf(g.Title), g.LIDs})
		}
		out.Body.Items[i] = item
	}
	return &out
}
