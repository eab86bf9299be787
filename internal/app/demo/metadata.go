package demo

import (
	"context"
	"strings"

	"simpul"
	"simpul/internal/registry/catalog"
	"simpul/internal/registry/catalog/contract"
	"simpul/internal/registry/standard"
)

// metadataOf describes a LID as its steward would. It promises no availability:
// the demo nation lives as long as its process.
func metadataOf(address simpul.Address) catalog.Metadata {
	held := address == checkAddress
	m := catalog.Metadata{
		Themes:       []catalog.Theme{"REGI", "GOVE"},
		Purpose:      "Agar semua aplikasi pemerintah menyebut wilayah dengan kode dan nama yang sama.",
		ServiceLevel: &catalog.ServiceLevel{LatencyMillis: 500, SupportHours: "Selama negara contoh berjalan"},
		Contacts:     []catalog.Contact{{Unit: "Pusat Data dan Informasi (contoh)", Email: "layanan.data@kemendagri.go.id"}},
		Coverage:     &catalog.Coverage{From: "2025-01-01"},
		Frequency:    "irregular",
		Licence:      "ODbL-1.0",
		PersonalData: &catalog.PersonalData{Held: held},
		Standards:    []catalog.Standard{{Name: "Kode dan data wilayah administrasi pemerintahan"}},
	}
	if held {
		m.Themes, m.Licence = []catalog.Theme{"SOCI"}, catalog.Agreement
		m.Purpose = "Agar penyelenggara layanan dapat memastikan NIK pemohon, tanpa menyimpan salinan data penduduk."
		m.PersonalData.Categories = []catalog.PersonalCategory{"name", "gender", "identifying"}
	}
	return m
}

// demoStandards are those by which the fields of the demo's LIDs are explained.
func demoStandards() map[string]standard.StandardSpec {
	return map[string]standard.StandardSpec{
		"jumlah-penduduk": {Field: "kependudukan", Name: "Jumlah penduduk", Concept: "Penduduk", Definition: "Banyaknya orang yang berdomisili di suatu wilayah pada waktu tertentu.", Classification: "Menurut wilayah administrasi", List: standard.Kemendagri, Measure: "Jumlah", Unit: "jiwa"},
		"kode-wilayah":    {Field: "pemerintahan", Name: "Kode wilayah administrasi", Concept: "Wilayah administrasi pemerintahan", Definition: "Kode provinsi, kabupaten atau kota, kecamatan, dan desa atau kelurahan menurut Kementerian Dalam Negeri, ditulis dengan titik.", Classification: "Empat tingkat wilayah", List: standard.Kemendagri},
		"nama-wilayah":    {Field: "pemerintahan", Name: "Nama wilayah administrasi", Concept: "Wilayah administrasi pemerintahan", Definition: "Nama resmi wilayah menurut Kementerian Dalam Negeri, dengan jenisnya bila wilayah itu kabupaten atau kota.", Classification: "Empat tingkat wilayah", List: standard.Kemendagri},
		"nik":             {Field: "kependudukan", Name: "Nomor Induk Kependudukan", Concept: "Identitas penduduk", Definition: "Nomor tunggal enam belas angka yang melekat pada seorang penduduk seumur hidup; di negara contoh disamarkan dan sintetis."},
		"nama-penduduk":   {Field: "kependudukan", Name: "Nama penduduk", Concept: "Identitas penduduk", Definition: "Nama lengkap menurut pencatatan sipil; di negara contoh sintetis."},
		"jenis-kelamin":   {Field: "kependudukan", Name: "Jenis kelamin", Concept: "Identitas penduduk", Definition: "Jenis kelamin menurut pencatatan sipil.", Classification: "laki-laki; perempuan"},
		"tanggal-lahir":   {Field: "kependudukan", Name: "Tanggal lahir", Concept: "Identitas penduduk", Definition: "Hari, bulan, dan tahun kelahiran menurut pencatatan sipil."},
	}
}

// bindings binds every field of the demo's LIDs that a standard explains.
func (p provisioner) bindings(ctx context.Context) error {
	addresses := []simpul.Address{standard.AddressOf(standard.Kemendagri)}
	for _, l := range Contracts() {
		addresses = append(addresses, l.Address)
	}
	for _, address := range addresses {
		_, read, err := p.hub.LIDs.Owner(ctx, p.operator.Scope(), address)
		if err != nil {
			return err
		}
		if err := keep(ctx, p, p.hub.Bindings, string(address), standard.BindingSpec{Fields: boundFields(address, read)}); err != nil {
			return err
		}
	}
	return nil
}

func boundFields(address simpul.Address, c *contract.Contract) (all []standard.BoundField) {
	seen := map[string]bool{}
	for _, op := range c.Operations {
		for _, f := range op.ResponseFields {
			b := meaning(address, f.Path[strings.LastIndexByte(f.Path, '.')+1:])
			if b.Field = f.Path; b.Standard != "" && !seen[f.Path] {
				seen[f.Path] = true
				all = append(all, b)
			}
		}
	}
	return all
}

// meaning is what the demo's LIDs mean by a name. The list of codes ends with
// the districts, so codes of villages follow the standard alone.
func meaning(address simpul.Address, name string) standard.BoundField {
	region := standard.BoundField{Standard: "kode-wilayah", List: standard.Kemendagri}
	switch {
	case address == checkAddress && name == "nama":
		return standard.BoundField{Standard: "nama-penduduk"}
	case name == "nama" || name == "nama_en":
		return standard.BoundField{Standard: "nama-wilayah"}
	case name == "nik":
		return standard.BoundField{Standard: "nik"}
	case name == "jenis_kelamin":
		return standard.BoundField{Standard: "jenis-kelamin"}
	case name == "tanggal_lahir":
		return standard.BoundField{Standard: "tanggal-lahir"}
	case name == "kode" && address == "master/Desa":
		return standard.BoundField{Standard: "kode-wilayah"}
	case name == "kode" || name == "induk" || strings.HasPrefix(name, "kode_"):
		return region
	}
	return standard.BoundField{}
}
