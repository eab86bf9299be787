package simpul

import "strings"

// FieldKind says what the values of a field are likely to be about, judged by
// the field's name alone.
type FieldKind string

const (
	PlainField    FieldKind = ""         // nothing that its name gives away
	PersonalField FieldKind = "personal" // a person (UU 27/2022 art. 4)
	RegionalField FieldKind = "regional" // an administrative region
)

// fieldWords are the words in the name of a field that tell its kind. This table
// is the only place that knows them: what must be bound to a standard or a list
// of codes, and what a score asks for, follow from it.
var fieldWords = map[string]FieldKind{
	"nik": PersonalField, "ktp": PersonalField, "kk": PersonalField, "npwp": PersonalField, "nip": PersonalField, "nisn": PersonalField,
	"paspor": PersonalField, "nama": PersonalField, "alamat": PersonalField, "lahir": PersonalField, "kelamin": PersonalField,
	"telepon": PersonalField, "telp": PersonalField, "hp": PersonalField, "ponsel": PersonalField, "email": PersonalField, "surel": PersonalField,
	"agama": PersonalField, "penduduk": PersonalField,

	"wilayah": RegionalField, "provinsi": RegionalField, "prov": RegionalField, "kabupaten": RegionalField, "kab": RegionalField, "kota": RegionalField,
	"kecamatan": RegionalField, "kec": RegionalField, "kelurahan": RegionalField, "kel": RegionalField, "desa": RegionalField,
}

// KindOfField judges a field by the last name of its path. A word counts when it
// stands by itself, between underscores, hyphens or capitals: "items.kode_kota"
// and "kodeKota" are about a region, "kotak" is not. A name with words of both
// kinds, such as nama_provinsi, is about the region.
func KindOfField(path string) (kind FieldKind) {
	for _, w := range wordsOfName(path[strings.LastIndexByte(path, '.')+1:]) {
		switch fieldWords[w] {
		case RegionalField:
			return RegionalField
		case PersonalField:
			kind = PersonalField
		}
	}
	return kind
}

// wordsOfName splits a name into its words, in small letters.
func wordsOfName(name string) (all []string) {
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			all = append(all, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	small := false
	for _, r := range name {
		capital := 'A' <= r && r <= 'Z'
		if r == '_' || r == '-' || r == ' ' {
			end()
			small = false
			continue
		}
		if capital && small {
			end()
		}
		word.WriteRune(r)
		small = !capital
	}
	end()
	return all
}
