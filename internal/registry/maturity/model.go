package maturity

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"simpul"
)

// Evidence is something that the hub can find out of an agency.
type Evidence string

const (
	Connected  Evidence = "connected"  // it has its operational approval
	Exchanging Evidence = "exchanging" // an exchange was delivered in the period
	Catalogued Evidence = "catalogued" // it has a LID in the catalogue
	Documented Evidence = "documented" // it filed statistical metadata that were approved
	Standards  Evidence = "standards"  // fields of its LIDs are bound, or it keeps a standard
	Policy     Evidence = "policy"     // it has a policy, which no hub knows
	Reviewed   Evidence = "reviewed"   // each live LID was evaluated within a year
	Renewed    Evidence = "renewed"    // a LID was changed in the period
)

// Evidences lists all of them.
func Evidences() []Evidence {
	return []Evidence{Connected, Exchanging, Catalogued, Documented, Standards, Policy, Reviewed, Renewed}
}

// Model says what each level of an assessment asks for, from a day on until the
// next model begins. Assessments change with their regulations, so this is data
// of the nation.
type Model struct {
	From     string      `json:"from" example:"2026-01-01" doc:"First day on which it holds"`
	Source   string      `json:"source" minLength:"5" maxLength:"1000" doc:"Regulation or guideline that it follows"`
	Criteria []Criterion `json:"criteria" minItems:"1" maxItems:"100"`
}

// Criterion is one thing that an assessor asks for.
type Criterion struct {
	Assessment string   `json:"assessment" minLength:"3" maxLength:"200" example:"SPBE indikator 89"`
	Level      int      `json:"level" minimum:"0" maximum:"5" doc:"Level that asks for it; 0 where there are no levels"`
	Evidence   Evidence `json:"evidence" enum:"connected,exchanging,catalogued,documented,standards,policy,reviewed,renewed" doc:"What shows it"`
	Asks       Words    `json:"asks" doc:"What is asked for, in one sentence"`
	Remedy     Words    `json:"remedy" doc:"What to do where it is missing"`
}

// FirstModel is what a hub begins with: a working assumption, to be replaced by
// the text of the guideline in force.
func FirstModel() Model {
	const audit, statistics = "Audit SPBE, indikator 89", "Evaluasi statistik sektoral"
	ask := func(assessment string, level int, e Evidence, asks, remedy Words) Criterion {
		return Criterion{assessment, level, e, asks, remedy}
	}
	return Model{From: "2000-01-01", Source: "Anggapan kerja hub ini; belum dicocokkan dengan pedoman penilaian yang berlaku.", Criteria: []Criterion{
		ask(audit, 0, Connected, Words{"Instansi terhubung ke penghubung layanan nasional dengan izin operasional.", "The agency is connected to the national hub with an operational approval."},
			Words{"Ajukan izin operasional kepada operator nasional.", "Ask the national operator for an operational approval."}),
		ask(audit, 0, Exchanging, Words{"Hubungan itu dipakai: ada pertukaran yang terkirim dalam periode laporan.", "The connection is used: exchanges were delivered in the period."},
			Words{"Panggil sebuah LID, atau terbitkan LID dan beri izin kepada pemanfaatnya.", "Call a LID, or publish one and grant access to its consumers."}),
		ask(statistics, 2, Catalogued, Words{"API dan datanya terdaftar dalam katalog.", "APIs and their data are registered in the catalogue."},
			Words{"Daftarkan dan terbitkan sebuah LID.", "Register and publish a LID."}),
		ask(statistics, 2, Documented, Words{"Metadata statistik (MS-Keg, MS-Var, MS-Ind) diisi dan disetujui.", "Statistical metadata (MS-Keg, MS-Var, MS-Ind) are filed and approved."},
			Words{"Isi formulir metadata dan ajukan kepada Walidata.", "Fill in the forms of metadata and submit them to the steward."}),
		ask(statistics, 3, Policy, Words{"Ada kebijakan internal tentang interoperabilitas data.", "There is an internal policy on interoperability of data."},
			Words{"Lampirkan peraturan atau keputusan pimpinan instansi; hub tidak menyimpannya.", "Enclose the regulation or decision of the agency's head; the hub does not keep it."}),
		ask(statistics, 3, Standards, Words{"Kolom data mengikuti standar data dan kode referensi.", "Fields follow data standards and reference codes."},
			Words{"Ikat kolom wilayah dan orang pada LID ke standar dan daftar kode.", "Bind the fields of regions and persons to standards and lists of codes."}),
		ask(statistics, 4, Reviewed, Words{"Setiap layanan dievaluasi secara berkala, sekurang-kurangnya setahun sekali.", "Each service is evaluated periodically, at least once a year."},
			Words{"Jalankan evaluasi tahunan dalam daur hidup LID.", "Run the yearly evaluation in the life cycle of the LID."}),
		ask(statistics, 5, Renewed, Words{"Layanan dimutakhirkan sebagai tindak lanjut evaluasi.", "Services are renewed as evaluations ask."},
			Words{"Perbarui keterangan atau kontrak LID sesuai hasil evaluasi.", "Renew the description or the contract of LIDs as the evaluation asks."}),
	}}
}

// Validate checks a model.
func (m Model) Validate() error {
	if t, err := time.Parse(time.DateOnly, m.From); err != nil || t.Year() < 2000 || t.Year() > 9998 {
		return simpul.Invalid("body.from",
			simpul.Text{ID: "Hari mulai berlaku bukan tanggal.", EN: "The day from which it holds is not a date."},
			simpul.Text{ID: "Tulis tahun-bulan-hari, misalnya 2026-01-01.", EN: "Write year-month-day, such as 2026-01-01."})
	}
	if err := plain("body.source", m.Source); err != nil {
		return err
	}
	for i, c := range m.Criteria {
		place := "body.criteria[" + strconv.Itoa(i) + "]"
		if !slices.Contains(Evidences(), c.Evidence) {
			return simpul.Invalid(place+".evidence",
				simpul.Text{ID: "Bukti \"" + string(c.Evidence) + "\" tidak dikenal.", EN: "Evidence \"" + string(c.Evidence) + "\" is unknown."},
				simpul.Text{ID: "Pilih salah satu bukti yang dapat dihitung hub.", EN: "Choose one of those that the hub can find out."})
		}
		for member, text := range map[string]string{"assessment": c.Assessment, "asks.id": c.Asks.ID, "remedy.id": c.Remedy.ID} {
			if err := plain(place+"."+member, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func plain(place, text string) error {
	if strings.TrimSpace(text) != "" && !strings.ContainsFunc(text, unicode.IsControl) {
		return nil
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "Teks di sini kosong atau memuat karakter kendali.", EN: "The text here is empty or holds control characters."},
		simpul.Text{ID: "Tulis satu kalimat biasa.", EN: "Write one plain sentence."})
}
