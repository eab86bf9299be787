package maturity

import (
	"bytes"
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
)

// ReportInput names an agency and a period.
type ReportInput struct {
	ID    string `path:"id"`
	From  string `query:"from" maxLength:"10" doc:"First day, 2026-01-01; a year before until when absent"`
	Until string `query:"until" maxLength:"10" doc:"Last day; today when absent"`
}

type reportOutput struct{ Body Document }

type fileInput struct {
	ReportInput
	Format string `query:"format" enum:"pdf,csv" default:"pdf"`
}

type fileOutput struct {
	Type string `header:"Content-Type"`
	Name string `header:"Content-Disposition"`
	Body []byte
}

type modelInput struct {
	Date string `query:"date" maxLength:"10" doc:"Day to ask about; today when absent"`
}

type putModelInput struct{ Body Model }

type modelOutput struct{ Body Model }

// Register adds the room's operations to the control API.
func Register(api *httpapi.API, s *Service) {
	const tag = "evidence-reports"
	httpapi.Register(api, httpapi.Operation{ID: "get-evidence-report", Method: http.MethodGet, Path: "/agencies/{id}/evidence-report", Tag: tag,
		Summary: "What the hub knows of an agency for those who assess it; noted in the trail", Need: simpul.ReadLIDs},
		func(ctx context.Context, p simpul.Principal, in *ReportInput) (*reportOutput, error) {
			d, err := s.asked(ctx, p, in, "json")
			return &reportOutput{d}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-evidence-report-file", Method: http.MethodGet, Path: "/agencies/{id}/evidence-report/file", Tag: tag,
		Summary: "The same as PDF or CSV", Need: simpul.ReadLIDs},
		func(ctx context.Context, p simpul.Principal, in *fileInput) (*fileOutput, error) {
			d, err := s.asked(ctx, p, &in.ReportInput, in.Format)
			if err != nil {
				return nil, err
			}
			return fileOf(d, in.Format, simpul.Indonesian)
		})
	httpapi.Register(api, httpapi.Operation{ID: "get-maturity-model", Method: http.MethodGet, Path: "/maturity-model", Tag: tag,
		Summary: "What assessments ask of agencies on a day", Need: simpul.ReadLIDs},
		func(ctx context.Context, _ simpul.Principal, in *modelInput) (*modelOutput, error) {
			m, err := s.Model(ctx, in.Date)
			return &modelOutput{m}, err
		})
	httpapi.Register(api, httpapi.Operation{ID: "put-maturity-model", Method: http.MethodPut, Path: "/maturity-model", Tag: tag,
		Summary: "Say what assessments ask for from a day on", Need: simpul.WriteLifecycle, Status: http.StatusOK},
		func(ctx context.Context, p simpul.Principal, in *putModelInput) (*modelOutput, error) {
			return &modelOutput{in.Body}, s.PutModel(ctx, p, in.Body)
		})
}

func (s *Service) asked(ctx context.Context, p simpul.Principal, in *ReportInput, format string) (Document, error) {
	period, err := ParsePeriod(in.From, in.Until, s.now())
	if err != nil {
		return Document{}, err
	}
	return s.Make(ctx, p, simpul.AgencyID(in.ID), period, format)
}

// fileOf writes a document in the format.
func fileOf(d Document, format string, lang simpul.Language) (*fileOutput, error) {
	name := "bukti-interoperabilitas-" + string(d.Data.Agency.ID) + "-" + d.Data.Period.Until
	if format == "csv" {
		var table bytes.Buffer
		err := d.WriteCSV(&table, lang)
		return &fileOutput{"text/csv; charset=utf-8; header=present", `attachment; filename="` + name + `.csv"`, table.Bytes()}, err
	}
	file, err := d.PDF()
	return &fileOutput{"application/pdf", `attachment; filename="` + name + `.pdf"`, file}, err
}
