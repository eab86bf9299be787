package grant_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/grant"
)

type visitorKey struct{}

// browser is somebody at the screens of the office.
type browser func(method, path string, form url.Values) *httptest.ResponseRecorder

func (o *office) screens(who *simpul.Principal) browser {
	mux := http.NewServeMux()
	grant.NewPages(grant.PagesConfig{
		Access: o.Access, Grants: o.room.Service, Gate: barrier{}, Now: o.room.clock,
		Applications: func(_ context.Context, p simpul.Principal) ([]grant.Applicant, error) {
			return []grant.Applicant{{ID: layanan, Name: "Layanan"}}, nil
		},
		Agency: func(_ context.Context, id simpul.AgencyID) string { return "Nama " + string(id) },
		Entrance: web.Gate{SignIn: "/masuk", Visitor: func(ctx context.Context) (simpul.Principal, bool) {
			p, ok := ctx.Value(visitorKey{}).(simpul.Principal)
			return p, ok
		}},
	}).Register(mux)
	handler := web.Localize(web.Site{}.Frame(mux))
	return func(method, path string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if who != nil {
			r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, *who))
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
}

func says(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("got %d, want %d: %.300s", w.Code, status, w.Body)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("does not say %q", text)
		}
	}
}

func TestAStoryOnTheScreens(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db)
		consumer, provider := o.screens(&asker), o.screens(&decider)
		says(t, consumer("GET", "/akses", nil), 200, "Tidak ada permohonan di sini", "Buka katalog")
		says(t, consumer("GET", "/akses/baru", nil), 200, "Pilih dahulu")
		says(t, consumer("GET", "/akses/baru?lid="+desa, nil), 200, "LID terbatas", "items.kode", "rows.kode", `value="60"`)

		form := url.Values{"lid": {desa}, "application": {layanan}, "purpose": {"perlu"}, "legalBasis": {"UU 25/2009"}, "ratePerMinute": {"60"},
			"until": {"2027-11-23"}, "fields": {"items.kode", "items.nama"}, "rows.kode": {"32, 33"}, "contact": {"Sari"}}
		says(t, consumer("POST", "/akses/baru", form), 400, "dimengerti warga", `value="32, 33"`)
		form.Set("purpose", "Memastikan alamat pemohon layanan warga")
		made := consumer("POST", "/akses/baru", form)
		page := made.Header().Get("Location")
		if made.Code != http.StatusSeeOther || !strings.HasPrefix(page, "/akses/p-") {
			t.Fatalf("got %d %s", made.Code, page)
		}
		says(t, consumer("GET", page, nil), 200, "Hanya untuk kode = 32 atau 33.", "sampai dengan 23 November 2027", "Tarik permohonan")
		if strings.Contains(consumer("GET", page, nil).Body.String(), "/putusan") {
			t.Error("the requester may decide")
		}
		says(t, provider("GET", "/akses/masuk", nil), 200, page, "Nama "+bandung)
		says(t, provider("GET", page, nil), 200, "/putusan", "Kontak", "Sari")

		decision := url.Values{"version": {"1"}, "verdict": {"approved"}, "ratePerMinute": {"600"}, "until": {"2027-11-23"}, "fields": {"items.kode"}, "rows.kode": {"32"}}
		says(t, consumer("POST", page+"/putusan", decision), 403)
		says(t, provider("POST", page+"/putusan", decision), 403, "lebih dari yang diminta")
		decision.Set("ratePerMinute", "30")
		says(t, provider("POST", page+"/putusan", decision), 303)
		says(t, consumer("GET", page, nil), 200, "Diminta dan diberikan", "<del>items.kode, items.nama</del>", "<ins>items.kode</ins>", "Hanya untuk kode = 32.")
		says(t, consumer("GET", "/akses?status=approved", nil), 200, "Izin yang berlaku", "Paling banyak 30 panggilan per menit.")
		says(t, consumer("POST", page+"/izin", url.Values{"act": {"revoke"}, "reason": {"Tidak dipakai"}}), 403)
		says(t, provider("POST", page+"/izin", url.Values{"act": {"revoke"}, "reason": {""}}), 400, "Tulis alasannya")
		says(t, provider("POST", page+"/izin", url.Values{"act": {"revoke"}, "reason": {"Tujuannya sudah tercapai"}}), 303)
		says(t, consumer("GET", page, nil), 200, "sudah dicabut")
	})
}

func TestMendingOnTheScreens(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	consumer, provider := o.screens(&asker), o.screens(&decider)
	page := grant.RequestPath(o.submit(t, ask(desa, nil)).ID)
	says(t, provider("POST", page+"/putusan", url.Values{"version": {"1"}, "verdict": {"returned"}, "reason": {"Sebutkan <pasalnya>"}}), 303)
	says(t, consumer("GET", page, nil), 200, "Sebutkan &lt;pasalnya&gt;", page+"/perbaiki")
	says(t, consumer("GET", page+"/perbaiki", nil), 200, "UU 25/2009 pasal 4", "Mengapa dikembalikan")
	form := url.Values{"lid": {desa}, "application": {layanan}, "purpose": {"Memastikan alamat pemohon layanan"}, "legalBasis": {"UU 25/2009 pasal 9"}, "ratePerMinute": {"60"}, "until": {"2027-11-23"}}
	says(t, consumer("POST", page+"/perbaiki", form), 303)
	says(t, consumer("GET", page, nil), 200, "UU 25/2009 pasal 9")
	says(t, consumer("POST", page+"/tarik", nil), 303)
	says(t, consumer("GET", page, nil), 200, "Ditarik pemohon")
}

func TestWhoSeesWhichScreen(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	page := grant.RequestPath(o.submit(t, ask(desa, nil)).ID)
	stranger := of(bps)
	nobody, other := o.screens(nil), o.screens(&stranger)
	for _, path := range []string{"/akses", "/akses/baru?lid=" + desa, "/akses/masuk", page, grant.WhyPath} {
		if w := nobody("GET", path, nil); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/masuk?next="+url.QueryEscape("/akses")) {
			t.Errorf("%s: got %d to %s", path, w.Code, w.Header().Get("Location"))
		}
	}
	says(t, other("GET", page, nil), 404)
	says(t, other("POST", page+"/putusan", url.Values{"version": {"1"}, "verdict": {"refused"}, "reason": {"Tidak boleh"}}), 404)
	says(t, other("POST", page+"/tarik", nil), 404)
	if strings.Contains(other("GET", "/akses/masuk", nil).Body.String(), page) {
		t.Error("a stranger sees the request")
	}
	says(t, o.screens(&asker)("GET", grant.WhyPath+"?application="+layanan+"&lid="+kota+"&method=POST", nil), 200, "akan ditolak", "Gunakan GET.")
}
