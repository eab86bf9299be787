package grant

import (
	"context"
	"net/http"

	"simpul"
	"simpul/internal/platform/web"
)

// VersionPath is where the holder of a grant moves it.
const VersionPath = ListPath + "/versi"

// move moves a grant of the visitor's agency, and comes back to its page.
func (p *Pages) move(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	if err := readForm(w, r); err != nil {
		web.Fail(w, r, err)
		return
	}
	id := r.PostForm.Get("grant")
	if err := p.Access.Move(r.Context(), who, id, r.PostForm.Get("version")); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, p.Access.pageOf(r.Context(), who, id), http.StatusSeeOther)
}

// pageOf is where a grant is shown: on the page of its request, or in the list.
func (a *Access) pageOf(ctx context.Context, p simpul.Principal, id string) string {
	if request, err := a.requestOf(ctx, p, id); err == nil && request != "" {
		return RequestPath(request)
	}
	return ListPath
}

// pinsOf finds the version of each grant that builds on an earlier one.
func (p *Pages) pinsOf(ctx context.Context, who simpul.Principal, all ...Held) map[string]pinView {
	pins := map[string]pinView{}
	for _, g := range all {
		if g.Spec.Version == "" {
			continue
		}
		if offer, err := p.Access.Offer(ctx, g.Spec.LID); err == nil { // else there is nothing to move to
			pins[g.ID] = p.pinOf(who, g, offer)
		}
	}
	return pins
}

func (p *Pages) pinOf(who simpul.Principal, g Held, o Offer) pinView {
	v := pinView{
		Grant: g.ID, LID: g.Spec.LID, Version: g.Spec.Version, Newest: simpul.Major(o.Version), Now: p.Now(),
		MayMove: who.Can(simpul.WriteApplications) && who.Scope().Covers(g.Spec.Application.Agency()),
	}
	for _, older := range o.Older {
		if simpul.Major(older.Version) == v.Version {
			v.Sunset = older.Sunset
		}
	}
	for _, path := range g.Spec.Fields {
		if o.Contract != nil && !o.Contract.HasField(path) {
			v.Missing = append(v.Missing, path)
		}
	}
	return v
}
