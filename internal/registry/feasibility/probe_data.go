package feasibility

import (
	"context"
	"slices"
	"strings"

	"simpul"
)

// personalNames are names of fields that hold personal data by themselves
// (UU 27/2022 art. 4), in the words that Indonesian services use.
func personalNames() []string {
	return []string{
		"nik", "no_ktp", "ktp", "no_kk", "nomor_kk", "kk", "npwp", "paspor", "no_paspor", "nisn", "no_bpjs", "nama_lengkap", "nama_ibu", "nama_ibu_kandung", "nama_ayah",
		"nama_pasien", "nama_penduduk", "nama_pegawai", "nama_siswa", "tanggal_lahir", "tgl_lahir", "tempat_lahir", "jenis_kelamin", "agama", "status_kawin", "status_perkawinan",
		"golongan_darah", "no_hp", "nomor_hp", "hp", "no_telepon_pribadi", "rekam_medis", "no_rekam_medis", "diagnosa", "diagnosis", "sidik_jari", "foto_wajah", "gaji", "no_rekening",
		"national_id", "full_name", "date_of_birth", "birth_date", "birthdate", "gender", "religion", "mothers_name",
	}
}

// perhapsPersonal reports names that are personal of people and harmless of
// offices and places.
func perhapsPersonal(path string) bool {
	english := []string{"name", "address", "phone"}
	return simpul.KindOfField(path) == simpul.PersonalField || slices.Contains(english, snake(path[strings.LastIndexByte(path, '.')+1:]))
}

// lookPersonal compares what is said of personal data with what there is.
func lookPersonal(_ context.Context, t *test, c *Check) {
	if t.subject.Held {
		c.Note = say("Metadata menyatakan ada data pribadi.", "The metadata says that there is personal data.")
		return
	}
	sure, perhaps := t.personalFields()
	declare := say("Isi personalData pada metadata: held dan jenis datanya (UU 27/2022 pasal 4).", "Fill in personalData in the metadata: held, and the kinds of data (UU 27/2022 art. 4).")
	switch said := t.subject.Said; {
	case len(sure) > 0 && !said:
		c.add(Finding{Outcome: Fail, Place: "contract", What: say("Ada bidang yang tampaknya data pribadi, dan belum ada yang menyatakan apa pun.", "There are fields that look like personal data, and nobody has said anything."), Got: strings.Join(sure, ", "), Remedy: declare})
	case len(sure) > 0:
		c.add(Finding{Outcome: Warn, Place: "contract", What: say("Metadata menyatakan tidak ada data pribadi, tetapi ada bidang yang tampaknya data pribadi.", "The metadata says that there is no personal data, but there are fields that look like it."), Got: strings.Join(sure, ", "), Remedy: declare})
	case len(perhaps) > 0 && !said:
		c.add(Finding{Outcome: Warn, Place: "contract", What: say("Belum dinyatakan apakah bidang ini tentang orang.", "Nobody has said whether these fields are about persons."), Got: strings.Join(perhaps, ", "), Remedy: declare})
	case !said:
		c.warn("metadata.personalData", say("Belum dinyatakan apakah LID ini memuat data pribadi.", "Nobody has said whether this LID holds personal data."), declare)
	}
	for _, a := range t.answers {
		if holdsNIK(a.value) {
			c.fail(a.String(), say("Jawaban memuat nilai berbentuk NIK, padahal data pribadi tidak dinyatakan. Nilainya tidak disimpan.", "An answer holds a value of the form of a NIK, though no personal data is declared. The value is not kept."), declare)
		}
	}
}

// personalFields lists the names of fields and parameters that look personal,
// each once: surely, and perhaps.
func (t *test) personalFields() (sure, perhaps []string) {
	note := func(list []string, name string) []string {
		if slices.Contains(list, name) {
			return list
		}
		return append(list, name)
	}
	look := func(path string) {
		switch name := snake(path[strings.LastIndexByte(path, '.')+1:]); {
		case slices.Contains(personalNames(), name):
			sure = note(sure, path)
		case perhapsPersonal(path):
			perhaps = note(perhaps, path)
		}
	}
	for _, o := range t.ops {
		for _, f := range t.doc.fields(o) {
			look(f.path)
		}
		for _, p := range o.parameters {
			look(p.name)
		}
	}
	return sure, perhaps
}

// snake writes a name in lower_snake_case: "tanggalLahir" is "tanggal_lahir".
func snake(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		capital := 'A' <= r && r <= 'Z'
		if capital && small {
			b.WriteByte('_')
		}
		if r == '-' || r == ' ' {
			r = '_'
		}
		b.WriteRune(r)
		small = !capital
	}
	return strings.ToLower(b.String())
}

// holdsNIK reports whether a value of the form of a NIK stands anywhere. Depth
// is bounded by what was decoded.
func holdsNIK(value any) bool {
	switch v := value.(type) {
	case []any:
		return slices.ContainsFunc(v, holdsNIK)
	case object:
		for _, member := range v {
			if holdsNIK(member) {
				return true
			}
		}
	default:
		_, err := simpul.ParseNIK(strings.TrimSpace(written(value)))
		return err == nil
	}
	return false
}

// mostCodes is how many codes of one field are looked up.
const mostCodes = 200

// lookCodes looks up the codes that answers hold in fields that are bound to a
// list, and names fields that look like regions and are bound to none.
func lookCodes(ctx context.Context, t *test, c *Check) {
	for _, b := range t.subject.Bound {
		codes := t.codes(b.Field)
		if len(codes) == 0 {
			continue
		}
		invalid, err := t.Codes.Invalid(ctx, b.List, codes)
		if err != nil {
			c.warn(b.Field, sayf("Daftar kode %s tidak dapat dibaca.", "The code list %s cannot be read.", b.List), say("Periksa pengikatan bidang itu.", "Check what the field is bound to."))
			continue
		}
		if len(invalid) > 0 {
			c.add(Finding{Outcome: Fail, Place: b.Field, What: sayf("%d dari %d kode tidak berlaku hari ini.", "%d of %d codes are not valid today.", len(invalid), len(codes)), Expected: b.List, Got: strings.Join(shownCodes(invalid), ", "),
				Remedy: say("Ganti kodenya dengan yang berlaku, atau ikat bidang itu ke daftar yang benar. Lihat riwayatnya di halaman Kode referensi.", "Replace the codes by valid ones, or bind the field to the right list. See their history on the page of reference codes.")})
		}
	}
	if loose := t.looseRegions(); len(loose) > 0 {
		c.add(Finding{Outcome: Warn, Place: "contract", What: say("Bidang kode wilayah belum diikat ke daftar kode, jadi artinya harus ditebak.", "Fields of region codes are bound to no code list, so one must guess what they mean."), Got: strings.Join(loose, ", "),
			Remedy: say("Ikat ke wilayah-kemendagri atau wilayah-bps, dengan sumber daya Binding atau di halaman Standar.", "Bind them to wilayah-kemendagri or wilayah-bps, with the resource Binding or on the page Standards.")})
	}
}

// shownCodes quotes a few codes. What is no code by its form may be something
// else, which a report must not hold.
func shownCodes(codes []string) (shown []string) {
	for _, code := range codes[:min(len(codes), 5)] {
		if len(code) > 20 || strings.ContainsAny(code, " @") {
			code = "…"
		}
		shown = append(shown, code)
	}
	return shown
}

// codes collects the values of a field in all answers, each once.
func (t *test) codes(path string) (all []string) {
	for _, a := range t.answers {
		if a.status < 300 {
			all = valuesAt(all, a.value, strings.Split(path, "."))
		}
	}
	return all
}

func valuesAt(all []string, value any, path []string) []string {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			all = valuesAt(all, one, path)
		}
	case object:
		if len(path) > 0 {
			return valuesAt(all, v[path[0]], path[1:])
		}
	case nil:
	default:
		if code := written(value); len(path) == 0 && len(all) < mostCodes && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}

// looseRegions lists fields that look like codes of regions and are bound to no
// list.
func (t *test) looseRegions() (loose []string) {
	bound := func(path string) bool {
		return slices.ContainsFunc(t.subject.Bound, func(b Bound) bool { return b.Field == path })
	}
	for _, o := range t.ops {
		for _, f := range t.doc.fields(o) {
			if isRegionCode(f.path) && !bound(f.path) && !slices.Contains(loose, f.path) {
				loose = append(loose, f.path)
			}
		}
	}
	return loose
}

func isRegionCode(path string) bool {
	words := strings.Split(snake(path[strings.LastIndexByte(path, '.')+1:]), "_")
	return simpul.KindOfField(path) == simpul.RegionalField && slices.ContainsFunc(words, func(w string) bool { return w == "kode" || w == "id" || w == "code" })
}
