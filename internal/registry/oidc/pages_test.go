package oidc

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
)

const registrationPath = "/aplikasi/" + string(warga) + "/openid"

// by makes the request one of the principal.
func by(who simpul.Principal) func(*http.Request) {
	return func(r *http.Request) { *r = *r.WithContext(context.WithValue(r.Context(), visitorKey{}, who)) }
}

func filled(changes ...string) url.Values {
	v := url.Values{"redirectUris": {callback + "\r\n" + goodbye}, "tokenEndpointAuthMethod": {"client_secret_basic"}, "grantTypes": {grantCode, grantRefresh}}
	for i := 0; i < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return v
}

func TestRegistrationPage(t *testing.T) {
	w := sqlite(t)
	b, mine := w.browser(), by(admin(warga.Agency()))
	if rec := b.do(http.MethodGet, registrationPath, nil, mine); rec.Code != http.StatusOK || strings.Contains(rec.Body.String(), "Hapus pendaftaran") {
		t.Errorf("before there is one: %d", rec.Code)
	}
	rec := b.do(http.MethodPost, registrationPath, filled("redirectUris", "http://jahat.example/"), mine)
	if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "Ada alamat yang tidak dapat diterima") || !strings.Contains(rec.Body.String(), "http://jahat.example/") {
		t.Errorf("a bad address: %d", rec.Code)
	}
	if rec := b.do(http.MethodPost, registrationPath, filled(), mine); rec.Code != http.StatusSeeOther {
		t.Fatalf("not stored: %d %s", rec.Code, rec.Body)
	}
	if got := w.view.registered.Load().of(warga); got == nil || len(got.Spec.RedirectURIs) != 2 || len(got.Spec.GrantTypes) != 2 {
		t.Errorf("stored %+v", got)
	}
	if rec := b.do(http.MethodGet, registrationPath+"?tersimpan", nil, mine); !strings.Contains(rec.Body.String(), callback) || !strings.Contains(rec.Body.String(), "Perubahan tersimpan") {
		t.Errorf("not shown: %d", rec.Code)
	}
	if rec := b.do(http.MethodPost, registrationPath, url.Values{"action": {"delete"}}, mine); rec.Code != http.StatusSeeOther || w.view.registered.Load().of(warga) != nil {
		t.Errorf("not deleted: %d", rec.Code)
	}
}

func TestRegistrationPageOfOthers(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	b := w.browser()
	stranger := by(admin(dapodik.Agency()))
	auditor := by(simpul.Acting("t-2", simpul.RoleAuditor, warga.Agency()))
	for name, c := range map[string]struct {
		rec  *httptest.ResponseRecorder
		want int
	}{
		"nobody reads":             {b.do(http.MethodGet, registrationPath, nil), http.StatusSeeOther},
		"nobody writes":            {b.do(http.MethodPost, registrationPath, filled()), http.StatusSeeOther},
		"a stranger reads":         {b.do(http.MethodGet, registrationPath, nil, stranger), http.StatusNotFound},
		"a stranger writes":        {b.do(http.MethodPost, registrationPath, filled(), stranger), http.StatusNotFound},
		"a stranger deletes":       {b.do(http.MethodPost, registrationPath, url.Values{"action": {"delete"}}, stranger), http.StatusNotFound},
		"an auditor reads":         {b.do(http.MethodGet, registrationPath, nil, auditor), http.StatusOK},
		"an auditor writes":        {b.do(http.MethodPost, registrationPath, filled(), auditor), http.StatusForbidden},
		"an application of nobody": {b.do(http.MethodGet, "/aplikasi/x@kemdikbud.go.id/openid", nil, auditor), http.StatusNotFound},
		"another site writes": {b.do(http.MethodPost, registrationPath, filled(), by(admin(warga.Agency())),
			func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }), http.StatusForbidden},
	} {
		if c.rec.Code != c.want {
			t.Errorf("%s: %d, want %d", name, c.rec.Code, c.want)
		}
		if c.want >= 400 && strings.Contains(c.rec.Body.String(), callback) {
			t.Errorf("%s: shows the registration", name)
		}
	}
	if got := w.view.registered.Load().of(warga); got == nil || len(got.Spec.RedirectURIs) != 1 {
		t.Errorf("changed: %+v", got)
	}
}

// What other sites may post does nothing but come again by GET.
func TestPostedRequestsComeAgainByGet(t *testing.T) {
	w := sqlite(t)
	w.declare(warga, standardSpec())
	mux := http.NewServeMux()
	NewPages(w.Provider, nil, "/masuk").RegisterPosted(mux)
	r := httptest.NewRequest(http.MethodPost, AuthorizePath, strings.NewReader(asks().Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r)
	at := landing(t, rec)
	if rec.Code != http.StatusSeeOther || at.Path != AuthorizePath || at.Query().Encode() != asks().Encode() {
		t.Errorf("%d %s", rec.Code, at)
	}
}
