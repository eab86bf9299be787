package lifecycle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/lifecycle"
)

// jsonFiles reads and writes resources as JSON.
type jsonFiles struct{}

func (jsonFiles) Read(_ string, r io.Reader) (kind, id string, spec []byte, err error) {
	var d struct {
		Kind string
		ID   string
		Spec json.RawMessage
	}
	err = json.NewDecoder(r).Decode(&d)
	return d.Kind, d.ID, d.Spec, err
}

func (jsonFiles) Write(kind, id string, spec any) ([]byte, error) {
	return json.Marshal(map[string]any{"kind": kind, "id": id, "spec": spec})
}

// site serves the screens to whoever is set.
type site struct {
	*room
	mux     *http.ServeMux
	visitor *simpul.Principal
}

func newSite(t testing.TB, db *sqldb.DB) *site {
	s := &site{room: newRoom(t, db), mux: http.NewServeMux()}
	lifecycle.NewPages(s.Service, lifecycle.PagesConfig{
		Gate: web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
			if s.visitor == nil {
				return simpul.Principal{}, false
			}
			return *s.visitor, true
		}},
		Files:  jsonFiles{},
		Agency: func(_ context.Context, id simpul.AgencyID) string { return "Instansi " + string(id) },
		LID: func(_ context.Context, a simpul.Address, s lifecycle.State) (string, error) {
			return "/catalog/" + string(a), nil
		},
	}).Register(s.mux)
	return s
}

func (s *site) do(t testing.TB, who *simpul.Principal, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	s.visitor = who
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r)
	return w
}

func (s *site) get(t testing.TB, who *simpul.Principal, path string) string {
	t.Helper()
	w := s.do(t, who, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func (s *site) post(t testing.TB, who *simpul.Principal, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(t, who, r)
}

func (s *site) send(t testing.TB, who *simpul.Principal, path, file string, fields map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		form.WriteField(name, value)
	}
	part, _ := form.CreateFormFile("file", "berkas")
	io.WriteString(part, file)
	form.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return s.do(t, who, r)
}

func contains(t testing.TB, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("it does not show %q", want)
		}
	}
}

func TestEverybodyReadsStepsAndCalendar(t *testing.T) {
	s := newSite(t, testkit.SQLite(t))
	page := s.get(t, nil, lifecycle.ModelPath)
	contains(t, page, "Uji kelaikan", "Penyedia · 5 hari kerja · bila terlambat: admin instansi penyedia", "→ Pendaftaran oleh penyedia; syarat: Syarat feasibility", "Berlaku sejak")
	if strings.Contains(page, "/ubah") || strings.Contains(page, "Unggah") {
		t.Error("strangers are offered to change it")
	}
	contains(t, s.get(t, nil, lifecycle.CalendarPath+"?tahun=2026"), "Proklamasi Kemerdekaan", "Senin, 17 Agustus 2026", "Nomor 1497 Tahun 2025", "Sudah dicocokkan")
	contains(t, s.get(t, nil, lifecycle.CalendarPath+"?tahun=2027"), "Belum dicocokkan dengan naskah resminya")
	contains(t, s.get(t, nil, lifecycle.CalendarPath+"?tahun=2031"), "Hari libur tahun ini belum diisi", "261")
	contains(t, s.get(t, nil, lifecycle.CalendarPath+"?tahun=%00"), "Kalender hari kerja 2026")
	contains(t, s.get(t, nil, lifecycle.CalendarPath+"/berkas.csv?tahun=2026"), "2026-01-01,national,Tahun Baru 2026 Masehi,New Year")
	if w := s.do(t, nil, httptest.NewRequest(http.MethodGet, lifecycle.DuePath, nil)); w.Code != http.StatusSeeOther {
		t.Errorf("due dates for strangers: %d", w.Code)
	}
	if w := s.do(t, &provider, httptest.NewRequest(http.MethodGet, lifecycle.ModelPath+"/ubah?tahap=testing", nil)); w.Code != http.StatusForbidden {
		t.Errorf("a provider changes the model: %d", w.Code)
	}
}

func TestAStepIsChangedByForm(t *testing.T) {
	s := newSite(t, testkit.SQLite(t))
	contains(t, s.get(t, &operator, lifecycle.ModelPath+"/ubah?tahap=testing"), "Uji kelaikan", `value="5"`, `value="2026-11-26"`)
	form := url.Values{"code": {"testing"}, "from": {"2026-12-01"}, "title_id": {"Uji <b>"}, "owner": {"provider"}, "unit": {"working-days"}, "length": {"7"}, "level": {"nation"}, "permission": {"agency.approve"}, "note": {"Lebih lama"}}
	if w := s.post(t, &operator, lifecycle.ModelPath+"/ubah", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	second := url.Values{"code": {"publishing"}, "from": {"2026-12-01"}, "title_id": {"Terbit"}, "owner": {"operator"}}
	if w := s.post(t, &operator, lifecycle.ModelPath+"/ubah", second); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	v := s.Model("2026-12-01")
	if testing, _ := v.Model.Step("testing"); testing.Title.ID != "Uji <b>" || testing.Timer.Length != 7 || testing.Escalate.Level != lifecycle.LevelNation || v.Model.Note != "Lebih lama" {
		t.Errorf("%+v, %q: two changes for a day do not add up", testing, v.Model.Note)
	}
	if publishing, _ := v.Model.Step("publishing"); publishing.Timer != nil || publishing.Escalate != nil || publishing.Guidance != nil {
		t.Errorf("%+v keeps what the form left out", publishing)
	}
	contains(t, s.get(t, &operator, lifecycle.ModelPath+"?versi=2026-12-01&tersimpan=1"), "Model tersimpan", "Uji &lt;b&gt;", "Tarik")

	form.Set("length", "0")
	if w := s.post(t, &operator, lifecycle.ModelPath+"/ubah", form); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "di luar jangkauan") {
		t.Errorf("a timer of nothing: %d", w.Code)
	}
	form.Set("from", "2020-01-01")
	if w := s.post(t, &operator, lifecycle.ModelPath+"/ubah", form); w.Code != http.StatusBadRequest {
		t.Errorf("a day that is over: %d", w.Code)
	}
	if w := s.post(t, &operator, lifecycle.ModelPath+"/tarik", url.Values{"from": {"2026-12-01"}}); w.Code != http.StatusSeeOther {
		t.Errorf("withdrawn: %d", w.Code)
	}
}

func TestAFileIsPreviewedBeforeItIsStored(t *testing.T) {
	s := newSite(t, testkit.SQLite(t))
	next := model(t, func(m *lifecycle.Model) {
		m.Steps[2].Timer = &lifecycle.Timer{Length: 10, Unit: lifecycle.Working}
	})
	file, _ := jsonFiles{}.Write("LifeCycle", "2026-12-01", next)
	w := s.send(t, &operator, lifecycle.ModelPath+"/berkas", string(file), nil)
	contains(t, w.Body.String(), "testing: batas waktu", "5 hari kerja", "10 hari kerja", "Simpan versi ini")
	if s.Model("2026-12-01").From != "2026-01-01" {
		t.Error("the preview stored it")
	}
	spec, _ := json.Marshal(next)
	if w := s.post(t, &operator, lifecycle.ModelPath+"/simpan", url.Values{"from": {"2026-12-01"}, "spec": {string(spec)}}); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if s.Model("2026-12-01").From != "2026-12-01" {
		t.Error("it is not stored")
	}
	for name, file := range map[string]string{
		"another kind":   `{"kind":"LID","id":"2026-12-02","spec":{}}`,
		"unknown member": `{"kind":"LifeCycle","id":"2026-12-02","spec":{"langkah":[]}}`,
		"no steps":       `{"kind":"LifeCycle","id":"2026-12-02","spec":{"steps":[],"transitions":[]}}`,
		"a past day":     strings.Replace(string(file), "2026-12-01", "2025-12-01", 1),
	} {
		if w := s.send(t, &operator, lifecycle.ModelPath+"/berkas", file, nil); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "Tidak ada yang berubah") {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if w := s.send(t, &provider, lifecycle.ModelPath+"/berkas", string(file), nil); w.Code != http.StatusForbidden {
		t.Errorf("a provider sends a model: %d", w.Code)
	}
	contains(t, s.get(t, nil, lifecycle.ModelPath+"/model.yaml?versi=2026-12-01"), `"id":"2026-12-01"`)
}

func TestAYearIsFilledFromAFile(t *testing.T) {
	s := newSite(t, testkit.SQLite(t))
	fields := map[string]string{"tahun": "2028", "source": "SKB 2028", "verified": "1"}
	file := "date,kind,name_id\n2028-01-01,national,Tahun Baru <i>\n"
	if w := s.send(t, &operator, lifecycle.CalendarPath+"/berkas", file, fields); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	contains(t, s.get(t, &operator, lifecycle.CalendarPath+"?tahun=2028"), "Tahun Baru &lt;i&gt;", "Sudah dicocokkan", "Hapus hari libur tahun 2028")
	w := s.send(t, &operator, lifecycle.CalendarPath+"/berkas", file+"2029-01-01,national,A\n", fields)
	if w.Code != http.StatusBadRequest {
		t.Errorf("a day of another year: %d", w.Code)
	}
	contains(t, w.Body.String(), "line 3", "Tidak ada yang berubah")
	if w := s.post(t, &operator, lifecycle.CalendarPath+"/hapus", url.Values{"tahun": {"2028"}}); w.Code != http.StatusSeeOther || s.WorkingDays().Knows(2028) {
		t.Errorf("deleted: %d", w.Code)
	}
}

func TestWhatIsDueIsShownToWhomItConcerns(t *testing.T) {
	s := newSite(t, testkit.SQLite(t))
	contains(t, s.get(t, &provider, lifecycle.DuePath), "Tidak ada yang jatuh tempo")
	contains(t, s.get(t, &provider, lifecycle.DuePath+"?tampil=terlambat"), "Tidak ada yang terlambat")
	s.must(t, provider, lifecycle.Move{To: lifecycle.Draft})
	s.must(t, provider, lifecycle.Move{Step: "registering"})
	contains(t, s.get(t, &provider, lifecycle.DuePath), "izin/Usaha", "Pendaftaran", "Operator nasional", "Senin, 30 November 2026, 3 hari kerja lagi")
	contains(t, s.get(t, &operator, lifecycle.DuePath), "Instansi bandungkota.go.id")
	if page := s.get(t, &stranger, lifecycle.DuePath); strings.Contains(page, "izin/Usaha") {
		t.Error("another agency sees it")
	}
	s.now = s.now.AddDate(0, 0, 7)
	contains(t, s.get(t, &provider, lifecycle.DuePath+"?tampil=terlambat"), "Terlambat", "terlambat 2 hari kerja")

	picture, err := s.Picture(t.Context(), provider.Scope(), usaha)
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := picture.Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	contains(t, page.String(), "Perencanaan", "oleh ani@bandungkota.go.id", "Tenggat: Senin, 30 November 2026, terlambat 2 hari kerja", "Giliran: operator nasional", "Operator nasional · 1 hari kerja", "Syarat: Syarat metadata", "Pensiun")
}
