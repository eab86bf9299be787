package duty_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/duty"
)

func ask(r *room, p *simpul.Principal, method, path string, form url.Values) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	duty.NewPages(r.Service, web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
		if p == nil {
			return simpul.Principal{}, false
		}
		return *p, true
	}}, duty.Start{Need: simpul.ExportKeys, Title: simpul.Text{ID: "Mulai ekspor", EN: "Begin an export"}, Href: "/ekspor"}).Register(mux)
	q := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, q)
	return w
}

// shows checks an answer's status and what it has and lacks; "!" before a text
// says that it lacks it.
func shows(t *testing.T, w *httptest.ResponseRecorder, code int, texts ...string) {
	t.Helper()
	if w.Code != code {
		t.Errorf("got %d, want %d: %s", w.Code, code, w.Body)
	}
	for _, text := range texts {
		text, lacks := strings.CutPrefix(text, "!")
		if strings.Contains(w.Body.String(), text) == lacks {
			t.Errorf("%q: %v", text, lacks)
		}
	}
}

func TestTheList(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), duty.Rules{})
	shows(t, ask(r, nil, "GET", "/persetujuan", nil), 303)
	outsider := person("evi@bandungkota.go.id", simpul.RoleConsumer)
	shows(t, ask(r, &outsider, "GET", "/persetujuan", nil), 403)
	shows(t, ask(r, &budi, "GET", "/persetujuan", nil), 200, "Tidak ada yang menunggu Anda", "Anda tidak punya usulan yang menunggu", "Belum ada riwayat", "!Mulai ekspor")
	shows(t, ask(r, &operator, "GET", "/persetujuan?lang=en", nil), 200, "Nothing waits for you", "Begin an export")
	id := r.propose(t, ani, bandung, "papan", "baru")
	shows(t, ask(r, &budi, "GET", "/persetujuan", nil), 200, "Tulis papan: papan", "/persetujuan/"+id, "ani@bandungkota.go.id")
	shows(t, ask(r, &ani, "GET", "/persetujuan", nil), 200, "Tidak ada yang menunggu Anda", "Tulis papan: papan")
	auditor := person("oka@bandungkota.go.id", simpul.RoleAuditor)
	shows(t, ask(r, &auditor, "GET", "/persetujuan", nil), 200, "Menunggu orang lain")
	shows(t, ask(r, &cici, "GET", "/persetujuan", nil), 200, "!papan:", "!"+id)
	shows(t, ask(r, &budi, "GET", "/persetujuan?cursor=%21", nil), 400)
	if _, err := r.Reject(t.Context(), budi, id, "tidak"); err != nil {
		t.Fatal(err)
	}
	shows(t, ask(r, &budi, "GET", "/persetujuan", nil), 200, "Ditolak", "!Belum ada riwayat")
}

func TestTheDecisionView(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t), duty.Rules{})
	r.board["papan"] = "lama<b>"
	id := r.propose(t, ani, bandung, "papan", "baru")
	at := "/persetujuan/" + id
	shows(t, ask(r, &budi, "GET", at, nil), 200, "karena perlu", "lama&lt;b&gt;", "!lama<b>", "Setujui dan jalankan", "Sebelumnya", "Sidik isi")
	shows(t, ask(r, &ani, "GET", at, nil), 200, "Tarik usulan", "!Setujui dan jalankan")
	shows(t, ask(r, &robot, "GET", at, nil), 200, "tidak dapat menjadi orang kedua", "!Setujui dan jalankan")
	shows(t, ask(r, &cici, "GET", at, nil), 404, "!karena perlu")
	shows(t, ask(r, &budi, "GET", "/persetujuan/u-unknown", nil), 404)

	decide := func(p simpul.Principal, verdict, reason string) *httptest.ResponseRecorder {
		return ask(r, &p, "POST", at, url.Values{"verdict": {verdict}, "reason": {reason}})
	}
	shows(t, decide(budi, "approve", " "), 400, "Tulis alasan keputusan Anda")
	shows(t, decide(budi, "perhaps", "x"), 400)
	shows(t, decide(ani, "approve", "x"), 403, "Anda sendiri yang mengajukan")
	shows(t, decide(cici, "approve", "x"), 404)
	r.board["papan"] = "berubah"
	shows(t, decide(budi, "approve", "alasan saya"), 409, "usang", "alasan saya")
	shows(t, ask(r, &budi, "GET", at, nil), 200, "Pelaksanaan terakhir gagal")
	r.board["papan"] = "lama<b>"
	if w := decide(budi, "approve", "alasan saya"); w.Code != 303 || w.Header().Get("Location") != at {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	shows(t, ask(r, &ani, "GET", at, nil), 200, "Disetujui", "alasan saya", "budi@bandungkota.go.id", "!Tarik usulan")
	shows(t, decide(budi, "reject", "x"), 409, "sudah disetujui")
}
