package onboarding

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

// ownView is the appointment of the visitor's agency with all its versions.
type ownView struct {
	c        Case
	versions []Version
	found    bool
	mayWrite bool
}

func (p *Pages) own(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	c, versions, found, err := p.Service.OfAgency(r.Context(), who, who.Agency)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, ownPage(ownView{c, versions, found, who.Can(simpul.WriteAgencies)}))
}

func (p *Pages) beginOwn(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	err := p.Service.BeginOwn(r.Context(), who, who.Agency, p.Facts(r.Context(), who.Agency))
	p.next(w, r, err, ownFillPath)
}

type inboxView struct {
	state State
	rows  []Case
	now   time.Time
}

func (p *Pages) inbox(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	state := State(r.URL.Query().Get("status"))
	if state != Returned && state != Accepted && state != Locked {
		state = Submitted
	}
	rows, err := p.Service.Waiting(r.Context(), who, state)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, inboxPage(inboxView{state, rows, p.Now()}))
}

type decisionView struct {
	c         Case
	versions  []Version
	canInvite bool
	invited   string
	now       time.Time
}

// latest is the form on which the operator decides.
func (v decisionView) latest() Version { return v.versions[0] }

// stripped reports whether what was written of people is gone.
func (v decisionView) stripped() bool {
	return !v.c.PrunedAt.IsZero() && newestAccepted(v.versions) == nil && len(v.latest().Form.Team) == 0
}

func (p *Pages) decision(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	c, versions, err := p.Service.Open(r.Context(), who, r.PathValue("id"))
	if err == nil && len(versions) == 0 {
		err = simpul.NotFound(kindCase, r.PathValue("id")) // a draft is nobody's but its author's
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, decisionPage(decisionView{c, versions, p.Service.CanInvite(), r.URL.Query().Get("undangan"), p.Now()}))
}

// document sends a file to be saved, never to be shown within the portal.
func (p *Pages) document(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	content, err := p.Service.Document(r.Context(), who, r.PathValue("id"), r.PathValue("document"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": r.PathValue("document") + ".pdf"}))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(content)))
	w.Write(content)
}

// deciding carries out a step and shows the case again.
func (p *Pages) deciding(act func(*http.Request, simpul.Principal) error) func(http.ResponseWriter, *http.Request, simpul.Principal) {
	return func(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
		err := readForm(w, r)
		if err == nil {
			err = act(r, who)
		}
		page := InboxPath + "/" + r.PathValue("id")
		if strings.HasSuffix(r.URL.Path, "/undang") {
			page += "?undangan=terkirim"
		}
		p.next(w, r, err, page)
	}
}

// seen is the version that the operator saw when they decided.
func seen(r *http.Request) int {
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return -1
	}
	return version
}

func (p *Pages) accept(r *http.Request, who simpul.Principal) error {
	return p.Service.Accept(r.Context(), who, r.PathValue("id"), seen(r))
}

func (p *Pages) giveBack(r *http.Request, who simpul.Principal) error {
	reasons := map[string]string{}
	for name, values := range r.PostForm {
		if field, ok := strings.CutPrefix(name, "reason."); ok {
			if reason := strings.TrimSpace(values[0]); reason != "" && len(reason) <= longest {
				reasons[field] = reason
			}
		}
	}
	return p.Service.Return(r.Context(), who, r.PathValue("id"), seen(r), reasons)
}

func (p *Pages) lock(r *http.Request, who simpul.Principal) error {
	return p.Service.Lock(r.Context(), who, r.PathValue("id"))
}

func (p *Pages) invite(r *http.Request, who simpul.Principal) error {
	_, err := p.Service.Invite(r.Context(), who, r.PathValue("id"))
	return err
}
