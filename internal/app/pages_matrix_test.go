package app

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/registry/identity"
	"simpul/internal/registry/signin"
)

// The matrix of pages is what that of operations is for the control API: it says
// which standard role is let onto which page. A new page, or a role that sees
// more, shows in review:
// go test ./internal/app -run TestPages -update-pages
const pagesFile = "testdata/pages.txt"

var updatePages = flag.Bool("update-pages", false, "rewrite "+pagesFile)

// publicPages are the beginnings of all pages that somebody who is not signed in
// may open or post to, each with the reason.
var publicPages = map[string]string{
	"GET /{$}":           "the home page",
	"GET /panduan":       "the guide",
	"GET /periksa-bukti": "checks within the browser, and tells nothing",
	"GET /agencies":      "who the agencies are is public",
	"GET /catalog":       "what is published is public", "GET /catalog/{group}/{name}": "likewise", "GET /catalog.csv": "likewise",
	"GET /catalog/{group}/{name}/revisi": "what was published is public", "GET /catalog/{group}/{name}/revisi/banding": "likewise",
	"GET /openapi/{group}/{name}": "likewise", "GET /catalog.jsonld": "likewise", "GET /sitemap.xml": "likewise", "GET /robots.txt": "likewise",
	"GET /mutu": "how well what is published is described", "GET /mutu/{agency}": "likewise", "GET /mutu.csv": "likewise",
	"GET /catalog/{group}/{name}/status": "states without counts are public", "GET /status": "so is how the hub does",
	"GET /peta": "sums are public; who connects to whom is shown by scope",

	"GET /jejak":                 "what is recorded of whom, and how much is kept back, is for everybody to know",
	"GET /jejak/warga/{citizen}": "citizens of a demonstration only; a real hub has none", "GET /jejak/warga/{citizen}/{exchange}": "likewise", "POST /jejak/warga/{citizen}/{exchange}": "likewise", "GET /jejak/warga/{citizen}/{exchange}/bukti": "likewise",
	"POST /jejak/tanya": "the number of a question is the proof", "GET /jejak/tanya/{number}": "likewise",

	"GET /standar": "what is approved is public", "GET /standar/{id}": "likewise",
	"GET /kode": "what is published is public", "GET /kode/{list}": "likewise", "GET /kode/{list}/{code}": "likewise",
	"GET /kode/{list}/berkas.csv": "likewise", "GET /kode/{list}/berkas.json": "likewise",
	"GET /metadata": "what is approved is public", "GET /metadata/{id}": "likewise", "GET /metadata-berkas": "likewise",

	"GET /daur-hidup": "the steps of a LID's life are public", "GET /daur-hidup/model.yaml": "likewise",
	"GET /kalender": "so are the holidays", "GET /kalender/berkas.csv": "likewise",

	"GET /masuk": "how people sign in", "POST /masuk": "likewise", "GET /masuk/pemulihan": "likewise", "POST /masuk/pemulihan": "likewise",
	"POST /masuk/passkey/mulai": "likewise", "POST /masuk/passkey/selesai": "likewise",
	"GET /masuk/instansi": "likewise", "GET /masuk/instansi/mulai": "likewise", "GET /masuk/instansi/kembali": "likewise",
	"POST /keluar":               "ends nothing where there is nothing",
	"POST /akun/passkey/mulai":   "answers the island with where to sign in",
	"POST /akun/passkey/selesai": "likewise",
	"POST /akun/bukti/passkey":   "likewise",

	"GET /undangan": "an invitation's code is the proof", "POST /undangan": "likewise", "GET /undangan/pilih": "likewise",
	"GET /undangan/sandi": "likewise", "POST /undangan/sandi": "likewise", "POST /undangan/passkey/mulai": "likewise", "POST /undangan/passkey/selesai": "likewise",

	"GET /pendaftaran": "an agency joins before it has anybody here", "POST /pendaftaran": "likewise", "POST /pendaftaran/lanjut": "a form's code is the proof",
	"GET /pendaftaran/isi": "likewise", "GET /pendaftaran/isi/{section}": "likewise", "POST /pendaftaran/isi/{section}": "likewise",
	"POST /pendaftaran/isi/dokumen": "likewise", "POST /pendaftaran/isi/dokumen/{document}/hapus": "likewise", "POST /pendaftaran/isi/kirim": "likewise",

	"GET /oauth2/authorize": "applications send people here, who sign in on the way", "POST /oauth2/consent": "needs a request that waits, and its session",
	"POST /oauth2/again": "needs a request that waits", "GET /oauth2/logout": "ends nothing where there is nothing", "POST /oauth2/logout/now": "likewise",
}

// TestPagesAreForWhoTheySay opens, or posts an empty form to, every page as
// nobody, in every standard role, and in one that may do nothing but keep its
// own account.
func TestPagesAreForWhoTheySay(t *testing.T) {
	h, _ := openScreens(t)
	if err := h.SignIn.Announce("http://localhost:8081"); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	screens := h.screens(mux, "https://hub.example.go.id")
	patterns := patternsOf(t, h.pages(http.NewServeMux(), h.names, ""))
	visitors := h.visitors(t)

	var lines []string
	for _, pattern := range patterns {
		_, public := publicPages[pattern]
		if turned := turnedAway(visit(t, screens, pattern, "")); turned == public {
			t.Errorf("%s: turns strangers away: %v; public: %v. Let it ask for a permission, or say why it is public", pattern, turned, public)
		}
		var admitted []string
		for _, role := range pageRoles {
			if !turnedAway(visit(t, screens, pattern, begin(t, screens, visitors[role]))) {
				admitted = append(admitted, string(role))
			}
		}
		who := strings.Join(admitted, " ")
		if public {
			who = "everybody"
		}
		lines = append(lines, fmt.Sprintf("%-52s %s", pattern, who))
	}
	for pattern := range publicPages {
		if !slices.Contains(patterns, pattern) {
			t.Errorf("there is no page %s any more", pattern)
		}
	}
	compare(t, strings.Join(lines, "\n")+"\n")
}

// TestOtherSitesPostToNoPage sends every form from another site, as a browser
// would on which somebody is signed in.
func TestOtherSitesPostToNoPage(t *testing.T) {
	h, _ := openScreens(t)
	screens := h.screens(http.NewServeMux(), "https://hub.example.go.id")
	token := h.visitors(t)[simpul.RoleOperator]
	for _, pattern := range patternsOf(t, h.pages(http.NewServeMux(), h.names, "")) {
		if !strings.HasPrefix(pattern, "POST ") {
			continue
		}
		cookie := begin(t, screens, token)
		for field, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://jahat.example"} {
			if w := visit(t, screens, pattern, cookie, field, value); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "situs lain") {
				t.Errorf("%s with %s: %d", pattern, field, w.Code)
			}
		}
		if w := visit(t, screens, "GET /akun", cookie); turnedAway(w) {
			t.Errorf("%s ended the session", pattern)
		}
	}
}

func compare(t *testing.T, got string) {
	t.Helper()
	if *updatePages {
		if err := os.WriteFile(pagesFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(pagesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("who is let onto which page has changed (-recorded +now):\n%s", diff)
	}
}

var pageRoles = []simpul.Role{
	simpul.RoleOperator, simpul.RoleAdmin, simpul.RoleProvider, simpul.RoleConsumer, simpul.RoleSteward,
	simpul.RoleProducer, simpul.RoleAuthority, simpul.RoleAuditor, simpul.RoleDPO, bare,
}

// bare is a role of the test.
const bare simpul.Role = "bare"

// visitors has a token for every role: of an agency where the role may be held
// in one.
func (h *Hub) visitors(t *testing.T) map[simpul.Role]simpul.Secret {
	t.Helper()
	spec := identity.RoleSpec{Title: identity.Title{ID: "Kosong", EN: "Bare"}, Reach: simpul.ReachAgency, Permissions: []simpul.Permission{simpul.OwnAccount}}
	if _, err := h.Identity.Roles().Put(t.Context(), simpul.Acting("", simpul.RoleOperator, ""), string(bare), spec, false); err != nil {
		t.Fatal(err)
	}
	all := map[simpul.Role]simpul.Secret{}
	for _, role := range pageRoles {
		agency := simpul.AgencyID("bandungkota.go.id")
		if simpul.StandardRoles()[role].Reach == simpul.ReachNation {
			agency = ""
		}
		token, err := h.Identity.CreateToken(t.Context(), role, agency)
		if err != nil {
			t.Fatal(err)
		}
		all[role] = token
	}
	return all
}

// begin signs in and returns the session's cookie. A page may end the session,
// so each visit has one of its own.
func begin(t *testing.T, screens http.Handler, token simpul.Secret) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, signin.SignInPath, strings.NewReader(url.Values{"token": {token.Reveal()}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	screens.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == "simpul" {
			return c.Name + "=" + c.Value
		}
	}
	t.Fatalf("not signed in: %d", w.Code)
	return ""
}

// somewhere fills the parameters of a path with names of nothing.
var somewhere = strings.NewReplacer("{$}", "", "{id}", "tidak-ada", "{account}", "tidak.ada@bandungkota.go.id", "{role}", "tidak-ada", "{key}", "tidak-ada",
	"{unit}", "tidak-ada", "{group}", "tidak", "{name}", "Ada", "{section}", "surat", "{document}", "tidak-ada", "{kind}", "tidak-ada",
	"{agency}", "bandungkota.go.id", "{list}", "tidak-ada", "{code}", "32", "{part}", "1", "{digest}", "tidak-ada",
	"{citizen}", "tidak-ada", "{look}", "tidak-ada", "{exchange}", "tidak-ada", "{number}", "tidak-ada", "{class}", "tertutup", "{month}", "2000-01")

func visit(t *testing.T, screens http.Handler, pattern, cookie string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	path = somewhere.Replace(path)
	if strings.Contains(path, "{") {
		t.Fatalf("%s: say what stands for its parameters", pattern)
	}
	r := httptest.NewRequest(method, path, nil)
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	screens.ServeHTTP(w, r)
	if w.Code >= http.StatusInternalServerError {
		t.Errorf("%s: %d", pattern, w.Code)
	}
	return w
}

// turnedAway reports whether somebody was led to sign in, or refused.
func turnedAway(w *httptest.ResponseRecorder) bool {
	return w.Code == http.StatusForbidden || w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), signin.SignInPath+"?next=")
}

// patternsOf lists what is registered on a mux, which does not tell by itself.
func patternsOf(t *testing.T, mux *http.ServeMux) (all []string) {
	t.Helper()
	index := reflect.ValueOf(mux).Elem().FieldByName("index")
	add := func(patterns reflect.Value) {
		for i := range patterns.Len() {
			if text := patterns.Index(i).Elem().FieldByName("str").String(); !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
	}
	segments := index.FieldByName("segments")
	for _, key := range segments.MapKeys() {
		add(segments.MapIndex(key))
	}
	add(index.FieldByName("multis"))
	slices.Sort(all)
	if len(all) < 50 {
		t.Fatalf("only %d pages were found: net/http may keep them elsewhere now", len(all))
	}
	return all
}
