package app

import (
	"context"
	"net/http"
	"slices"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/signin"
)

// openRevisions makes a change of a LID ask whom it would break.
func (h *Hub) openRevisions() {
	catalog.Consult(h.LIDs, consumers{h.Grants, clock.System})
}

// consumers tells the catalogue who depends on a LID.
type consumers struct {
	grants *grant.Service
	now    clock.Clock
}

// InEffect counts the grants of other agencies that are in effect. It reads what
// is committed: a grant that is given in the same moment is given for the LID as
// it becomes.
func (c consumers) InEffect(ctx context.Context, _ *sqldb.Tx, address simpul.Address) (int, error) {
	held, err := c.held(ctx, address)
	return len(held), err
}

// Holders lists the agencies that hold them.
func (c consumers) Holders(ctx context.Context, _ *sqldb.Tx, address simpul.Address) (all []simpul.AgencyID, err error) {
	held, err := c.held(ctx, address)
	for _, g := range held {
		all = append(all, g.Consumer.Agency())
	}
	slices.Sort(all)
	return slices.Compact(all), err
}

func (c consumers) held(ctx context.Context, address simpul.Address) (held []simpul.Grant, err error) {
	all, err := c.grants.All(ctx)
	now := c.now()
	for _, g := range all {
		ended := !g.Until.IsZero() && !g.Until.After(now)
		if g.LID == address && g.Consumer.Agency() != g.Provider && !g.Suspended && !ended {
			held = append(held, g)
		}
	}
	return held, err
}

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
