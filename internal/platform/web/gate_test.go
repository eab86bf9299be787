package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
