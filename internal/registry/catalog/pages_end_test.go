package catalog

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// dying is a LID that ends and is followed by another.
func dying(l httpapi.Stored[Spec], successor simpul.Address) httpapi.Stored[Spec] {
	l.Spec.State = Deprecated
	l.Spec.Deprecation = &Deprecation{Since: "2026-11-23", Sunset: "2027-03-01", Successor: successor, Reason: "Digabung ke <data> wilayah."}
	return l
}

// endedPages are the screens of a deprecated LID with an earlier version, and of
// one that is retired.
func endedPages(t *testing.T, now time.Time) http.Handler {
	t.Helper()
	old := dying(lidOf("master/Kota", "kemendagri.go.id", "Kota", simpul.Terbuka, nil), "master/Wilayah")
	next := lidOf("master/Wilayah", "kemendagri.go.id", "Wilayah", simpul.Terbuka, nil)
	p := pagesOver(t, "https://hub.example.go.id", old, next)
	p.now = func() time.Time { return now }
	e := p.directory.now.Load()
	before := e.lids.at("master/Kota")
	changed := *before
	changed.Older = []Older{{Version: "0.9", Sunset: instantOf("2027-01-01"), spec: before.Spec, contract: before.Contract}}
	e.enter(&changed)
	e.bury(gone{address: "master/Lama", agency: "kemendagri.go.id", successor: "master/Kota"}, nil)
	e.bury(gone{address: "master/Sendiri", agency: "kemendagri.go.id"}, nil)
	mux := http.NewServeMux()
	p.Register(mux)
	return web.Localize(web.Secure(mux))
}

func shown(h http.Handler, path, accept string) (int, string) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", "en")
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestTheScreensTellOfEnds(t *testing.T) {
	before, after := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		now    time.Time
		path   string
		accept string
		status int
		says   []string
	}{
		{"deprecated", before, "/catalog/master/Kota", "", 200, []string{"This LID ends on 1 Mar 2027", "Digabung ke &lt;data&gt; wilayah.", `href="/catalog/master/Wilayah"`, `href="/catalog/master/Kota/revisi"`, "1 Jan 2027", "Will end"}},
		{"after its day", after, "/catalog/master/Kota", "", 200, []string{"This LID may stop at any time", "Ended"}},
		{"retired", before, "/catalog/master/Lama", "", 410, []string{"master/Lama is retired", `href="/catalog/master/Wilayah"`}},
		{"retired, without a successor", before, "/catalog/master/Sendiri", "", 410, []string{"master/Sendiri is retired", `value="Sendiri"`}},
		{"retired, for programs", before, "/catalog/master/Lama", "application/ld+json", 410, nil},
		{"retired, its contract", before, "/openapi/master/Lama", "", 410, nil},
		{"never there", before, "/catalog/master/Tiada", "", 404, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := shown(endedPages(t, c.now), c.path, c.accept)
			if status != c.status {
				t.Fatalf("%d %s", status, body)
			}
			for _, text := range c.says {
				if !strings.Contains(body, text) {
					t.Errorf("does not say %q:\n%s", text, body)
				}
			}
		})
	}
}

func TestTheOpenCatalogueTellsOfEnds(t *testing.T) {
	_, body := shown(endedPages(t, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)), OpenPath, "")
	for text, want := range map[string]bool{
		"distribution-status/DEPRECATED":    true,
		"/catalog/master/Wilayah#service":   true,
		`"dct:isReplacedBy"`:                true,
		"/catalog/master/Lama#service":      false, // retired ones are left out
		`"dct:identifier":"master/Sendiri"`: false,
		`"dct:identifier":"master/Kota"`:    true,
	} {
		if strings.Contains(body, text) != want {
			t.Errorf("%s: %v in\n%s", text, !want, body)
		}
	}
}
