package signin

import (
	"net/http"
	"net/url"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

const provePath = AccountPath + "/bukti"

func (p *Pages) registerAccount(mux *http.ServeMux) {
	mux.HandleFunc("GET "+AccountPath, p.account)
	mux.HandleFunc("GET "+provePath, p.person(p.proveForm))
	mux.HandleFunc("POST "+provePath, p.person(p.proveAgain))
	mux.HandleFunc("POST "+provePath+"/passkey", p.provePasskey)
	mux.HandleFunc("POST "+AccountPath+"/passkey/mulai", p.addChallenge)
	mux.HandleFunc("POST "+AccountPath+"/passkey/selesai", p.addPasskey)
	mux.HandleFunc("POST "+AccountPath+"/passkey/nama", p.fresh(p.renamePasskey))
	mux.HandleFunc("POST "+AccountPath+"/passkey/hapus", p.fresh(p.removePasskey))
	mux.HandleFunc("GET "+AccountPath+"/sandi", p.fresh(p.passwordPage))
	mux.HandleFunc("POST "+AccountPath+"/sandi", p.fresh(p.setPassword))
	mux.HandleFunc("POST "+AccountPath+"/sandi/hapus", p.fresh(p.removePassword))
	mux.HandleFunc("GET "+AccountPath+"/autentikator", p.fresh(p.authenticatorPage))
	mux.HandleFunc("POST "+AccountPath+"/autentikator", p.fresh(p.setAuthenticator))
	mux.HandleFunc("GET "+AccountPath+"/kode-pemulihan", p.person(p.recoveryCodes))
	mux.HandleFunc("POST "+AccountPath+"/kode-pemulihan", p.fresh(p.renewRecovery))
	mux.HandleFunc("POST "+AccountPath+"/kode-pemulihan/selesai", p.person(p.recoveryKept))
	mux.HandleFunc("POST "+AccountPath+"/perangkat/keluar", p.person(p.endSession))
	mux.HandleFunc("POST "+AccountPath+"/perangkat/keluar-lain", p.person(p.endOthers))
}

type personHandler func(http.ResponseWriter, *http.Request, Visit)

// signedIn lets through who is signed in; others sign in first and come back.
func (p *Pages) signedIn(next personHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		visit, ok := visitOf(r.Context())
		if !ok {
			http.Redirect(w, r, SignInPath+"?next="+url.QueryEscape(back(r)), http.StatusSeeOther)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		next(w, r, visit)
	}
}

// person lets through people only: a program has nothing to set here.
func (p *Pages) person(next personHandler) http.HandlerFunc {
	return p.signedIn(func(w http.ResponseWriter, r *http.Request, visit Visit) {
		if visit.Account == "" {
			web.Fail(w, r, noPerson())
			return
		}
		next(w, r, visit)
	})
}

// fresh lets through people who proved a moment ago who they are. Others prove
// it again first: a session that was left open changes no credential. A token
// is no such proof.
func (p *Pages) fresh(next personHandler) http.HandlerFunc {
	return p.person(func(w http.ResponseWriter, r *http.Request, visit Visit) {
		if !p.proved(visit) {
			see(w, r, provePath+"?next="+url.QueryEscape(back(r)))
			return
		}
		next(w, r, visit)
	})
}

func (p *Pages) proved(v Visit) bool { return v.Token == "" && v.recent(p.service.now()) }

// back is where somebody returns who has to do something else first: a page,
// never the address of a form.
func back(r *http.Request) string {
	if r.Method == http.MethodGet {
		return localPath(r.URL.RequestURI())
	}
	return AccountPath
}

func noPerson() error {
	return &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Halaman ini hanya untuk orang yang punya akun; Anda masuk dengan token.", EN: "This page is for people with an account; you are signed in with a token."},
		Remedy:  simpul.Text{ID: "Minta undangan kepada admin instansi Anda untuk mendapatkan akun.", EN: "Ask your agency's administrator for an invitation to get an account."},
	}
}

func (p *Pages) account(w http.ResponseWriter, r *http.Request) {
	p.signedIn(func(w http.ResponseWriter, r *http.Request, visit Visit) {
		if visit.Account == "" {
			web.Render(w, r, http.StatusOK, programPage(visit))
			return
		}
		security, err := p.service.SecurityOf(r.Context(), visit.Account)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		view := accountView{visit: visit, Security: security, proved: p.proved(visit), name: string(visit.Account), device: deviceOf(r.UserAgent()).in(web.Language(r.Context()))}
		if who, err := p.service.accounts.Person(r.Context(), visit.Account); err == nil {
			view.name = who.Name
		}
		web.Render(w, r, http.StatusOK, accountPage(view))
	})(w, r)
}

// done leads back to the account's page, or shows what went wrong.
func (p *Pages) done(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	see(w, r, AccountPath)
}

func (p *Pages) proveForm(w http.ResponseWriter, r *http.Request, visit Visit) {
	web.Render(w, r, http.StatusOK, provePage(signInView{next: localPath(r.URL.Query().Get("next")), account: string(visit.Account)}))
}

func (p *Pages) proveAgain(w http.ResponseWriter, r *http.Request, visit Visit) {
	if !form(w, r) {
		return
	}
	a := p.attemptOf(r)
	a.account = string(visit.Account)
	view := signInView{next: localPath(r.PostForm.Get("next")), account: a.account}
	proof, err := p.service.prove(r.Context(), a)
	if err == nil {
		err = p.renew(w, r, visit, proof)
	}
	if err != nil {
		view.fault, view.refusal = refusedAttempt, refusal(err)
		p.notIn(w, r, err, func(status int) { web.Render(w, r, status, provePage(view)) })
		return
	}
	see(w, r, view.next)
}

func (p *Pages) renew(w http.ResponseWriter, r *http.Request, visit Visit, proof proof) error {
	secret, err := p.service.again(r.Context(), visit.Session, proof)
	if err == nil {
		p.session.write(w, r, secret, visit.expires)
	}
	return err
}

// provePasskey answers the island that ran the ceremony of signing in.
func (p *Pages) provePasskey(w http.ResponseWriter, r *http.Request) {
	answer, ok := p.answer(w, r)
	if !ok {
		return
	}
	visit, ok := visitOf(r.Context())
	if !ok {
		p.lead(w, r, "", ended())
		return
	}
	proof, err := p.service.answered(r.Context(), p.ceremony.read(r), answer.Credential)
	p.ceremony.clear(w, r)
	if err == nil {
		err = p.renew(w, r, visit, proof)
	}
	p.lead(w, r, localPath(answer.Next), err)
}

// adding is who adds a passkey; others are led to prove who they are.
func (p *Pages) adding(w http.ResponseWriter, r *http.Request) (Visit, bool) {
	visit, ok := visitOf(r.Context())
	switch {
	case !ok:
		p.lead(w, r, SignInPath+"?next="+url.QueryEscape(AccountPath), nil)
	case visit.Account == "":
		p.lead(w, r, "", noPerson())
	case !p.proved(visit):
		p.lead(w, r, provePath+"?next="+url.QueryEscape(AccountPath), nil)
	default:
		return visit, true
	}
	return visit, false
}

func (p *Pages) addChallenge(w http.ResponseWriter, r *http.Request) {
	visit, ok := p.adding(w, r)
	if !ok {
		return
	}
	name := string(visit.Account)
	if who, err := p.service.accounts.Person(r.Context(), visit.Account); err == nil {
		name = who.Name
	}
	options, secret, err := p.service.beginPasskey(r.Context(), visit.Account, name, false)
	p.offer(w, r, options, secret, err)
}

func (p *Pages) addPasskey(w http.ResponseWriter, r *http.Request) {
	visit, ok := p.adding(w, r)
	if !ok {
		return
	}
	answer, ok := p.answer(w, r)
	if !ok {
		return
	}
	err := p.service.AddPasskey(r.Context(), visit.Account, p.ceremony.read(r), answer.Credential, answer.Name)
	p.ceremony.clear(w, r)
	p.lead(w, r, AccountPath, err)
}

func (p *Pages) renamePasskey(w http.ResponseWriter, r *http.Request, visit Visit) {
	if form(w, r) {
		p.done(w, r, p.service.RenamePasskey(r.Context(), visit.Account, r.PostForm.Get("id"), r.PostForm.Get("name")))
	}
}

func (p *Pages) removePasskey(w http.ResponseWriter, r *http.Request, visit Visit) {
	if form(w, r) {
		p.done(w, r, p.service.RemovePasskey(r.Context(), visit.Account, r.PostForm.Get("id")))
	}
}

func (p *Pages) passwordPage(w http.ResponseWriter, r *http.Request, visit Visit) {
	web.Render(w, r, http.StatusOK, changePasswordPage(setupView{account: visit.Account}))
}

func (p *Pages) setPassword(w http.ResponseWriter, r *http.Request, visit Visit) {
	if !form(w, r) {
		return
	}
	err := p.service.SetPassword(r.Context(), visit, p.nameOf(r, visit), simpul.Secret(r.PostForm.Get("password")))
	if simpul.CodeOf(err) == simpul.CodeInvalid {
		web.Render(w, r, http.StatusBadRequest, changePasswordPage(setupView{account: visit.Account, fault: refusal(err)}))
		return
	}
	p.done(w, r, err)
}

func (p *Pages) nameOf(r *http.Request, visit Visit) string {
	who, err := p.service.accounts.Person(r.Context(), visit.Account)
	if err != nil {
		return ""
	}
	return who.Name
}

func (p *Pages) removePassword(w http.ResponseWriter, r *http.Request, visit Visit) {
	p.done(w, r, p.service.RemovePassword(r.Context(), visit.Account))
}

func (p *Pages) authenticatorPage(w http.ResponseWriter, r *http.Request, visit Visit) {
	view, err := p.setup(w, r, visit.Account)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, authenticatorSetupPage(view))
}

func (p *Pages) setAuthenticator(w http.ResponseWriter, r *http.Request, visit Visit) {
	if !form(w, r) {
		return
	}
	err := p.service.SetPasswordAndTOTP(r.Context(), visit, p.nameOf(r, visit), p.ceremony.read(r), simpul.Secret(r.PostForm.Get("password")), r.PostForm.Get("code"))
	if simpul.CodeOf(err) == simpul.CodeInvalid {
		view, again := p.setup(w, r, visit.Account)
		if again == nil {
			view.fault = refusal(err)
			web.Render(w, r, http.StatusBadRequest, authenticatorSetupPage(view))
			return
		}
		err = again
	}
	p.done(w, r, err)
}

// recoveryCodes shows new codes until their owner says that they are kept; then,
// and after half an hour, nobody sees them again.
func (p *Pages) recoveryCodes(w http.ResponseWriter, r *http.Request, visit Visit) {
	var made shown
	err := p.service.look(r.Context(), recoveryShown, p.ceremony.read(r), &made)
	if simpul.CodeOf(err) == simpul.CodeConflict || err == nil && made.Account != visit.Account {
		http.Redirect(w, r, AccountPath, http.StatusSeeOther)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, recoveryCodesPage(made.Codes))
}

func (p *Pages) renewRecovery(w http.ResponseWriter, r *http.Request, visit Visit) {
	secret, err := p.service.RenewRecovery(r.Context(), visit.Account)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p.ceremony.write(w, r, secret, time.Time{})
	see(w, r, AccountPath+"/kode-pemulihan")
}

func (p *Pages) recoveryKept(w http.ResponseWriter, r *http.Request, _ Visit) {
	err := p.service.recall(r.Context(), recoveryShown, p.ceremony.read(r), &shown{})
	if err != nil && simpul.CodeOf(err) != simpul.CodeConflict {
		web.Fail(w, r, err)
		return
	}
	p.ceremony.clear(w, r)
	see(w, r, home)
}

func (p *Pages) endSession(w http.ResponseWriter, r *http.Request, visit Visit) {
	if form(w, r) {
		p.done(w, r, p.service.End(r.Context(), visit.Account, r.PostForm.Get("id")))
	}
}

func (p *Pages) endOthers(w http.ResponseWriter, r *http.Request, visit Visit) {
	p.done(w, r, p.service.EndOthers(r.Context(), visit.Account, visit.ID))
}
