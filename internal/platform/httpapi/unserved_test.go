package httpapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
)

func TestWhatNobodyServesIsAProblemToo(t *testing.T) {
	h := newHub(gatekeeper{})
	served := Unserved(h.mux, FailProblem)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/api/v1/nothing", 404, ""},
		{"GET", "/api/v1/widgets/", 404, ""},
		{"GET", "/api/v2/widgets", 404, ""},
		{"GET", "/", 404, ""},
		{"POST", "/api/v1/widgets", 405, "GET, HEAD"},
		{"PATCH", "/api/v1/widgets/x", 405, "DELETE, GET, HEAD, PUT"},
		{"OPTIONS", "/api/v1/gadgets/g/N", 405, "DELETE, GET, HEAD, PUT"},
		{"BREW", "/api/v1/widgets", 405, "GET, HEAD"},
	} {
		for language, word := range map[string]string{"id": "alamat ini", "en": "this address"} {
			r := httptest.NewRequest(c.method, c.path, nil)
			r.Header.Set("Accept-Language", language)
			w := httptest.NewRecorder()
			served.ServeHTTP(w, r)
			p := problem(t, w, c.status)
			if w.Header().Get("Allow") != c.allow || !strings.Contains(p.Detail, word) {
				t.Errorf("%s %s: got %+v, allow %q", c.method, c.path, p, w.Header().Get("Allow"))
			}
			if c.status == 405 && p.Code != simpul.CodeMethodNotAllowed {
				t.Errorf("%s %s: got code %s", c.method, c.path, p.Code)
			}
		}
	}
}

func TestWhatIsServedPassesUntouched(t *testing.T) {
	h := newHub(gatekeeper{})
	served := Unserved(h.mux, func(http.ResponseWriter, *http.Request, error) { t.Error("a served address failed") })
	for _, path := range []string{"/api/openapi.json", "/api/v1/widgets"} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Bearer admin")
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: got %d", path, w.Code)
		}
	}
}
