package feasibility

import (
	"context"
	"errors"
	"net/http"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// PagePath returns the address of the page of a LID's test.
func PagePath(a simpul.Address) string { return "/catalog/" + string(a) + "/uji" }

// Pages are the screens, for the owner of a LID and the operator.
type Pages struct {
	service *Service
	gate    web.Gate
}

// NewPages returns the screens.
func NewPages(service *Service, gate web.Gate) *Pages { return &Pages{service, gate.At("/")} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	const path = "/catalog/{group}/{name}/uji"
	mux.Handle("GET "+path, p.gate.Admit(simpul.ReadLIDs, p.show))
	mux.Handle("POST "+path, p.gate.Form(simpul.WriteLIDs, p.run))
	mux.Handle("POST "+path+"/pengecualian", p.gate.Form(simpul.WaiveLIDs, p.waive))
}

// view is what the page shows.
type view struct {
	Standing
	MayRun, MayWaive bool
	Fault            *simpul.Error // of what was just tried
	Reason           string        // that was written for a waiver then
}

func idOf(r *http.Request) string { return r.PathValue("group") + "/" + r.PathValue("name") }

func (p *Pages) show(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.render(w, r, who, http.StatusOK, nil, "")
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, who simpul.Principal, status int, fault *simpul.Error, reason string) {
	standing, err := p.service.Standing(r.Context(), who, idOf(r), r.URL.Query().Get("laporan"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := view{Standing: standing, MayRun: who.Can(simpul.WriteLIDs), Fault: fault, Reason: reason}
	v.MayWaive = who.Can(simpul.WaiveLIDs) && v.Waiver == nil && v.Report != nil && v.Report.Digest == v.Digest && v.Report.Outcome == Fail
	web.Render(w, r, status, page(v))
}

func (p *Pages) run(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.then(w, r, who, "", func(ctx context.Context) error {
		_, err := p.service.Run(ctx, who, idOf(r))
		return err
	})
}

func (p *Pages) waive(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	reason := r.PostForm.Get("reason")
	p.then(w, r, who, reason, func(ctx context.Context) error {
		_, err := p.service.Waive(ctx, who, idOf(r), r.PostForm.Get("digest"), reason)
		return err
	})
}

// then acts and goes back to the page, or shows there what was refused.
func (p *Pages) then(w http.ResponseWriter, r *http.Request, who simpul.Principal, reason string, act func(context.Context) error) {
	err := act(r.Context())
	refusal, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, PagePath(simpul.Address(idOf(r))), http.StatusSeeOther)
	case !coded || refusal.Code == simpul.CodeNotFound || refusal.Code == simpul.CodeDenied:
		web.Fail(w, r, err)
	default:
		p.render(w, r, who, httpapi.Status(refusal.Code), refusal, reason)
	}
}
