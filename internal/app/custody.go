package app

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/custody"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/signin"
)

// custodian builds the room that gives the hub's keys out for safekeeping.
func (h *Hub) custodian() { h.custody = custody.New(h.db, h.Proposals, h.vault, clock.System) }

func (h *Hub) custodyScreens(mux *http.ServeMux) {
	custody.NewPages(h.custody, signin.Gate(), duty.PagePath).Register(mux)
}

func (h *Hub) custodyAPI(api *httpapi.API) { custody.Register(api, h.custody) }

// exporting is the act of exporting the hub's keys.
type exporting struct{ room *custody.Service }

func (exporting) Name() string             { return custody.ActionExport }
func (exporting) Needs() simpul.Permission { return simpul.ExportKeys }
func (exporting) Title() simpul.Text {
	return simpul.Text{ID: "Ekspor kunci hub", EN: "Export the hub's keys"}
}

// SubjectName is nothing: there is one key file.
func (exporting) SubjectName(string) simpul.Text { return simpul.Text{} }

// State is nothing: an export changes nothing, so it does not become outdated.
func (exporting) State(context.Context, *sqldb.Tx, string) ([]byte, error) { return nil, nil }

func (e exporting) Execute(ctx context.Context, tx *sqldb.Tx, p duty.Proposal) error {
	return e.room.Prepare(ctx, tx, p.ID, actor(p.Proposer), p.Content)
}

func (exporting) Show(content []byte) ([]duty.Fact, error) {
	w, err := custody.ReadWish(content)
	return []duty.Fact{
		{Term: simpul.Text{ID: "Apa", EN: "What"}, Value: "vault.json"},
		{Term: simpul.Text{ID: "Terenkripsi bagi (age)", EN: "Encrypted to (age)"}, Value: w.Recipient},
		{Term: simpul.Text{ID: "Diunduh oleh", EN: "Fetched by"}, Value: w.For},
	}, err
}
