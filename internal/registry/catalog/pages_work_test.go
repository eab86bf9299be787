package catalog_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/resource"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog"
)

const regionContract = `{"openapi":"3.1.0","info":{"title":"Sekolah dasar","version":"v2.1-beta","description":"Semua sekolah dasar."},"paths":{"/":{"get":{"summary":"Daftar","parameters":[{"name":"q","in":"query","schema":{"type":"string"}}],
	"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{"npsn":{"type":"string"},"kode_wilayah":{"type":"string"},"nik":{"type":"string"}}}}}}}}}}}`

// desk is the workplace with whoever sits at it.
type desk struct {
	*room
	who   *simpul.Principal // nil: nobody is signed in
	bound map[simpul.Address][]catalog.Meaning
	pages http.Handler
}

func (d *desk) Bound(_ context.Context, _ simpul.Principal, a simpul.Address) ([]catalog.Meaning, error) {
	return d.bound[a], nil
}

func (d *desk) Bind(_ context.Context, _ simpul.Principal, a simpul.Address, all []catalog.Meaning) error {
	for i, m := range all {
		if m.List == "tidak-ada" {
			return simpul.At(fmt.Sprintf("spec.fields[%d].list", i), simpul.NotFound(simpul.Text{ID: "Daftar kode", EN: "Code list"}, m.List))
		}
	}
	d.bound[a] = all
	return nil
}

func (d *desk) Choices(context.Context, simpul.Principal) (standards, lists []web.Option, err error) {
	return []web.Option{{Value: "identitas", Label: "Identitas"}}, []web.Option{{Value: "wilayah-kemendagri", Label: "Wilayah"}}, nil
}

func newDesk(t *testing.T, db *sqldb.DB) *desk {
	t.Helper()
	d := &desk{room: newRoom(t, db), bound: map[simpul.Address][]catalog.Meaning{}}
	mux := http.NewServeMux()
	catalog.NewWorkplace(catalog.WorkConfig{
		LIDs: d.Service, Finder: d.finder, Agencies: owners{}, Road: catalog.ShortRoad{}, Meanings: d, FromYAML: resource.JSON,
		Gate: web.Gate{SignIn: "/masuk", Visitor: func(context.Context) (simpul.Principal, bool) {
			if d.who == nil {
				return simpul.Principal{}, false
			}
			return *d.who, true
		}},
	}).Register(mux)
	d.pages = web.Localize(web.Secure(mux))
	d.sits(providerOf(kemendagri))
	return d
}

func (d *desk) sits(p simpul.Principal) { d.who = &p }

// steward may bind fields too.
func steward() simpul.Principal { return simpul.Acting("t-walidata", simpul.RoleSteward, kemendagri) }

func (d *desk) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func (d *desk) post(path string, values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.pages.ServeHTTP(w, r)
	return w
}

func (d *desk) upload(path, name, content string, values url.Values) *httptest.ResponseRecorder {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, _ := form.CreateFormFile("file", name)
	file.Write([]byte(content))
	for field := range values {
		form.WriteField(field, values.Get(field))
	}
	form.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	d.pages.ServeHTTP(w, r)
	return w
}

// shows checks the status and the texts of a page, as a reader sees them.
func shows(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	page := html.UnescapeString(w.Body.String())
	if w.Code != status {
		t.Errorf("status %d, want %d: %.300s", w.Code, status, page)
	}
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not show %q", text)
		}
	}
}

// leads checks that a form was taken and returns where it leads.
func leads(t *testing.T, w *httptest.ResponseRecorder, prefix string) string {
	t.Helper()
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(to, prefix) {
		t.Fatalf("%d to %q, want %q: %.2000s", w.Code, to, prefix, w.Body)
	}
	return to
}

func words(changes url.Values) url.Values {
	v := url.Values{"group": {"pendidikan"}, "name": {"SekolahDasar"}, "title": {"Sekolah dasar"}, "version": {"2.1"}, "description": {"Semua sekolah dasar negeri dan swasta."}, "keywords": {"sekolah, sd, npsn"}, "themes": {"EDUC"}}
	maps.Copy(v, changes)
	return v
}

func law(changes url.Values) url.Values {
	v := url.Values{"class": {"terbatas"}, "legalBasis": {"UU 20/2003"}, "personal": {"ya"}, "categories": {"identifying"}, "licence": {"perjanjian"}}
	maps.Copy(v, changes)
	return v
}

func service(changes url.Values) url.Values {
	v := url.Values{"upstream": {"https://10.1.2.3/sekolah"}, "contacts.1.unit": {"Pusat Data"}, "contacts.1.email": {"pusdatin@kemendagri.go.id"}, "frequency": {"monthly"}, "national": {"ya"}}
	maps.Copy(v, changes)
	return v
}

const school = "/lid/pendidikan/SekolahDasar"

// begun uploads a contract and returns the address of the draft's pages.
func (d *desk) begin(t *testing.T) string {
	t.Helper()
	to := leads(t, d.upload("/lid/baru", "a.json", regionContract, nil), "/lid/~/")
	base, _, _ := strings.Cut(to, "/kata")
	return base
}

// drafted is a LID with everything that is required.
func (d *desk) drafted(t *testing.T) {
	t.Helper()
	leads(t, d.post(d.begin(t)+"/kata", words(nil)), school+"/aturan")
	leads(t, d.post(school+"/aturan", law(nil)), school+"/layanan")
	leads(t, d.post(school+"/layanan", service(nil)), school+"/kolom")
}

func TestTheWizardLeadsFromAFileToTheOperator(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d := newDesk(t, db)
		shows(t, d.get("/lid"), 200, "Belum ada LID dari instansi Anda", "Berkas OpenAPI layanan Anda")
		base := d.begin(t)
		shows(t, d.get(base+"/kata"), 200, `value="SekolahDasar"`, `value="2.1"`, "Semua sekolah dasar.")
		shows(t, d.get(base+"/kontrak"), 200, "Yang dibaca hub", "Daftar")
		shows(t, d.get("/lid"), 200, "Baru dimulai", "Pilih alamat")
		leads(t, d.get(base+"/aturan"), base+"/kata")
		leads(t, d.post(base+"/kata", words(nil)), school+"/aturan")
		shows(t, d.get(school), 200, "Kelas dan hukum belum lengkap: dasar hukum, pernyataan data pribadi", "Kurang: alamat layanan, tempat bertanya")
		shows(t, d.post(school+"/ajukan", nil), 422, "Layanan belum lengkap")
		leads(t, d.post(school+"/aturan", law(nil)), school+"/layanan")
		leads(t, d.post(school+"/layanan", service(url.Values{"examples.1.title": {"Semua"}, "examples.1.call": {"GET /?q=a"}})), school+"/kolom")
		leads(t, d.post(school+"/kolom", url.Values{"standards.1.name": {"NPSN"}}), school+"/ajukan")
		shows(t, d.get(school+"/ajukan"), 200, "Ajukan", "pusdatin@kemendagri.go.id", "Operator nasional memeriksa")
		leads(t, d.post(school+"/ajukan", nil), school+"?diajukan")

		l, err := d.Own(t.Context(), providerOf(kemendagri), "pendidikan/SekolahDasar")
		if err != nil || l.Spec.Step != "registering" || l.Spec.State != catalog.Draft || len(l.Spec.Standards) != 1 || l.Spec.Coverage == nil {
			t.Fatalf("got %+v, %v", l.Spec, err)
		}
		shows(t, d.get("/lid?langkah=registering"), 200, "Menunggu operator", "operator nasional")
		shows(t, d.post(school+"/ajukan", nil), 422, "tidak sedang menunggu Anda")
		shows(t, d.post(school+"/daftarkan", nil), 403)

		d.sits(operator)
		shows(t, d.get("/lid?langkah=registering"), 200, "LID yang menunggu Anda", "Periksa dan putuskan")
		shows(t, d.get(school), 200, "Daftarkan dan terbitkan", "Kembalikan")
		shows(t, d.post(school+"/kembalikan", url.Values{"reason": {"kurang"}}), 422, "Terlalu pendek", "kurang")
		leads(t, d.post(school+"/kembalikan", url.Values{"reason": {"Dasar hukumnya belum menyebut pasal."}}), "/lid?langkah=registering")
		shows(t, d.get("/lid?langkah=registering"), 200, "Tidak ada LID dengan saringan ini")

		d.sits(providerOf(kemendagri))
		leads(t, d.post(school+"/ajukan", nil), school+"?diajukan")
		d.sits(operator)
		leads(t, d.post(school+"/daftarkan", nil), school+"?terbit")
		if l, err := d.Own(t.Context(), operator, "pendidikan/SekolahDasar"); err != nil || l.Spec.State != catalog.Published {
			t.Errorf("got %+v, %v", l.Spec, err)
		}
	})
}

// Every fault of a page is shown at once, and what was typed stands as it was.
func TestEveryFaultIsShownAndNothingIsLost(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	base := d.begin(t)
	w := d.post(base+"/kata", words(url.Values{"name": {"kecil"}, "title": {"=A1"}, "version": {"dua"}, "description": {"<b>tebal</b>"}, "purpose": {strings.Repeat("a", 1001)}, "keywords": {"a\tb"}, "themes": {"EDUC", "HEAL", "ECON", "RAHASIA"}}))
	shows(t, w, 422, "tidak berbentuk grup/Nama", "rumus lembar kerja", "Bukan nomor versi", "markah seperti HTML", "1001 huruf", "karakter kendali", "Lebih dari tiga tema", `"RAHASIA" tidak ada di daftar`,
		`value="=A1"`, `value="kecil"`, `href="#field-title"`, `aria-describedby="field-title-hint field-title-error"`, `aria-invalid="true"`, `id="yang-salah" tabindex="-1" autofocus`)
	if n := strings.Count(w.Body.String(), `href="#field-`); n < 7 {
		t.Errorf("%d faults are linked", n)
	}

	d.drafted(t)
	shows(t, d.post(school+"/aturan", url.Values{"class": {"umum"}, "legalBasis": {"@SUM"}, "personal": {"tidak"}, "categories": {"health"}, "licence": {"WTFPL"}}), 422,
		"LID \"umum\" tidak dikenal", "rumus lembar kerja", "padahal dinyatakan tidak ada", `"WTFPL" tidak ada di daftar`, "@SUM")
	shows(t, d.post(school+"/aturan", law(url.Values{"class": {"terbuka"}})), 422, "tidak boleh memuat data pribadi")
	shows(t, d.post(school+"/layanan", url.Values{"upstream": {"http://a:b@c/"}, "timeout": {"0"}, "availability": {"NaN"}, "latencyMillis": {"cepat"}, "contacts.2.unit": {"A"}, "contacts.2.email": {"x"}, "frequency": {"kadang"},
		"regions": {"32, Bandung"}, "from": {"2026-02-30"}, "until": {"kemarin"}, "sandbox": {"http://x"}, "examples.1.title": {"Uji"}, "examples.1.call": {"DELETE /"}}), 422,
		"bukan URL http", "Tulis 1 sampai 300", "Bukan persentase", "Tulis 1 sampai 300000", "Unit 2: Terlalu pendek", "Surel fungsi 2: Alamat surel tidak sah", `"kadang" tidak ada di daftar`,
		`"Bandung" bukan kode wilayah`, "Sejak: Tanggal tidak sah", "Sampai: Tanggal tidak sah", "Alamat uji coba bukan URL", "Kontrak tidak punya panggilan ini", `value="http://a:b@c/"`, `value="DELETE /"`)
	shows(t, d.post(school+"/layanan", service(url.Values{"from": {"2026-02-01"}, "until": {"2026-01-01"}})), 422, "mendahului awalnya")
	shows(t, d.post(school+"/kolom", url.Values{"standards.1.url": {"javascript:alert(1)"}}), 422, "Nama standar 1: Belum diisi", "bukan URL http")
	if l, err := d.Own(t.Context(), operator, "pendidikan/SekolahDasar"); err != nil || l.Spec.Upstream != "https://10.1.2.3/sekolah" || l.Spec.LegalBasis != "UU 20/2003" {
		t.Errorf("something was stored: %+v, %v", l.Spec, err)
	}
}

func TestContractsAreReadOrRefusedWithTheirPlace(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	shows(t, d.get("/lid/baru"), 200, "Berkas OpenAPI", `enctype="multipart/form-data"`)
	bomb := "a: &a [x,x]\n" + strings.Repeat("b: *a\n", 100)
	for content, want := range map[string][]string{
		"":                                      {"Kontraknya belum ada"},
		" \n ":                                  {"Kontraknya belum ada"},
		"%PDF-1.4\x00\x01":                      {"bukan berkas teks"},
		"\xff\xfe{\x00":                         {"bukan berkas teks"},
		`{"openapi":"3.1.0"`:                    {"JSON"},
		`{"swagger":"2.0"}`:                     {"Swagger 2.0"},
		`[]`:                                    {"tidak ada"},
		"openapi: 3.1.0\ninfo:\n\ttitle: x":     {"Baris 3"},
		"openapi: 3.1.0\na: 1\na: 2\nb: &x 1\n": {"Baris 3", "Baris 4"}, // every fault at once
		bomb:                                    {"Baris 1: Jangkar"},
		`<definitions xmlns="http://schemas.xmlsoap.org/wsdl/">`:                                                  {"WSDL", "menyusul"},
		`<wsdl:description xmlns:wsdl="http://www.w3.org/ns/wsdl"/>`:                                              {"WSDL"},
		"<html><script>alert(1)</script></html>":                                                                  {"openapi"},
		strings.Replace(regionContract, `"/":`, `"http://luar/":`, 1):                                             {"Di paths.http://luar/"},
		`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"$ref":"https://jahat.example/x"}}}`: {"Di paths./"},
	} {
		w := d.upload("/lid/baru", `../../<script>.json`, content, nil)
		shows(t, w, 422, want...)
		if strings.Contains(w.Body.String(), "<script>alert") {
			t.Errorf("%.40q is not escaped", content)
		}
	}
	if all, err := d.Begun(t.Context(), operator); err != nil || len(all) != 0 {
		t.Errorf("something was begun: %v, %v", all, err)
	}
	shows(t, d.upload("/lid/baru", "a.json", strings.Repeat(" ", 6<<20), nil), 413, "lebih besar dari 5 MiB")

	yaml := "openapi: 3.1.0\ninfo: {title: Dari YAML, version: '1'}\npaths:\n  /:\n    get:\n      responses:\n        200: {description: ok}\n"
	shows(t, d.get(leads(t, d.post("/lid/baru", url.Values{"text": {yaml}}), "/lid/~/")), 200, `value="DariYAML"`)
	leads(t, d.upload("/lid/baru", "a.json", "\uFEFF"+regionContract, nil), "/lid/~/")
	w := d.upload("/lid/baru", "a.yaml", "openapi: 2\n", nil)
	shows(t, w, 422, "openapi: 2\n</textarea>") // what was uploaded can be mended in place
}

func TestStrangersMeetNothing(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d := newDesk(t, db)
		base := d.begin(t)
		d.drafted(t)
		r := d.room
		r.put(t, kota, lid(nil))
		d.sits(providerOf(bandung))
		for _, path := range []string{base + "/kata", school, school + "/layanan", "/lid/master/Kota", "/lid/master/TidakAda", "/lid/~/tidakada/kata"} {
			w := d.get(path)
			shows(t, w, 404, "tidak ditemukan")
			if strings.Contains(w.Body.String(), "10.1.2.3") {
				t.Errorf("%s shows the provider's address", path)
			}
		}
		for path, form := range map[string]url.Values{
			base + "/kata": words(nil), base + "/buang": nil, school + "/layanan": service(nil), school + "/buang": nil, school + "/ajukan": nil, "/lid/master/Kota/kata": words(nil),
		} {
			shows(t, d.post(path, form), 404)
		}
		other := d.begin(t)
		shows(t, d.post(other+"/kata", words(nil)), 422, "sudah dipakai instansi lain", `value="SekolahDasar"`)
		if page := d.get("/lid").Body.String(); strings.Contains(page, "SekolahDasar") || strings.Contains(page, "master/Kota") {
			t.Error("the list shows LIDs of others")
		}
		d.sits(simpul.Acting("t-pemanfaat", simpul.RoleConsumer, kemendagri))
		for _, path := range []string{"/lid", "/lid/baru", school} {
			shows(t, d.get(path), 403)
		}
		d.who = nil
		leads(t, d.get(school+"/layanan"), "/masuk?next=%2Flid%2F")
		leads(t, d.post(school+"/layanan", service(nil)), "/masuk?next=%2Flid")
	})
}

func TestFieldsAreBoundByWhoMay(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	d.drafted(t)
	shows(t, d.get(school+"/kolom"), 200, "Walidata atau admin yang mengikat kolom", "Tampak seperti kode wilayah")
	leads(t, d.post(school+"/kolom", url.Values{"bind.1.field": {"kode_wilayah"}, "bind.1.list": {"wilayah-kemendagri"}}), school+"/ajukan")
	if len(d.bound) != 0 {
		t.Errorf("a provider has bound %v", d.bound)
	}
	d.sits(steward())
	d.bound["pendidikan/SekolahDasar"] = []catalog.Meaning{{Field: "lain", List: "wilayah-kemendagri"}, {Field: "nik", Standard: "identitas"}}
	shows(t, d.get(school+"/kolom"), 200, "Saran dari nama kolomnya", `value="wilayah-kemendagri"`, `value="identitas"`, "Kolom lain")
	leads(t, d.post(school+"/kolom", url.Values{"bind.1.field": {"npsn"}, "bind.2.field": {"kode_wilayah"}, "bind.2.list": {"wilayah-kemendagri"}, "bind.3.field": {"nik"}}), school+"/ajukan")
	if got := fmt.Sprint(d.bound["pendidikan/SekolahDasar"]); got != "[{kode_wilayah  wilayah-kemendagri} {lain  wilayah-kemendagri}]" {
		t.Errorf("got %s", got)
	}
	shows(t, d.post(school+"/kolom", url.Values{"bind.1.field": {"npsn"}, "bind.2.field": {"kode_wilayah"}, "bind.2.list": {"tidak-ada"}}), 422, `"tidak-ada" tidak ditemukan`, `value="tidak-ada"`, `id="field-bind.2.list-error"`)
}

func TestWhatExistsAlreadyIsShown(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	r := d.room
	r.put(t, "pendidikan/Sekolah", lid(func(s *catalog.Spec) {
		s.Agency, s.Title, s.Contract = bandung, "Sekolah dasar", []byte(regionContract)
	}))
	d.follow(t)
	shows(t, d.get(d.begin(t)+"/kata"), 200, "Yang mirip sudah ada", "npsn", "Pakai LID ini saja", `href="/catalog/pendidikan/Sekolah"`)
}

func TestTheOperatorSaysWhose(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	d.sits(operator)
	shows(t, d.get("/lid/baru"), 200, "Domain instansi penyedia")
	shows(t, d.upload("/lid/baru", "a.json", regionContract, url.Values{"agency": {"bukan domain"}}), 422, `value="bukan domain"`, "Domain instansi penyedia: ")
	shows(t, d.upload("/lid/baru", "a.json", regionContract, url.Values{"agency": {"tidak-ada.go.id"}}), 422, "belum terdaftar")
	leads(t, d.upload("/lid/baru", "a.json", regionContract, url.Values{"agency": {bandung}}), "/lid/~/")
	if all, err := d.Begun(t.Context(), providerOf(bandung)); err != nil || len(all) != 1 {
		t.Errorf("got %v, %v", all, err)
	}
}

func TestDraftsAreDiscardedAndThePublishedAreNot(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	leads(t, d.post(d.begin(t)+"/buang", nil), "/lid")
	d.drafted(t)
	leads(t, d.post(school+"/buang", nil), "/lid")
	shows(t, d.get(school), 404)
	d.put(t, kota, lid(nil))
	shows(t, d.post("/lid/master/Kota/buang", nil), 409, "sudah terbit")
	shows(t, d.get("/lid/master/Kota"), 200, "Halamannya di katalog")
	leads(t, d.post("/lid/master/Kota/kata", words(url.Values{"title": {"Kota dan kabupaten"}})), "/lid/master/Kota?tersimpan=1")
	shows(t, d.post("/lid/master/Kota/tidak-ada", nil), 404)
	shows(t, d.get("/lid/master/Kota/tidak-ada"), 404)
}

func TestAClosedLIDWaitsForASecondPerson(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	d.put(t, kota, lid(closed))
	leads(t, d.post("/lid/master/Kota/layanan", service(nil)), "/lid/master/Kota?menunggu=u-2")
	shows(t, d.get("/lid/master/Kota?menunggu=u-2"), 200, "Menunggu orang kedua", `href="/persetujuan/u-2"`)
	if page := d.get(`/lid/master/Kota?menunggu=%22%3E%3Cscript%3E`).Body.String(); strings.Contains(page, "Menunggu orang kedua") {
		t.Error("anything passes for a proposal")
	}
}

func TestTheListIsPaged(t *testing.T) {
	d := newDesk(t, testkit.SQLite(t))
	for i := range 21 {
		d.put(t, fmt.Sprintf("uji/L%02d", i), lid(draft))
	}
	shows(t, d.get("/lid"), 200, "uji/L00", "uji/L19", `rel="next"`, "sesudah=uji%2FL19")
	page := d.get("/lid?sesudah=uji%2FL19").Body.String()
	if !strings.Contains(page, "uji/L20") || strings.Contains(page, "uji/L19<") || strings.Contains(page, `rel="next"`) {
		t.Error("the second page is not the second")
	}
	shows(t, d.get("/lid?q=%22%3E%3Cscript%3E&langkah=apa&sesudah=%00"), 200)
}
