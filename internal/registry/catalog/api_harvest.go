package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog/dcat"
)

// maxHarvestBody admits a document of the largest size and what stands around
// it, in bytes.
const maxHarvestBody = dcat.MaxDocument + 64<<10

type harvestInput struct {
	Body struct {
		Source   string          `json:"source" maxLength:"500" doc:"Address of the other catalogue; its name in lists, never fetched" example:"https://data.jabarprov.go.id"`
		Document json.RawMessage `json:"document" doc:"A page of the catalogue, DCAT as JSON-LD"`
	}
}

type harvestOutput struct {
	Body struct {
		Entries int `json:"entries" doc:"In the document"`
		Changed int `json:"changed" doc:"Of them, new or later than what was held"`
	}
}

type sourceItem struct {
	Source  string    `json:"source"`
	Entries int       `json:"entries"`
	TakenAt time.Time `json:"takenAt" doc:"Of the newest change"`
}

type sourcesOutput struct {
	Body struct {
		Items []sourceItem `json:"items"`
	}
}

type sourceInput struct {
	Source string `query:"source" required:"true" maxLength:"500"`
}

// splitCatalogue says how to divide a catalogue that is too large.
func splitCatalogue() simpul.Text {
	return simpul.Text{ID: "Kirim katalognya sehalaman demi sehalaman: bagi dcat:dataset dan dcat:service ke beberapa dokumen dengan source yang sama.", EN: "Send the catalogue page by page: divide dcat:dataset and dcat:service among several documents with the same source."}
}

// RegisterHarvests adds the operations on other catalogues.
func RegisterHarvests(api *httpapi.API, harvests *Harvests) {
	httpapi.Register(api, httpapi.Operation{ID: "harvest-catalog", Method: http.MethodPost, Path: "/catalog/harvests", Tag: "catalog",
		Need: simpul.HarvestCatalogs, MaxBody: maxHarvestBody, Split: splitCatalogue(), Summary: "Take in a page of another catalogue"},
		func(ctx context.Context, p simpul.Principal, in *harvestInput) (*harvestOutput, error) {
			done, err := harvests.Take(ctx, p, in.Body.Source, in.Body.Document)
			var out harvestOutput
			out.Body.Entries, out.Body.Changed = done.Entries, done.Changed
			return &out, inBody(err)
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-harvests", Method: http.MethodGet, Path: "/catalog/harvests", Tag: "catalog",
		Need: simpul.ReadLIDs, Summary: "List the other catalogues of which entries are held"},
		func(ctx context.Context, _ simpul.Principal, _ *struct{}) (*sourcesOutput, error) {
			all, err := harvests.Sources(ctx)
			out := sourcesOutput{}
			out.Body.Items = make([]sourceItem, len(all))
			for i, s := range all {
				out.Body.Items[i] = sourceItem(s)
			}
			return &out, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "forget-harvest", Method: http.MethodDelete, Path: "/catalog/harvests", Tag: "catalog",
		Need: simpul.HarvestCatalogs, Status: http.StatusNoContent, Summary: "Remove everything that was taken in from a catalogue"},
		func(ctx context.Context, p simpul.Principal, in *sourceInput) (*struct{}, error) {
			return nil, harvests.Forget(ctx, p, in.Source)
		})
}

// inBody completes the place of a refusal: the room says "source", the API says
// "body.source".
func inBody(err error) error {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok || e.Place == "" {
		return err
	}
	placed := *e
	placed.Place = "body." + e.Place
	return &placed
}
