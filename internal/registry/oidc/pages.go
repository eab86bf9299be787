package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/trail"
	"simpul/internal/platform/web"
)

// Pages are the screens on which people sign in to applications, and see and
// take back what they have allowed.
type Pages struct {
	provider *Provider
	visitor  func(context.Context) (simpul.Principal, bool)
	signIn   string // path of the sign-in page; it takes ?next=
}

// NewPages returns the screens of the provider.
func NewPages(p *Provider, visitor func(context.Context) (simpul.Principal, bool), signIn string) *Pages {
	return &Pages{p, visitor, signIn}
}

// Register puts the screens on the mux.
func (s *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+AuthorizePath, s.authorize)
	mux.HandleFunc("POST "+ConsentPath, s.decide)
	mux.HandleFunc("POST "+AgainPath, s.again)
	mux.HandleFunc("GET "+LogoutPath, s.logout)
	mux.HandleFunc("POST "+LogoutPath+"/now", s.logoutNow)
	mux.HandleFunc("GET "+ConsentsPath, s.consents)
	mux.HandleFunc("POST "+ConsentsPath, s.withdraw)
	mux.HandleFunc("GET /aplikasi/{id}/openid", s.registration)
	mux.HandleFunc("POST /aplikasi/{id}/openid", s.register)
}

// RegisterPosted serves what other sites may send by POST (OpenID Connect Core
// 1.0 section 3.1.2.1, RP-Initiated Logout 1.0 section 2). It stands outside of
// the guard against forged requests and therefore does nothing but ask the
// browser to come again by GET, which is what the guard lets pass.
func (s *Pages) RegisterPosted(mux *http.ServeMux) {
	for _, path := range []string{AuthorizePath, LogoutPath} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			f, err := readForm(w, r)
			if err != nil {
				s.provider.refuse(w, r, err)
				return
			}
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, path+"?"+f.encode(), http.StatusSeeOther)
		})
	}
}

func (f form) encode() string {
	values := url.Values{}
	for name, value := range f {
		values.Set(name, value)
	}
	return values.Encode()
}

// request is an authorization request on its way, and how it came.
type request struct {
	authorization
	form   form
	secret simpul.Secret // of a request that waits for this person; empty for one that has just come
	kept   waiting
	pushed bool // and so used up by this visit: a page that is loaded again must not ask for it
}

// resumeParam names the request that waits, in the address of its own page.
const resumeParam = "lanjut"

// authorize answers the browser of somebody who is to be signed in.
func (s *Pages) authorize(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	q, err := s.read(r)
	if f, ok := errors.AsType[*fault](err); ok && q.redirectURI != "" {
		s.answer(w, r, q, f, nil)
		return
	}
	if err != nil {
		web.Fail(w, r, forPerson(err))
		return
	}
	s.proceed(w, r, q)
}

// read finds out what is asked. A fault together with a redirect URI is for the
// application; any other error is for the person.
func (s *Pages) read(r *http.Request) (q request, err error) {
	if secret := r.URL.Query().Get(resumeParam); secret != "" {
		q.secret = simpul.Secret(secret)
		if q.kept, err = s.provider.kept(r.Context(), q.secret, false); err != nil {
			return q, err
		}
		q.form = q.kept.parameters
	} else if q.form, err = parseQuery(r.URL.RawQuery); err == nil {
		q.pushed = strings.HasPrefix(q.form["request_uri"], pushedPrefix)
		q.form, err = s.provider.unpack(r.Context(), q.form)
	}
	if err != nil {
		return q, err
	}
	registration, err := s.provider.target(q.form)
	if err != nil {
		return q, err
	}
	q.authorization, err = readAuthorization(q.form, registration)
	return q, err
}

// proceed asks the person for what is missing, one thing at a time.
func (s *Pages) proceed(w http.ResponseWriter, r *http.Request, q request) {
	p := s.provider
	session, signedIn := p.Sessions.SignedIn(r)
	switch {
	case p.Live.IsSuspended(q.application.Agency()):
		s.answer(w, r, q, suspendedApplication(), nil)
	case q.silent && (!signedIn || q.stale(session, q.kept.at, p.now())):
		s.answer(w, r, q, loginRequired(), nil)
	case !signedIn:
		s.toSignIn(w, r, q)
	case q.stale(session, q.kept.at, p.now()):
		s.askAgain(w, r, q)
	default:
		s.ask(w, r, q, session)
	}
}

// pause keeps the request while the person does something else.
func (s *Pages) pause(r *http.Request, q *request) error {
	if q.secret != "" {
		return nil
	}
	if !s.provider.begun.Take(trail.Neighbourhood(r.Context())) {
		return tooManyRequests()
	}
	kept := waiting{application: q.application, parameters: q.form}
	secret, err := s.provider.keep(r.Context(), kept, waitingLife)
	q.secret = secret
	return err
}

// How many requests the hub keeps for one place: those of a whole office at nine
// o'clock, and one a second in the long run.
const (
	mostBegun   = 300
	begunWithin = 5 * time.Minute
)

func tooManyRequests() error {
	return &simpul.Error{
		Code: simpul.CodeLimited, Retry: time.Second,
		Message: simpul.Text{ID: "Terlalu banyak orang mulai masuk dari alamat ini.", EN: "Too many people begin to sign in from this address."},
		Remedy:  simpul.Text{ID: "Tunggu satu menit, lalu mulai lagi dari aplikasinya.", EN: "Wait a minute, then start again from the application."},
	}
}

// resumed is the path at which the request goes on.
func (q request) resumed() string {
	return AuthorizePath + "?" + url.Values{resumeParam: {q.secret.Reveal()}}.Encode()
}

func (s *Pages) toSignIn(w http.ResponseWriter, r *http.Request, q request) {
	if err := s.pause(r, &q); err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, s.signIn+"?next="+url.QueryEscape(q.resumed()), http.StatusSeeOther)
}

func (s *Pages) askAgain(w http.ResponseWriter, r *http.Request, q request) {
	known, err := s.provider.Applications.Application(r.Context(), q.application)
	if err == nil {
		err = s.pause(r, &q)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, againPage(known, q.secret.Reveal()))
}

// again signs the person out, so that they sign in once more.
func (s *Pages) again(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(w, r)
	if err == nil {
		_, err = s.provider.kept(r.Context(), simpul.Secret(f["request"]), false)
	}
	if err == nil {
		err = s.provider.Sessions.End(w, r)
	}
	if err != nil {
		web.Fail(w, r, forPerson(err))
		return
	}
	next := request{secret: simpul.Secret(f["request"])}.resumed()
	http.Redirect(w, r, s.signIn+"?next="+url.QueryEscape(next), http.StatusSeeOther)
}

// forPerson turns a refusal in the words of OAuth into one for a person.
func forPerson(err error) error {
	f, ok := err.(*fault)
	if !ok {
		return err
	}
	return &simpul.Error{Code: simpul.CodeInvalid, Err: f, Message: f.text, Remedy: askDeveloper}
}

func suspendedApplication() error {
	return oauthFault("unauthorized_client", "Instansi pemilik aplikasi ini sedang dibekukan.", "The agency that owns this application is suspended.")
}

// answer sends the browser back to the application, with a refusal or with what
// it asked for.
func (s *Pages) answer(w http.ResponseWriter, r *http.Request, q request, refusal error, given url.Values) {
	at := s.provider.view.at.Load()
	if at == nil {
		web.Fail(w, r, notServing())
		return
	}
	if f, ok := errors.AsType[*fault](refusal); ok {
		given = url.Values{"error": {f.code}, "error_description": {ascii(f.text.In(s.languageOf(r, q)))}}
	}
	place := q.place(at.Issuer, given)
	if q.secret == "" {
		http.Redirect(w, r, place, http.StatusSeeOther)
		return
	}
	handOver(w, r, place)
}

// handOver ends a form of ours with a page that leads on, instead of a redirect:
// Chromium holds every redirect that follows the submission of a form to the
// form-action of the page with the form, also that of the sign-in page, which
// cannot know where the journey ends. A page that refreshes itself begins a new
// navigation; the link on it is for browsers that do not.
func handOver(w http.ResponseWriter, r *http.Request, place string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Refresh", "0; url="+place)
	web.Render(w, r, http.StatusOK, handOverPage(place))
}

// ascii leaves the characters that error_description may hold (RFC 6749 section
// 4.1.2.1).
func ascii(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, text)
}

// languageOf is what ui_locales asks for, else what the page speaks.
func (s *Pages) languageOf(r *http.Request, q request) simpul.Language {
	if wanted := q.form["ui_locales"]; wanted != "" {
		return simpul.ParseLanguage(strings.ReplaceAll(wanted, " ", ","))
	}
	return web.Language(r.Context())
}
