package demo

import (
	"strings"
	"testing"
)

func TestReadable(t *testing.T) {
	tests := []struct {
		tier     Tier
		in, want string
	}{
		{Province, "ACEH", "Aceh"},
		{Province, "DKI JAKARTA", "DKI Jakarta"},
		{Province, "DI YOGYAKARTA", "DI Yogyakarta"},
		{Province, "DAERAH ISTIMEWA YOGYAKARTA", "Daerah Istimewa Yogyakarta"},
		{Province, "PAPUA BARAT DAYA", "Papua Barat Daya"},
		{Regency, "KABUPATEN ACEH SELATAN", "Kabupaten Aceh Selatan"},
		{Regency, "KOTA ADMINISTRASI JAKARTA PUSAT", "Kota Administrasi Jakarta Pusat"},
		{Regency, "KABUPATEN PANGKAJENE DAN KEPULAUAN", "Kabupaten Pangkajene dan Kepulauan"},
		{Regency, "KABUPATEN TOJO UNA-UNA", "Kabupaten Tojo Una-Una"},
		{Regency, "KABUPATEN SOA'AN", "Kabupaten Soa'an"},
		{Regency, "KOTA CONTOH XIV", "Kota Contoh XIV"},
		{Regency, "KOTA ÉNDE", "Kota Énde"},
		{District, "Koto XI Tarusan", "Koto XI Tarusan"},
		{District, "KI'E", "KI'E"},
		{Village, "WKO", "WKO"},
		{Village, "lamuk", "Lamuk"},
		{Village, "PulauTujuh", "PulauTujuh"},
		{Village, "’lamuk", "’lamuk"},
	}
	for _, test := range tests {
		if got := readable(test.in, test.tier); got != test.want {
			t.Errorf("readable(%q, %s) = %q, want %q", test.in, test.tier, got, test.want)
		}
	}
}

func TestNoNameIsLeftInCapitals(t *testing.T) {
	regions := nation(t)
	for _, tier := range []Tier{Province, Regency} {
		for region := range regions.Level(tier).All() {
			if region.Name == strings.ToUpper(region.Name) {
				t.Errorf("%s is %q", region.Code, region.Name)
			}
		}
	}
}
