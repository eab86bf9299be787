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

// mostShown bounds a list on the screens.
const mostShown = 500

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
	Visitor      func(context.Context) (simpul.Principal, bool)
	SignIn       string // address of the sign-in page, which takes next
	Now          clock.Clock
}

// Pages are the screens.
type Pages struct{ PagesConfig }

// NewPages returns the screens.
func NewPages(c PagesConfig) *Pages { return &Pages{c} }

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+ListPath, p.signedIn(simpul.ReadGrants, p.list))
	mux.HandleFunc("GET "+NewPath, p.signedIn(simpul.WriteApplications, p.begin))
	mux.HandleFunc("POST "+NewPath, p.signedIn(simpul.WriteApplications, p.submit))
	mux.HandleFunc("GET "+InboxPath, p.signedIn(simpul.WriteGrants, p.inbox))
	mux.HandleFunc("POST "+VersionPath, p.signedIn(simpul.WriteApplications, p.move))
	mux.HandleFunc("GET "+WhyPath, p.signedIn(simpul.ReadGrants, p.why))
	mux.HandleFunc("GET "+ListPath+"/{id}", p.signedIn(simpul.ReadGrants, p.one))
	mux.HandleFunc("GET "+ListPath+"/{id}/perbaiki", p.signedIn(simpul.WriteApplications, p.beginMending))
	mux.HandleFunc("POST "+ListPath+"/{id}/perbaiki", p.signedIn(simpul.WriteApplications, p.mend))
	mux.HandleFunc("POST "+ListPath+"/{id}/tarik", p.signedIn(simpul.WriteApplications, p.withdraw))
	mux.HandleFunc("POST "+ListPath+"/{id}/putusan", p.signedIn(simpul.WriteGrants, p.decide))
	mux.HandleFunc("POST "+ListPath+"/{id}/izin", p.signedIn(simpul.WriteGrants, p.end))
}

// signedIn asks whoever is not signed in to do so, and refuses who may not.
func (p *Pages) signedIn(need simpul.Permission, show func(http.ResponseWriter, *http.Request, simpul.Principal)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, ok := p.Visitor(r.Context())
		if !ok {
			next := r.URL.RequestURI()
			if r.Method != http.MethodGet {
				next = ListPath
			}
			http.Redirect(w, r, p.SignIn+"?next="+url.QueryEscape(next), http.StatusSeeOther)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		if err := who.Need(need); err != nil {
			web.Fail(w, r, err)
			return
		}
		show(w, r, who)
	}
}

// listView is what an agency asked for and holds.
type listView struct {
	Requests []Request
	Grants   []httpapi.Stored[Spec]
	State    State // of the requests shown; empty for all
	MayAsk   bool
	MayGive  bool
	Waiting  int                // requests that wait for the visitor's agency
	Pins     map[string]pinView // of the grants that build on an earlier version
	Now      time.Time
	agency   func(context.Context, simpul.AgencyID) string
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	state := State(r.URL.Query().Get("status"))
	v := listView{State: state, MayAsk: who.Can(simpul.WriteApplications), MayGive: who.Can(simpul.WriteGrants), Now: p.Now(), agency: p.Agency}
	requests, err := p.Access.List(r.Context(), who, Filter{Consumer: who.Agency, State: state}, httpapi.Page{Limit: mostShown})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Requests = newestFirst(requests)
	waiting, err := p.Access.List(r.Context(), who, Filter{Provider: who.Agency, State: Submitted}, httpapi.Page{Limit: mostShown})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Waiting = len(waiting)
	grants, err := p.Grants.List(r.Context(), who, httpapi.Page{Limit: mostShown})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for _, g := range grants {
		if who.Agency == "" || g.Spec.Application.Agency() == who.Agency {
			v.Grants = append(v.Grants, g)
		}
	}
	v.Pins = p.pinsOf(r.Context(), who, v.Grants)
	web.Render(w, r, http.StatusOK, listPage(v))
}

func newestFirst(all []Request) []Request {
	turned := make([]Request, len(all))
	for i, r := range all {
		turned[len(all)-1-i] = r
	}
	return turned
}

// inboxView is what waits for the provider, by when it is due.
type inboxView struct {
	Waiting, Others []Request
	Now             time.Time
	agency          func(context.Context, simpul.AgencyID) string
}

func (p *Pages) inbox(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	all, err := p.Access.List(r.Context(), who, Filter{Provider: who.Agency}, httpapi.Page{Limit: mostShown})
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := inboxView{Now: p.Now(), agency: p.Agency}
	for _, one := range all {
		if one.State == Submitted {
			v.Waiting = append(v.Waiting, one)
		}
	}
	for _, one := range newestFirst(all) {
		if one.State != Submitted {
			v.Others = append(v.Others, one)
		}
	}
	web.Render(w, r, http.StatusOK, inboxPage(v))
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
	v.Provider = p.Agency(r.Context(), v.Offer.Provider)
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
