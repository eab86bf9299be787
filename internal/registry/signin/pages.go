package signin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"simpul"
	"simpul/internal/platform/web"
)

// Addresses of the screens.
const (
	SignInPath   = "/masuk"
	SignOutPath  = "/keluar"
	InvitePath   = "/undangan"
	AccountPath  = "/akun"
	UpstreamPath = "/instansi/masuk"
)

// maxForm is the largest form that these pages take, in bytes; a passkey's
// answer is the longest.
const maxForm = 64 << 10

// Pages are the screens of signing in and out, and the middleware that knows
// who is signed in.
type Pages struct {
	service  *Service
	session  cookie
	ceremony cookie // of a passkey, an authenticator, recovery codes
	invite   cookie // the invitation's code, until it is used
	voyage   cookie // to an agency's provider and back
	known    cookie // by which the browser is known that somebody signed in with
	log      *slog.Logger
}

// NewPages returns the screens. behindTLS says that people reach the hub over
// https even where this process does not see it, behind a proxy.
func NewPages(service *Service, behindTLS bool, log *slog.Logger) *Pages {
	named := func(name string) cookie { return cookie{name, behindTLS} }
	return &Pages{service, named("simpul"), named("simpul-langkah"), named("simpul-undangan"), named("simpul-instansi"), named("simpul-peramban"), log}
}

// Register puts the screens on the mux.
func (p *Pages) Register(mux *http.ServeMux) {
	p.registerSignIn(mux)
	p.registerInvite(mux)
	p.registerAccount(mux)
	p.registerUpstream(mux)
}

type visitKey struct{}

// Remember tells the handlers behind it who is signed in; they ask [Visitor].
func (p *Pages) Remember(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if visit, ok := p.visit(r); ok {
			r = r.WithContext(context.WithValue(r.Context(), visitKey{}, visit))
		}
		next.ServeHTTP(w, r)
	})
}

// Visitor returns who is signed in.
func Visitor(ctx context.Context) (simpul.Principal, bool) {
	visit, ok := visitOf(ctx)
	return visit.Principal, ok
}

func visitOf(ctx context.Context) (Visit, bool) {
	visit, ok := ctx.Value(visitKey{}).(Visit)
	return visit, ok
}

// SignedIn returns the session in which a request was made. It may be asked
// behind [Pages.Remember] and in front of it.
func (p *Pages) SignedIn(r *http.Request) (Session, bool) {
	if visit, ok := visitOf(r.Context()); ok {
		return visit.Session, true
	}
	visit, ok := p.visit(r)
	return visit.Session, ok
}

// visit looks the session up. When that fails for another reason than the
// session, the page is served as to the public: less is shown, never more.
func (p *Pages) visit(r *http.Request) (Visit, bool) {
	secret := p.session.read(r)
	if secret == "" {
		return Visit{}, false
	}
	visit, err := p.service.Visit(r.Context(), secret)
	if simpul.CodeOf(err) == simpul.CodeInternal {
		p.log.ErrorContext(r.Context(), "session cannot be looked up", "error", err)
	}
	return visit, err == nil
}

// form reads the form of a POST within its limit, or answers why it cannot.
func form(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	w.Header().Set("Cache-Control", "no-store")
	if err := r.ParseForm(); err != nil {
		web.Fail(w, r, formFault(err))
		return false
	}
	return true
}

func formFault(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &simpul.Error{
			Code:    simpul.CodeTooLarge,
			Message: simpul.Text{ID: "Isian formulir terlalu panjang.", EN: "The form is too long."},
			Remedy:  simpul.Text{ID: "Salin hanya yang diminta, lalu coba lagi.", EN: "Copy only what is asked for, and try again."},
		}
	}
	return simpul.Invalid("form",
		simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."},
		simpul.Text{ID: "Muat ulang halaman, lalu coba lagi.", EN: "Reload the page and try again."})
}

// see leads on after a POST.
func see(w http.ResponseWriter, r *http.Request, path string) {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, path, http.StatusSeeOther)
}
