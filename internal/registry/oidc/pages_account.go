package oidc

import (
	"cmp"
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/platform/web"
)

// allowed is a consent as its person sees it.
type allowed struct {
	Consent
	Application
}

// consents lists what the person has allowed.
func (s *Pages) consents(w http.ResponseWriter, r *http.Request) {
	session, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	all, err := s.provider.Consents(r.Context(), session.Account)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	list := make([]allowed, len(all))
	for i, c := range all {
		// An application that is being deleted is still shown, by its ID.
		known, _ := s.provider.Applications.Application(r.Context(), c.Application)
		known.Name = cmp.Or(known.Name, string(c.Application))
		list[i] = allowed{c, known}
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, http.StatusOK, consentsPage(list, r.URL.Query().Has("dicabut")))
}

func (s *Pages) withdraw(w http.ResponseWriter, r *http.Request) {
	session, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	f, err := readForm(w, r)
	if err == nil {
		err = s.provider.WithdrawConsent(r.Context(), session.Account, simpul.ApplicationID(f["application"]))
	}
	if err != nil {
		web.Fail(w, r, forPerson(err))
		return
	}
	http.Redirect(w, r, ConsentsPath+"?dicabut", http.StatusSeeOther)
}

func (s *Pages) signedIn(w http.ResponseWriter, r *http.Request) (Session, bool) {
	session, ok := s.provider.Sessions.SignedIn(r)
	if !ok {
		http.Redirect(w, r, s.signIn+"?next="+url.QueryEscape(r.URL.Path), http.StatusSeeOther)
	}
	return session, ok
}
