package signin

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

func (p *Pages) registerUpstream(mux *http.ServeMux) {
	mux.HandleFunc("GET "+SignInPath+"/instansi", p.upstreamDoor)
	mux.HandleFunc("GET "+SignInPath+"/instansi/mulai", p.upstreamDepart)
	mux.HandleFunc("GET "+upstreamCallback, p.upstreamReturn)
	mux.HandleFunc("GET "+UpstreamPath, p.signedIn(p.upstreamSettings))
	mux.HandleFunc("POST "+UpstreamPath, p.signedIn(p.setUpstream))
	mux.HandleFunc("POST "+UpstreamPath+"/hapus", p.signedIn(p.removeUpstream))
}

// upstreamDoor says where somebody is about to be led. A link leads there, not
// the form: the policy of the pages lets no form go to another site.
func (p *Pages) upstreamDoor(w http.ResponseWriter, r *http.Request) {
	next := localPath(r.URL.Query().Get("next"))
	agency, err := simpul.ParseAgencyID(strings.ToLower(strings.TrimSpace(afterAt(r.URL.Query().Get("agency")))))
	if err != nil {
		web.Fail(w, r, simpul.At("agency", err))
		return
	}
	u, _, err := p.service.provider(r.Context(), agency)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	host := u.Issuer
	if parsed, err := url.Parse(u.Issuer); err == nil {
		host = parsed.Host
	}
	web.Render(w, r, http.StatusOK, upstreamDoorPage(string(agency), host,
		SignInPath+"/instansi/mulai?"+url.Values{"agency": {string(agency)}, "next": {next}}.Encode()))
}

// afterAt lets people enter their account's name where a domain is asked for.
func afterAt(text string) string {
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		return text[i+1:]
	}
	return text
}

func (p *Pages) upstreamDepart(w http.ResponseWriter, r *http.Request) {
	agency, err := simpul.ParseAgencyID(r.URL.Query().Get("agency"))
	if err != nil {
		web.Fail(w, r, simpul.At("agency", err))
		return
	}
	to, secret, err := p.service.depart(r.Context(), agency, localPath(r.URL.Query().Get("next")))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.voyage.write(w, r, secret, time.Time{})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (p *Pages) upstreamReturn(w http.ResponseWriter, r *http.Request) {
	proof, next, err := p.service.returned(r.Context(), p.voyage.read(r), r.URL.Query())
	p.voyage.clear(w, r)
	if err == nil {
		err = p.enter(w, r, proof)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	see(w, r, localPath(next))
}

// ownAgency is the agency whose settings somebody sees: their own, or for the
// national operator the one that is asked for.
func ownAgency(visit Visit, asked string) (simpul.AgencyID, error) {
	if visit.Principal.National {
		return simpul.ParseAgencyID(asked)
	}
	return visit.Principal.Agency, nil
}

func (p *Pages) upstreamSettings(w http.ResponseWriter, r *http.Request, visit Visit) {
	if err := visit.Principal.Need(simpul.WriteAgencies); err != nil {
		web.Fail(w, r, err)
		return
	}
	agency, err := ownAgency(visit, r.URL.Query().Get("agency"))
	if err != nil {
		web.Render(w, r, http.StatusOK, upstreamChoicePage())
		return
	}
	u, err := p.service.UpstreamOf(r.Context(), visit.Principal, agency)
	view := upstreamView{agency: agency, Upstream: u, exists: err == nil, saved: r.URL.Query().Has("tersimpan"), callback: p.callback()}
	if err != nil && simpul.CodeOf(err) != simpul.CodeNotFound {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, upstreamPage(view))
}

func (p *Pages) callback() string {
	if at := p.service.site.Load(); at != nil {
		return at.url + upstreamCallback
	}
	return upstreamCallback
}

func (p *Pages) setUpstream(w http.ResponseWriter, r *http.Request, visit Visit) {
	if !form(w, r) {
		return
	}
	agency, err := p.mayWrite(r, visit)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	u := Upstream{
		Issuer: strings.TrimSpace(r.PostForm.Get("issuer")), ClientID: strings.TrimSpace(r.PostForm.Get("client")), Claim: claimOf(r.PostForm.Get("claim")),
		Domain: strings.ToLower(strings.TrimSpace(r.PostForm.Get("domain"))), Required: r.PostForm.Get("required") != "",
	}
	err = p.service.SetUpstream(r.Context(), visit.Principal, agency, u, simpul.Secret(strings.TrimSpace(r.PostForm.Get("secret"))))
	if simpul.CodeOf(err) == simpul.CodeInvalid {
		web.Render(w, r, http.StatusBadRequest, upstreamPage(upstreamView{agency: agency, Upstream: u, callback: p.callback(), fault: refusal(err)}))
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	see(w, r, UpstreamPath+"?tersimpan=1&agency="+string(agency))
}

func (p *Pages) mayWrite(r *http.Request, visit Visit) (simpul.AgencyID, error) {
	if err := visit.Principal.Need(simpul.WriteAgencies); err != nil {
		return "", err
	}
	return ownAgency(visit, r.PostForm.Get("agency"))
}

func (p *Pages) removeUpstream(w http.ResponseWriter, r *http.Request, visit Visit) {
	if !form(w, r) {
		return
	}
	agency, err := p.mayWrite(r, visit)
	if err == nil {
		err = p.service.RemoveUpstream(r.Context(), visit.Principal, agency)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	see(w, r, UpstreamPath+"?agency="+string(agency))
}
