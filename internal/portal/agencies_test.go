package portal

import (
	"fmt"
	"testing"
)

func someAgencies() []Agency {
	all := []Agency{
		{ID: "kemendagri.go.id", Name: "Kementerian Dalam Negeri", Level: "nasional", LIDs: 5},
		{ID: "jawabaratprov.go.id", Name: "Pemerintah Provinsi Jawa Barat", Level: "provinsi", Region: "Provinsi Jawa Barat"},
		{ID: "bandungkota.go.id", Name: "Pemerintah Kota Bandung", Level: "kota", Region: "Kota Bandung", LIDs: 1},
	}
	for i := range 60 {
		all = append(all, Agency{ID: "x.go.id", Name: fmt.Sprintf("Pemerintah Kabupaten Contoh %02d", i), Level: "kabupaten"})
	}
	return all
}

func TestAgenciesAreFound(t *testing.T) {
	for query, want := range map[string][]string{
		"":                                {"63 instansi terdaftar", "Kementerian Dalam Negeri", "Menampilkan 1–50 dari 63", `href="/agencies?page=2"`},
		"page=2":                          {"Menampilkan 51–63 dari 63", "Contoh 59", `href="/agencies"`},
		"q=BANDUNG":                       {"1 dari 63 instansi cocok", "Pemerintah Kota Bandung", `href="/catalog?agency=bandungkota.go.id"`},
		"q=jawabaratprov":                 {"1 dari 63 instansi cocok", "Jawa Barat"},
		"level=nasional&level=kota":       {"2 dari 63 instansi cocok"},
		"level=kabupaten&q=contoh&page=2": {"60 dari 63", "Menampilkan 51–60"},
		"q=tidakada":                      {"Tidak ada instansi yang cocok"},
		"page=9":                          {"Tidak ada instansi yang cocok"},
		"level=dusun":                     {"63 instansi terdaftar"},
	} {
		s := &stage{agencies: someAgencies()}
		t.Run(query, func(t *testing.T) { contains(t, s.get(t, "/agencies?"+query).Body.String(), want...) })
	}
}

func TestTypingReplacesTheAddressOfAgencies(t *testing.T) {
	w := (&stage{agencies: someAgencies()}).get(t, "/agencies?q=kota&level=kota&level=kota", "HX-Request", "true")
	if got := w.Header().Get("HX-Replace-Url"); got != "/agencies?level=kota&q=kota" {
		t.Errorf("got %q", got)
	}
}

func TestGuideNamesEveryAnswer(t *testing.T) {
	page := (&stage{}).get(t, "/panduan").Body.String()
	for _, e := range endings() {
		if statusOf(e.code) != 0 {
			contains(t, page, e.name.ID)
		}
	}
	lacks(t, page, "Diputus pemanfaat") // nobody is left to read that
}
