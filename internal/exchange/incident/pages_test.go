package incident

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
)

// theatre is the screens, and who is looking.
type theatre struct {
	service *Service
	who     simpul.Principal
	handler http.Handler
}

func newStage(t *testing.T) *theatre {
	s := &theatre{service: newRoom(testkit.SQLite(t), leak()), who: operator}
	mux := http.NewServeMux()
	gate := web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) { return s.who, s.who.ID != "" }}
	s.service.from.Zone = func(context.Context, simpul.AgencyID) Zone { return WITA }
	NewPages(s.service, gate).Register(mux)
	s.handler = web.Localize(mux)
	return s
}

func (s *theatre) do(method, path, media string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func (s *theatre) get(path string) *httptest.ResponseRecorder {
	return s.do(http.MethodGet, path, "", nil)
}

func (s *theatre) post(path string, values url.Values) *httptest.ResponseRecorder {
	return s.do(http.MethodPost, path, "application/x-www-form-urlencoded", []byte(values.Encode()))
}

func contains(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestAnIncidentOnTheScreens(t *testing.T) {
	s := newStage(t)
	contains(t, s.get(Path).Body.String(), "Tidak ada insiden", NewPath)
	contains(t, s.get(NewPath).Body.String(), `value="2026-11-25T13:00"`, "WITA") // now, on the office's clock
	form := url.Values{"application": {string(leaky)}, "from": {"2026-10-01T00:00"}, "until": {"2026-11-25T12:00"}, "zone": {"WITA"}, "noted": {"2026-11-25T12:00"}}
	w := s.post(NewPath, form)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("noting: %d %s", w.Code, w.Body)
	}
	at := w.Header().Get("Location")
	page := s.get(at).Body.String()
	contains(t, page, "Tersisa 2 hari 23 jam", "28 Nov 2026 12.00 WITA", "3–4", "40 orang lagi", "Pertukaran yang tidak menyebut orang", "nama, alamat", "Oktober 2026: 1, November 2026: 3", "surat.pdf")
	contains(t, s.get(Path).Body.String(), string(leaky), "3–4")

	for path, media := range map[string]string{"/surat.pdf": "application/pdf", "/surat-lembaga.pdf?bahasa=en": "application/pdf", "/terdampak.csv": "text/csv", "/terdampak.json": "application/json"} {
		if w := s.get(at + path); w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), media) || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	if w := s.post(at+"/catatan", url.Values{"text": {"<script>alert('x')</script>"}}); w.Code != http.StatusSeeOther {
		t.Errorf("a note: %d", w.Code)
	}
	if page := s.get(at).Body.String(); strings.Contains(page, "<script>alert") {
		t.Error("a note is not text")
	}
	if w := s.post(at+"/catatan", url.Values{"text": {" "}}); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Catatan kosong") {
		t.Errorf("an empty note: %d", w.Code)
	}
	for path, form := range map[string]url.Values{
		"/lapor":     {"to": {"persons"}, "at": {"2026-11-25T12:30"}, "report": {" "}},
		"/diketahui": {"noted": {"2026-12-31T08:00"}, "why": {"Salah <b>baca</b>"}},
		"/tahan":     {"hold": {""}},
	} {
		w := s.post(at+path, form)
		if body := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(body, "-error") || strings.Contains(body, "<b>baca") {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := s.post(at+"/lapor", url.Values{"at": {"2026-11-25T12:30"}, "report": {"Surat 1"}}); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "field-to-error") {
		t.Errorf("a notice to nobody: %d", w.Code)
	}
	if w := s.post(at+"/diketahui", url.Values{"noted": {"2026-11-25T11:00"}, "why": {"Laporan warga"}}); w.Code != http.StatusSeeOther {
		t.Errorf("another beginning: %d %s", w.Code, w.Body)
	}
	contains(t, s.get(at).Body.String(), "28 Nov 2026 11.00 WITA", "Saat diketahui diubah dari 25 Nov 2026 12.00 WITA menjadi 25 Nov 2026 11.00 WITA: Laporan warga")
	if w := s.post(at+"/lapor", url.Values{"to": {"persons", "authority"}, "at": {"2026-11-25T12:30"}, "report": {"Surat 12"}}); w.Code != http.StatusSeeOther {
		t.Errorf("a notice: %d %s", w.Code, w.Body)
	}
	contains(t, s.get(at).Body.String(), "Pemberitahuan terkirim sebelum tenggat", "diberi tahu 25 Nov 2026 12.30 WITA")
	if w := s.post(at+"/tahan", url.Values{"hold": {"Perkara 12"}}); w.Code != http.StatusSeeOther {
		t.Errorf("a hold: %d", w.Code)
	}
	contains(t, s.get(at).Body.String(), "Ditahan dari penghapusan sejak", "Lepas dari penahanan")
	if w := s.post(at+"/lepas", url.Values{"hold": {"Putusan"}}); w.Code != http.StatusSeeOther {
		t.Errorf("the end of a hold: %d", w.Code)
	}
	if w := s.post(at+"/hitung", nil); w.Code != http.StatusSeeOther {
		t.Errorf("counting anew: %d", w.Code)
	}
	if w := s.post(at+"/tutup", url.Values{"closing": {"Surat dikirim"}}); w.Code != http.StatusSeeOther {
		t.Errorf("closing: %d", w.Code)
	}
	contains(t, s.get(at).Body.String(), "Insiden ini ditutup", "Surat dikirim")
}

func TestAFormThatComesBack(t *testing.T) {
	w := newStage(t).post(NewPath, url.Values{"application": {"\"><script>alert('x')</script>"}, "from": {"2026-10-01T00:00"}, "until": {"2026-11-25T12:00"}})
	if w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "<script>alert") || !strings.Contains(w.Body.String(), "field-application-error") {
		t.Errorf("%d", w.Code)
	}
}

// list is a form with a file.
func list(t *testing.T, text string) (string, []byte) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("list", "nik.csv")
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte(text))
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return form.FormDataContentType(), body.Bytes()
}

func TestMatchingOnTheScreen(t *testing.T) {
	s := newStage(t)
	at := PagePath(noted(t, s.service, operator).ID) + "/cocokkan"
	media, body := list(t, string(siti)+"\nbukan\n"+string(elsew)+"\n")
	page := s.do(http.MethodPost, at, media, body).Body.String()
	contains(t, page, "1 orang dalam daftar Anda terdampak", "3 baris dengan 2 NIK", "pada baris: 2")
	if strings.Contains(page, string(siti)) {
		t.Error("the page repeats a NIK")
	}
	w := s.do(http.MethodPost, at+"?unduh=1", media, body)
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") || !strings.Contains(w.Body.String(), string(siti)) || strings.Contains(w.Body.String(), string(elsew)) {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
	for name, send := range map[string]func() *httptest.ResponseRecorder{
		"no form": func() *httptest.ResponseRecorder { return s.do(http.MethodPost, at, "text/plain", []byte(siti)) },
		"no file": func() *httptest.ResponseRecorder {
			return s.do(http.MethodPost, at, "multipart/form-data; boundary=x", []byte("--x--\r\n"))
		},
	} {
		if w := send(); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Belum ada berkas") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestStrangersOnTheScreens(t *testing.T) {
	s := newStage(t)
	at := PagePath(noted(t, s.service, budi).ID)
	s.who = rina
	for _, path := range []string{at, at + "/surat.pdf", at + "/surat-lembaga.pdf", at + "/terdampak.csv", at + "/terdampak.json"} {
		if w := s.get(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/lapor", "/diketahui", "/tahan", "/lepas", "/tutup", "/hitung", "/catatan"} {
		form := url.Values{"to": {"persons"}, "report": {"x"}, "noted": {"2026-11-25T11:00"}, "why": {"x"}, "hold": {"x"}, "closing": {"x"}, "text": {"x"}}
		if w := s.post(at+path, form); w.Code != http.StatusNotFound {
			t.Errorf("posting to %s: %d", path, w.Code)
		}
	}
	media, body := list(t, string(siti))
	if w := s.do(http.MethodPost, at+"/cocokkan", media, body); w.Code != http.StatusNotFound {
		t.Errorf("matching: %d", w.Code)
	}
	s.who = simpul.Acting("x@bps.go.id", simpul.RoleConsumer, bps)
	if w := s.get(Path); w.Code != http.StatusForbidden {
		t.Errorf("without the permission: %d", w.Code)
	}
}
