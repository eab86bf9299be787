package catalog

import (
	"slices"

	"simpul"
)

// Theme is a subject of data, by its code in the EU data themes. DCAT-AP 3 asks
// for this list, its addresses are stable, and catalogues of the whole world
// exchange it; the Indonesian names are ours. See ADR 0018.
type Theme string

// Frequency is how often data is brought up to date.
type Frequency string

// Licence is the SPDX identifier of a licence, or [Agreement].
type Licence string

// Agreement stands where no public licence holds but what both agencies signed.
const Agreement Licence = "perjanjian"

// PersonalCategory is a kind of personal data of UU 27/2022 art. 4.
type PersonalCategory string

// term is one entry of a controlled list: its code, its names, and the address
// by which other catalogues know it.
type term[T ~string] struct {
	Code T
	Name simpul.Text
	URI  string
}

const (
	themeURI     = "http://publications.europa.eu/resource/authority/data-theme/"
	frequencyURI = "http://publications.europa.eu/resource/authority/frequency/"
)

func themes() []term[Theme] {
	entry := func(code Theme, id, en string) term[Theme] {
		return term[Theme]{code, simpul.Text{ID: id, EN: en}, themeURI + string(code)}
	}
	return []term[Theme]{
		entry("AGRI", "Pertanian, perikanan, dan pangan", "Agriculture, fisheries and food"),
		entry("ECON", "Ekonomi dan keuangan", "Economy and finance"),
		entry("EDUC", "Pendidikan, kebudayaan, dan olahraga", "Education, culture and sport"),
		entry("ENER", "Energi", "Energy"),
		entry("ENVI", "Lingkungan hidup", "Environment"),
		entry("GOVE", "Pemerintahan dan layanan publik", "Government and public sector"),
		entry("HEAL", "Kesehatan", "Health"),
		entry("INTR", "Hubungan luar negeri", "International issues"),
		entry("JUST", "Hukum, keadilan, dan keamanan", "Justice, law and public safety"),
		entry("REGI", "Wilayah dan permukiman", "Regions and cities"),
		entry("SOCI", "Kependudukan dan sosial", "Population and society"),
		entry("TECH", "Ilmu pengetahuan dan teknologi", "Science and technology"),
		entry("TRAN", "Perhubungan", "Transport"),
	}
}

func frequencies() []term[Frequency] {
	entry := func(code Frequency, eu, id, en string) term[Frequency] {
		return term[Frequency]{code, simpul.Text{ID: id, EN: en}, frequencyURI + eu}
	}
	return []term[Frequency]{
		entry("continuous", "UPDATE_CONT", "Terus-menerus", "Continuously"),
		entry("hourly", "HOURLY", "Setiap jam", "Every hour"),
		entry("daily", "DAILY", "Setiap hari", "Every day"),
		entry("weekly", "WEEKLY", "Setiap minggu", "Every week"),
		entry("monthly", "MONTHLY", "Setiap bulan", "Every month"),
		entry("quarterly", "QUARTERLY", "Setiap triwulan", "Every quarter"),
		entry("semiannual", "ANNUAL_2", "Setiap semester", "Twice a year"),
		entry("annual", "ANNUAL", "Setiap tahun", "Every year"),
		entry("irregular", "IRREG", "Tidak berkala", "Irregularly"),
		entry("never", "NEVER", "Tidak berubah lagi", "Never again"),
	}
}

func licences() []term[Licence] {
	entry := func(code Licence, name, uri string) term[Licence] {
		return term[Licence]{code, simpul.Text{ID: name, EN: name}, uri}
	}
	return []term[Licence]{
		entry("CC0-1.0", "Creative Commons Zero 1.0", "http://creativecommons.org/publicdomain/zero/1.0/"),
		entry("CC-BY-4.0", "Creative Commons BY 4.0", "http://creativecommons.org/licenses/by/4.0/"),
		entry("CC-BY-SA-4.0", "Creative Commons BY-SA 4.0", "http://creativecommons.org/licenses/by-sa/4.0/"),
		entry("ODC-By-1.0", "Open Data Commons Attribution 1.0", "http://opendatacommons.org/licenses/by/1.0/"),
		entry("ODbL-1.0", "Open Database License 1.0", "http://opendatacommons.org/licenses/odbl/1.0/"),
		entry("PDDL-1.0", "Public Domain Dedication and License 1.0", "http://opendatacommons.org/licenses/pddl/1.0/"),
		{Agreement, simpul.Text{ID: "Menurut perjanjian kedua instansi", EN: "As both agencies agreed"}, ""},
	}
}

// personalCategories are those of article 4: paragraph 2 names the specific
// ones, paragraph 3 the general ones.
func personalCategories() []term[PersonalCategory] {
	entry := func(code PersonalCategory, id, en string) term[PersonalCategory] {
		return term[PersonalCategory]{Code: code, Name: simpul.Text{ID: id, EN: en}}
	}
	return []term[PersonalCategory]{
		entry("name", "nama lengkap", "full name"),
		entry("gender", "jenis kelamin", "gender"),
		entry("nationality", "kewarganegaraan", "nationality"),
		entry("religion", "agama", "religion"),
		entry("marital", "status perkawinan", "marital status"),
		entry("identifying", "data yang dikombinasikan untuk mengenali orang", "data combined to identify a person"),
		entry("health", "data dan informasi kesehatan", "health data"),
		entry("biometric", "data biometrik", "biometric data"),
		entry("genetic", "data genetika", "genetic data"),
		entry("criminal", "catatan kejahatan", "criminal record"),
		entry("child", "data anak", "data of children"),
		entry("finance", "data keuangan pribadi", "personal finance"),
		entry("other", "data spesifik lain menurut peraturan", "other specific data by law"),
	}
}

func lookUp[T ~string](list []term[T], code T) (term[T], bool) {
	if i := slices.IndexFunc(list, func(t term[T]) bool { return t.Code == code }); i >= 0 {
		return list[i], true
	}
	return term[T]{}, false
}

func codes[T ~string](list []term[T]) []T {
	all := make([]T, len(list))
	for i, t := range list {
		all[i] = t.Code
	}
	return all
}
