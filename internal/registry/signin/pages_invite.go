package signin

import (
	"net/http"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

func (p *Pages) registerInvite(mux *http.ServeMux) {
	mux.HandleFunc("GET "+InvitePath, p.inviteForm)
	mux.HandleFunc("POST "+InvitePath, p.inviteCode)
	mux.HandleFunc("GET "+InvitePath+"/pilih", p.invited(p.inviteChoice))
	mux.HandleFunc("GET "+InvitePath+"/sandi", p.invited(p.invitePassword))
	mux.HandleFunc("POST "+InvitePath+"/sandi", p.invited(p.joinWithPassword))
	mux.HandleFunc("POST "+InvitePath+"/passkey/mulai", p.joinChallenge)
	mux.HandleFunc("POST "+InvitePath+"/passkey/selesai", p.joinWithPasskey)
}

func (p *Pages) inviteForm(w http.ResponseWriter, r *http.Request) {
	web.Render(w, r, http.StatusOK, invitePage(inviteView{}))
}

// inviteCode looks at a code and keeps it in the browser until it is used: it
// never stands in an address.
func (p *Pages) inviteCode(w http.ResponseWriter, r *http.Request) {
	if !form(w, r) {
		return
	}
	code := inviteCode(r.PostForm.Get("code"))
	if code == "" {
		web.Render(w, r, http.StatusBadRequest, invitePage(inviteView{misread: true}))
		return
	}
	inv, err := p.service.accounts.Invitation(r.Context(), code)
	if err != nil {
		p.notInvited(w, r, err)
		return
	}
	p.invite.write(w, r, code, inv.Until)
	see(w, r, InvitePath+"/pilih")
}

// notInvited shows the one page for every code that cannot be used any more:
// unknown, used, expired.
func (p *Pages) notInvited(w http.ResponseWriter, r *http.Request, err error) {
	if simpul.CodeOf(err) == simpul.CodeInternal {
		web.Fail(w, r, err)
		return
	}
	p.invite.clear(w, r)
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, http.StatusNotFound, invitePage(inviteView{over: true}))
}

// invited lets through who brings an invitation that still holds.
func (p *Pages) invited(next func(http.ResponseWriter, *http.Request, simpul.Secret, Invitation)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		code := p.invite.read(r)
		if code == "" {
			http.Redirect(w, r, InvitePath, http.StatusSeeOther)
			return
		}
		inv, err := p.service.accounts.Invitation(r.Context(), code)
		if err != nil {
			p.notInvited(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		next(w, r, code, inv)
	}
}

func (p *Pages) inviteChoice(w http.ResponseWriter, r *http.Request, _ simpul.Secret, inv Invitation) {
	web.Render(w, r, http.StatusOK, choicePage(inv, deviceOf(r.UserAgent()).in(web.Language(r.Context()))))
}

// invitePassword shows the secret for the authenticator. Loading the page again
// shows the same one.
func (p *Pages) invitePassword(w http.ResponseWriter, r *http.Request, _ simpul.Secret, inv Invitation) {
	view, err := p.setup(w, r, inv.Account)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, joinPasswordPage(inv, view))
}

// setup returns the authenticator's secret that this browser is setting up, or
// begins with a new one.
func (p *Pages) setup(w http.ResponseWriter, r *http.Request, account simpul.AccountID) (setupView, error) {
	view := setupView{account: account}
	secret, err := p.service.pendingTOTP(r.Context(), account, p.ceremony.read(r))
	if simpul.CodeOf(err) == simpul.CodeConflict {
		var ceremony simpul.Secret
		if secret, ceremony, err = p.service.beginTOTP(r.Context(), account); err == nil {
			p.ceremony.write(w, r, ceremony, time.Time{})
		}
	}
	view.secret = secret
	return view, err
}

func (p *Pages) joinWithPassword(w http.ResponseWriter, r *http.Request, code simpul.Secret, inv Invitation) {
	if !form(w, r) {
		return
	}
	a, err := p.service.joinWithPassword(r.Context(), code, p.ceremony.read(r), simpul.Secret(r.PostForm.Get("password")), r.PostForm.Get("code"), p.browser(r))
	if simpul.CodeOf(err) == simpul.CodeInvalid {
		view, again := p.setup(w, r, inv.Account)
		if again == nil {
			view.fault = refusal(err)
			web.Render(w, r, http.StatusBadRequest, joinPasswordPage(inv, view))
			return
		}
		err = again
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.arrive(w, r, a)
	p.greet(w, r, inv.Account)
	see(w, r, AccountPath+"/kode-pemulihan")
}

// arrive hands the browser what somebody has who used an invitation up.
func (p *Pages) arrive(w http.ResponseWriter, r *http.Request, a arrival) {
	p.invite.clear(w, r)
	p.ceremony.write(w, r, a.codes, time.Time{})
	p.keep(w, r, a.session)
}

func (p *Pages) joinChallenge(w http.ResponseWriter, r *http.Request) {
	inv, err := p.service.accounts.Invitation(r.Context(), p.invite.read(r))
	if err != nil {
		p.lead(w, r, "", err)
		return
	}
	options, secret, err := p.service.beginPasskey(r.Context(), inv.Account, inv.Name, true)
	p.offer(w, r, options, secret, err)
}

func (p *Pages) joinWithPasskey(w http.ResponseWriter, r *http.Request) {
	answer, ok := p.answer(w, r)
	if !ok {
		return
	}
	a, err := p.service.joinWithPasskey(r.Context(), p.invite.read(r), p.ceremony.read(r), answer.Credential, answer.Name, p.browser(r))
	if err == nil {
		p.arrive(w, r, a)
	}
	p.lead(w, r, AccountPath+"/kode-pemulihan", err)
}
