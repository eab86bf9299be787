package demo

import (
	"testing"

	"simpul"
)

func TestAgenciesAre582(t *testing.T) {
	regions := nation(t)
	agencies := Agencies(regions)
	levels := map[string]int{}
	seen := map[simpul.AgencyID]bool{}
	for _, agency := range agencies {
		levels[agency.Level]++
		if id, err := simpul.ParseAgencyID(string(agency.ID)); err != nil || seen[id] {
			t.Errorf("%s: error %v, seen before %v", agency.ID, err, seen[id])
		}
		seen[agency.ID] = true
		if agency.Name == "" {
			t.Errorf("%s has no name", agency.ID)
		}
	}
	want := map[string]int{"nasional": 30, "provinsi": 38, "kabupaten": 416, "kota": 98}
	for level, n := range want {
		if levels[level] != n {
			t.Errorf("%s: %d agencies, want %d", level, levels[level], n)
		}
	}
	if len(agencies) != 582 || len(levels) != len(want) {
		t.Errorf("%d agencies at levels %v", len(agencies), levels)
	}
	if agencies[0].ID != Operator || !seen[ProviderAgency] {
		t.Errorf("the first agency is %s", agencies[0].ID)
	}
}

func TestRegionalAgenciesGovernEveryRegionOnce(t *testing.T) {
	regions := nation(t)
	governed := map[string]bool{}
	for _, agency := range RegionalAgencies(regions) {
		region, ok := regions.Find(agency.Region)
		if !ok || governed[agency.Region] {
			t.Errorf("%s governs %q (known %v)", agency.ID, agency.Region, ok)
		}
		if kind := region.Kind(); kind != "" && kind != agency.Level {
			t.Errorf("%s at level %s governs a %s", agency.ID, agency.Level, kind)
		}
		governed[agency.Region] = true
	}
	if len(governed) != 552 {
		t.Errorf("%d regions governed", len(governed))
	}
}

func TestRegionalAgencyNames(t *testing.T) {
	byRegion := map[string]AgencySpec{}
	for _, agency := range RegionalAgencies(nation(t)) {
		byRegion[agency.Region] = agency
	}
	tests := []AgencySpec{
		{"jawabaratprov.go.id", "Pemerintah Provinsi Jawa Barat", "provinsi", "32"},
		{"dkijakartaprov.go.id", "Pemerintah Provinsi DKI Jakarta", "provinsi", "31"},
		{"bandungkota.go.id", "Pemerintah Kota Bandung", "kota", "32.73"},
		{"bandungkab.go.id", "Pemerintah Kabupaten Bandung", "kabupaten", "32.04"},
		{"jakartapusatkota.go.id", "Pemerintah Kota Administrasi Jakarta Pusat", "kota", "31.71"},
		{"limapuluhkotakab.go.id", "Pemerintah Kabupaten Lima Puluh Kota", "kabupaten", "13.07"},
		{"gorontaloprov.go.id", "Pemerintah Provinsi Gorontalo", "provinsi", "75"},
		{"gorontalokota.go.id", "Pemerintah Kota Gorontalo", "kota", "75.71"},
	}
	for _, want := range tests {
		if got := byRegion[want.Region]; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}
