package catalog

import (
	"context"
	"net/url"
	"slices"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

const (
	mostLegalBasis  = 500
	mostAttribution = 1000
)

// Answers on personal data.
const (
	personalHeld = "ya"
	personalNone = "tidak"
)

func fillLaw(s Spec) url.Values {
	v := url.Values{"class": {string(s.Class)}, "legalBasis": {s.LegalBasis}, "licence": {string(s.Licence)}, "attribution": {s.Attribution}}
	held, said := s.Personal()
	switch {
	case said && held:
		v.Set("personal", personalHeld)
		for _, c := range s.PersonalData.Categories {
			v.Add("categories", string(c))
		}
	case said:
		v.Set("personal", personalNone)
	}
	return v
}

func readLaw(f *form, s *Spec, _ *contract.Contract) {
	class, err := simpul.ParseLIDClass(f.value("class"))
	f.fault("class", err)
	s.Class = class
	s.LegalBasis = f.needed("legalBasis", 1, mostLegalBasis)
	s.Attribution = f.text("attribution", mostAttribution)
	s.Licence = Licence(f.value("licence"))
	f.fault("licence", Metadata{Licence: s.Licence}.checkLists())
	readPersonalData(f, s)
}

func readPersonalData(f *form, s *Spec) {
	chosen := f.values["categories"]
	switch f.value("personal") {
	case personalNone:
		s.PersonalData = &PersonalData{}
		if len(chosen) > 0 {
			f.say("categories", simpul.Text{ID: "Jenis data pribadi dipilih, padahal dinyatakan tidak ada.", EN: "Kinds of personal data are chosen although there is said to be none."}, simpul.Text{ID: "Hapus pilihannya, atau nyatakan memuat data pribadi.", EN: "Remove the choices, or state that there is personal data."})
		}
		return
	case personalHeld:
		s.PersonalData = &PersonalData{Held: true}
	default:
		f.say("personal", simpul.Text{ID: "Belum dinyatakan.", EN: "Nothing is stated yet."}, simpul.Text{ID: "Nyatakan apakah orang dapat dikenali dari jawabannya.", EN: "State whether persons can be identified from the answers."})
		return
	}
	for _, code := range chosen {
		s.PersonalData.Categories = append(s.PersonalData.Categories, PersonalCategory(code))
	}
	f.fault("categories", Metadata{PersonalData: s.PersonalData}.checkLists())
	if s.Class == simpul.Terbuka {
		f.fault("class", s.Metadata.checkPersonalData(s.Class))
	}
}

// classOptions explain the classes by what each means for the provider.
func classChoices(ctx context.Context, chosen string) []web.Option {
	all := []web.Option{
		{Value: string(simpul.Terbuka), Label: web.T(ctx, "Terbuka", "Open"), Note: web.T(ctx,
			"Tanpa data pribadi. Akses diberikan otomatis kepada aplikasi instansi mana pun; catatan pertukaran ditulis menyusul.",
			"No personal data. Access is given by itself to applications of any agency; records of exchanges are written afterwards.")},
		{Value: string(simpul.Terbatas), Label: web.T(ctx, "Terbatas", "Restricted"), Note: web.T(ctx,
			"Instansi Anda memutuskan setiap permohonan dalam lima hari kerja. Catatan pertukaran sudah tersimpan sebelum jawaban diserahkan.",
			"Your agency decides on each request within five working days. The record of an exchange is stored before its answer is delivered.")},
		{Value: string(simpul.Tertutup), Label: web.T(ctx, "Tertutup", "Closed"), Note: web.T(ctx,
			"Perlu perjanjian pimpinan kedua instansi, dan setiap akses disetujui dua orang. Menerbitkannya pun memerlukan dua orang.",
			"Needs an agreement between the heads of both agencies, and two people approve each access. To publish it takes two people as well.")},
	}
	for i := range all {
		all[i].Selected = all[i].Value == chosen
	}
	return all
}

func personalChoices(ctx context.Context, chosen string) []web.Option {
	return []web.Option{
		{Value: personalNone, Label: web.T(ctx, "Tidak: tidak ada orang yang dapat dikenali dari jawabannya", "No: nobody can be identified from the answers"), Selected: chosen == personalNone},
		{Value: personalHeld, Label: web.T(ctx, "Ya: jawabannya dapat menyangkut orang tertentu", "Yes: the answers can concern a certain person"), Selected: chosen == personalHeld,
			Note: web.T(ctx, "UU 27/2022 berlaku. Kelasnya terbatas atau tertutup.", "UU 27/2022 applies. The class is restricted or closed.")},
	}
}

// optionsOf makes choices of a controlled list.
func optionsOf[T ~string](ctx context.Context, list []term[T], chosen []string) []web.Option {
	all := make([]web.Option, len(list))
	for i, t := range list {
		all[i] = web.Option{Value: string(t.Code), Label: web.T(ctx, t.Name.ID, t.Name.EN), Selected: slices.Contains(chosen, string(t.Code))}
	}
	return all
}

// orNone puts "not said" before the choices of a select.
func orNone(ctx context.Context, options []web.Option) []web.Option {
	return append([]web.Option{{Label: web.T(ctx, "Belum ditentukan", "Not decided yet")}}, options...)
}
