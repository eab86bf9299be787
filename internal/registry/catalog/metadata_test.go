package catalog_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
	"simpul/internal/registry/catalog"
)

// wellDescribed is metadata with every part.
func wellDescribed() catalog.Metadata {
	return catalog.Metadata{
		Themes: []catalog.Theme{"REGI", "GOVE"}, Purpose: "Satu kode wilayah untuk semua layanan",
		ServiceLevel: &catalog.ServiceLevel{Availability: 99.5, LatencyMillis: 800, SupportHours: "Senin–Jumat 08.00–16.00 WIB"},
		Contacts:     []catalog.Contact{{Unit: "Pusat Data dan Informasi", Email: "layanan.data@kemendagri.go.id"}},
		Coverage:     &catalog.Coverage{Regions: []string{"32", "32.73"}, From: "2020-01-31", Until: "2026-12-31"},
		Frequency:    "semiannual", Licence: "CC-BY-4.0",
		PersonalData: &catalog.PersonalData{Held: false},
		Standards:    []catalog.Standard{{Name: "Kepmendagri 300.2.2-2138/2025", URL: "https://example.go.id/standar"}},
		Examples:     []catalog.Example{{Title: "Semua kota", Call: "GET /"}},
		Sandbox:      "https://uji.example.go.id/kota",
	}
}

func TestMetadataIsStoredAsItWasSaid(t *testing.T) {
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		want := lid(func(s *catalog.Spec) { s.Metadata = wellDescribed() })
		r.put(t, kota, want)
		got, err := r.Get(t.Context(), public, kota)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Metadata, got.Spec.Metadata); diff != "" {
			t.Error(diff)
		}
		l, err := loaded(t, db, silent).LID(kota)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Metadata, l.Spec.Metadata); diff != "" {
			t.Errorf("in the directory: %s", diff)
		}
	})
}

func TestMetadataIsRefusedWithItsPlace(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	type m = catalog.Metadata
	for place, change := range map[string]func(*m){
		"spec.purpose":                    func(m *m) { m.Purpose = "a<b>c</b>" },
		"spec.themes[1]":                  func(m *m) { m.Themes = []catalog.Theme{"REGI", "WILAYAH"} },
		"spec.themes[2]":                  func(m *m) { m.Themes = []catalog.Theme{"REGI", "GOVE", "REGI"} },
		"spec.serviceLevel.supportHours":  func(m *m) { m.ServiceLevel.SupportHours = "=1+1" },
		"spec.contacts[0].unit":           func(m *m) { m.Contacts[0].Unit = "Unit\tData" },
		"spec.contacts[0].email":          func(m *m) { m.Contacts[0].Email = "Unit Data <a@b.go.id>" },
		"spec.coverage.regions[0]":        func(m *m) { m.Coverage.Regions = []string{"Jawa Barat"} },
		"spec.coverage.from":              func(m *m) { m.Coverage.From = "2026-02-30" },
		"spec.coverage.until":             func(m *m) { m.Coverage.Until = "2020-01-30" },
		"spec.frequency":                  func(m *m) { m.Frequency = "sering" },
		"spec.licence":                    func(m *m) { m.Licence = "bebas" },
		"spec.personalData.held":          func(m *m) { m.PersonalData = &catalog.PersonalData{Held: true} },
		"spec.personalData.categories":    func(m *m) { m.PersonalData.Categories = []catalog.PersonalCategory{"name"} },
		"spec.personalData.categories[0]": func(m *m) { m.PersonalData.Categories = []catalog.PersonalCategory{"nik"} },
		"spec.standards[0].name":          func(m *m) { m.Standards[0].Name = "@SUM(A1)" },
		"spec.standards[0].url":           func(m *m) { m.Standards[0].URL = "javascript:alert(1)" },
		"spec.examples[0].title":          func(m *m) { m.Examples[0].Title = "&lt;script" + ">;" },
		"spec.examples[0].call":           func(m *m) { m.Examples[0].Call = "GET /tidak/ada" },
		"spec.sandbox":                    func(m *m) { m.Sandbox = "https://a:b@uji.example.go.id/" },
	} {
		spec := lid(func(s *catalog.Spec) { s.Metadata = wellDescribed(); change(&s.Metadata) })
		_, err := r.Put(t.Context(), operator, kota, spec, false)
		checkRefusal(t, err, simpul.CodeInvalid, place)
	}
}

// What looks like a call but would mean something else to a shell is refused.
func TestAnExampleCallIsNothingElse(t *testing.T) {
	r := newRoom(t, testkit.SQLite(t))
	for _, call := range []string{"GET /'; rm -rf /'", "GET /\n", "GET //", "get /", "GET", "GET https://a.go.id/", "POST /", "GET /$(id)"} {
		spec := lid(func(s *catalog.Spec) { s.Examples = []catalog.Example{{Title: "Contoh", Call: call}} })
		if _, err := r.Put(t.Context(), operator, kota, spec, false); call == "GET //" && err == nil {
			continue // slashes at the ends mean nothing to a contract
		} else {
			checkRefusal(t, err, simpul.CodeInvalid, "spec.examples[0].call")
		}
	}
}

// The API's description names the same codes as the lists do.
func TestCodesInTheDescriptionAreThoseOfTheLists(t *testing.T) {
	for field, list := range catalog.ListedCodes() {
		var tag string
		for _, of := range []reflect.Type{reflect.TypeFor[catalog.Metadata](), reflect.TypeFor[catalog.PersonalData]()} {
			if f, ok := of.FieldByName(field); ok {
				tag = f.Tag.Get("enum")
			}
		}
		if tag != strings.Join(list, ",") {
			t.Errorf("%s: enum %q, list %q", field, tag, list)
		}
	}
}
