package identity_test

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/identity"
)

// portal is a hub's sign-in with a page that tells who is signed in.
type portal struct {
	http.Handler
	token simpul.Secret
	at    time.Time // what its clock shows
}

func newPortal(t *testing.T, behindTLS bool) *portal {
	t.Helper()
	p := &portal{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	service := identity.New(testkit.SQLite(t), clock.Clock(func() time.Time { return p.at }))
	token, err := service.CreateToken(t.Context(), simpul.RoleOperator, "")
	if err != nil {
		t.Fatal(err)
	}
	p.token = token
	pages := identity.NewPages(service, behindTLS, slog.New(slog.DiscardHandler))
	mux := http.NewServeMux()
	pages.Register(mux)
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		visitor, ok := identity.Visitor(r.Context())
		if !ok {
			io.WriteString(w, "nobody")
			return
		}
		io.WriteString(w, string(visitor.Roles[0]))
	})
	p.Handler = web.Localize(pages.Remember(web.Secure(mux)))
	return p
}

func (p *portal) get(target string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	return p.do(httptest.NewRequest(http.MethodGet, target, nil), cookies)
}

func (p *portal) post(target string, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.do(r, cookies)
}

func (p *portal) do(r *http.Request, cookies []*http.Cookie) *httptest.ResponseRecorder {
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

// enter signs in and returns the cookie.
func (p *portal) enter(t *testing.T, next string) (*http.Cookie, *httptest.ResponseRecorder) {
	t.Helper()
	w := p.post(identity.SignInPath, url.Values{"token": {" " + p.token.Reveal() + "\n"}, "next": {next}})
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || len(cookies) != 1 {
		t.Fatalf("sign-in: %d, cookies %v", w.Code, cookies)
	}
	return cookies[0], w
}

func TestSignInAndOut(t *testing.T) {
	p := newPortal(t, false)
	if got := p.get("/who").Body.String(); got != "nobody" {
		t.Fatalf("before signing in: %s", got)
	}
	cookie, w := p.enter(t, "/exchanges?outcome=denied")
	if at := w.Header().Get("Location"); at != "/exchanges?outcome=denied" {
		t.Errorf("led to %q", at)
	}
	if got := p.get("/who", cookie).Body.String(); got != "operator" {
		t.Errorf("signed in: %s", got)
	}
	if w := p.get(identity.SignInPath+"?next=/who", cookie); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/who" {
		t.Errorf("somebody who is signed in is asked again: %d", w.Code)
	}
	out := p.post(identity.SignOutPath, nil, cookie)
	if c := out.Result().Cookies(); out.Code != http.StatusSeeOther || len(c) != 1 || c[0].MaxAge >= 0 || c[0].Value != "" {
		t.Errorf("sign-out: %d %v", out.Code, c)
	}
	if got := p.get("/who", cookie).Body.String(); got != "nobody" {
		t.Errorf("after signing out the old cookie is: %s", got)
	}
}

func TestSessionsEnd(t *testing.T) {
	p := newPortal(t, false)
	cookie, _ := p.enter(t, "/")
	p.at = p.at.Add(9 * time.Hour)
	if got := p.get("/who", cookie).Body.String(); got != "nobody" {
		t.Errorf("after nine hours: %s", got)
	}
}

func TestCookieFlags(t *testing.T) {
	plain, _ := newPortal(t, false).enter(t, "/")
	if plain.Name != "simpul" || plain.Secure || !plain.HttpOnly || plain.SameSite != http.SameSiteLaxMode || plain.Path != "/" || plain.Domain != "" {
		t.Errorf("without TLS: %+v", plain)
	}
	proxied, _ := newPortal(t, true).enter(t, "/")
	if proxied.Name != "__Host-simpul" || !proxied.Secure || !proxied.HttpOnly || proxied.SameSite != http.SameSiteLaxMode || proxied.Path != "/" || proxied.Domain != "" {
		t.Errorf("behind TLS: %+v", proxied)
	}
	p := newPortal(t, false)
	r := httptest.NewRequest(http.MethodPost, identity.SignInPath, strings.NewReader(url.Values{"token": {p.token.Reveal()}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.TLS = &tls.ConnectionState{}
	if c := p.do(r, nil).Result().Cookies(); len(c) != 1 || c[0].Name != "__Host-simpul" || !c[0].Secure {
		t.Errorf("over TLS: %v", c)
	}
}

// Another site cannot use the sign-in page to lead people to itself.
func TestNextStaysHere(t *testing.T) {
	p := newPortal(t, false)
	for next, want := range map[string]string{
		"/exchanges":              "/exchanges",
		"/exchanges?a=b&c=%2F%2F": "/exchanges?a=b&c=%2F%2F",
		"":                        "/",
		"exchanges":               "/",
		"//jahat.example":         "/",
		"///jahat.example":        "/",
		"/\\jahat.example":        "/",
		"/\t/jahat.example":       "/",
		"\t//jahat.example":       "/",
		"/ /jahat.example":        "/",
		"https://jahat.example/":  "/",
		"javascript:alert(1)":     "/",
		"https:/jahat.example":    "/",
		"/%zz":                    "/",
		"/masuk?next=/masuk":      "/",
		"/keluar":                 "/",
	} {
		if _, w := p.enter(t, next); w.Header().Get("Location") != want {
			t.Errorf("%q leads to %q, want %q", next, w.Header().Get("Location"), want)
		}
	}
}

func TestWhatCannotSignIn(t *testing.T) {
	p := newPortal(t, false)
	for name, c := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"nothing":        {url.Values{}, http.StatusBadRequest, "Isi token Anda."},
		"spaces":         {url.Values{"token": {"  "}}, http.StatusBadRequest, "Isi token Anda."},
		"unknown":        {url.Values{"token": {"spt_tidakada"}, "next": {"/exchanges"}}, http.StatusUnauthorized, "tidak dikenal"},
		"hostile":        {url.Values{"token": {`"><script>`}, "next": {`/"><script>alert(1)</script>`}}, http.StatusUnauthorized, "tidak dikenal"},
		"without an end": {url.Values{"token": {strings.Repeat("x", 10_000)}}, http.StatusRequestEntityTooLarge, "terlalu panjang"},
		"in the address": {nil, http.StatusBadRequest, "Isi token Anda."},
	} {
		target := identity.SignInPath
		if name == "in the address" {
			target += "?token=" + p.token.Reveal()
		}
		w := p.post(target, c.form)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %d, cookies %v", name, w.Code, w.Result().Cookies())
		}
		if strings.Contains(w.Body.String(), "<script>") || strings.Contains(w.Body.String(), "spt_tidakada") {
			t.Errorf("%s: the page repeats what was entered", name)
		}
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the answer may be kept", name)
		}
	}
}

// Another site cannot sign anybody in or out.
func TestOtherSitesCannotPost(t *testing.T) {
	p := newPortal(t, false)
	cookie, _ := p.enter(t, "/")
	r := httptest.NewRequest(http.MethodPost, identity.SignOutPath, nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if w := p.do(r, []*http.Cookie{cookie}); w.Code != http.StatusForbidden {
		t.Errorf("got %d", w.Code)
	}
	if got := p.get("/who", cookie).Body.String(); got != "operator" {
		t.Errorf("another site signed somebody out: %s", got)
	}
}
