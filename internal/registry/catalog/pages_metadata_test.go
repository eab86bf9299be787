package catalog

import (
	"strings"
	"testing"

	"simpul"
)

func fullyDescribed(s *Spec) {
	s.Metadata = Metadata{
		Themes: []Theme{"REGI"}, Purpose: "Satu kode untuk semua", Frequency: "semiannual", Licence: "CC-BY-4.0",
		ServiceLevel: &ServiceLevel{Availability: 99.95, LatencyMillis: 1500, SupportHours: "Senin–Jumat"},
		Contacts:     []Contact{{Unit: "Pusat Data", Email: "data@kemendagri.go.id"}},
		Coverage:     &Coverage{Regions: []string{"32", "32.73", "99"}, From: "2020-01-31"},
		PersonalData: &PersonalData{}, Sandbox: "https://uji.example.go.id/kota",
		Standards: []Standard{{Name: "Kepmendagri 300", URL: "https://example.go.id/s"}, {Name: "SNI 1"}},
		Examples:  []Example{{Title: "Jawa Barat saja", Call: "GET /?provinsi=32"}},
	}
}

func TestThePageShowsTheMetadata(t *testing.T) {
	h := pagesOf(t, lidOf("master/Kota", "kemendagri.go.id", "Kota", simpul.Terbuka, fullyDescribed))
	for language, wants := range map[string][]string{
		"id": {"Wilayah dan permukiman", "Satu kode untuk semua", "Setiap semester", "99,95 %", "1.500 milidetik", "Pusat Data", "mailto:data@kemendagri.go.id",
			"Provinsi Jawa Barat, Kota Bandung, 99", "sejak 2020-01-31", "Tidak memuat data pribadi", "https://uji.example.go.id/kota", "SNI 1", "Jawa Barat saja", "https://hub.example.go.id/master/Kota?provinsi=32"},
		"en": {"Regions and cities", "Twice a year", "99.95 %", "Holds no personal data", "since 2020-01-31"},
	} {
		html := get(t, h, "/catalog/master/Kota", "Accept-Language", language).Body.String()
		for _, want := range wants {
			if !strings.Contains(html, want) {
				t.Errorf("%s: the page does not show %q", language, want)
			}
		}
	}
}

func TestTheTableHasTheMetadata(t *testing.T) {
	h := pagesOf(t, lidOf("master/Kota", "kemendagri.go.id", "Kota", simpul.Terbuka, fullyDescribed))
	table := get(t, h, "/catalog.csv").Body.String()
	for _, want := range []string{"REGI,Satu kode untuk semua,semiannual,CC-BY-4.0,false,,32; 32.73; 99,2020-01-31,,Pusat Data <data@kemendagri.go.id>,Kepmendagri 300; SNI 1,https://uji.example.go.id/kota"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table lacks %q:\n%s", want, table)
		}
	}
}

// Whatever is shown of a description stays words, whichever language reads it.
func TestWhatIsNotKnownTakesNoRoom(t *testing.T) {
	html := get(t, pagesOf(t, fewLIDs()...), "/catalog/jalan/Rusak").Body.String()
	for _, term := range []string{"Tema", "Cakupan", "Lisensi<", "Tingkat layanan", "Uji coba"} {
		if strings.Contains(html, ">"+term) {
			t.Errorf("the page has an empty %q", term)
		}
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", "biasa", "=1", "<b>", "a\u202eb", "&amp;", "－1", "2 < 3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if plain("x", text) == nil && (strings.Contains(text, "<script") || text != "" && strings.ContainsRune("=+-@\t", rune(text[0]))) {
			t.Errorf("%q is taken for plain text", text)
		}
	})
}
