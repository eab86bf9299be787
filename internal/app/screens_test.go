package app

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"simpul"
	"simpul/internal/platform/config"
	"simpul/internal/registry/agency"
	"simpul/internal/registry/catalog"
)

const smallContract = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"responses":{"200":{"description":"ok"}}}}}}`

// openScreens serves the screens of a hub with two agencies and one LID.
func openScreens(t *testing.T) (*Hub, *httptest.Server) {
	t.Helper()
	c := config.Default()
	c.Data = t.TempDir()
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	h, err := Open(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	operator := simpul.Acting("", simpul.RoleOperator, "")
	for id, spec := range map[string]agency.Spec{
		"bandungkota.go.id":   {Name: "Pemerintah Kota Bandung", Level: agency.Kota, Region: "32.73"},
		"jawabaratprov.go.id": {Name: "Pemerintah Provinsi Jawa Barat", Level: agency.Provinsi, Region: "32"},
	} {
		if _, err := h.Agencies.Put(t.Context(), operator, id, spec, false); err != nil {
			t.Fatal(err)
		}
	}
	lid := catalog.Spec{Agency: "bandungkota.go.id", Title: "Izin usaha", Description: "Izin usaha yang berlaku.", Class: simpul.Terbuka, Version: "1.0", State: catalog.Published,
		Upstream: "http://10.9.8.7/izin", Contract: []byte(smallContract), Attribution: "Data contoh, ODbL v1.0.",
		LegalBasis: "UU 11/2020", Contact: "izin@example.go.id", Waiver: "Penyedianya tidak ada dalam pengujian ini.", Metadata: catalog.Metadata{PersonalData: &catalog.PersonalData{}}}
	if _, err := h.LIDs.Put(t.Context(), operator, "izin/Usaha", lid, false); err != nil {
		t.Fatal(err)
	}
	if err := h.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h.controlHandler(new(atomic.Bool), "https://hub.example.go.id"))
	t.Cleanup(server.Close)
	return h, server
}

func page(t *testing.T, client *http.Client, address string) (*http.Response, string) {
	t.Helper()
	res, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

func TestScreensShowTheHub(t *testing.T) {
	_, server := openScreens(t)
	for path, wanted := range map[string][]string{
		"/":                            {"2", "https://hub.example.go.id/izin/Usaha", "ODbL v1.0", "Masuk"},
		"/catalog?region=32&q=bandung": {"Izin usaha", "Provinsi Jawa Barat (1)", "Kota Bandung (1)"},
		"/catalog/izin/Usaha":          {"Pemerintah Kota Bandung", "https://hub.example.go.id/izin/Usaha"},
		"/agencies?q=bandung":          {"1 dari 2 instansi", "1 LID"},
		"/panduan":                     {"Panduan"},
		"/openapi/izin/Usaha":          {`"servers":[{"url":"https://hub.example.go.id/izin/Usaha"}]`},
		"/catalog.csv":                 {"izin/Usaha,Izin usaha"},
		"/masuk":                       {"Token akses"},
	} {
		res, text := page(t, server.Client(), server.URL+path)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d, policy %q", path, res.StatusCode, res.Header.Get("Content-Security-Policy"))
		}
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q", path, want)
			}
		}
		if strings.Contains(text, "10.9.8.7") {
			t.Errorf("%s shows the provider's own address", path)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	_, server := openScreens(t)
	for path, kind := range map[string]string{
		"/tidak-ada":        "text/html; charset=utf-8",
		"/catalog/izin/Apa": "text/html; charset=utf-8",
		"/api/v1/tidak":     "application/problem+json",
	} {
		if res, _ := page(t, server.Client(), server.URL+path); res.StatusCode != http.StatusNotFound || res.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %q", path, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

func TestSignedInPeopleAreNamed(t *testing.T) {
	h, server := openScreens(t)
	for name, who := range map[string]struct {
		role   simpul.Role
		agency simpul.AgencyID
	}{
		"Operator nasional":       {simpul.RoleOperator, ""},
		"Auditor":                 {simpul.RoleAuditor, ""},
		"Pemerintah Kota Bandung": {simpul.RoleProvider, "bandungkota.go.id"},
	} {
		token, err := h.Identity.CreateToken(t.Context(), who.role, who.agency)
		if err != nil {
			t.Fatal(err)
		}
		jar, _ := cookiejar.New(nil)
		client := &http.Client{Jar: jar}
		res, err := client.PostForm(server.URL+"/masuk", url.Values{"token": {token.Reveal()}, "next": {"/exchanges"}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res, text := page(t, client, server.URL+"/exchanges"); res.Request.URL.Path != "/exchanges" || !strings.Contains(text, name) || !strings.Contains(text, "Keluar") {
			t.Errorf("%s: at %s, or not named", name, res.Request.URL.Path)
		}
	}
}

// The screens keep their frame to themselves: programs that call the API get no
// cookies and no page policy.
func TestTheAPIHasNoFrame(t *testing.T) {
	_, server := openScreens(t)
	res, _ := page(t, server.Client(), server.URL+"/api/v1/lids?lang=en")
	if res.StatusCode != http.StatusUnauthorized || res.Header.Get("Content-Security-Policy") != "" || len(res.Cookies()) != 0 {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}
