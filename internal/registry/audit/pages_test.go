package audit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/audit"
)

func page(s *audit.Service, p *simpul.Principal, method, path string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	audit.NewPages(s, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
		if p == nil {
			return simpul.Principal{}, false
		}
		return *p, true
	}}).Register(mux)
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestTheScreen(t *testing.T) {
	s := filled(t, testkit.SQLite(t))
	if w := page(s, nil, "GET", "/audit?action=key."); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/masuk?next=%2Faudit%3Faction%3Dkey." {
		t.Errorf("%d %q", w.Code, w.Header().Get("Location"))
	}
	for _, c := range []struct {
		p            simpul.Principal
		method, path string
		code         int
		has, hasNot  []string
	}{
		{auditor, "GET", "/audit", 200, []string{"Menerbitkan kunci API untuk k-1", "Ditolak", "format=csv", "Periksa keutuhan"}, []string{"Rahasia"}},
		{auditor, "GET", "/audit?lang=en", 200, []string{"Issued an API key for k-1"}, nil},
		{auditor, "GET", "/audit?action=moon.&since=2026-13-45", 200, []string{"Tidak ada peristiwa yang cocok", "Tanggal tidak terbaca"}, nil},
		{auditor, "GET", "/audit?since=2026-11-23&until=2026-11-23", 200, []string{"k-1"}, nil},
		{auditor, "GET", "/audit?until=2026-11-22", 200, []string{"Tidak ada peristiwa yang cocok"}, nil},
		{auditor, "GET", "/audit?before=zzz", 200, []string{"k-1"}, nil},
		{auditor, "GET", "/audit?actor=%3Cscript%3E", 200, nil, []string{"<script>"}},
		{member, "GET", "/audit", 200, []string{"Peristiwa yang menyangkut Anda", "Menutup akun"}, []string{"format=csv", "Mencabut kunci"}},
		{member, "GET", "/audit/ekspor?format=csv", 403, nil, nil},
		{member, "POST", "/audit", 403, nil, nil},
		{auditor, "POST", "/audit", 200, []string{"Jejak audit utuh"}, nil},
		{auditor, "GET", "/audit/ekspor?format=csv&action=key.issue", 200, []string{"key.issue"}, []string{"key.revoke"}},
		{auditor, "GET", "/audit/ekspor?format=exe", 400, nil, nil},
		{auditor, "GET", "/audit/ekspor?format=csv&since=kemarin", 400, nil, nil},
	} {
		w := page(s, &c.p, c.method, c.path)
		if w.Code != c.code {
			t.Errorf("%s %s: %d", c.method, c.path, w.Code)
		}
		for _, text := range c.has {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%s lacks %q", c.path, text)
			}
		}
		for _, text := range c.hasNot {
			if strings.Contains(w.Body.String(), text) {
				t.Errorf("%s has %q", c.path, text)
			}
		}
	}
}
