package standard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// StandardsPath is where the data standards are.
const StandardsPath = "/standar"

func standardHref(id StandardID) string { return StandardsPath + "/" + url.PathEscape(string(id)) }

// standardsView is the browser of standards.
type standardsView struct {
	Text     string
	All      []Version
	Next     string
	First    string
	Keeper   func(simpul.AgencyID) string
	MayWrite bool
}

func (p *Pages) allStandards(w http.ResponseWriter, r *http.Request) {
	ctx, reader, query := r.Context(), p.reader(r.Context()), r.URL.Query()
	v := standardsView{Text: clip(strings.TrimSpace(query.Get("q")), 100), MayWrite: reader.Can(simpul.WriteStandards), Keeper: func(id simpul.AgencyID) string { return p.agency(ctx, id) }}
	after := clip(query.Get("after"), 63)
	all, err := p.standards.Search(ctx, reader, v.Text, httpapi.Page{Limit: perPage + 1, After: after})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	at := url.Values{}
	if v.Text != "" {
		at.Set("q", v.Text)
	}
	if after != "" {
		v.First = withQuery(StandardsPath, at)
	}
	if v.All = all; len(all) > perPage {
		v.All = all[:perPage]
		at.Set("after", string(v.All[perPage-1].ID))
		v.Next = withQuery(StandardsPath, at)
	}
	web.Render(w, r, http.StatusOK, standardsPage(v))
}

// standardView is one version of a standard, and what the reader may do with it.
type standardView struct {
	Version
	All    []Version
	Keeper func(simpul.AgencyID) string
	Steps  []Step
	Saved  bool
	Writes bool // the reader may write a draft of it
	Uses   []Use
}

func (p *Pages) standard(w http.ResponseWriter, r *http.Request) {
	ctx, reader := r.Context(), p.reader(r.Context())
	all, err := p.standards.Versions(ctx, reader, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := standardView{Version: chosen(all, r.URL.Query().Get("version")), All: all, Keeper: func(id simpul.AgencyID) string { return p.agency(ctx, id) }}
	for _, step := range Steps() {
		if reader.Can(step.Need()) && reader.Scope().Covers(v.Spec.Agency) && step.allowed(reader, v.Version) == nil {
			v.Steps = append(v.Steps, step)
		}
	}
	if v.Uses, err = p.bindings.Uses(ctx, reader, v.ID, "", mostUses); err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Writes = reader.Can(simpul.WriteStandards) && reader.Scope().Covers(v.Spec.Agency) && all[0].Spec.State != Proposed
	v.Saved = r.URL.Query().Has("saved")
	web.Render(w, r, http.StatusOK, standardPage(v))
}

// chosen is the version that the address names; without one, the one in force,
// or else the newest.
func chosen(all []Version, number string) Version {
	n, _ := strconv.Atoi(number)
	for _, v := range all {
		if v.Spec.Version == n || n == 0 && v.Spec.State == Approved {
			return v
		}
	}
	return all[0]
}

// step takes a version one step on, as a form on its page asks for.
func (p *Pages) step(w http.ResponseWriter, r *http.Request) {
	visitor, ok := p.gate.Visitor(r.Context())
	if !ok {
		p.gate.At(standardHref(StandardID(r.PathValue("id")))).Lead(w, r)
		return
	}
	version, _ := strconv.Atoi(r.PostFormValue("version"))
	v, err := p.standards.Take(r.Context(), visitor, r.PathValue("id"), version, Step(r.PostFormValue("step")), strings.TrimSpace(r.PostFormValue("note")))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, withQuery(standardHref(v.ID), url.Values{"version": {strconv.Itoa(v.Spec.Version)}, "saved": {"1"}}), http.StatusSeeOther)
}

func stateWords(ctx context.Context, s State) web.Badge {
	switch s {
	case Proposed:
		return web.Badge{Label: web.T(ctx, "Menunggu keputusan", "Waiting for a decision"), Tone: web.Caution}
	case Approved:
		return web.Badge{Label: web.T(ctx, "Berlaku", "In force"), Tone: web.Good}
	case Withdrawn:
		return web.Badge{Label: web.T(ctx, "Dicabut", "Withdrawn"), Tone: web.Bad}
	}
	return web.Badge{Label: web.T(ctx, "Rancangan", "Draft")}
}

func stepWords(ctx context.Context, s Step) (label string, weight web.Weight) {
	switch s {
	case Propose:
		return web.T(ctx, "Ajukan kepada Pembina Data", "Propose to the authority"), web.Primary
	case Approve:
		return web.T(ctx, "Setujui", "Approve"), web.Primary
	case Return:
		return web.T(ctx, "Kembalikan", "Return"), web.Secondary
	}
	return web.T(ctx, "Cabut", "Withdraw"), web.Danger
}
