package app

import (
	"net/http"

	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/registry/audit"
	"simpul/internal/registry/signin"
)

// auditAPI puts the operations of the audit room on the control API.
func (h *Hub) auditAPI(api *httpapi.API) { audit.Register(api, audit.New(h.db, clock.System)) }

// auditScreens puts its screens on the mux.
func (h *Hub) auditScreens(mux *http.ServeMux) {
	audit.NewPages(audit.New(h.db, clock.System), signin.Gate()).Register(mux)
}
