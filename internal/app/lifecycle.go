package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/resource"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/lifecycle"
	"simpul/internal/registry/signin"
)

// openLifecycle builds the room of courses. At the first start of a database it
// writes the first model and the holidays that are known.
func (h *Hub) openLifecycle(ctx context.Context) error {
	h.Lifecycle = lifecycle.New(h.db, h.Notices, shelved{h}, clock.System, h.conditions()...)
	if err := h.Lifecycle.Seed(ctx); err != nil {
		return err
	}
	return h.Lifecycle.Load(ctx)
}

// lifecycleAPI adds the room's operations.
func (h *Hub) lifecycleAPI(api *httpapi.API) { lifecycle.Register(api, h.Lifecycle) }

// lifecyclePages adds the room's screens.
func (h *Hub) lifecyclePages(mux *http.ServeMux, names *roster) {
	lifecycle.NewPages(h.Lifecycle, lifecycle.PagesConfig{
		Gate: signin.Gate(), Files: resourceFiles{},
		Agency: func(ctx context.Context, id simpul.AgencyID) string { return names.today(ctx).name(id) },
		LID: func(ctx context.Context, address simpul.Address, state lifecycle.State) (string, error) {
			who, _ := signin.Visitor(ctx)
			switch {
			case state.Live():
				return catalog.PagePath(address), nil
			case who.Can(simpul.WriteLIDs):
				return catalog.WorkPagePath(address), nil
			}
			return "", nil
		},
	}).Register(mux)
}

// courseOf draws the life of a LID for whoever looks at it; what cannot be read
// is no reason to fail a page.
func (h *Hub) courseOf(ctx context.Context, address simpul.Address) templ.Component {
	visitor, _ := signin.Visitor(ctx)
	picture, err := h.Lifecycle.Picture(ctx, visitor.Scope(), address)
	if err != nil {
		h.log.ErrorContext(ctx, "the life of a LID cannot be read", "lid", address, "error", err)
		return nil
	}
	return picture
}

// resourceFiles lets screens take the files that apply takes.
type resourceFiles struct{}

func (resourceFiles) Read(name string, r io.Reader) (kind, id string, spec []byte, err error) {
	docs, err := resource.Read(name, r)
	if err != nil {
		return "", "", nil, firstFault(err)
	}
	if len(docs) != 1 {
		return "", "", nil, simpul.Invalid("file",
			simpul.Text{ID: "Berkas harus memuat tepat satu sumber daya.", EN: "The file must hold exactly one resource."},
			simpul.Text{ID: "Bagi menjadi beberapa berkas.", EN: "Divide it into several files."})
	}
	var envelope struct {
		Spec json.RawMessage `json:"spec"`
	}
	err = json.Unmarshal(docs[0].JSON, &envelope)
	return string(docs[0].Kind), docs[0].ID, envelope.Spec, err
}

// firstFault is the first of the faults that were found in a file: a screen
// shows one at a time.
func firstFault(err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		if all := joined.Unwrap(); len(all) > 0 {
			return all[0]
		}
	}
	return err
}

func (resourceFiles) Write(kind, id string, spec any) ([]byte, error) {
	whole, err := json.Marshal(map[string]any{"apiVersion": resource.APIVersion, "kind": kind, "metadata": map[string]any{"id": id}, "spec": spec})
	if err != nil {
		return nil, err
	}
	return resource.YAML(whole)
}
