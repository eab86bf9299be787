package identity

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// Addresses of the screens.
const (
	SignInPath  = "/masuk"
	SignOutPath = "/keluar"
)

// maxForm is the largest form that signing in takes, in bytes.
const maxForm = 8 << 10

// Pages are the screens of signing in and out, and the middleware that knows
// who is signed in.
type Pages struct {
	service *Service
	cookie  cookie
	log     *slog.Logger
}

// NewPages returns the screens. behindTLS says that people reach the hub over
// https even where this process does not see it, behind a proxy.
func NewPages(service *Service, behindTLS bool, log *slog.Logger) *Pages {
	return &Pages{service, cookie{behindTLS}, log}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+SignInPath, p.form)
	mux.HandleFunc("POST "+SignInPath, p.signIn)
	mux.HandleFunc("POST "+SignOutPath, p.signOut)
}

type visitorKey struct{}

// Remember tells the handlers behind it who is signed in; they ask [Visitor].
func (p *Pages) Remember(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if visitor, ok := p.visitor(r); ok {
			r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, visitor))
		}
		next.ServeHTTP(w, r)
	})
}

// Visitor returns who is signed in.
func Visitor(ctx context.Context) (simpul.Principal, bool) {
	visitor, ok := ctx.Value(visitorKey{}).(simpul.Principal)
	return visitor, ok
}

// visitor looks the session up. When that fails for another reason than the
// session, the page is served as to the public: less is shown, never more.
func (p *Pages) visitor(r *http.Request) (simpul.Principal, bool) {
	session := p.cookie.read(r)
	if session == "" {
		return simpul.Principal{}, false
	}
	visitor, err := p.service.Session(r.Context(), session)
	if err != nil && simpul.CodeOf(err) != simpul.CodeUnauthenticated {
		p.log.ErrorContext(r.Context(), "session cannot be looked up", "error", err)
	}
	return visitor, err == nil
}

func (p *Pages) form(w http.ResponseWriter, r *http.Request) {
	next := localPath(r.URL.Query().Get("next"))
	if _, ok := Visitor(r.Context()); ok {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	web.Render(w, r, http.StatusOK, signInPage(signInForm{next: next, asked: next != home}))
}

func (p *Pages) signIn(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, formFault(err))
		return
	}
	next := localPath(r.PostForm.Get("next"))
	token := simpul.Secret(strings.TrimSpace(r.PostForm.Get("token")))
	if token == "" {
		p.again(w, r, http.StatusBadRequest, next, missing)
		return
	}
	session, until, err := p.service.SignIn(r.Context(), token)
	switch {
	case simpul.CodeOf(err) == simpul.CodeUnauthenticated:
		p.again(w, r, http.StatusUnauthorized, next, unknown)
	case err != nil:
		web.Fail(w, r, err)
	default:
		p.cookie.write(w, r, session, until)
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
}

// again shows the form with what to mend. The token is not shown again.
func (p *Pages) again(w http.ResponseWriter, r *http.Request, status int, next string, f fault) {
	w.Header().Set("Cache-Control", "no-store")
	web.Render(w, r, status, signInPage(signInForm{next: next, fault: f}))
}

func (p *Pages) signOut(w http.ResponseWriter, r *http.Request) {
	if session := p.cookie.read(r); session != "" {
		if err := p.service.SignOut(r.Context(), session); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	p.cookie.clear(w, r)
	http.Redirect(w, r, home, http.StatusSeeOther)
}

func formFault(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &simpul.Error{
			Code:    simpul.CodeTooLarge,
			Message: simpul.Text{ID: "Isian formulir terlalu panjang.", EN: "The form is too long."},
			Remedy:  simpul.Text{ID: "Salin hanya tokennya, satu baris yang diawali spt_.", EN: "Copy the token only, one line that begins with spt_."},
		}
	}
	return simpul.Invalid("form",
		simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
		simpul.Text{ID: "Muat ulang halaman masuk, lalu coba lagi.", EN: "Reload the sign-in page and try again."})
}
