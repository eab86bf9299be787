package demo

import (
	"slices"
	"strings"

	"simpul"
)

const (
	// Operator is the agency that runs the national hub.
	Operator simpul.AgencyID = "komdigi.go.id"
	// ProviderAgency is the agency whose application [Provider] is.
	ProviderAgency simpul.AgencyID = "kemendagri.go.id"
)

// AgencySpec is one tenant of the demo nation.
type AgencySpec struct {
	ID     simpul.AgencyID
	Name   string
	Level  string // nasional, provinsi, kabupaten or kota
	Region string // code of the region that it governs; empty for a national agency
}

// Agencies returns all 582 tenants: the national agencies, then the regional
// ones in order of region.
func Agencies(regions *Regions) []AgencySpec {
	return slices.Concat(NationalAgencies(), RegionalAgencies(regions))
}

// NationalAgencies returns thirty national agencies, the operator first, with
// the domains that they use.
func NationalAgencies() []AgencySpec {
	names := [...][2]string{
		{string(Operator), "Kementerian Komunikasi dan Digital"},
		{string(ProviderAgency), "Kementerian Dalam Negeri"},
		{"kemkes.go.id", "Kementerian Kesehatan"},
		{"kemensos.go.id", "Kementerian Sosial"},
		{"kemenkeu.go.id", "Kementerian Keuangan"},
		{"menpan.go.id", "Kementerian Pendayagunaan Aparatur Negara dan Reformasi Birokrasi"},
		{"bappenas.go.id", "Kementerian Perencanaan Pembangunan Nasional/Bappenas"},
		{"kemendikdasmen.go.id", "Kementerian Pendidikan Dasar dan Menengah"},
		{"kemdiktisaintek.go.id", "Kementerian Pendidikan Tinggi, Sains, dan Teknologi"},
		{"kemenag.go.id", "Kementerian Agama"},
		{"kemnaker.go.id", "Kementerian Ketenagakerjaan"},
		{"pertanian.go.id", "Kementerian Pertanian"},
		{"kkp.go.id", "Kementerian Kelautan dan Perikanan"},
		{"esdm.go.id", "Kementerian Energi dan Sumber Daya Mineral"},
		{"atrbpn.go.id", "Kementerian Agraria dan Tata Ruang/Badan Pertanahan Nasional"},
		{"pu.go.id", "Kementerian Pekerjaan Umum"},
		{"kemenhub.go.id", "Kementerian Perhubungan"},
		{"kemenperin.go.id", "Kementerian Perindustrian"},
		{"kemendag.go.id", "Kementerian Perdagangan"},
		{"kemlu.go.id", "Kementerian Luar Negeri"},
		{"bps.go.id", "Badan Pusat Statistik"},
		{"big.go.id", "Badan Informasi Geospasial"},
		{"bssn.go.id", "Badan Siber dan Sandi Negara"},
		{"bkn.go.id", "Badan Kepegawaian Negara"},
		{"brin.go.id", "Badan Riset dan Inovasi Nasional"},
		{"bmkg.go.id", "Badan Meteorologi, Klimatologi, dan Geofisika"},
		{"bnpb.go.id", "Badan Nasional Penanggulangan Bencana"},
		{"bpjs-kesehatan.go.id", "Badan Penyelenggara Jaminan Sosial Kesehatan"},
		{"polri.go.id", "Kepolisian Negara Republik Indonesia"},
		{"anri.go.id", "Arsip Nasional Republik Indonesia"},
	}
	agencies := make([]AgencySpec, len(names))
	for i, n := range names {
		agencies[i] = AgencySpec{ID: simpul.AgencyID(n[0]), Name: n[1], Level: "nasional"}
	}
	return agencies
}

// RegionalAgencies returns the governments of every province, regency and city.
// Their domains are not the real ones: each is the bare name without spaces,
// then prov, kab or kota, then .go.id, as in jawabaratprov.go.id.
func RegionalAgencies(regions *Regions) []AgencySpec {
	var agencies []AgencySpec
	for province := range regions.Level(Province).All() {
		agencies = append(agencies, AgencySpec{
			ID:     regionalID(province.Name, "prov"),
			Name:   "Pemerintah Provinsi " + province.Name,
			Level:  "provinsi",
			Region: province.Code,
		})
	}
	for regency := range regions.Level(Regency).All() {
		agencies = append(agencies, AgencySpec{
			ID:     regionalID(bareName(regency.Name), suffix(regency.Kind())),
			Name:   "Pemerintah " + regency.Name,
			Level:  regency.Kind(),
			Region: regency.Code,
		})
	}
	return agencies
}

func suffix(kind string) string {
	if kind == "kabupaten" {
		return "kab"
	}
	return kind
}

// bareName drops the kind from the name of a regency: "Kota Administrasi
// Jakarta Pusat" becomes "Jakarta Pusat".
func bareName(regency string) string {
	_, name, _ := strings.Cut(regency, " ")
	return strings.TrimPrefix(name, "Administrasi ")
}

func regionalID(name, suffix string) simpul.AgencyID {
	slug := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, fold(name))
	return simpul.AgencyID(slug + suffix + ".go.id")
}
