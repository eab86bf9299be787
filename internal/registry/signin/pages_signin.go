package signin

import (
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

func (p *Pages) registerSignIn(mux *http.ServeMux) {
	mux.HandleFunc("GET "+SignInPath, p.signInForm)
	mux.HandleFunc("POST "+SignInPath, p.signIn)
	mux.HandleFunc("GET "+SignInPath+"/pemulihan", p.recoveryForm)
	mux.HandleFunc("POST "+SignInPath+"/pemulihan", p.recoverySignIn)
	mux.HandleFunc("POST "+SignInPath+"/passkey/mulai", p.passkeyChallenge)
	mux.HandleFunc("POST "+SignInPath+"/passkey/selesai", p.passkeySignIn)
	mux.HandleFunc("POST "+SignOutPath, p.signOut)
}

func (p *Pages) signInForm(w http.ResponseWriter, r *http.Request) {
	next := localPath(r.URL.Query().Get("next"))
	if _, ok := visitOf(r.Context()); ok {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	web.Render(w, r, http.StatusOK, signInPage(signInView{next: next, asked: next != home}))
}

// signIn takes either form of the page: an API token, or an account with a
// password and a code.
func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) {
	if !form(w, r) {
		return
	}
	view := signInView{next: localPath(r.PostForm.Get("next"))}
	if r.PostForm.Has("token") {
		p.tokenSignIn(w, r, view)
		return
	}
	a := p.attemptOf(r)
	view.account = a.account
	if a.account == "" || a.password == "" || a.code == "" {
		view.fault = missing
		web.Render(w, r, http.StatusBadRequest, signInPage(view))
		return
	}
	proof, err := p.service.prove(r.Context(), a)
	if err == nil {
		err = p.enter(w, r, proof)
	}
	if err != nil {
		view.fault, view.refusal = refusedAttempt, refusal(err)
		p.notIn(w, r, err, func(status int) { web.Render(w, r, status, signInPage(view)) })
		return
	}
	see(w, r, view.next)
}

func (p *Pages) attemptOf(r *http.Request) attempt {
	return attempt{
		account:  strings.TrimSpace(r.PostForm.Get("account")),
		password: simpul.Secret(r.PostForm.Get("password")),
		code:     strings.TrimSpace(r.PostForm.Get("code")),
		browser:  p.known.read(r),
	}
}

func (p *Pages) tokenSignIn(w http.ResponseWriter, r *http.Request, view signInView) {
	token := simpul.Secret(strings.TrimSpace(r.PostForm.Get("token")))
	view.byToken, view.fault = true, missing
	if token == "" {
		web.Render(w, r, http.StatusBadRequest, signInPage(view))
		return
	}
	proof, err := p.service.byToken(r.Context(), token)
	if err == nil {
		err = p.enter(w, r, proof)
	}
	if err != nil {
		view.fault = unknownToken
		p.notIn(w, r, err, func(status int) { web.Render(w, r, status, signInPage(view)) })
		return
	}
	see(w, r, view.next)
}

// enter begins a session and gives the browser its secret.
func (p *Pages) enter(w http.ResponseWriter, r *http.Request, proof proof) error {
	secret, err := p.service.enter(r.Context(), proof, p.browser(r))
	if err == nil {
		p.keep(w, r, secret)
		p.greet(w, r, proof.account)
	}
	return err
}

func (p *Pages) browser(r *http.Request) browser {
	return browser{deviceOf(r.UserAgent()), p.session.read(r)}
}

// keep hands the session's secret to the browser.
func (p *Pages) keep(w http.ResponseWriter, r *http.Request, secret simpul.Secret) {
	p.session.write(w, r, secret, p.service.now().Add(p.service.limits.Absolute))
}

// notIn shows the form again where somebody may mend something, and the error
// page where nobody can.
func (p *Pages) notIn(w http.ResponseWriter, r *http.Request, err error, again func(status int)) {
	switch simpul.CodeOf(err) {
	case simpul.CodeUnauthenticated:
		again(http.StatusUnauthorized)
	case simpul.CodeDenied:
		again(http.StatusForbidden)
	default:
		web.Fail(w, r, err)
	}
}

func (p *Pages) recoveryForm(w http.ResponseWriter, r *http.Request) {
	web.Render(w, r, http.StatusOK, recoveryPage(signInView{next: AccountPath}))
}

// recoverySignIn leads to the account's page: whoever lost what they signed in
// with has to make something new.
func (p *Pages) recoverySignIn(w http.ResponseWriter, r *http.Request) {
	if !form(w, r) {
		return
	}
	a := p.attemptOf(r)
	view := signInView{next: AccountPath, account: a.account}
	if a.account == "" || a.code == "" {
		view.fault = missing
		web.Render(w, r, http.StatusBadRequest, recoveryPage(view))
		return
	}
	proof, err := p.service.prove(r.Context(), a)
	if err == nil {
		err = p.enter(w, r, proof)
	}
	if err != nil {
		view.fault, view.refusal = refusedAttempt, refusal(err)
		p.notIn(w, r, err, func(status int) { web.Render(w, r, status, recoveryPage(view)) })
		return
	}
	see(w, r, AccountPath)
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) {
	if err := p.End(w, r); err != nil {
		web.Fail(w, r, err)
		return
	}
	see(w, r, home)
}

// End ends the session of this browser and takes its cookie away.
func (p *Pages) End(w http.ResponseWriter, r *http.Request) error {
	if secret := p.session.read(r); secret != "" {
		if err := p.service.SignOut(r.Context(), secret); err != nil {
			return err
		}
	}
	p.session.clear(w, r)
	return nil
}

func (p *Pages) passkeyChallenge(w http.ResponseWriter, r *http.Request) {
	options, secret, err := p.service.challenge(r.Context())
	p.offer(w, r, options, secret, err)
}

func (p *Pages) passkeySignIn(w http.ResponseWriter, r *http.Request) {
	answer, ok := p.answer(w, r)
	if !ok {
		return
	}
	proof, err := p.service.answered(r.Context(), p.ceremony.read(r), answer.Credential)
	p.ceremony.clear(w, r)
	if err == nil {
		err = p.enter(w, r, proof)
	}
	p.lead(w, r, localPath(answer.Next), err)
}
