package onboarding_test

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
	"simpul/internal/registry/onboarding"
)

// browser visits the screens as somebody, or as nobody, with its cookies.
type browser struct {
	room   *room
	who    *simpul.Principal
	cookie *http.Cookie
}

func (b *browser) send(t *testing.T, request *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	onboarding.NewPages(onboarding.PagesConfig{
		Service: b.room.Service, Now: b.room.clock,
		Facts: func(context.Context, simpul.AgencyID) onboarding.Form { return onboarding.Form{} },
		Gate: web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
			if b.who == nil {
				return simpul.Principal{}, false
			}
			return *b.who, true
		}},
	}).Register(mux)
	if b.cookie != nil {
		request.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	web.Localize(mux).ServeHTTP(w, request)
	for _, c := range w.Result().Cookies() {
		if c.Name == "pendaftaran" {
			b.cookie = c
		}
	}
	return w
}

func (b *browser) get(t *testing.T, path string) *httptest.ResponseRecorder {
	return b.send(t, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
}

func (b *browser) post(t *testing.T, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(t, r)
}

func (b *browser) upload(t *testing.T, name string, content []byte) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("document", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/pendaftaran/isi/dokumen", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, r)
}

func TestAStrangerFillsTheWizard(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	b := &browser{room: r}
	if w := b.get(t, "/pendaftaran/isi/instansi"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/pendaftaran" {
		t.Errorf("without a code: %d", w.Code)
	}
	w := b.post(t, "/pendaftaran", nil)
	if w.Code != http.StatusCreated || w.Header().Get("Cache-Control") != "no-store" || b.cookie == nil || !b.cookie.HttpOnly || b.cookie.Path != "/pendaftaran" {
		t.Fatalf("got %d %v", w.Code, w.Header())
	}
	for section, form := range map[string]url.Values{
		"instansi": {"agency": {"BandungKota.go.id"}, "name": {"Pemerintah Kota Bandung"}, "level": {"kota"}, "region": {"32.73"}},
		"surat":    {"letterNumber": {"800/12"}, "letterDate": {"2026-11-20"}},
		"tim":      {"team.1.name": {"Siti Rahma"}, "team.1.position": {"Kepala"}, "team.1.email": {"siti@bandungkota.go.id"}, "team.1.phone": {"0812345678"}, "team.1.tasks": {"Memimpin"}, "team.9.name": {""}},
		"tujuan":   {"purpose": {"Memakai data rujukan"}, "addresses": {"10.0.0.0/8\r\n"}},
	} {
		if w := b.post(t, "/pendaftaran/isi/"+section, form); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", section, w.Code, w.Body)
		}
	}
	if w := b.upload(t, "surat.pdf", []byte("MZ bukan pdf")); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "bukan PDF") {
		t.Errorf("a program: %d", w.Code)
	}
	if w := b.upload(t, "surat.pdf", bytes.Repeat(pdf, 50_000)); w.Code != http.StatusBadRequest {
		t.Errorf("too large: %d", w.Code)
	}
	if page := b.get(t, "/pendaftaran/isi/periksa").Body.String(); !strings.Contains(page, "Belum lengkap") {
		t.Error("the check does not say that the document is missing")
	}
	if w := b.upload(t, "../<b>surat.pdf", pdf); w.Code != http.StatusSeeOther {
		t.Fatalf("a document: %d %s", w.Code, w.Body)
	}
	if page := b.get(t, "/pendaftaran/isi/dokumen").Body.String(); !strings.Contains(page, "bsurat.pdf") || strings.Contains(page, "<b>surat") {
		t.Error("the document is not shown by its clean name")
	}
	if w := b.post(t, "/pendaftaran/isi/kirim", nil); w.Header().Get("Location") != "/pendaftaran/isi" {
		t.Errorf("submitted: %d %v", w.Code, w.Header())
	}
	if page := b.get(t, "/pendaftaran/isi").Body.String(); !strings.Contains(page, "Menunggu keputusan") {
		t.Error("the state is not told")
	}
	if w := b.get(t, "/pendaftaran/isi/instansi"); w.Code != http.StatusSeeOther {
		t.Errorf("a form that was handed in is still open: %d", w.Code)
	}

	other := &browser{room: r}
	if w := other.post(t, "/pendaftaran/lanjut", url.Values{"code": {"SALAH"}}); w.Code != http.StatusNotFound {
		t.Errorf("a wrong code: %d", w.Code)
	}
	if w := other.post(t, "/pendaftaran/lanjut", url.Values{"code": {strings.ToUpper(b.cookie.Value)}}); w.Code != http.StatusSeeOther {
		t.Errorf("the code on another device: %d", w.Code)
	}
}

func TestTheOperatorDecidesOnTheScreens(t *testing.T) {
	r := newRoom(testkit.SQLite(t))
	h, id := r.submitted(t)
	c, err := r.Case(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	path := "/pendaftaran/masuk/" + id
	admin := adminOf(bandung)
	for _, b := range []*browser{{room: r}, {room: r, who: &admin}} {
		for _, one := range []string{"/pendaftaran/masuk", path, path + "/dokumen/" + c.Form.Documents[0].ID} {
			if w := b.get(t, one); w.Code == http.StatusOK {
				t.Errorf("%s is open", one)
			}
		}
		for _, step := range []string{"terima", "kembalikan", "kunci", "undang"} {
			if w := b.post(t, path+"/"+step, url.Values{"version": {"1"}, "reason.name": {"x"}}); w.Code != http.StatusForbidden && !strings.HasPrefix(w.Header().Get("Location"), "/masuk") {
				t.Errorf("%s is open: %d", step, w.Code)
			}
		}
	}
	b := &browser{room: r, who: &operator}
	if page := b.get(t, "/pendaftaran/masuk").Body.String(); !strings.Contains(page, "Pemerintah Kota Bandung") || !strings.Contains(page, "28 Nov 2026") {
		t.Errorf("the list: %s", page)
	}
	w := b.get(t, path+"/dokumen/"+c.Form.Documents[0].ID)
	if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), pdf) || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the document: %d %v", w.Code, w.Header())
	}
	if w := b.post(t, path+"/kembalikan", url.Values{"version": {"1"}, "reason.letterNumber": {"Tidak sama"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("returned: %d %s", w.Code, w.Body)
	}
	if err := r.Save(t.Context(), h, func(f *onboarding.Form) { f.LetterNumber = "800/13" }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Submit(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if page := b.get(t, path+"?lang=en").Body.String(); !strings.Contains(page, "Changes since version 1") || !strings.Contains(page, "800/13") || !strings.Contains(page, "Tidak sama") {
		t.Errorf("the difference: %s", page)
	}
	for _, step := range []string{"terima", "undang", "kunci"} {
		if w := b.post(t, path+"/"+step, url.Values{"version": {"2"}}); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", step, w.Code, w.Body)
		}
	}
	if len(r.admitted) != 1 || len(r.invited) != 1 {
		t.Errorf("admitted %v, invited %v", r.admitted, r.invited)
	}
}
