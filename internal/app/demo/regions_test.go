package demo

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul"
)

func TestNationIsComplete(t *testing.T) {
	regions := nation(t)
	for tier, want := range map[Tier]int{Province: 38, Regency: 514, District: 7_277, Village: 83_763} {
		if got := regions.Level(tier).Len(); got != want {
			t.Errorf("%s: %d regions, want %d", tier, got, want)
		}
	}
	kinds := map[string]int{}
	for regency := range regions.Level(Regency).All() {
		kinds[regency.Kind()]++
	}
	if kinds["kabupaten"] != 416 || kinds["kota"] != 98 || len(kinds) != 2 {
		t.Errorf("kinds of regency: %v", kinds)
	}
}

func TestFindAnyTier(t *testing.T) {
	regions := nation(t)
	tests := map[string]struct{ name, kind string }{
		"31":            {"DKI Jakarta", ""},
		"34":            {"Daerah Istimewa Yogyakarta", ""},
		"11.01":         {"Kabupaten Aceh Selatan", "kabupaten"},
		"32.73":         {"Kota Bandung", "kota"},
		"31.71":         {"Kota Administrasi Jakarta Pusat", "kota"},
		"32.73.01":      {"Sukasari", ""},
		"32.73.01.1001": {"Sukarasa", "kelurahan"},
		"11.01.01.2001": {"Keude Bakongan", "desa"},
		"91.03.01.3007": {"Desa Adat Yoboi", "desa adat"},
		"35.13.15.2017": {`Soka"an`, "desa"},
	}
	for code, want := range tests {
		got, ok := regions.Find(code)
		if !ok || got.Name != want.name || got.Kind() != want.kind || got.Code != code {
			t.Errorf("Find(%q) = %+v (%s), %v; want %+v", code, got, got.Kind(), ok, want)
		}
	}
	for _, code := range []string{"", "3", "99", "32.99", "32.73.", "32.73.01.10011", "32.73.01.1", "32.7"} {
		if got, ok := regions.Find(code); ok {
			t.Errorf("Find(%q) = %+v, want none", code, got)
		}
	}
}

func TestEveryRegionLiesBelowAKnownOne(t *testing.T) {
	regions := nation(t)
	for tier := Regency; tier < tiers; tier++ {
		previous := ""
		for region := range regions.Level(tier).All() {
			if region.Code <= previous {
				t.Fatalf("%s after %s", region.Code, previous)
			}
			previous = region.Code
			for ancestor := range tier {
				if _, ok := regions.Level(ancestor).Index(region.Ancestor(ancestor)); !ok {
					t.Fatalf("%s has no %s", region.Code, ancestor)
				}
			}
		}
	}
}

func TestLoadRefusesDamagedTables(t *testing.T) {
	tests := map[string]struct{ file, text, place, says string }{
		"renamed column":       {"provinces.csv", "kode,name\n32,JAWA BARAT\n", "provinces.csv:1", "code,name"},
		"missing column":       {"regencies.csv", "code,name\n32.73,KOTA BANDUNG\n", "regencies.csv:1", "code,province_code,name"},
		"empty file":           {"villages.csv", "", "villages.csv:1", "columns"},
		"short line":           {"districts.csv", "code,regency_code,name\n32.73.01,32.73,Sukasari\n32.73.02,32.73\n", "districts.csv:3", "not CSV"},
		"comma in a name":      {"districts.csv", "code,regency_code,name\n32.73.01,32.73,Suka,sari\n", "districts.csv:2", "not CSV"},
		"malformed code":       {"provinces.csv", "code,name\n3x,JAWA BARAT\n", "provinces.csv:2", `"3x"`},
		"code of another tier": {"provinces.csv", "code,name\n32.73,KOTA BANDUNG\n", "provinces.csv:2", `"32.73"`},
		"repeated code":        {"provinces.csv", "code,name\n32,JAWA BARAT\n31,DKI JAKARTA\n32,JAWA BARAT\n", "provinces.csv:4", "repeated"},
		"unknown parent":       {"regencies.csv", "code,province_code,name\n32.73,32,KOTA BANDUNG\n33.74,33,KOTA SEMARANG\n", "regencies.csv:3", "33 is unknown"},
		"parent of another":    {"regencies.csv", "code,province_code,name\n32.73,31,KOTA BANDUNG\n", "regencies.csv:2", "does not begin"},
		"no name":              {"districts.csv", "code,regency_code,name\n32.73.01,32.73,\n", "districts.csv:2", `name ""`},
		"padded name":          {"districts.csv", "code,regency_code,name\n32.73.01,32.73, Sukasari\n", "districts.csv:2", "not valid"},
		"name not in UTF-8":    {"districts.csv", "code,regency_code,name\n32.73.01,32.73,Suka\xffsari\n", "districts.csv:2", "not valid"},
		"name over two lines":  {"districts.csv", "code,regency_code,name\n32.73.01,32.73,\"Suka\nsari\"\n", "districts.csv:2", "not valid"},
		"neither kind":         {"regencies.csv", "code,province_code,name\n32.73,32,BANDUNG\n", "regencies.csv:2", "KABUPATEN or KOTA"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := LoadRegions(writeTables(t, map[string]string{test.file: test.text}))
			damage, ok := errors.AsType[*simpul.Error](err)
			if !ok {
				t.Fatalf("error is %v", err)
			}
			if damage.Place != test.place || !strings.Contains(damage.Message.EN, test.says) {
				t.Errorf("%s: %s; want %s: …%s…", damage.Place, damage.Message.EN, test.place, test.says)
			}
			if !strings.Contains(damage.Remedy.ID, "npm ci") || !strings.Contains(damage.Remedy.EN, "npm ci") {
				t.Errorf("remedy %+v", damage.Remedy)
			}
		})
	}
}

func TestLoadNamesTheMissingTable(t *testing.T) {
	dir := writeTables(t, nil)
	if err := os.Remove(filepath.Join(dir, "data", "villages.csv")); err != nil {
		t.Fatal(err)
	}
	_, err := LoadRegions(dir)
	if err == nil || !strings.Contains(err.Error(), "villages.csv") || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}

func TestFindRegionsTakesTheExplicitFolder(t *testing.T) {
	dir := writeTables(t, nil)
	if got, err := FindRegions(dir); got != dir || err != nil {
		t.Errorf("FindRegions = %q, %v", got, err)
	}
	_, err := FindRegions(t.TempDir())
	refusal, ok := errors.AsType[*simpul.Error](err)
	if !ok || refusal.Code != simpul.CodeInvalid || refusal.Place != "region-data" {
		t.Errorf("an empty folder gives %v", err)
	}
}

func TestFindRegionsSearchesUpward(t *testing.T) {
	project := t.TempDir()
	deep := filepath.Join(project, "a", "b")
	want := filepath.Join(project, "node_modules", "idn-area-data")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, ok := upward(deep); ok {
		t.Fatalf("found %q before there is one", got)
	}
	if err := os.MkdirAll(filepath.Dir(want), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(writeTables(t, nil), want); err != nil {
		t.Fatal(err)
	}
	t.Chdir(deep)
	if got, err := FindRegions(""); got != want || err != nil {
		t.Errorf("FindRegions = %q, %v; want %q", got, err, want)
	}
}

func TestFindRegionsTellsTheRemedy(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := FindRegions("")
	missing, ok := errors.AsType[*simpul.Error](err)
	if !ok || missing.Code != simpul.CodeNotFound {
		t.Fatalf("error is %v", err)
	}
	for _, remedy := range []string{missing.Remedy.ID, missing.Remedy.EN} {
		if !strings.Contains(remedy, "npm ci") || !strings.Contains(remedy, "--region-data") {
			t.Errorf("remedy %q", remedy)
		}
	}
}

func TestAttributionNamesSourceAndLicence(t *testing.T) {
	for _, part := range []string{"idn-area-data", "https://github.com/fityannugroho/idn-area-data", "ODbL", "https://opendatacommons.org/licenses/odbl/1-0/"} {
		if !strings.Contains(Attribution, part) {
			t.Errorf("no %s", part)
		}
	}
}

func BenchmarkLoadRegions(b *testing.B) {
	nation(b)
	dir, err := FindRegions(os.Getenv(regionData))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := LoadRegions(dir); err != nil {
			b.Fatal(err)
		}
	}
}
