package tracker

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

// browse asks for a screen as somebody, or as nobody.
func browse(r *room, who *simpul.Principal, method, path string, form url.Values) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	NewPages(r.Service, PagesConfig{
		Names: called{}, Citizens: []Citizen{{"pertama", "Contoh Mawar", melati}},
		Gate: web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
			if who == nil {
				return simpul.Principal{}, false
			}
			return *who, true
		}},
		Proposal: func(id string) string { return "/persetujuan/" + id },
		Exchange: func(id simpul.ExchangeID) string { return "/exchanges/" + string(id) },
		Check:    "/periksa-bukti",
	}).Register(mux)
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

func TestTheScreensOfAPerson(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	const mine = "/jejak/warga/pertama"
	shows(t, browse(r, nil, "GET", "/jejak", nil), 200, "Warga peragaan", mine, "tidak ada akses yang pengungkapannya ditunda", "!Di loket", "!"+string(melati))
	shows(t, browse(r, nil, "GET", mine, nil), 200, "Belum ada yang melihat data ini")
	shows(t, browse(r, nil, "GET", "/jejak/warga/lain", nil), 404)

	x, other := r.call(t, noon.Add(-time.Hour), aid, melati), r.call(t, noon, inquiry, guntur)
	x.Purpose = "<script>alert(1)</script>\x1b"
	r.ledger.write(x, other)
	catchUp(t, r)
	shows(t, browse(r, nil, "GET", mine, nil), 200, "Kementerian Sosial, lewat aplikasi Bantuan Sosial, melihat data Anda", "&lt;script&gt;", "!<script>alert", "!Kepolisian", "!"+string(melati), "Tanyakan alasannya")
	shows(t, browse(r, nil, "GET", mine+"?lang=en", nil), 200, "saw your data", "Ask why")
	shows(t, browse(r, nil, "GET", mine+"?bulan=2026-10", nil), 200, "Tidak ada akses dalam saringan ini")
	shows(t, browse(r, nil, "GET", mine+"?cursor=%21", nil), 400)
	at := mine + "/" + string(x.ID)
	shows(t, browse(r, nil, "GET", at, nil), 200, string(x.ID), "UU 24/2013 pasal 58", "dalam 5 hari kerja")
	shows(t, browse(r, nil, "GET", mine+"/"+string(other.ID), nil), 404)

	shows(t, browse(r, nil, "POST", at, url.Values{"question": {" "}}), 400, "Tulis 1 sampai 1.000 karakter")
	shows(t, browse(r, nil, "POST", at, url.Values{"question": {strings.Repeat("x", 20<<10)}}), 400, "tidak terbaca")
	asked := browse(r, nil, "POST", at, url.Values{"question": {"Mengapa <b>saya</b>?"}})
	shows(t, asked, 303)
	number := strings.TrimPrefix(asked.Header().Get("Location"), "/jejak/tanya/")
	shows(t, browse(r, nil, "GET", "/jejak/tanya/"+number, nil), 200, "Mengapa &lt;b&gt;saya&lt;/b&gt;?", "Menunggu jawaban")
	shows(t, browse(r, nil, "POST", at, url.Values{"question": {"Lagi?"}}), 409)
	shows(t, browse(r, nil, "GET", at, nil), 200, "Pertanyaan Anda", "!Yang ingin Anda ketahui")
	if w := browse(r, nil, "POST", "/jejak/tanya", url.Values{"number": {" " + strings.ToUpper(number)}}); w.Header().Get("Location") != "/jejak/tanya/"+number {
		t.Errorf("the number leads to %q", w.Header().Get("Location"))
	}
	shows(t, browse(r, nil, "POST", "/jejak/tanya", url.Values{"number": {"t-tidakada"}}), 400, "Tidak ada pertanyaan dengan nomor ini")
	shows(t, browse(r, nil, "GET", "/jejak/tanya/t-tidakada", nil), 404)
	theDesk(t, r, number)
}

func theDesk(t *testing.T, r *room, number string) {
	t.Helper()
	own, stranger := answerer(bansos), answerer(police)
	shows(t, browse(r, nil, "GET", "/jejak/pertanyaan", nil), 303)
	nobody := officer()
	shows(t, browse(r, &nobody, "GET", "/jejak/pertanyaan", nil), 403)
	shows(t, browse(r, &stranger, "GET", "/jejak/pertanyaan", nil), 200, "Tidak ada yang menunggu", "!saya")
	shows(t, browse(r, &stranger, "GET", "/jejak/pertanyaan/"+number, nil), 404)
	shows(t, browse(r, &own, "GET", "/jejak/pertanyaan", nil), 200, number)
	shows(t, browse(r, &own, "GET", "/jejak/pertanyaan/"+number, nil), 200, "Kirim jawaban", "/exchanges/", "!2026-11:")
	shows(t, browse(r, &own, "POST", "/jejak/pertanyaan/"+number, url.Values{"answer": {""}}), 400, "Kirim jawaban")
	shows(t, browse(r, &own, "POST", "/jejak/pertanyaan/"+number, url.Values{"answer": {"Karena Anda mendaftar."}}), 303)
	shows(t, browse(r, &own, "GET", "/jejak/pertanyaan/"+number, nil), 200, "!Kirim jawaban", "Karena Anda mendaftar.")
	shows(t, browse(r, nil, "GET", "/jejak/tanya/"+number, nil), 200, "Karena Anda mendaftar.", "Dijawab")
}

func TestTheScreensAtTheCounter(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	x := r.call(t, noon.Add(-time.Hour), aid, guntur)
	r.ledger.write(x)
	clerk, colleague, nobody := officer(simpul.TracePeople), officer(simpul.TracePeople), officer()
	colleague.ID = "lain@disdukcapil.go.id"
	form := url.Values{"nik": {" " + string(guntur)}, "reason": {"Diminta di loket 3"}}
	shows(t, browse(r, nil, "POST", "/jejak/loket", form), 401, "Kirim lagi", string(guntur)) // whoever filled it in keeps it
	shows(t, browse(r, &nobody, "POST", "/jejak/loket", form), 403)
	shows(t, browse(r, &clerk, "GET", "/jejak", nil), 200, "Di loket")
	shows(t, browse(r, &clerk, "POST", "/jejak/loket", url.Values{"nik": {"12"}, "reason": {"Diminta di loket 3"}}), 400, "NIK tidak sah", "Diminta di loket 3")
	shows(t, browse(r, &clerk, "POST", "/jejak/loket", url.Values{"nik": {string(guntur)}}), 400, "!"+string(guntur))
	w := browse(r, &clerk, "POST", "/jejak/loket", form)
	shows(t, w, 303)
	at := w.Header().Get("Location")
	if strings.Contains(at, string(guntur)) {
		t.Errorf("the NIK is in the address %s", at)
	}
	shows(t, browse(r, &clerk, "GET", at, nil), 200, "Kementerian Sosial", "Diminta di loket 3", "!"+string(guntur))
	shows(t, browse(r, &colleague, "GET", at, nil), 404)
	shows(t, browse(r, &clerk, "GET", at+"/"+string(x.ID), nil), 200, "Tanyakan alasannya")
	shows(t, browse(r, &clerk, "POST", at+"/"+string(x.ID), url.Values{"question": {"Mengapa?"}}), 303)
	r.at(noon.Add(time.Hour))
	shows(t, browse(r, &clerk, "GET", at, nil), 404)
}

func TestTheScreenOfDelays(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	own, nobody := answerer(police), officer()
	shows(t, browse(r, &nobody, "GET", "/jejak/tunda", nil), 403)
	shows(t, browse(r, &own, "GET", "/jejak/tunda", nil), 200, "Belum ada penundaan", "180 hari", "!Domain instansi")
	form := url.Values{"kind": {"case"}, "subject": {"LP/1"}, "basis": {"KUHAP pasal 38"}, "shownFrom": {"2026-12-20"}}
	w := browse(r, &own, "POST", "/jejak/tunda", form)
	if w.Code != 303 || w.Header().Get("Location") != "/persetujuan/u-1" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w, err := ReadWish(r.desk.proposed[0]); err != nil || !w.ShownFrom.Equal(time.Date(2026, 12, 20, 17, 0, 0, 0, time.UTC)) || w.Agency != police {
		t.Errorf("%+v, %v", w, err)
	}
	form.Set("shownFrom", "kapan-kapan")
	shows(t, browse(r, &own, "POST", "/jejak/tunda", form), 400, "paling lama 180 hari", "LP/1")
	form.Set("agency", string(bansos))
	shows(t, browse(r, &own, "POST", "/jejak/tunda", form), 404)
}
