package standard

import (
	"bytes"
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

const tagMetadata = "metadata"

type moveInput struct {
	ID   string `path:"id"`
	Body struct {
		Note string `json:"note,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters"`
	}
}

type moveOutput struct {
	Body struct {
		ID   string       `json:"id"`
		Spec MetadataSpec `json:"spec"`
		Note string       `json:"note,omitempty"`
	}
}

type importFormsInput struct {
	Form   string `query:"form" required:"true" enum:"ms-keg,ms-var,ms-ind,prioritas"`
	Agency string `query:"agency" required:"true" doc:"Whose forms these are"`
	Format string `query:"format" enum:"csv,json" default:"csv"`
	DryRun bool   `query:"dryRun" doc:"Check and count, but store nothing"`
	httpapi.Upload
}

// splitForms says how to divide a file of forms.
func splitForms() simpul.Text {
	return simpul.Text{ID: "Bagi barisnya ke beberapa berkas dengan baris judul yang sama, lalu impor satu per satu: setiap berkas berdiri sendiri.", EN: "Divide its rows among several files with the same header, and import them one by one: each file stands by itself."}
}

type exportFormsInput struct {
	Form   string `query:"form" required:"true" enum:"ms-keg,ms-var,ms-ind,prioritas"`
	Format string `query:"format" enum:"csv,json" default:"csv"`
}

func registerMetadata(api *httpapi.API, m *Metadatas) {
	httpapi.RegisterResource(api, httpapi.Kind{Name: "Metadata", Plural: "metadata", Item: "{id}", Read: simpul.ReadStandards, Write: simpul.WriteStandards}, m)
	for _, move := range Moves() {
		httpapi.Register(api, httpapi.Operation{ID: string(move) + "-metadata", Method: http.MethodPost, Path: "/metadata/{id}/" + string(move), Tag: tagMetadata,
			Summary: move.summary(), Need: move.Need(), Status: http.StatusOK},
			func(ctx context.Context, p simpul.Principal, in *moveInput) (*moveOutput, error) {
				f, err := m.Take(ctx, p, in.ID, move, in.Body.Note)
				out := &moveOutput{}
				out.Body.ID, out.Body.Spec, out.Body.Note = f.ID, f.Spec, f.Note
				return out, err
			})
	}
	httpapi.Register(api, httpapi.Operation{ID: "import-metadata", Method: http.MethodPost, Path: "/metadata-files", Tag: tagMetadata,
		Summary: "Store every form of a file as a draft; all or none", Need: simpul.WriteStandards, MaxBody: MaxFile, Upload: true, Split: splitForms(), Status: http.StatusOK},
		func(ctx context.Context, p simpul.Principal, in *importFormsInput) (*importOutput, error) {
			done, err := m.ImportForms(ctx, p, FormID(in.Form), simpul.AgencyID(in.Agency), Format(in.Format), in.File(), in.DryRun)
			return &importOutput{done}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "export-metadata", Method: http.MethodGet, Path: "/metadata-files", Tag: tagMetadata,
		Summary: "Every form of a kind as a file", Need: simpul.ReadStandards},
		func(ctx context.Context, p simpul.Principal, in *exportFormsInput) (*exportOutput, error) {
			var file bytes.Buffer
			err := m.ExportForms(ctx, p, FormID(in.Form), Format(in.Format), &file)
			return &exportOutput{Format(in.Format).contentType(), file.Bytes()}, err
		})
}

func (m Move) summary() string {
	switch m {
	case Submit:
		return "Submit a complete form to the steward"
	case Accept:
		return "Approve a submitted form, which publishes it"
	}
	return "Return a submitted form for changes"
}
