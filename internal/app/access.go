package app

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/policy"
	"simpul/internal/exchange/traffic"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/sqldb"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/catalog/contract"
	"simpul/internal/registry/duty"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/signin"
)

// openAccess builds the use cases on requests for access.
func (h *Hub) openAccess() {
	h.Access = grant.NewAccess(grant.AccessConfig{
		DB: h.db, Grants: h.Grants, Offers: offers{h.directory}, Sealer: sealer{h.vault}, Notifier: h.notifier(), Proposals: h.Proposals,
		Deadlines: h.Lifecycle, Limits: h.grantLimits(), Disuse: grant.Disuse(h.config.Grants.Unused), Now: clock.System,
	})
	h.LIDs.Connect(h.Access, h.Lifecycle)
}

// grantLimits are the limits of each class, as long as they are configured.
func (h *Hub) grantLimits() grant.Limits {
	limits := grant.DefaultLimits()
	for class, days := range map[simpul.LIDClass]int{
		simpul.Terbuka: h.config.Grants.Days.Open, simpul.Terbatas: h.config.Grants.Days.Restricted, simpul.Tertutup: h.config.Grants.Days.Closed,
	} {
		limit := limits[class]
		limit.Days = days
		limits[class] = limit
	}
	return limits
}

// offers tells the grant room what published LIDs offer.
type offers struct{ directory *catalog.Directory }

func (o offers) Offer(_ context.Context, address simpul.Address) (grant.Offer, error) {
	l, err := o.directory.LID(address)
	if err != nil {
		return grant.Offer{}, err
	}
	offer := grant.Offer{LID: address, Title: l.Spec.Title, Provider: l.Spec.Agency, Class: l.Spec.Class, LegalBasis: l.Spec.LegalBasis, Contract: l.Contract}
	offer.Fields, offer.Parameters = choices(l.Contract)
	offer.Version, offer.Older = l.Spec.Version, olderVersions(l)
	return offer, nil
}

// choices lists what a contract's operations answer and are asked with, each
// once: only what holds no further fields, so that every box is one thing.
func choices(c *contract.Contract) (fields, parameters []grant.OfferedField) {
	seen := map[string]bool{}
	add := func(list *[]grant.OfferedField, kind, name, description string) {
		if !seen[kind+name] {
			seen[kind+name] = true
			*list = append(*list, grant.OfferedField{Name: name, Description: description})
		}
	}
	for _, op := range c.Operations {
		for i, f := range op.ResponseFields {
			parent := i+1 < len(op.ResponseFields) && len(op.ResponseFields[i+1].Path) > len(f.Path) && op.ResponseFields[i+1].Path[:len(f.Path)+1] == f.Path+"."
			if !parent {
				add(&fields, "f", f.Path, f.Description)
			}
		}
		for _, p := range op.Parameters {
			if p.In == "path" || p.In == "query" {
				add(&parameters, "p", p.Name, p.Description)
			}
		}
	}
	return fields, parameters
}

// granting is the act of giving access to a closed LID.
type granting struct{ access *grant.Access }

func (granting) Name() string             { return grant.ActionApprove }
func (granting) Needs() simpul.Permission { return simpul.WriteGrants }
func (granting) Title() simpul.Text {
	return simpul.Text{ID: "Beri akses ke LID tertutup", EN: "Give access to a closed LID"}
}

func (g granting) State(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error) {
	return g.access.Present(ctx, tx, subject)
}

func (g granting) Execute(ctx context.Context, tx *sqldb.Tx, p duty.Proposal) error {
	who := func(party duty.Party) simpul.Principal {
		return simpul.Principal{ID: party.ID, Account: party.Account}
	}
	return g.access.ApproveProposed(ctx, tx, p.Content, who(p.Proposer), who(p.Decider))
}

// Show numbers the sentences, which are the facts of a decision.
func (granting) Show(content []byte) ([]duty.Fact, error) {
	said, err := grant.ShowProposed(content)
	facts := make([]duty.Fact, len(said))
	for i, s := range said {
		facts[i] = duty.Fact{Term: simpul.Text{ID: fmt.Sprintf("Ketentuan %d", i+1), EN: fmt.Sprintf("Term %d", i+1)}, Value: s.ID}
	}
	return facts, err
}

// writing is the act of writing a grant on a closed LID directly.
type writing struct{ grants *grant.Service }

func (writing) Name() string             { return grant.ActionPut }
func (writing) Needs() simpul.Permission { return simpul.WriteGrants }
func (writing) Title() simpul.Text {
	return simpul.Text{ID: "Tulis izin ke LID tertutup", EN: "Write a grant on a closed LID"}
}

func (w writing) State(ctx context.Context, tx *sqldb.Tx, subject string) ([]byte, error) {
	return w.grants.Present(ctx, tx, subject)
}

func (w writing) Execute(ctx context.Context, tx *sqldb.Tx, p duty.Proposal) error {
	return w.grants.PutApproved(ctx, tx, p.Content, simpul.Principal{ID: p.Proposer.ID, Account: p.Proposer.Account})
}

func (writing) Show(content []byte) ([]duty.Fact, error) {
	terms, err := grant.ShowWritten(content)
	facts := make([]duty.Fact, len(terms))
	for i, t := range terms {
		facts[i] = duty.Fact{Term: t.Name, Value: t.Value.ID}
	}
	return facts, err
}

// uses tells the grant room when grants were used last.
type uses struct{ exchanges *evidence.Exchanges }

func (u uses) LastUse(ctx context.Context, id simpul.GrantID) (time.Time, error) {
	newest, _, err := u.exchanges.List(ctx, simpul.NationScope(), evidence.Filter{Grant: id}, 1, "")
	if err != nil || len(newest) == 0 {
		return time.Time{}, err
	}
	return newest[0].Exchange.OpenedAt, nil
}

func (h *Hub) endDisuse(ctx context.Context) error {
	return h.Access.EndDisuse(ctx, uses{h.Exchanges})
}

func (h *Hub) accessAPI(api *httpapi.API) {
	grant.RegisterAccess(api, h.Access, h.gate())
}

// gate is what the gateway decides by, for whoever asks why.
type gate struct {
	keys      *agency.Keyring
	directory *catalog.Directory
	book      *policy.Book
	limiter   *traffic.Limiter
}

func (h *Hub) gate() grant.Gate { return gate{h.keyring, h.directory, h.book, h.limiter} }

func (g gate) Route(address simpul.Address) (*simpul.Route, error) {
	return g.directory.Resolve(string(address))
}

func (g gate) Admit(c simpul.Consumer, from netip.Addr) error { return g.keys.AdmitFrom(c, from) }

func (g gate) Permit(c simpul.Consumer, route *simpul.Route) error { return g.keys.Permit(c, route) }

func (g gate) Foresee(c simpul.Consumer, route *simpul.Route, now time.Time) (simpul.Decision, error) {
	return foreseen(g.book, g.limiter, traffic.Call{Application: c.Application, Route: route, At: now})
}

// accessPages puts the screens of requests on the mux.
func (h *Hub) accessPages(mux *http.ServeMux, names *roster) {
	grant.NewPages(grant.PagesConfig{
		Access: h.Access, Gate: h.gate(), Grants: h.Grants, Applications: h.ownApplications, Entrance: signin.Gate(), Now: clock.System,
		Agency: func(ctx context.Context, id simpul.AgencyID) string { return names.today(ctx).name(id) },
	}).Register(mux)
}

// ownApplications lists the applications for which a principal may ask.
func (h *Hub) ownApplications(ctx context.Context, p simpul.Principal) (all []grant.Applicant, err error) {
	found, err := h.Applications.List(ctx, p, httpapi.Page{Limit: 500})
	for _, a := range found {
		all = append(all, grant.Applicant{ID: simpul.ApplicationID(a.ID), Name: a.Spec.Name})
	}
	return all, err
}
