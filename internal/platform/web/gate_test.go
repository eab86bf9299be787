package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
)

// asked sends a request to a screen of somebody, or of nobody.
func asked(show func(Gate) http.Handler, who *simpul.Principal, r *http.Request) *httptest.ResponseRecorder {
	g := Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
		if who == nil {
			return simpul.Principal{}, false
		}
		return *who, true
	}}
	w := httptest.NewRecorder()
	show(g.At("/rumah")).ServeHTTP(w, r)
	return w
}

func greet(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	w.Write([]byte("halo " + who.ID + " " + r.PostForm.Get("isi")))
}

func TestAGateLeadsStrangersToTheSignIn(t *testing.T) {
	admit := func(g Gate) http.Handler { return g.Admit(simpul.ReadLIDs, greet) }
	for _, c := range []struct{ method, target, want string }{
		{"GET", "/lid?q=a%26", "/masuk?next=%2Flid%3Fq%3Da%2526"},
		{"POST", "/lid/hapus", "/masuk?next=%2Frumah"},
	} {
		w := asked(admit, nil, httptest.NewRequest(c.method, c.target, nil))
		if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || at != c.want {
			t.Errorf("%s %s: %d to %s, want %s", c.method, c.target, w.Code, at, c.want)
		}
	}
	sent := httptest.NewRequest("POST", "/lid/hapus", nil)
	for from, want := range map[string]string{
		"http://example.com/lid/a?b=c": "/masuk?next=%2Flid%2Fa%3Fb%3Dc",
		"http://jahat.example/lid/a":   "/masuk?next=%2Frumah",
		"http://example.com":           "/masuk?next=%2F",
		"%zz":                          "/masuk?next=%2Frumah",
	} {
		sent.Header.Set("Referer", from)
		if at := asked(admit, nil, sent).Header().Get("Location"); at != want {
			t.Errorf("a form on %s leads to %s, want %s", from, at, want)
		}
	}
	refreshing := httptest.NewRequest("GET", "/lid", nil)
	refreshing.Header.Set("HX-Request", "true")
	if w := asked(admit, nil, refreshing); w.Code != http.StatusNoContent || w.Header().Get("HX-Redirect") != "/masuk?next=%2Flid" {
		t.Errorf("a screen that refreshes itself: %d %v", w.Code, w.Header())
	}
}

func TestAGateAsksForThePermission(t *testing.T) {
	consumer := simpul.Acting("t-1", simpul.RoleConsumer, "a.go.id")
	for need, want := range map[simpul.Permission]int{simpul.ReadLIDs: http.StatusOK, simpul.WriteLIDs: http.StatusForbidden} {
		w := asked(func(g Gate) http.Handler { return g.Admit(need, greet) }, &consumer, httptest.NewRequest("GET", "/lid", nil))
		if w.Code != want || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, want %d; %v", need, w.Code, want, w.Header())
		}
		if strings.Contains(w.Body.String(), "halo") != (want == http.StatusOK) {
			t.Errorf("%s shows %q", need, w.Body)
		}
	}
}

func TestAGateReadsForms(t *testing.T) {
	consumer := simpul.Acting("t-1", simpul.RoleConsumer, "a.go.id")
	for body, want := range map[string]int{
		"isi=warga":                          http.StatusOK,
		"isi=%zz":                            http.StatusBadRequest,
		"isi=" + strings.Repeat("a", 64<<10): http.StatusRequestEntityTooLarge,
	} {
		r := httptest.NewRequest("POST", "/lid", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := asked(func(g Gate) http.Handler { return g.Form(simpul.ReadLIDs, greet) }, &consumer, r)
		if w.Code != want {
			t.Errorf("a form of %d bytes: %d, want %d", len(body), w.Code, want)
		}
		if want == http.StatusOK && w.Body.String() != "halo t-1 warga" {
			t.Errorf("answers %q", w.Body)
		}
	}
}

// Whoever's session ends while they fill in a form can send it again as it is.
func TestAGateKeepsTheFormOfWhoHasToSignIn(t *testing.T) {
	typed := url.Values{"isi": {"baris satu\r\n\"dua\" <b>"}, "pilih": {"a", "b"}, "act": {"call"}}
	send := func(media string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/lid/coba?x=1", strings.NewReader(typed.Encode()))
		r.Header.Set("Content-Type", media)
		r.Header.Set("Referer", "http://example.com/lid/coba?operasi=GET")
		return asked(func(g Gate) http.Handler { return g.Form(simpul.ReadLIDs, greet) }, nil, r)
	}
	w := send("application/x-www-form-urlencoded; charset=utf-8")
	page := w.Body.String()
	if w.Code != http.StatusUnauthorized || w.Header().Get("Cache-Control") != "no-store" || strings.Contains(page, "<b>") || strings.Contains(page, "halo") {
		t.Fatalf("%d %v: %s", w.Code, w.Header(), page)
	}
	again := url.Values{}
	for _, field := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(page, -1) {
		again.Add(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	if diff := cmp.Diff(typed, again); diff != "" {
		t.Errorf("the form that is sent again (-typed +kept):\n%s", diff)
	}
	for _, part := range []string{`action="/lid/coba?x=1"`, `href="/masuk?next=%2Flid%2Fcoba%3Foperasi%3DGET"`} {
		if !strings.Contains(page, part) {
			t.Errorf("there is no %s in %s", part, page)
		}
	}
	if w := send("text/plain"); w.Code != http.StatusSeeOther {
		t.Errorf("what is no form: %d", w.Code)
	}
}

func TestWhatAPermissionLetsOneDoIsSaidInWords(t *testing.T) {
	site := Site{Deed: func(p simpul.Permission) simpul.Text {
		if p == simpul.TryLIDs {
			return simpul.Text{ID: "memanggil LID dengan tangan", EN: "call LIDs by hand"}
		}
		return simpul.Text{}
	}}
	said := func(need simpul.Permission) string {
		w := httptest.NewRecorder()
		site.Frame(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			Fail(w, r, fmt.Errorf("console: %w", simpul.Principal{}.Need(need)))
		})).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		return w.Body.String()
	}
	if page := said(simpul.TryLIDs); !strings.Contains(page, "tidak mencakup hak untuk memanggil LID dengan tangan.") || strings.Contains(page, string(simpul.TryLIDs)) {
		t.Error(page)
	}
	if page := said(simpul.ReadLIDs); !strings.Contains(page, string(simpul.ReadLIDs)) {
		t.Error("what nobody has words for is not said at all")
	}
}
