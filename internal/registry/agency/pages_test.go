package agency_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/agency"
)

// neighbours answer what the screens ask of other rooms.
type neighbours struct{}

func (neighbours) GrantsOf(context.Context, simpul.Principal, simpul.ApplicationID) ([]agency.GivenGrant, error) {
	return []agency.GivenGrant{{ID: "g-1", LID: "master/Kota", Href: "/catalog/master/Kota", Purpose: "Uji", State: simpul.Text{ID: "Berlaku", EN: "Valid"}}}, nil
}

func (neighbours) FirstCall(_ context.Context, _ simpul.Principal, _ simpul.ApplicationID, key simpul.Secret) (agency.FirstCall, bool, error) {
	return agency.FirstCall{Title: "Kota", Command: "curl -H 'X-API-Key: " + key.Reveal() + "' https://hub/master/Kota"}, true, nil
}

// visit answers a request to the screens as somebody; nil for nobody.
func (r *room) visit(t *testing.T, who *simpul.Principal, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	agency.NewPages(agency.PagesConfig{
		Agencies: r.agencies, Applications: r.applications, Grants: neighbours{}, FirstCalls: neighbours{}, Now: r.clock,
		Gate: web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
			if who == nil {
				return simpul.Principal{}, false
			}
			return *who, true
		}},
	}).Register(mux)
	request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
	if method == "POST" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, request)
	return w
}

func TestTheScreensAskWhoIsThere(t *testing.T) {
	r := furnished(t, testkit.SQLite(t))
	key, _ := r.issue(t, layanan)
	auditor, other := simpul.Acting("t-a", simpul.RoleAuditor, bandung), adminOf(sumedang)
	app, at := "/aplikasi/"+layanan, "/instansi/"+bandung
	for _, c := range []struct {
		method, path string
		write        bool
	}{
		{"GET", "/aplikasi", false}, {"GET", "/aplikasi/baru", true}, {"POST", "/aplikasi/baru", true}, {"GET", app, false}, {"POST", app, true},
		{"POST", app + "/kunci", true}, {"GET", app + "/kunci/" + key.ID, true}, {"POST", app + "/kunci/" + key.ID + "/putar", true},
		{"POST", app + "/kunci/" + key.ID + "/cabut", true}, {"POST", app + "/kunci/" + key.ID + "/bocor", true},
		{"GET", "/instansi", false}, {"GET", at, false}, {"POST", at + "/alamat", true}, {"POST", at + "/unit", true}, {"POST", at + "/unit/u/hapus", true},
		{"POST", at + "/status", true}, {"POST", at + "/pembekuan", true},
	} {
		if w := r.visit(t, nil, c.method, c.path, nil); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/masuk?next=") {
			t.Errorf("%s %s as nobody: %d", c.method, c.path, w.Code)
		}
		if w := r.visit(t, &auditor, c.method, c.path, nil); (w.Code == http.StatusForbidden) != c.write {
			t.Errorf("%s %s as an auditor: %d", c.method, c.path, w.Code)
		}
		if !strings.Contains(c.path, layanan) {
			continue
		}
		form := url.Values{"name": {"Curian"}, "overlap": {"7"}}
		if w := r.visit(t, &other, c.method, c.path, form); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "Layanan Warga") {
			t.Errorf("%s %s as another agency: %d", c.method, c.path, w.Code)
		}
	}
	if keys, err := r.applications.Keys(t.Context(), operator, layanan); err != nil || len(keys) != 1 {
		t.Errorf("strangers changed the keys: %v, %v", keys, err)
	}
}

func TestFromNoApplicationToTheFirstCall(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(db)
		r.putAgency(t, bandung, false)
		admin := adminOf(bandung)
		if w := r.visit(t, &admin, "GET", "/aplikasi", nil); !strings.Contains(w.Body.String(), "Daftarkan aplikasi pertama") {
			t.Errorf("the empty list does not teach: %s", w.Body)
		}
		w := r.visit(t, &admin, "POST", "/aplikasi/baru", url.Values{"name": {"Pajak"}, "slug": {"Pajak Daerah"}, "addresses": {"10.0.0.0/8"}})
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Pajak Daerah") || !strings.Contains(w.Body.String(), `aria-invalid="true"`) {
			t.Errorf("a bad ID: %d", w.Code)
		}
		w = r.visit(t, &admin, "POST", "/aplikasi/baru", url.Values{"name": {"Pajak"}, "slug": {"pajak"}, "addresses": {"10.0.0.0/8\r\n\r\n"}})
		path := "/aplikasi/pajak@" + bandung
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"?selesai=dibuat" {
			t.Fatalf("got %d %v", w.Code, w.Header())
		}
		if w := r.visit(t, &admin, "POST", "/aplikasi/baru", url.Values{"name": {"Lain"}, "slug": {"pajak"}}); w.Code != http.StatusConflict {
			t.Errorf("the same ID again: %d", w.Code)
		}
		w = r.visit(t, &admin, "POST", path+"/kunci?lang=en", url.Values{"label": {"produksi"}, "days": {"90"}})
		secret := regexp.MustCompile(`spk_[a-z2-7]{33}`).FindString(w.Body.String())
		if w.Code != http.StatusCreated || w.Header().Get("Cache-Control") != "no-store" || !strings.Contains(w.Body.String(), "Copy your API key now") || strings.Count(w.Body.String(), secret) != 2 {
			t.Fatalf("got %d %v %s", w.Code, w.Header(), w.Body)
		}
		if _, err := r.keyringOf(t).Authenticate(simpul.Secret(secret)); err != nil {
			t.Errorf("the key that was shown: %v", err)
		}
		w = r.visit(t, &admin, "GET", path, nil)
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), secret) || !strings.Contains(w.Body.String(), "90 hari") || !strings.Contains(w.Body.String(), "master/Kota") || !strings.Contains(w.Body.String(), `href="`+path+`/openid"`) {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	})
}

func TestAnAgencySeesWhyItIsSuspended(t *testing.T) {
	r := furnished(t, testkit.SQLite(t))
	admin, other := adminOf(bandung), adminOf(sumedang)
	w := r.visit(t, &operator, "POST", "/instansi/"+bandung+"/pembekuan", url.Values{"reason": {"Kunci <b>bocor</b>"}})
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	for who, want := range map[*simpul.Principal]bool{&admin: true, &operator: true, &other: false} {
		page := r.visit(t, who, "GET", "/instansi/"+bandung, nil).Body.String()
		if strings.Contains(page, "Kunci &lt;b&gt;bocor&lt;/b&gt;") != want || strings.Contains(page, "<b>bocor") {
			t.Errorf("as %s: %v is wrong", who.ID, !want)
		}
	}
	if w := r.visit(t, &admin, "POST", "/instansi/"+bandung+"/alamat", url.Values{"addresses": {"bukan alamat"}}); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "bukan alamat") {
		t.Errorf("a bad address: %d", w.Code)
	}
}
