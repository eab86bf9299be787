package catalog

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

const hostile = `"><script>alert('x')</script>&`

const listContract = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"summary":"Daftar","parameters":[
	{"name":"provinsi","in":"query","schema":{"type":"string"},"example":"32"},{"name":"q","in":"query","schema":{"type":"string"}}],
	"responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"kode":{"type":"string","description":"Kode wilayah"}}}}}},
	"example":{"items":[{"kode":"32.73","nik":"3273016609849962"}]}}}}}}}}}`

const checkContract = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"post":{"summary":"Cek","requestBody":{"content":{"application/json":{
	"schema":{"type":"object","required":["nik"],"properties":{"nik":{"type":"string"},"catatan":{"type":"string"}}},"example":{"nik":"3273016609849962"}}}},
	"responses":{"200":{"description":"ok"}}}}}}`

// nation is who provides in these tests.
type nation struct{}

func (nation) Agency(_ context.Context, id simpul.AgencyID) Agency {
	switch id {
	case "kemendagri.go.id":
		return Agency{Name: "Kementerian Dalam Negeri", Level: "nasional"}
	case "bandungkota.go.id":
		return Agency{Name: "Pemerintah Kota Bandung", Region: "32.73", Level: "kota"}
	case "jabarprov.go.id":
		return Agency{Name: "Pemerintah Provinsi Jawa Barat", Region: "32", Level: "provinsi"}
	}
	return Agency{Name: string(id)}
}

func (nation) Region(_ context.Context, code string) string {
	return map[string]string{"32": "Provinsi Jawa Barat", "32.73": "Kota Bandung"}[code]
}

func lidOf(address, agency, title string, class simpul.LIDClass, change func(*Spec)) httpapi.Stored[Spec] {
	s := Spec{
		Agency: simpul.AgencyID(agency), Title: title, Description: "Tentang " + title, Class: class, Version: "1.0", State: Published,
		Upstream: "http://10.9.8.7:8080/rahasia", Contract: json.RawMessage(listContract), LegalBasis: "UU 24/2013",
	}
	if change != nil {
		change(&s)
	}
	return httpapi.Stored[Spec]{ID: address, Spec: s}
}

func fewLIDs() []httpapi.Stored[Spec] {
	return []httpapi.Stored[Spec]{
		lidOf("master/Kota", "kemendagri.go.id", "Kabupaten dan Kota", simpul.Terbuka, func(s *Spec) {
			s.Keywords = []string{"wilayah"}
			s.Attribution = "Memuat data (https://example.org/odbl), ODbL v1.0."
		}),
		lidOf("master/Provinsi", "kemendagri.go.id", "Provinsi", simpul.Terbuka, func(s *Spec) { s.Description = "Wilayah di atas kota" }),
		lidOf("kependudukan/CekNIK", "kemendagri.go.id", "Cek NIK", simpul.Terbatas, func(s *Spec) {
			s.Contract = json.RawMessage(checkContract)
			s.Themes, s.PersonalData = []Theme{"HEAL"}, &PersonalData{Held: true}
		}),
		lidOf("izin/Usaha", "bandungkota.go.id", "Izin usaha", simpul.Terbatas, nil),
		lidOf("jalan/Rusak", "jabarprov.go.id", "Jalan rusak", simpul.Terbuka, nil),
	}
}

func directoryOf(t *testing.T, stored ...httpapi.Stored[Spec]) *Directory {
	t.Helper()
	d := NewDirectory(nil, slog.New(slog.DiscardHandler))
	e := &edition{compile: uncompiled}
	for _, s := range stored {
		if d.add(e, s, nil); e.lids.at(simpul.Address(s.ID)) == nil {
			t.Fatalf("LID %s cannot be read", s.ID)
		}
	}
	e.sort()
	d.publish(e)
	return d
}

func pagesOf(t *testing.T, stored ...httpapi.Stored[Spec]) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	pagesOver(t, "https://hub.example.go.id", stored...).Register(mux)
	return web.Localize(web.Secure(mux))
}

// pagesOver are the screens over a directory and its finder.
func pagesOver(t *testing.T, gateway string, stored ...httpapi.Stored[Spec]) *Pages {
	t.Helper()
	f, err := NewFinder(directoryOf(t, stored...), nation{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := f.loadLIDs(t.Context()); err != nil {
		t.Fatal(err)
	}
	return NewPages(f, gateway, "https://portal.example.go.id")
}

func get(t *testing.T, h http.Handler, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestListFindsAndNarrows(t *testing.T) {
	h := pagesOf(t, fewLIDs()...)
	for query, want := range map[string][]string{
		"":                                  {"izin/Usaha", "jalan/Rusak", "kependudukan/CekNIK", "master/Kota", "master/Provinsi"},
		"q=kota":                            {"master/Kota", "izin/Usaha", "master/Provinsi"}, // in the title before elsewhere
		"q=KOTA":                            {"master/Kota", "izin/Usaha", "master/Provinsi"},
		"q=kota+wilayah":                    {"master/Kota", "izin/Usaha", "master/Provinsi"},
		"q=master/Kota":                     {"master/Kota", "master/Provinsi"},
		"q=Bandung":                         {"izin/Usaha"},
		"q=sekolah":                         nil,
		"class=terbatas":                    {"izin/Usaha", "kependudukan/CekNIK"},
		"class=terbatas&class=terbuka&q=ru": {"jalan/Rusak"},
		"level=kota":                        {"izin/Usaha"},
		"theme=HEAL":                        {"kependudukan/CekNIK"},
		"personal=ya":                       {"kependudukan/CekNIK"},
		"personal=tidak":                    nil,
		"q=jalan+yang+rusak":                {"jalan/Rusak"},
		"q=jaln":                            {"jalan/Rusak"},
		"class=rahasia":                     {"izin/Usaha", "jalan/Rusak", "kependudukan/CekNIK", "master/Kota", "master/Provinsi"},
		"agency=jabarprov.go.id":            {"jalan/Rusak"},
		"agency=nobody.go.id":               nil,
		"region=32":                         {"izin/Usaha", "jalan/Rusak"},
		"region=32.73":                      {"izin/Usaha"},
		"region=3":                          nil,
		"region=nasional&class=terbuka":     {"master/Kota", "master/Provinsi"},
		"page=2":                            nil,
		"page=-1":                           {"izin/Usaha", "jalan/Rusak", "kependudukan/CekNIK", "master/Kota", "master/Provinsi"},
		"page=99999999999999999999":         {"izin/Usaha", "jalan/Rusak", "kependudukan/CekNIK", "master/Kota", "master/Provinsi"},
		"page=1000000":                      nil,
		"page=9223372036854775807":          {"izin/Usaha", "jalan/Rusak", "kependudukan/CekNIK", "master/Kota", "master/Provinsi"},
	} {
		w := get(t, h, "/catalog?"+query)
		if got := listed(w.Body.String()); w.Code != 200 || !sameSet(got, want) {
			t.Errorf("%q: got %d %v, want %v", query, w.Code, got, want)
		}
	}
}

// listed returns the addresses of the results, in order.
func listed(html string) (addresses []string) {
	for _, part := range strings.Split(html, `<a href="/catalog/`)[1:] {
		address, _, _ := strings.Cut(part, `"`)
		addresses = append(addresses, address)
	}
	return addresses
}

// sameSet compares without order, but the first must be the first.
func sameSet(got, want []string) bool {
	if len(got) != len(want) || len(want) > 0 && got[0] != want[0] {
		return false
	}
	a, b := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	return slices.Equal(a, b)
}

func TestCountsSayWhatAChoiceWouldShow(t *testing.T) {
	p := pagesOver(t, "", fewLIDs()...)
	f, err := p.find(t.Context(), query{Classes: []simpul.LIDClass{simpul.Terbatas}, Region: "32", Page: 1})
	if err != nil {
		t.Fatal(err)
	}
	if f.Total != 1 || f.Published != 5 {
		t.Errorf("total %d of %d", f.Total, f.Published)
	}
	if f.Classes[simpul.Terbuka] != 1 || f.Classes[simpul.Terbatas] != 1 || f.Classes[simpul.Tertutup] != 0 {
		t.Errorf("classes %v", f.Classes)
	}
	want := []choice{{Value: national, Count: 1}, {Value: "32", Label: "Provinsi Jawa Barat", Count: 1}, {Value: "32.73", Label: "Kota Bandung", Count: 1, Within: true}}
	if !slices.Equal(f.Regions, want) {
		t.Errorf("regions %+v", f.Regions)
	}
	if len(f.Agencies) != 1 || f.Agencies[0].Label != "Pemerintah Kota Bandung" {
		t.Errorf("agencies %+v", f.Agencies)
	}
}

func TestListIsPaged(t *testing.T) {
	var many []httpapi.Stored[Spec]
	for _, name := range strings.Fields("A B C D E F G H I J K L M N O P Q R S T U") {
		many = append(many, lidOf("uji/"+name, "kemendagri.go.id", "Uji "+name, simpul.Terbuka, nil))
	}
	h := pagesOf(t, many...)
	first, second := get(t, h, "/catalog?q=uji").Body.String(), get(t, h, "/catalog?page=2&q=uji").Body.String()
	if n := len(listed(first)); n != perPage {
		t.Errorf("%d on the first page", n)
	}
	if !strings.Contains(first, `href="/catalog?page=2&amp;q=uji"`) {
		t.Error("no way to the second page")
	}
	if got := listed(second); !slices.Equal(got, []string{"uji/U"}) {
		t.Errorf("second page %v", got)
	}
	if strings.Contains(second, `rel="next"`) || !strings.Contains(second, `href="/catalog?q=uji"`) {
		t.Error("the last page leads on, or not back to the first")
	}
}

func TestTypingReplacesTheAddress(t *testing.T) {
	h := pagesOf(t, fewLIDs()...)
	if got := get(t, h, "/catalog?q=kota&agency=&region=", "HX-Request", "true").Header().Get("HX-Replace-Url"); got != "/catalog?q=kota" {
		t.Errorf("got %q", got)
	}
	if get(t, h, "/catalog?q=kota").Header().Get("HX-Replace-Url") != "" {
		t.Error("a plain request got an htmx header")
	}
}

func TestEmptyListsHelp(t *testing.T) {
	for query, want := range map[string]string{
		"?q=sekolah":                "Tidak ada yang cocok dengan “sekolah”",
		"?q=sekolah&class=terbatas": `href="/catalog?q=sekolah"`,
		"?class=tertutup":           "Tidak ada LID dengan saringan ini",
		"?page=9":                   "Daftar tidak sepanjang itu",
	} {
		if html := get(t, pagesOf(t, fewLIDs()...), "/catalog"+query).Body.String(); !strings.Contains(html, want) {
			t.Errorf("%q does not say %q", query, want)
		}
	}
	if !strings.Contains(get(t, pagesOf(t), "/catalog").Body.String(), "Belum ada LID terbit") {
		t.Error("an empty catalogue does not say so")
	}
}

func TestPageOfALID(t *testing.T) {
	html := get(t, pagesOf(t, fewLIDs()...), "/catalog/master/Kota").Body.String()
	for _, want := range []string{
		"Kabupaten dan Kota", "Kementerian Dalam Negeri", "Terbuka", "1.0", "UU 24/2013", "ODbL v1.0", `<a href="https://example.org/odbl">`,
		"https://hub.example.go.id/master/Kota?provinsi=32", "X-API-Key: spk_…", "items.", "Kode wilayah", `href="/openapi/master/Kota"`, "Daftarkan aplikasi",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	for _, secret := range []string{"10.9.8.7", "rahasia", "3273016609849962"} {
		if strings.Contains(html, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
}

// What an agency writes stays text, wherever a page shows it.
func TestHostileLIDsStayText(t *testing.T) {
	document, _ := json.Marshal(map[string]any{
		"openapi": "3.1.0", "info": map[string]any{"title": hostile, "version": "1"},
		"paths": map[string]any{"/{a}": map[string]any{"get": map[string]any{
			"summary": hostile, "description": hostile,
			"parameters": []any{map[string]any{"name": "a", "in": "path", "required": true, "description": hostile, "example": hostile, "schema": map[string]any{"type": "string"}},
				map[string]any{"name": hostile, "in": "query", "required": true, "example": hostile, "schema": map[string]any{"type": hostile}}},
			"responses": map[string]any{"200": map[string]any{"description": hostile, "content": map[string]any{"application/json": map[string]any{
				"schema": map[string]any{"type": "object", "properties": map[string]any{hostile: map[string]any{"type": "string", "format": hostile, "description": hostile}}}, "example": hostile}}}},
		}}},
	})
	h := pagesOf(t, lidOf("uji/Jahat", "kemendagri.go.id", hostile, simpul.Tertutup, func(s *Spec) {
		s.Description, s.LegalBasis, s.Contact, s.Keywords = hostile, hostile, hostile, []string{hostile}
		s.Attribution = hostile + " javascript:alert(1) https://example.org/" + hostile
		s.Contract = document
	}))
	for _, target := range []string{"/catalog", "/catalog/uji/Jahat", "/catalog/uji/%3Cscript%3Ealert('x')", "/catalog?q=%22%3E%3Cscript%3Ealert('x')", "/catalog?agency=%22%3E%3Cscript%3E&region=%22%3E%3Cscript%3E"} {
		html := get(t, h, target).Body.String()
		for _, harm := range []string{"<script>", "alert('x')</", `href="javascript:`} {
			if strings.Contains(html, harm) {
				t.Errorf("%s lets %s through", target, harm)
			}
		}
	}
}

func TestUnknownLIDsAreNotFound(t *testing.T) {
	h := pagesOf(t, fewLIDs()...)
	for _, target := range []string{"/catalog/master/Tidak", "/catalog/master/kota", "/openapi/master/Tidak"} {
		w := get(t, h, target)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "Tidak ada LID terbit") {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
}

func TestOpenAPIIsCalledAtTheHub(t *testing.T) {
	w := get(t, pagesOf(t, fewLIDs()...), "/openapi/master/Kota")
	var document struct {
		OpenAPI string
		Servers []struct{ URL string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Servers) != 1 || document.Servers[0].URL != "https://hub.example.go.id/master/Kota" || document.OpenAPI != "3.1.0" {
		t.Errorf("got %+v", document)
	}
	if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "application/json") {
		t.Errorf("content type %q", kind)
	}
}

func TestTableRunsNoFormulas(t *testing.T) {
	h := pagesOf(t,
		lidOf("uji/Satu", "kemendagri.go.id", `=HYPERLINK("http://jahat.example","klik")`, simpul.Terbuka, func(s *Spec) {
			s.Description, s.Contact, s.Keywords = "@SUM(1)", "+62 21 1234", []string{"-1"}
			s.Attribution = "\t=1+1"
		}),
		lidOf("uji/Dua", "kemendagri.go.id", `Biasa, dengan "kutip"`+"\ndan baris", simpul.Terbuka, nil))
	w := get(t, h, "/catalog.csv?q=uji")
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[1][1] != "Biasa, dengan \"kutip\"\ndan baris" {
		t.Fatalf("rows %q", rows)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("cell %q would run", cell)
			}
		}
	}
	if !strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
		t.Error("the table opens in the browser")
	}
	if rows, _ := csv.NewReader(get(t, h, "/catalog.csv?q=kutip").Body).ReadAll(); len(rows) != 2 {
		t.Errorf("the table does not follow the search: %q", rows)
	}
}

func TestFirstCallIsTheSimplestOpenLID(t *testing.T) {
	p := pagesOver(t, "https://hub.example.go.id", fewLIDs()...)
	if l, command, ok := p.FirstCall(); !ok || l.Spec.Class != simpul.Terbuka || !strings.Contains(command, string(l.Address)) {
		t.Errorf("got %v %q", l, command)
	}
	if _, _, ok := pagesOver(t, "", fewLIDs()[2]).FirstCall(); ok {
		t.Error("a restricted LID is offered as the first call")
	}
}

func TestAttributionsAreSaidOnce(t *testing.T) {
	source := func(text string) *LID { return &LID{Spec: Spec{Attribution: text}} }
	got := distinct([]*LID{source("A, ODbL."), source(""), source("Sintetis. A, ODbL."), source("A, ODbL."), source("B")})
	if want := []string{"Sintetis. A, ODbL.", "B"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
