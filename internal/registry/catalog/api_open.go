package catalog

import (
	"simpul"
	"simpul/internal/platform/httpapi"
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
	registerQuality(api, service, finder)
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
