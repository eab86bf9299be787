package oidc

import (
	"net/http"
	"net/url"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/web"
)

// question is what somebody is asked to allow.
type question struct {
	Application
	id      simpul.ApplicationID
	person  Person
	scopes  []string
	site    string // to which the person goes next
	request string
}

// ask answers at once where the person has allowed it before, else asks.
func (s *Pages) ask(w http.ResponseWriter, r *http.Request, q request, session Session) {
	p := s.provider
	subject, allowed, err := s.standing(r, q, session)
	switch {
	case err != nil:
		web.Fail(w, r, err)
	case q.hint != "" && !s.isHinted(q.hint, subject):
		s.answer(w, r, q, loginRequired(), nil)
	case allowed && !q.consent:
		s.grant(w, r, q, session, false)
	case q.silent:
		s.answer(w, r, q, consentRequired(), nil)
	default:
		person, err := p.People.Person(r.Context(), session.Account)
		if err == nil {
			err = s.askConsent(w, r, q, session, person)
		}
		if err != nil {
			web.Fail(w, r, err)
		}
	}
}

// standing tells by which name the application knows the person, and whether
// all that it asks was allowed before.
func (s *Pages) standing(r *http.Request, q request, session Session) (subject string, allowed bool, err error) {
	p := s.provider
	err = p.view.db.Write(r.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
		if subject, err = subjectOf(r.Context(), tx, session.Account, p.now()); err != nil {
			return err
		}
		former, err := consentOf(r.Context(), tx, session.Account, q.application)
		found, err := sqldb.Exists(former, err)
		allowed = found && covers(former.Scopes, q.scopes)
		return err
	})
	return subject, allowed, err
}

func (s *Pages) isHinted(token, subject string) bool {
	claims, ok := s.provider.hinted(token)
	return !ok || claims.Subject == subject
}

func (s *Pages) askConsent(w http.ResponseWriter, r *http.Request, q request, session Session, person Person) error {
	known, err := s.provider.Applications.Application(r.Context(), q.application)
	if err == nil {
		err = s.pause(r, &q)
	}
	if err == nil && q.pushed {
		http.Redirect(w, r, q.resumed(), http.StatusSeeOther)
		return nil
	}
	if err == nil {
		// Whoever answers must be who was asked, in the session in which it was.
		err = s.provider.view.db.Write(r.Context(), simpul.NationScope(), func(tx *sqldb.Tx) error {
			return bindWaiting(r.Context(), tx, q.secret.Digest(), session.ID)
		})
	}
	if err != nil {
		return err
	}
	site := q.redirectURI
	if u, err := url.Parse(q.redirectURI); err == nil {
		site = u.Host
	}
	web.Render(w, r, http.StatusOK, consentPage(question{known, q.application, person, q.scopes, site, q.secret.Reveal()}))
	return nil
}

// decide takes the person's answer. Besides the guard that every page has, the
// secret of the request, which only the page held, and the session to which it
// is bound keep other sites from answering.
func (s *Pages) decide(w http.ResponseWriter, r *http.Request) {
	q, session, allowed, err := s.answered(w, r)
	switch {
	case err != nil:
		web.Fail(w, r, forPerson(err))
	case !allowed:
		if err := s.provider.drop(r.Context(), q.secret); err != nil {
			web.Fail(w, r, err)
			return
		}
		s.answer(w, r, q, refusedByPerson(), nil)
	default:
		s.grant(w, r, q, session, true)
	}
}

func (s *Pages) answered(w http.ResponseWriter, r *http.Request) (q request, session Session, allowed bool, err error) {
	f, err := readForm(w, r)
	if err != nil {
		return q, session, false, err
	}
	session, signedIn := s.provider.Sessions.SignedIn(r)
	q.secret = simpul.Secret(f["request"])
	q.kept, err = s.provider.kept(r.Context(), q.secret, false)
	if err == nil && (!signedIn || q.kept.session == "" || q.kept.session != session.ID) {
		err = expiredRequest()
	}
	if err != nil {
		return q, session, false, err
	}
	q.form = q.kept.parameters
	registration, err := s.provider.target(q.form)
	if err == nil {
		q.authorization, err = readAuthorization(q.form, registration)
	}
	return q, session, f["decision"] == "allow", err
}

// grant gives the code. Where the person has just consented that is noted, and
// the request is used up, in the same transaction.
func (s *Pages) grant(w http.ResponseWriter, r *http.Request, q request, session Session, consented bool) {
	code, err := s.provider.grant(r.Context(), q, session, consented)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	s.answer(w, r, q, nil, url.Values{"code": {code.Reveal()}})
}
