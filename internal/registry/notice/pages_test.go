package notice

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/web"
)

// browse makes one request as the person; a zero principal is nobody.
func (w *town) browse(t *testing.T, p simpul.Principal, method, target string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	visitor := func(context.Context) (simpul.Principal, bool) { return p, p.ID != "" }
	mux := http.NewServeMux()
	NewPages(w.Service, web.Gate{Visitor: visitor, SignIn: "/masuk"}, true, func() time.Time { return w.at }).Register(mux)
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	web.Localize(web.Secure(mux)).ServeHTTP(rec, r)
	return rec
}

func holds(t *testing.T, page string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("the page lacks %q", w)
		}
	}
}

func TestTheInboxNeedsSigningIn(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	for target, next := range map[string]string{
		"/kotak-masuk": "/kotak-masuk", "/kotak-masuk?unread=1": "/kotak-masuk?unread=1",
		"/kotak-masuk/preferensi": "/kotak-masuk/preferensi", "/kotak-masuk/surel": "/kotak-masuk/surel",
	} {
		got := w.browse(t, simpul.Principal{}, http.MethodGet, target, nil)
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/masuk?next="+url.QueryEscape(next) {
			t.Errorf("%s: %d %s", target, got.Code, got.Header().Get("Location"))
		}
	}
	if got := w.browse(t, simpul.Principal{}, http.MethodPost, "/kotak-masuk/n-1", url.Values{"state": {"read"}}); got.Header().Get("Location") != "/masuk?next=%2Fkotak-masuk" {
		t.Errorf("POST: %s", got.Header().Get("Location"))
	}
}

func TestTheInboxShowsWhatWaitsFirst(t *testing.T) {
	towns(t, func(t *testing.T, w *town) {
		empty := w.browse(t, as(siti), http.MethodGet, "/kotak-masuk", nil).Body.String()
		holds(t, empty, "Belum ada apa-apa di sini", "/kotak-masuk/preferensi")

		w.notify(t, aNotice(siti))
		n := aNotice(siti)
		n.Title, n.Due = simpul.Text{ID: "Setujui <perubahan>"}, w.at.Add(-time.Hour)
		w.notify(t, n)
		page := w.browse(t, as(siti), http.MethodGet, "/kotak-masuk", nil).Body.String()
		holds(t, page, "Menunggu Anda", "Setujui &lt;perubahan&gt;", "Lewat tenggat", "Kunci akan berakhir", "Belum dibaca", "Hanya yang belum dibaca")
		if strings.Index(page, "Setujui") > strings.Index(page, "Kunci akan berakhir") {
			t.Error("what waits does not come first")
		}
		if strings.Contains(page, "Surel yang dikirim hub") {
			t.Error("somebody without the permission is led to the outbox")
		}
	})
}

func TestMarkingLeadsOn(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	w.notify(t, aNotice(siti))
	id := w.inbox(t, siti)[0].ID
	for name, c := range map[string]struct {
		form url.Values
		to   string
	}{
		"open":        {url.Values{"state": {"read"}, "open": {"1"}}, "/aplikasi/layanan"},
		"read":        {url.Values{"state": {"read"}}, "/kotak-masuk"},
		"from unread": {url.Values{"state": {"read"}, "unread": {"1"}}, "/kotak-masuk?unread=1"},
	} {
		got := w.browse(t, as(siti), http.MethodPost, "/kotak-masuk/"+id, c.form)
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != c.to {
			t.Errorf("%s: %d %s", name, got.Code, got.Header().Get("Location"))
		}
	}
	if w.inbox(t, siti)[0].State != Read {
		t.Error("not marked")
	}
	for name, got := range map[string]*httptest.ResponseRecorder{
		"a colleague": w.browse(t, as(budi), http.MethodPost, "/kotak-masuk/"+id, url.Values{"state": {"done"}}),
		"missing":     w.browse(t, as(siti), http.MethodPost, "/kotak-masuk/n-none", url.Values{"state": {"done"}}),
	} {
		if got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	w.notify(t, aNotice(siti))
	if got := w.browse(t, as(siti), http.MethodPost, "/kotak-masuk", url.Values{}); got.Code != http.StatusSeeOther || w.Unread(t.Context(), siti) != 0 {
		t.Errorf("read all: %d", got.Code)
	}
	holds(t, w.browse(t, as(siti), http.MethodGet, "/kotak-masuk?unread=1", nil).Body.String(), "Semua kabar sudah dibaca")
}

func TestATokenIsToldThatItHasNoInbox(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	operator := simpul.Acting("t-1", simpul.RoleOperator, "")
	holds(t, w.browse(t, operator, http.MethodGet, "/kotak-masuk", nil).Body.String(), "Token tidak punya kotak masuk")
	if got := w.browse(t, operator, http.MethodGet, "/kotak-masuk/preferensi", nil); got.Code != http.StatusForbidden {
		t.Errorf("got %d", got.Code)
	}
}

func TestPreferencesAreChosenOnAForm(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	got := w.browse(t, as(siti), http.MethodPost, "/kotak-masuk/preferensi", url.Values{"way-key": {"inbox"}, "language": {"en"}})
	if got.Code != http.StatusSeeOther || got.Header().Get("Location") != "/kotak-masuk/preferensi?saved=1" {
		t.Fatalf("%d %s", got.Code, got.Header().Get("Location"))
	}
	holds(t, w.browse(t, as(siti), http.MethodGet, "/kotak-masuk/preferensi?saved=1", nil).Body.String(),
		"Pilihan Anda tersimpan", `<option value="inbox" selected>`, `<option value="en" selected>`)
	if got := w.browse(t, as(siti), http.MethodPost, "/kotak-masuk/preferensi", url.Values{"way-key": {"pigeon"}}); got.Code != http.StatusBadRequest {
		t.Errorf("got %d", got.Code)
	}
}

func TestTheOutboxShowsReasons(t *testing.T) {
	w := newTown(t, testkitSQLite(t))
	admin := simpul.Acting("a", simpul.RoleAdmin, bandung)
	holds(t, w.browse(t, admin, http.MethodGet, "/kotak-masuk/surel", nil).Body.String(), "Tidak ada surel")
	w.notify(t, aNotice(siti, made))
	w.relay.fail = []error{failing(simpul.CodeInvalid), failing(simpul.CodeInvalid)}
	w.round(t)
	page := w.browse(t, admin, http.MethodGet, "/kotak-masuk/surel?state=dead", nil).Body.String()
	holds(t, page, "siti@", "gagal invalid", "Gagal")
	if strings.Contains(page, "made@") {
		t.Error("another agency's person is shown")
	}
	if got := w.browse(t, as(siti), http.MethodGet, "/kotak-masuk/surel", nil); got.Code != http.StatusForbidden {
		t.Errorf("without the permission: %d", got.Code)
	}
	holds(t, w.browse(t, as(siti), http.MethodGet, "/kotak-masuk/preferensi", nil).Body.String(), "Sebuah surel kepada Anda tidak terkirim", "gagal invalid")
}
