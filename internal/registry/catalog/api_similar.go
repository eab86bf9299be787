package catalog

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

type similarInput struct {
	Body httpapi.Resource[Spec]
}

type similarItem struct {
	LID      simpul.Address  `json:"lid"`
	Title    string          `json:"title"`
	Agency   simpul.AgencyID `json:"agency"`
	Score    int             `json:"score" doc:"0 to 100: fields weigh 45, words 40, themes and standards 15, of what both state"`
	Fields   []string        `json:"fields" doc:"That both contracts answer"`
	Words    []string        `json:"words" doc:"Of titles and keywords that both have"`
	Concepts []string        `json:"concepts" doc:"Themes and standards that both name"`
}

type similarOutput struct {
	Body struct {
		Items []similarItem `json:"items" doc:"The most alike first; empty where nothing is alike"`
	}
}

// RegisterSimilar adds the operation that warns of a LID that exists already.
func RegisterSimilar(api *httpapi.API, finder *Finder) {
	httpapi.Register(api, httpapi.Operation{ID: "find-similar-lids", Method: http.MethodPost, Path: "/lids/similar", Tag: "lids",
		Need: simpul.WriteLIDs, MaxBody: maxLIDBody, Summary: "Published LIDs that a planned one resembles, and why"},
		func(_ context.Context, _ simpul.Principal, in *similarInput) (*similarOutput, error) {
			var out similarOutput
			out.Body.Items = []similarItem{}
			for _, s := range finder.Similar(simpul.Address(in.Body.Metadata.ID), in.Body.Spec) {
				out.Body.Items = append(out.Body.Items, similarItem{s.Address, s.Title, s.Agency, s.Score, given(s.Fields), given(s.Words), given(s.Concepts)})
			}
			return &out, nil
		})
}

// given is a list that JSON shows as one, even without entries.
func given(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
