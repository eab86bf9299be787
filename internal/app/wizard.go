package app

import (
	"context"
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/exchange/metering"
	"simpul/internal/exchange/traffic"
	"simpul/internal/exchange/violation"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/resource"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/feasibility"
	"simpul/internal/registry/grant"
	"simpul/internal/registry/lifecycle"
	"simpul/internal/registry/signin"
	"simpul/internal/registry/standard"

	"github.com/a-h/templ"
)

// workplacePages puts the provider's workplace on the mux.
func (h *Hub) workplacePages(mux *http.ServeMux, names *roster) {
	catalog.NewWorkplace(catalog.WorkConfig{
		LIDs: h.LIDs, Finder: h.finder, Agencies: providers{names}, Road: road{h}, Trials: trials{h}, Meanings: meanings{h}, Served: served{h.canaries},
		Also: alsoAbout, FromYAML: resource.JSON, Gate: signin.Gate(),
	}).Register(mux)
}

// alsoAbout are the pages that other rooms have about a LID.
func alsoAbout(ctx context.Context, p simpul.Principal, a simpul.Address, s catalog.Spec) []web.Link {
	links := []web.Link{
		{Label: web.T(ctx, "Uji kelaikan", "Feasibility test"), Href: feasibility.PagePath(a)},
		{Label: web.T(ctx, "Revisi", "Revisions"), Href: catalog.RevisionsPath(a)},
	}
	if s.State.Live() {
		links = append(links, web.Link{Label: web.T(ctx, "Pelanggaran kontrak", "Contract violations"), Href: violation.PagePath(a)})
		links = append(links, web.Link{Label: web.T(ctx, "Izin yang diberikan", "Grants that were given"), Href: grant.HeldPath + "?sisi=penyedia&lid=" + url.QueryEscape(string(a))})
		links = append(links, web.Link{Label: web.T(ctx, "Keadaan layanan", "Status of the service"), Href: metering.StatusPath(a)})
		if p.Can(simpul.ReadExchanges) {
			links = append(links, web.Link{Label: web.T(ctx, "Pemakaian", "Usage"), Href: metering.UsageOf(s.Agency, a)})
		}
		if p.Can(simpul.WriteGrants) {
			links = append(links, web.Link{Label: web.T(ctx, "Batas panggilan", "Limits of calls"), Href: traffic.SetPathOf(simpul.Subject{Kind: simpul.SubjectLID, ID: string(a)})})
		}
	}
	return links
}

// road tells the catalogue how LIDs go through their life.
type road struct{ hub *Hub }

func (r road) Stand(ctx context.Context, p simpul.Principal, address simpul.Address, _ catalog.Spec) (catalog.Stand, error) {
	at, err := r.hub.Lifecycle.Standing(ctx, p.Scope(), address)
	if err != nil {
		return catalog.Stand{}, err
	}
	stand := catalog.Stand{Step: at.Step.Code, Title: at.Step.Title.Text(), Due: at.Due}
	for _, way := range r.hub.Lifecycle.Ways(at.Step) {
		onward := catalog.Onward{Step: way.Step.Code, Title: way.Step.Title.Text(), Who: way.Who, Need: way.Need}
		if t := way.Step.Timer; t != nil && t.Unit == lifecycle.Working {
			onward.Days = t.Length
		}
		stand.Onward = append(stand.Onward, onward)
	}
	return stand, nil
}

func (r road) Timeline(ctx context.Context, p simpul.Principal, address simpul.Address) (templ.Component, error) {
	return r.hub.Lifecycle.Picture(ctx, p.Scope(), address)
}

// trials tells the catalogue how LIDs did in their feasibility test.
type trials struct{ hub *Hub }

func (t trials) Fitness(ctx context.Context, p simpul.Principal, address simpul.Address) (catalog.Fitness, error) {
	at, err := t.hub.Feasibility.Standing(ctx, p, string(address), "")
	f := catalog.Fitness{Passed: at.Fit, Current: at.Current, Waived: at.Waiver != nil, Href: feasibility.PagePath(address)}
	if err != nil || at.Report == nil {
		return f, err
	}
	f.At = at.Report.Ended
	for _, c := range at.Report.Of(feasibility.Fail) {
		f.Failed = append(f.Failed, simpul.Text(c.Title))
	}
	return f, nil
}

// meanings lets the catalogue bind fields to standards and lists of codes.
type meanings struct{ hub *Hub }

func (m meanings) Bound(ctx context.Context, p simpul.Principal, address simpul.Address) (all []catalog.Meaning, err error) {
	bound, err := m.fields(ctx, p, address)
	for _, f := range bound {
		all = append(all, catalog.Meaning{Field: f.Field, Standard: string(f.Standard), List: string(f.List)})
	}
	return all, err
}

func (m meanings) fields(ctx context.Context, p simpul.Principal, address simpul.Address) ([]standard.BoundField, error) {
	stored, err := m.hub.Bindings.Get(ctx, p, string(address))
	if simpul.CodeOf(err) == simpul.CodeNotFound {
		return nil, nil
	}
	return stored.Spec.Fields, err
}

// Bind keeps the version of the standard that a field has been bound to.
func (m meanings) Bind(ctx context.Context, p simpul.Principal, address simpul.Address, all []catalog.Meaning) error {
	before, err := m.fields(ctx, p, address)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return m.hub.Bindings.Delete(ctx, p, string(address))
	}
	versions := map[catalog.Meaning]int{}
	for _, f := range before {
		versions[catalog.Meaning{Field: f.Field, Standard: string(f.Standard)}] = f.Version
	}
	var spec standard.BindingSpec
	for _, one := range all {
		spec.Fields = append(spec.Fields, standard.BoundField{
			Field: one.Field, Standard: standard.StandardID(one.Standard), List: standard.ListID(one.List),
			Version: versions[catalog.Meaning{Field: one.Field, Standard: one.Standard}],
		})
	}
	_, err = m.hub.Bindings.Put(ctx, p, string(address), spec, false)
	return err
}

// mostChoices bounds what a page offers to choose from.
const mostChoices = 200

func (m meanings) Choices(ctx context.Context, p simpul.Principal) (standards, lists []web.Option, err error) {
	all, err := m.hub.Standards.List(ctx, p, httpapi.Page{Limit: mostChoices})
	for _, s := range all {
		if s.Spec.State == standard.Approved {
			standards = append(standards, web.Option{Value: s.ID, Label: s.Spec.Name})
		}
	}
	if err != nil {
		return nil, nil, err
	}
	codes, err := m.hub.RefCodes.List(ctx, p, httpapi.Page{Limit: mostChoices})
	for _, l := range codes {
		if l.Spec.State == standard.ListPublished {
			lists = append(lists, web.Option{Value: l.ID, Label: web.T(ctx, l.Spec.Title.ID, l.Spec.Title.EN)})
		}
	}
	return standards, lists, err
}
