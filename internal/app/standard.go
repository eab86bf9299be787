package app

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/standard"
)

// openStandards builds the room of standards and reference codes.
func (h *Hub) openStandards() {
	h.RefCodes = standard.NewLists(h.db, clock.System)
	h.Standards = standard.NewStandards(h.db, noWord{}, clock.System)
}

// standardsAPI adds the room's operations.
func (h *Hub) standardsAPI(api *httpapi.API) {
	standard.Register(api, h.RefCodes, h.Standards)
}

// standardsPages adds the room's screens.
func (h *Hub) standardsPages(mux *http.ServeMux, names *roster) {
	name := func(ctx context.Context, id simpul.AgencyID) string { return names.today(ctx).name(id) }
	standard.NewPages(h.RefCodes, h.Standards, name, identity.Visitor, identity.SignInPath).Register(mux)
}

// noWord stands where notices will be delivered.
type noWord struct{}

func (noWord) Notify(context.Context, *sqldb.Tx, simpul.Notice) error { return nil }
