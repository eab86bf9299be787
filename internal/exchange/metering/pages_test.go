package metering

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
)

// called names things by their identifiers.
type called struct{}

func (called) Agency(_ context.Context, id simpul.AgencyID) string { return "Instansi " + string(id) }
func (called) LID(_ context.Context, a simpul.Address) (Entry, bool) {
	return Entry{Title: "Kota", Provider: "Penyedia"}, a == "master/Kota"
}

// screens are the pages as the principal sees them; nil: nobody is signed in.
func screens(s *Service, who *simpul.Principal) http.Handler {
	gate := web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
		if who == nil {
			return simpul.Principal{}, false
		}
		return *who, true
	}}
	mux := http.NewServeMux()
	NewPages(s, called{}, func(context.Context) HubState { return HubState{true, true, 3} }, gate).Register(mux)
	return web.Localize(mux)
}

func open(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestDashboardsAreForTheirAgency(t *testing.T) {
	s := counted(t, testkit.SQLite(t), noon, traffic(300, 21, noon, 5*24*time.Hour)...)
	consumer := simpul.Acting("t-c", simpul.RoleConsumer, "bandungkota.go.id")
	provider, operator := simpul.Acting("t-p", simpul.RoleProvider, kemendagri), simpul.Acting("t-o", simpul.RoleOperator, "")
	for _, c := range []struct {
		who    *simpul.Principal
		path   string
		status int
		shows  string
	}{
		{nil, UsagePath, 303, ""},
		{&provider, UsagePath, 200, "Panggilan dari waktu ke waktu"},
		{&provider, UsagePath + "?view=consumer", 200, "Belum ada panggilan"},
		{&consumer, UsagePath, 200, "Panggilan dari waktu ke waktu"},
		{&consumer, UsagePath + "?view=provider", 200, "Belum ada panggilan"},
		{&provider, UsagePath + "?view=consumer&agency=bandungkota.go.id", 404, ""},
		{&provider, UsagePath + "?view=nation", 403, ""},
		{&provider, UsagePath + "?period=2y", 400, ""},
		{&provider, UsagePath + "?lid=salah", 400, ""},
		{&provider, csvPath + "?agency=bandungkota.go.id", 404, ""},
		{&operator, UsagePath + "?period=30d&agency=salah", 400, `value="salah"`},
		{&operator, UsagePath + "?period=30d", 200, "Bagian biaya"},
		{&operator, UsagePath + "?view=consumer&agency=bandungkota.go.id&lang=en", 200, "Applications that call most"},
		{&operator, csvPath + "?period=24h", 200, "kind,name,calls"},
	} {
		status, body := open(t, screens(s, c.who), c.path)
		if status != c.status || !strings.Contains(body, c.shows) {
			t.Errorf("%s: %d, want %d with %q", c.path, status, c.status, c.shows)
		}
	}
	if _, body := open(t, screens(s, &provider), UsagePath); strings.Contains(body, "pajak/Npwp") {
		t.Error("a provider sees the LID of another")
	}
}

// Nothing on a public page tells who calls, or how often.
func TestThePublicLearnsNoNamesAndNoCounts(t *testing.T) {
	all := append(ended(7331, noon, ""), ended(977, noon, simpul.CodeTimeout)...)
	s := counted(t, testkit.SQLite(t), noon, all...)
	for _, path := range []string{StatusPath("master/Kota"), StatusPath("master/Kota") + "?lang=en", HubPath} {
		status, body := open(t, screens(s, nil), path)
		if status != 200 {
			t.Errorf("%s: %d", path, status)
		}
		for _, secret := range []string{"bandung", "layanan@", "7331", "7.331", "977", "8308", "8.308"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s tells %s", path, secret)
			}
		}
	}
	for _, path := range []string{StatusPath("pajak/Npwp"), "/catalog/x/Y/status"} {
		if status, _ := open(t, screens(s, nil), path); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	if _, body := open(t, screens(s, nil), HubPath); !strings.Contains(body, "Sebagian layanan penyedia sedang terganggu") {
		t.Error("the hub's page says nothing of a LID that fails")
	}
}
