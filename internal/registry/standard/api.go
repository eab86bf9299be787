package standard

import (
	"bytes"
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// maxResource is the largest resource: a list of 2,000 codes with its relations.
const maxResource = 8 << 20

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, lists *Lists, standards *Standards, bindings *Bindings, metadata *Metadatas, catalogue Publisher) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "RefCode", Plural: "refcodes", Item: "{id}", Read: simpul.ReadStandards, Write: simpul.WriteStandards, MaxBody: maxResource}, lists)
	registerLookups(api, lists)
	registerTransfers(api, lists)
	registerOffers(api, lists, catalogue)
	registerStandards(api, standards)
	registerBindings(api, bindings)
	registerMetadata(api, metadata)
}

const tagCodes = "refcodes"

type lookupInput struct {
	ID   string `path:"id"`
	Code string `path:"code"`
	Date string `query:"date" doc:"Day to ask about, 2022-07-25; today when absent"`
}

type foundOutput struct{ Body Found }

type findInput struct {
	Code string `path:"code"`
	Date string `query:"date" doc:"Day to ask about; today when absent"`
	List string `query:"list" doc:"List of the code; needed where lists disagree"`
}

type historyInput struct {
	ID   string `path:"id"`
	Code string `path:"code"`
}

type historyOutput struct{ Body History }

type codesInput struct {
	ID     string `path:"id"`
	Date   string `query:"date" doc:"Day to ask about; today when absent"`
	Parent string `query:"parent" doc:"Only codes right below this one; * for every level; those at the top when absent"`
	Q      string `query:"q" maxLength:"100" doc:"Only codes whose name holds this, on every level"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Cursor string `query:"cursor" maxLength:"500"`
}

type codesOutput struct{ Body httpapi.List[Listed] }

func registerLookups(api *httpapi.API, lists *Lists) {
	httpapi.Register(api, httpapi.Operation{ID: "lookup-code", Method: http.MethodGet, Path: "/refcodes/{id}/codes/{code}", Tag: tagCodes,
		Summary: "What a code of a list means on a day", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *lookupInput) (*foundOutput, error) {
			f, err := lists.Lookup(ctx, p, in.ID, in.Code, Day(in.Date))
			return &foundOutput{f}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "find-code", Method: http.MethodGet, Path: "/codes/{code}", Tag: tagCodes,
		Summary: "What a code means on a day, refused where lists disagree", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *findInput) (*foundOutput, error) {
			if in.List != "" {
				f, err := lists.Lookup(ctx, p, in.List, in.Code, Day(in.Date))
				return &foundOutput{f}, err
			}
			f, err := lists.Find(ctx, p, in.Code, Day(in.Date))
			return &foundOutput{f}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-code-history", Method: http.MethodGet, Path: "/refcodes/{id}/codes/{code}/history", Tag: tagCodes,
		Summary: "Every meaning of a code, and its splits and mergers", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *historyInput) (*historyOutput, error) {
			h, err := lists.History(ctx, p, in.ID, in.Code)
			return &historyOutput{h}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "list-codes", Method: http.MethodGet, Path: "/refcodes/{id}/codes", Tag: tagCodes,
		Summary: "Codes of a list on a day", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *codesInput) (*codesOutput, error) {
			page, err := codesPage(ctx, lists, p, in)
			return &codesOutput{page}, err
		})
}

func codesPage(ctx context.Context, lists *Lists, p simpul.Principal, in *codesInput) (page httpapi.List[Listed], err error) {
	after, err := httpapi.DecodeCursor(in.Cursor)
	if err != nil {
		return page, err
	}
	page.Items, err = lists.Codes(ctx, p, in.ID, CodeQuery{On: Day(in.Date), Parent: in.Parent, Text: in.Q, After: after, Limit: in.Limit + 1})
	if err == nil && len(page.Items) > in.Limit {
		page.Items = page.Items[:in.Limit]
		page.Next = httpapi.EncodeCursor(page.Items[in.Limit-1].Code.Code)
	}
	return page, err
}

type importInput struct {
	ID     string `path:"id"`
	Format string `query:"format" enum:"csv,sdmx-json" default:"csv"`
	DryRun bool   `query:"dryRun" doc:"Check and count, but store nothing"`
	httpapi.Upload
}

// splitCodes says how to divide a file of codes.
func splitCodes() simpul.Text {
	return simpul.Text{ID: "Bagi menjadi beberapa daftar, misalnya satu daftar untuk satu tingkat, lalu impor satu per satu.", EN: "Divide it into several lists, such as one for each level, and import them one by one."}
}

type importOutput struct{ Body Imported }

type exportInput struct {
	ID     string `path:"id"`
	Format string `query:"format" enum:"csv,sdmx-json" default:"csv"`
}

type exportOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func registerTransfers(api *httpapi.API, lists *Lists) {
	httpapi.Register(api, httpapi.Operation{ID: "import-codes", Method: http.MethodPost, Path: "/refcodes/{id}/import", Tag: tagCodes,
		Summary: "Replace all codes of a list by those of a file; all or none", Need: simpul.WriteStandards, MaxBody: MaxFile, Upload: true, Split: splitCodes(), Status: http.StatusOK},
		func(ctx context.Context, p simpul.Principal, in *importInput) (*importOutput, error) {
			done, err := lists.Import(ctx, p, in.ID, Format(in.Format), in.File(), in.DryRun)
			return &importOutput{done}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "export-codes", Method: http.MethodGet, Path: "/refcodes/{id}/export", Tag: tagCodes,
		Summary: "All codes of a list, of every period, as a file", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *exportInput) (*exportOutput, error) {
			var file bytes.Buffer
			err := lists.Export(ctx, p, in.ID, Format(in.Format), &file)
			return &exportOutput{Format(in.Format).contentType(), file.Bytes()}, err
		})
}

func (f Format) contentType() string {
	if f == JSONFile {
		return "application/json"
	}
	if f == SDMX {
		return "application/vnd.sdmx.structure+json; version=2.0.0; charset=utf-8"
	}
	return "text/csv; charset=utf-8"
}

type offerInput struct {
	ID string `path:"id"`
}

type offerOutput struct {
	Body struct {
		LID simpul.Address `json:"lid" doc:"Where applications call the list"`
	}
}

func registerOffers(api *httpapi.API, lists *Lists, catalogue Publisher) {
	httpapi.Register(api, httpapi.Operation{ID: "offer-refcode", Method: http.MethodPost, Path: "/refcodes/{id}/lid", Tag: tagCodes,
		Summary: "Publish a list as an open LID, or renew its contract", Need: simpul.WriteLIDs, Status: http.StatusOK},
		func(ctx context.Context, p simpul.Principal, in *offerInput) (*offerOutput, error) {
			out := &offerOutput{}
			var err error
			out.Body.LID, err = lists.Offer(ctx, p, catalogue, in.ID)
			return out, err
		})
}
