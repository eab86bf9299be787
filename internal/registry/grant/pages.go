package grant

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// pageSize is how many entries a page of a list has.
const pageSize = 25

// Applicant is an application for which somebody may ask.
type Applicant struct {
	ID   simpul.ApplicationID
	Name string
}

// PagesConfig is what the screens need of others.
type PagesConfig struct {
	Access       *Access
	Gate         Gate
	Grants       *Service
	Applications func(ctx context.Context, p simpul.Principal) ([]Applicant, error)
	Agency       func(ctx context.Context, id simpul.AgencyID) string // its name
	Entrance     web.Gate
	Now          clock.Clock
}

// Pages are the screens.
type Pages struct{ PagesConfig }

// NewPages returns the screens.
func NewPages(c PagesConfig) *Pages { return &Pages{c} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+ListPath, p.admit(simpul.ReadGrants, p.list))
	mux.Handle("GET "+NewPath, p.admit(simpul.WriteApplications, p.begin))
	mux.Handle("POST "+NewPath, p.admit(simpul.WriteApplications, p.submit))
	mux.Handle("GET "+InboxPath, p.admit(simpul.WriteGrants, p.inbox))
	mux.Handle("POST "+VersionPath, p.admit(simpul.WriteApplications, p.move))
	mux.Handle("GET "+WhyPath, p.admit(simpul.ReadGrants, p.why))
	mux.Handle("GET "+ListPath+"/{id}", p.admit(simpul.ReadGrants, p.one))
	mux.Handle("GET "+ListPath+"/{id}/perbaiki", p.admit(simpul.WriteApplications, p.beginMending))
	mux.Handle("POST "+ListPath+"/{id}/perbaiki", p.admit(simpul.WriteApplications, p.mend))
	mux.Handle("POST "+ListPath+"/{id}/tarik", p.admit(simpul.WriteApplications, p.withdraw))
	mux.Handle("POST "+ListPath+"/{id}/putusan", p.admit(simpul.WriteGrants, p.decide))
	mux.Handle("POST "+ListPath+"/{id}/izin", p.admit(simpul.WriteGrants, p.end))
	p.registerGrants(mux)
}

// admit shows a screen to those who have the permission.
func (p *Pages) admit(need simpul.Permission, show web.Screen) http.Handler {
	return p.Entrance.At(ListPath).Admit(need, show)
}

// askView is the form of a request.
type askView struct {
	Offer        Offer
	Provider     string
	Applications []Applicant
	Entered      url.Values
	Fault        *simpul.Error
	Action       string // where the form goes
	Reason       string // why it was returned; empty for a new one
	Mending      bool
	Longest      simpul.Text // how long access is given for
}

// confined reports whether rows were confined, or that is what is wrong.
func (v askView) confined() bool {
	return len(rowsOf(v.Entered)) > 0 || v.Fault != nil && v.Fault.Place == "rows"
}

// at is what is wrong with an input.
func (v askView) at(ctx context.Context, place string) string { return faultAt(ctx, v.Fault, place) }

func faultAt(ctx context.Context, fault *simpul.Error, place string) string {
	if fault == nil || fault.Place != place {
		return ""
	}
	return fault.Message.In(web.Language(ctx)) + " " + fault.Remedy.In(web.Language(ctx))
}

func (p *Pages) begin(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	lid := r.URL.Query().Get("lid")
	if lid == "" {
		web.Render(w, r, http.StatusOK, choosePage())
		return
	}
	entered := url.Values{"lid": {lid}, "application": {r.URL.Query().Get("aplikasi")}, "ratePerMinute": {"60"}, "until": {p.Now().AddDate(1, 0, 0).In(wib).Format(time.DateOnly)}}
	p.ask(w, r, who, http.StatusOK, askView{Action: NewPath, Entered: entered})
}

// ask shows the form of a request for the LID that was entered.
func (p *Pages) ask(w http.ResponseWriter, r *http.Request, who simpul.Principal, status int, v askView) {
	var err error
	if v.Offer, err = p.Access.Offer(r.Context(), simpul.Address(v.Entered.Get("lid"))); err != nil {
		web.Fail(w, r, err)
		return
	}
	if v.Applications, err = p.Applications(r.Context(), who); err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Provider, v.Longest = p.Agency(r.Context(), v.Offer.Provider), p.Access.Longest(v.Offer.Class)
	web.Render(w, r, status, askPage(v))
}

func (p *Pages) submit(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.handIn(w, r, who, askView{Action: NewPath}, func(ask Ask) (Case, error) { return p.Access.Submit(r.Context(), who, ask) })
}

// handIn reads a request and submits it; what is wrong is shown in the form.
func (p *Pages) handIn(w http.ResponseWriter, r *http.Request, who simpul.Principal, v askView, submit func(Ask) (Case, error)) {
	if err := readForm(w, r); err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Entered = r.PostForm
	ask, err := askOf(r.PostForm)
	var c Case
	if err == nil {
		c, err = submit(ask)
	}
	fault, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, RequestPath(c.ID), http.StatusSeeOther)
	case !coded || fault.Code == simpul.CodeNotFound:
		web.Fail(w, r, err)
	default:
		v.Fault = fault
		p.ask(w, r, who, httpapi.Status(fault.Code), v)
	}
}

func (p *Pages) beginMending(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	c, err := p.returned(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.ask(w, r, who, http.StatusOK, askView{Action: r.URL.Path, Entered: c.Latest().Ask.entered(), Reason: c.Latest().Reason, Mending: true})
}

// returned is a request of one's own agency that was returned.
func (p *Pages) returned(r *http.Request, who simpul.Principal) (Case, error) {
	c, err := p.Access.Get(r.Context(), who, r.PathValue("id"))
	if err == nil && (c.State != Returned || !who.Scope().Covers(c.Consumer())) {
		err = notNow(c.State)
	}
	return c, err
}

func (p *Pages) mend(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	c, err := p.returned(r, who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.handIn(w, r, who, askView{Action: r.URL.Path, Reason: c.Latest().Reason, Mending: true}, func(ask Ask) (Case, error) {
		return p.Access.Mend(r.Context(), who, c.ID, ask)
	})
}

func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	c, err := p.Access.Withdraw(r.Context(), who, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, RequestPath(c.ID), http.StatusSeeOther)
}
