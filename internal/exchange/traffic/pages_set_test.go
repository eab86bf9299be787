package traffic

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
)

// sent posts a form as somebody.
func sent(s *Service, p simpul.Principal, path string, form url.Values) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	gate := web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) { return p, true }}
	NewPages(s, gate, func(_ context.Context, id simpul.AgencyID) string { return string(id) }).Register(mux)
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, r)
	return w
}

func TestALimitIsSetByForm(t *testing.T) {
	db := testkit.SQLite(t)
	service := serviceOn(t, db, registry{}, &ticking{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)})
	const lid = "lid/master/Kota"
	shows(t, screen(service, &provider, SetPath), 200, "Yang dibatasi", `value="lid"`, "!"+`value="agency"`)
	shows(t, screen(service, &operator, SetPath), 200, `value="agency"`)

	shows(t, sent(service, provider, SetPath, url.Values{"kind": {"lid"}, "id": {"master/Kota"}, "perDay": {"banyak"}, "note": {"Satu server"}}), 422,
		"Bukan bilangan bulat dari 1 sampai 1000000000000", `href="#field-perDay"`, `value="banyak"`, `value="Satu server"`, `value="master/Kota"`)
	shows(t, sent(service, provider, SetPath, url.Values{"kind": {"lid"}, "id": {"master/Lain"}, "perDay": {"5"}}), 422, `href="#field-id"`, `value="master/Lain"`)
	shows(t, sent(service, provider, SetPath, url.Values{"kind": {"lid"}, "id": {"master/Kota"}}), 422, "tidak membatasi apa pun")
	shows(t, sent(service, provider, SetPath, url.Values{"kind": {"agency"}, "id": {string(bandung)}, "perDay": {"5"}}), 422, "hanya ditetapkan operator nasional")

	saved := sent(service, provider, SetPath, url.Values{"kind": {"lid"}, "id": {"master/Kota"}, "perMinute": {"600"}, "perDay": {"250.000"}, "concurrent": {"20"}, "note": {"Satu server"}})
	if to := saved.Header().Get("Location"); saved.Code != 303 || to != Path+"?tersimpan="+url.QueryEscape(lid) {
		t.Fatalf("saving led to %d %s", saved.Code, to)
	}
	stored, err := service.Get(t.Context(), provider, lid)
	if want := (Spec{RatePerMinute: 600, PerDay: 250_000, Concurrent: 20, Note: "Satu server"}); err != nil || stored.Spec != want {
		t.Errorf("stored %+v, %v", stored.Spec, err)
	}
	shows(t, screen(service, &provider, Path+"?tersimpan="+lid), 200, "Batas tersimpan", "Ubah batas", SetPath+"?untuk=lid%2Fmaster%2FKota")
	shows(t, screen(service, &consumer, Path), 200, "!Ubah batas")
	shows(t, screen(service, &provider, SetPath+"?untuk="+lid), 200, `value="250000"`, "Hapus batas ini")
	shows(t, sent(service, provider, SetPath, url.Values{"subject": {lid}, "exists": {"ya"}, "perDay": {"9"}, "perMonth": {"3"}}), 422, `href="#field-perDay"`, "Hapus batas ini")

	shows(t, sent(service, provider, SetPath+"/hapus", url.Values{"subject": {lid}}), 303)
	if _, err := service.Get(t.Context(), provider, lid); simpul.CodeOf(err) != simpul.CodeNotFound {
		t.Errorf("the limit is still there: %v", err)
	}
}

func TestTheFormIsForWhoMayWrite(t *testing.T) {
	service := serviceOn(t, testkit.SQLite(t), registry{}, &ticking{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)})
	reader := simpul.Acting("t-r", simpul.RoleConsumer, bandung)
	shows(t, screen(service, &reader, SetPath), 403)
	shows(t, sent(service, reader, SetPath, url.Values{"kind": {"lid"}, "id": {"master/Kota"}, "perDay": {"5"}}), 403)
	shows(t, screen(service, &consumer, SetPath+"?untuk=lid/master/Kota"), 403)
	shows(t, sent(service, consumer, SetPath, url.Values{"subject": {"lid/master/Kota"}, "perDay": {"5"}}), 422, "!250")
	shows(t, screen(service, &provider, SetPath+"?untuk=lid/master/Lain"), 404)
	shows(t, screen(service, &provider, SetPath+"?untuk=apa"), 400)
	shows(t, screen(service, &provider, SetPath+"?untuk=grant/"+string(izin)), 200, "Laju per menit ditulis pada izin ini", "!field-perMinute")
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{"": 0, "1": 1, "600": 600, "250.000": 250_000, "1.000.000": 1_000_000} {
		if n, ok := readAmount(text, 1_000_000); !ok || n != want {
			t.Errorf("%q: %d, %v", text, n, ok)
		}
	}
	for _, text := range []string{"0", "-1", "+1", "1.5", "1,5", "25.0000", "1e3", "1000001", "99999999999999999999", "banyak", "１"} {
		if n, ok := readAmount(text, 1_000_000); ok {
			t.Errorf("%q is taken for %d", text, n)
		}
	}
}
