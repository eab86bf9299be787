package standard

import (
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// FormID names a form of statistical metadata.
type FormID string

// The forms: activity, variable and indicator after Peraturan BPS 5/2020 on
// statistical metadata, and the list of priority data of Satu Data Indonesia.
const (
	Activity  FormID = "ms-keg"
	Variable  FormID = "ms-var"
	Indicator FormID = "ms-ind"
	Priority  FormID = "prioritas"
)

// FormIDs lists the forms.
func FormIDs() []FormID { return []FormID{Activity, Variable, Indicator, Priority} }

// ParseFormID accepts the name of a form.
func ParseFormID(s string) (FormID, error) {
	if slices.Contains(FormIDs(), FormID(s)) {
		return FormID(s), nil
	}
	return "", simpul.Invalid("form",
		simpul.Text{ID: "Formulir \"" + s + "\" tidak dikenal.", EN: "Form \"" + s + "\" is unknown."},
		simpul.Text{ID: "Pilih ms-keg, ms-var, ms-ind, atau prioritas.", EN: "Choose ms-keg, ms-var, ms-ind or prioritas."})
}

// ValueType is what an answer may be.
type ValueType string

const (
	Short  ValueType = ""       // one line
	Long   ValueType = "long"   // several lines
	Choice ValueType = "choice" // one of Choices
	YesNo  ValueType = "yesno"  // "ya" or "tidak"
	Number ValueType = "number" // a whole number, not negative
	Date   ValueType = "date"   // a day
)

// Question is one field of a form.
type Question struct {
	Key      string
	Label    simpul.Text
	Type     ValueType
	Required bool
	Choices  []string
}

// Part is one section of a form: one step of the wizard.
type Part struct {
	Title     simpul.Text
	Questions []Question
}

// Form is a form with its sections.
type Form struct {
	ID    FormID
	Title simpul.Text
	Parts []Part
}

// FormOf returns a form. The fields follow the public lists of the forms; names
// and numbers of persons are replaced by offices, which do not change hands.
func FormOf(id FormID) Form {
	switch id {
	case Activity:
		return activityForm()
	case Variable:
		return variableForm()
	case Indicator:
		return indicatorForm()
	}
	return priorityForm()
}

func ask(key, id, en string) Question {
	return Question{Key: key, Label: simpul.Text{ID: id, EN: en}}
}

func (q Question) must() Question             { q.Required = true; return q }
func (q Question) as(t ValueType) Question    { q.Type = t; return q }
func (q Question) of(some ...string) Question { q.Type, q.Choices = Choice, some; return q }

func part(id, en string, all ...Question) Part { return Part{simpul.Text{ID: id, EN: en}, all} }

func activityForm() Form {
	return Form{Activity, simpul.Text{ID: "MS-Keg: kegiatan statistik", EN: "MS-Keg: statistical activity"}, []Part{
		part("Identitas", "Identity", ask("judul", "Judul kegiatan", "Title of the activity").must(), ask("tahun", "Tahun", "Year").as(Number).must(), ask("jenis", "Jenis kegiatan", "Kind of activity").of("kompilasi produk administrasi", "survei", "sensus", "cara lain").must()),
		part("I. Penyelenggara", "I. Organiser", ask("penyelenggara", "Instansi penyelenggara", "Organising agency").must(), ask("alamat_penyelenggara", "Alamat kantor", "Office address").as(Long)),
		part("II. Penanggung jawab", "II. Person in charge", ask("unit_penanggung_jawab", "Unit eselon penanggung jawab", "Unit in charge").must(), ask("jabatan_penanggung_jawab", "Jabatan penanggung jawab (bukan nama orang)", "Office in charge (not a person's name)").must()),
		part("III. Perencanaan dan persiapan", "III. Planning", ask("latar_belakang", "Latar belakang", "Background").as(Long).must(), ask("tujuan", "Tujuan", "Purpose").as(Long).must(), ask("mulai", "Mulai", "Begins").as(Date), ask("selesai", "Selesai", "Ends").as(Date)),
		part("IV. Desain kegiatan", "IV. Design", ask("frekuensi", "Frekuensi", "Frequency").of("sekali", "harian", "mingguan", "bulanan", "triwulanan", "semesteran", "tahunan", "lebih dari dua tahunan").must(), ask("cakupan_wilayah", "Cakupan wilayah", "Area covered").must(), ask("cara_pengumpulan", "Cara pengumpulan data", "How data are collected").as(Long).must()),
		part("V. Desain sampel", "V. Sample", ask("rancangan_sampel", "Rancangan sampel", "Sample design").as(Long), ask("kerangka_sampel", "Kerangka sampel", "Sampling frame"), ask("fraksi_sampel", "Fraksi sampel", "Sampling fraction")),
		part("VI. Penjaminan kualitas", "VI. Quality", ask("uji_coba", "Ada uji coba?", "Was there a pilot?").as(YesNo).must(), ask("pelatihan", "Ada pelatihan petugas?", "Were the staff trained?").as(YesNo).must(), ask("pemeriksaan", "Cara pemeriksaan kualitas", "How quality is checked").as(Long)),
		part("VII. Pengolahan dan analisis", "VII. Processing and analysis", ask("pengolahan", "Tahapan pengolahan", "Steps of processing").as(Long).must(), ask("analisis", "Metode analisis", "Method of analysis").as(Long)),
		part("VIII. Diseminasi", "VIII. Dissemination", ask("produk", "Produk yang tersedia untuk umum", "Products for the public").as(Long).must(), ask("tanggal_rilis", "Rencana rilis", "Planned release").as(Date)),
	}}
}

func variableForm() Form {
	return Form{Variable, simpul.Text{ID: "MS-Var: variabel statistik", EN: "MS-Var: statistical variable"}, []Part{
		part("Asal", "Origin", ask("kegiatan", "Kegiatan statistik", "Statistical activity").must(), ask("penyelenggara", "Penyelenggara", "Organiser").must()),
		part("Variabel", "Variable", ask("nama", "Nama variabel", "Name").must(), ask("alias", "Alias", "Alias"), ask("konsep", "Konsep", "Concept").as(Long).must(), ask("definisi", "Definisi", "Definition").as(Long).must(), ask("referensi_pemilihan", "Referensi pemilihan", "Reference for the choice"), ask("referensi_waktu", "Referensi waktu", "Reference time").must()),
		part("Isian", "Answers", ask("tipe_data", "Tipe data", "Data type").of("bilangan bulat", "bilangan pecahan", "teks", "tanggal", "pilihan").must(), ask("klasifikasi", "Klasifikasi isian", "Classification of answers").as(Long), ask("aturan_validasi", "Aturan validasi", "Validation rule").as(Long), ask("kalimat_pertanyaan", "Kalimat pertanyaan", "Question sentence").as(Long), ask("akses_umum", "Dapat diakses umum?", "Open to the public?").as(YesNo).must()),
	}}
}

func indicatorForm() Form {
	return Form{Indicator, simpul.Text{ID: "MS-Ind: indikator statistik", EN: "MS-Ind: statistical indicator"}, []Part{
		part("Indikator", "Indicator", ask("nama", "Nama indikator", "Name").must(), ask("konsep", "Konsep", "Concept").as(Long).must(), ask("definisi", "Definisi", "Definition").as(Long).must(), ask("interpretasi", "Interpretasi", "Interpretation").as(Long).must()),
		part("Perhitungan", "Calculation", ask("rumus", "Metode atau rumus penghitungan", "Method or formula").as(Long).must(), ask("ukuran", "Ukuran", "Measure").must(), ask("satuan", "Satuan", "Unit").must(), ask("klasifikasi_penyajian", "Klasifikasi penyajian", "Classification of presentation")),
		part("Susunan", "Composition", ask("komposit", "Indikator komposit?", "Composite?").as(YesNo).must(), ask("indikator_pembangun", "Indikator pembangun", "Component indicators").as(Long), ask("variabel_pembangun", "Variabel pembangun", "Component variables").as(Long)),
		part("Ketersediaan", "Availability", ask("publikasi", "Publikasi ketersediaan", "Where it is published"), ask("level_estimasi", "Level estimasi", "Level of estimation").of("nasional", "provinsi", "kabupaten/kota", "kecamatan", "desa/kelurahan").must(), ask("akses_umum", "Dapat diakses umum?", "Open to the public?").as(YesNo).must()),
	}}
}

func priorityForm() Form {
	years := make([]Question, 0, 5)
	for year := 2025; year <= 2029; year++ {
		y := strconv.Itoa(year)
		years = append(years, ask("tahun_"+y, "Tersedia tahun "+y+"?", "Available in "+y+"?").as(YesNo))
	}
	return Form{Priority, simpul.Text{ID: "Data Prioritas", EN: "Priority data"}, []Part{
		part("Data", "Data", ask("nomor", "ID data prioritas", "ID of the priority data").must(), ask("rujukan", "Rujukan sumber", "Source reference").must(), ask("indikator", "Indikator", "Indicator").must(), ask("nama", "Nama data", "Name").must(), ask("jenis", "Jenis data", "Kind").of("statistik", "geospasial", "keuangan", "lainnya").must()),
		part("Standar", "Standard", ask("standar", "Standar data", "Data standard"), ask("definisi", "Definisi", "Definition").as(Long).must(), ask("satuan", "Satuan", "Unit").must()),
		part("Produsen", "Producer", ask("produsen", "Instansi produsen", "Producing agency").must(), ask("unit_produsen", "Unit produsen", "Producing unit"), ask("kelas_risiko", "Kelas risiko", "Risk class").of("rendah", "sedang", "tinggi").must(), ask("jadwal_pemutakhiran", "Jadwal pemutakhiran", "Update schedule").must(), ask("perlu_data_daerah", "Perlu data daerah?", "Needs regional data?").as(YesNo).must()),
		part("Ketersediaan 2025–2029", "Availability 2025–2029", years...),
	}}
}

// Questions returns all fields in their order.
func (f Form) Questions() (all []Question) {
	for _, p := range f.Parts {
		all = append(all, p.Questions...)
	}
	return all
}

// title is the field by which a filled-in form is called.
func (f Form) title() string {
	if f.ID == Activity {
		return "judul"
	}
	return "nama"
}

// check holds an answer against its question; an empty one is left to missing.
func (q Question) check(place, value string) error {
	if value == "" {
		return nil
	}
	if err := textOf(place, value, 5000); err != nil {
		return err
	}
	ok, id, en := true, "teks biasa", "plain text"
	switch q.Type {
	case Choice:
		ok, id, en = slices.Contains(q.Choices, value), "salah satu dari: "+strings.Join(q.Choices, ", "), "one of: "+strings.Join(q.Choices, ", ")
	case YesNo:
		ok, id, en = value == "ya" || value == "tidak", "ya atau tidak", "ya or tidak (yes or no)"
	case Number:
		n, err := strconv.Atoi(value)
		ok, id, en = err == nil && n >= 0, "bilangan bulat", "a whole number"
	case Date:
		_, err := ParseDay(value)
		ok, id, en = err == nil, "tanggal, misalnya 2026-11-25", "a date, such as 2026-11-25"
	case Short:
		ok, id, en = !strings.ContainsAny(value, "\n\t"), "satu baris", "one line"
	}
	if ok {
		return nil
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "\"" + q.Label.ID + "\" tidak sesuai.", EN: "\"" + q.Label.EN + "\" does not fit."},
		simpul.Text{ID: "Isi dengan " + id + ".", EN: "Answer with " + en + "."})
}

// Missing returns the required fields that have no answer.
func (f Form) Missing(values map[string]string) (left []Question) {
	for _, q := range f.Questions() {
		if q.Required && strings.TrimSpace(values[q.Key]) == "" {
			left = append(left, q)
		}
	}
	return left
}
