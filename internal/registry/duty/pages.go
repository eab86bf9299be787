package duty

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// ListPath is where the list of proposals is.
const ListPath = "/persetujuan"

const (
	maxForm    = 16 << 10 // bytes
	perHistory = 50
	mostOpen   = 200 // shown at once
)

// Start is a page on which something that needs two people begins.
type Start struct {
	Need  simpul.Permission
	Title simpul.Text
	Href  string
}

// Pages are the screens.
type Pages struct {
	service *Service
	gate    web.Gate
	starts  []Start
}

// NewPages returns the screens.
func NewPages(service *Service, gate web.Gate, starts ...Start) *Pages {
	return &Pages{service, gate.At(ListPath), starts}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.Handle("GET "+ListPath, p.gate.Admit(simpul.ReadProposals, p.list))
	mux.Handle("GET "+ListPath+"/{id}", p.gate.Admit(simpul.ReadProposals, p.one))
	mux.Handle("POST "+ListPath+"/{id}", p.gate.Admit(simpul.ReadProposals, p.act))
}

// listView is what the list shows.
type listView struct {
	Visitor               simpul.Principal
	Waiting, Mine, Others []Proposal // open ones: for me, by me, for somebody else
	History               []Proposal
	Next                  string // cursor of older history
	Older                 bool   // this is not the first page of it
	Starts                []Start
	headline              func(Proposal) simpul.Text
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	after, err := httpapi.DecodeCursor(r.URL.Query().Get("cursor"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := listView{Visitor: visitor, Older: after != "", headline: p.service.HeadlineOf}
	for _, s := range p.starts {
		if visitor.Can(s.Need) {
			v.Starts = append(v.Starts, s)
		}
	}
	err = errors.Join(p.openOnes(r.Context(), visitor, &v), p.history(r.Context(), visitor, after, &v))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, listPage(v))
}

// openOnes sorts what is open by who has to act.
func (p *Pages) openOnes(ctx context.Context, visitor simpul.Principal, v *listView) error {
	open, err := p.service.List(ctx, visitor, Filter{State: Open}, httpapi.Page{Limit: mostOpen})
	for _, one := range open {
		switch {
		case mine(visitor, one):
			v.Mine = append(v.Mine, one)
		case p.service.Entitled(visitor, one) == nil:
			v.Waiting = append(v.Waiting, one)
		default:
			v.Others = append(v.Others, one)
		}
	}
	return err
}

func (p *Pages) history(ctx context.Context, visitor simpul.Principal, after string, v *listView) error {
	all, err := p.service.List(ctx, visitor, Filter{}, httpapi.Page{Limit: perHistory + 1, After: after})
	if len(all) > perHistory {
		all = all[:perHistory]
		v.Next = httpapi.EncodeCursor(pageKey(all[perHistory-1]))
	}
	for _, one := range all {
		if one.State != Open {
			v.History = append(v.History, one)
		}
	}
	return err
}

// oneView is what the page of one proposal shows.
type oneView struct {
	Proposal
	Title    simpul.Text
	Headline simpul.Text // with what it is done to
	Changes  []Change
	Mine     bool
	Refusal  *simpul.Error // why the visitor may not decide; nil where they may
	Fault    *simpul.Error // of what they just tried
	Entered  string        // the reason that they wrote then
	Unshown  bool          // this version cannot read the content
	Existing bool          // the subject exists already
}

func (p *Pages) one(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	p.show(w, r, visitor, http.StatusOK, nil, "")
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, visitor simpul.Principal, status int, fault *simpul.Error, reason string) {
	found, err := p.service.Get(r.Context(), visitor, r.PathValue("id"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := oneView{Proposal: found, Title: p.service.TitleOf(found.Action), Headline: p.service.HeadlineOf(found), Mine: mine(visitor, found), Fault: fault, Entered: reason, Existing: len(found.Before) > 0}
	if v.Changes, err = p.service.Changes(found); err != nil {
		v.Unshown = true
	}
	if refusal, ok := errors.AsType[*simpul.Error](p.service.Entitled(visitor, found)); ok {
		v.Refusal = refusal
	}
	web.Render(w, r, status, onePage(v))
}

// act decides or withdraws, and then shows the proposal as it is.
func (p *Pages) act(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, unreadableForm())
		return
	}
	id, reason := r.PathValue("id"), r.PostForm.Get("reason")
	err := p.carry(r.Context(), visitor, id, r.PostForm.Get("verdict"), reason)
	refusal, coded := errors.AsType[*simpul.Error](err)
	switch {
	case err == nil:
		http.Redirect(w, r, PagePath(url.PathEscape(id)), http.StatusSeeOther)
	case !coded || refusal.Code == simpul.CodeNotFound:
		web.Fail(w, r, err)
	default:
		p.show(w, r, visitor, httpapi.Status(refusal.Code), refusal, reason)
	}
}

func (p *Pages) carry(ctx context.Context, visitor simpul.Principal, id, verdict, reason string) (err error) {
	switch verdict {
	case "approve":
		_, err = p.service.Approve(ctx, visitor, id, reason)
	case "reject":
		_, err = p.service.Reject(ctx, visitor, id, reason)
	case "withdraw":
		_, err = p.service.Withdraw(ctx, visitor, id)
	default:
		err = unreadableForm()
	}
	return err
}

func unreadableForm() error {
	return simpul.Invalid("form",
		simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
		simpul.Text{ID: "Muat ulang halaman ini, lalu coba lagi.", EN: "Reload this page and try again."})
}
