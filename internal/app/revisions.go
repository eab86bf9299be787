package app

import (
	"net/http"

	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/signin"
)

func (h *Hub) plans() *catalog.Plans { return catalog.NewPlans(h.LIDs, h.Notices) }

func (h *Hub) revisionsAPI(api *httpapi.API) {
	catalog.RegisterRevisions(api, h.LIDs)
	catalog.RegisterPlans(api, h.plans())
}

// revisionPages puts the screens of what LIDs were on the mux.
func (h *Hub) revisionPages(mux *http.ServeMux, names *roster) {
	catalog.NewRevisionPages(h.LIDs, providers{names}, signin.Visitor).Register(mux)
	catalog.NewPlanPages(h.plans(), providers{names}, signin.Gate()).Register(mux)
}
