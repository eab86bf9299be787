package retention

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
)

// Kind is one kind of thing that is kept for a while.
type Kind struct {
	Name    string
	Title   simpul.Text
	Drops   simpul.Text // what goes when the time is over, and what stays
	Minimum int         // days
	Default int         // days
	Basis   string
}

// longest is the most days that a rule may say: a century.
const longest = 36_525

// Kinds lists them in the order in which they are shown.
func Kinds() []Kind {
	return []Kind{
		{"trail", simpul.Text{ID: "Jejak audit", EN: "Audit trail"}, simpul.Text{
			ID: "Peristiwa tertua dihapus; sisanya tetap dapat diperiksa keutuhannya.",
			EN: "The oldest events go; what is left can still be verified.",
		}, TrailFloor, 5 * 365, "Perpres 95/2018 (audit TIK); UU 27/2022 ps. 31"},
		{"evidence", simpul.Text{ID: "Indeks bukti pertukaran", EN: "Index of exchanges"}, simpul.Text{
			ID: "Baris yang dapat dicari dan hitungan per jam dihapus. Berkas jurnal, buktinya sendiri, tetap ada menurut masa simpan catatannya.",
			EN: "Rows that can be searched and hourly counts go. The journal's files, the evidence itself, stay for as long as their records are kept.",
		}, 365, 5 * 365, "UU 27/2022 ps. 31; UU 43/2009"},
		{RecordKind(simpul.Terbuka), simpul.Text{ID: "Catatan pertukaran: terbuka", EN: "Records of exchanges: open"}, recordsGo, 90, 2 * 365,
			"UU 27/2022 ps. 16 ayat (2) huruf g"},
		{RecordKind(simpul.Terbatas), simpul.Text{ID: "Catatan pertukaran: terbatas", EN: "Records of exchanges: restricted"}, recordsGo, 365, 5 * 365,
			"UU 27/2022 ps. 31 (perekaman pemrosesan); UU 43/2009"},
		{RecordKind(simpul.Tertutup), simpul.Text{ID: "Catatan pertukaran: tertutup", EN: "Records of exchanges: closed"}, recordsGo, 365, 10 * 365,
			"UU 27/2022 ps. 31 (perekaman pemrosesan); UU 43/2009 (jadwal retensi arsip)"},
		{"violation", simpul.Text{ID: "Pelanggaran kontrak", EN: "Contract violations"}, simpul.Text{
			ID: "Hitungan per jam dan contoh pertukarannya dihapus. Pertukarannya sendiri tetap ada pada bukti.",
			EN: "Hourly counts and example exchanges go. The exchanges themselves stay in the evidence.",
		}, 30, 180, "UU 27/2022 ps. 16 ayat (2) huruf g"},
		{"metering-hour", simpul.Text{ID: "Pemakaian per jam", EN: "Usage by the hour"}, simpul.Text{
			ID: "Hitungan panggilan per jam dihapus. Hitungan per hari tetap ada.",
			EN: "Counts of calls by the hour go. Those by the day stay.",
		}, 30, 90, "UU 27/2022 ps. 16 ayat (2) huruf g"},
		{"metering-day", simpul.Text{ID: "Pemakaian per hari", EN: "Usage by the day"}, simpul.Text{
			ID: "Hitungan panggilan per hari dihapus.",
			EN: "Counts of calls by the day go.",
		}, 365, 5 * 365, "Perpres 95/2018 (pemantauan layanan SPBE)"},
		{"tracker", simpul.Text{ID: "Jejak akses warga", EN: "Who looked at people's data"}, simpul.Text{
			ID: "Baris jejak dan catatan pembukaannya di loket dihapus. Berkas jurnal, buktinya sendiri, tetap ada.",
			EN: "Rows of the tracker and of who opened it at a counter go. The journal's files, the evidence itself, stay.",
		}, 365, 5 * 365, "UU 27/2022 ps. 5, 7 dan 31"},
		{"tracker-key", simpul.Text{ID: "Kunci nama samaran warga", EN: "Keys of people's pseudonyms"}, simpul.Text{
			ID: "Kunci sebuah bulan dimusnahkan: sejak itu tak seorang pun dapat mengetahui akses bulan itu mengenai siapa. Jangan lebih pendek daripada jejaknya.",
			EN: "A month's key is destroyed: nobody can tell any more whom that month's accesses were about. Do not make it shorter than the tracker.",
		}, 365, 5 * 365, "UU 27/2022 ps. 8 dan 44"},
		{"incident", simpul.Text{ID: "Insiden data pribadi", EN: "Incidents of personal data"}, simpul.Text{
			ID: "Insiden yang sudah ditutup selama itu dihapus bersama angka dan catatannya. Yang terbuka, dan yang ditahan untuk pemeriksaan, tetap ada. Ekspornya tidak pernah disimpan hub.",
			EN: "Incidents closed for that long go with their figures and notes. Those that are open, or on hold for an inquiry, stay. Exports of them are never kept by the hub.",
		}, 365, 5 * 365, "Asumsi 5 tahun sejak ditutup; UU 27/2022 ps. 31 dan 46 tidak menyebut masa. Sesuaikan dengan jadwal retensi arsip instansi (UU 43/2009)"},
		{"signin", simpul.Text{ID: "Percobaan masuk", EN: "Sign-in attempts"}, simpul.Text{
			ID: "Hitungan percobaan yang gagal dan tanda kode sekali pakai yang sudah terpakai dihapus.",
			EN: "Counts of failed attempts and marks of used one-time codes go.",
		}, 90, 365, "UU 27/2022 ps. 39"},
		{"session", simpul.Text{ID: "Sesi peramban", EN: "Browser sessions"}, simpul.Text{
			ID: "Sesi yang sudah berakhir, perangkatnya, dan langkah masuk yang tidak diselesaikan dihapus, selambat-lambatnya pada waktu ini.",
			EN: "Sessions that are over, their devices, and sign-ins never finished go, by this time at the latest.",
		}, 1, 30, "UU 27/2022 ps. 16 ayat (2) huruf g"},
		{"notice", simpul.Text{ID: "Pemberitahuan", EN: "Notices"}, simpul.Text{
			ID: "Pemberitahuan dihapus, kecuali yang masih menunggu tindakan seseorang.",
			EN: "Notices go, save those that still wait for somebody to act.",
		}, 30, 365, "UU 27/2022 ps. 16 ayat (2) huruf g"},
		{"onboarding", simpul.Text{ID: "Dokumen pendaftaran instansi", EN: "Onboarding documents"}, simpul.Text{
			ID: "Pendaftaran yang tidak pernah diterima: dokumen dan isian tentang orang dihapus. Yang diterima: hanya dokumen versi yang sudah diganti; versi terbaru disimpan selama instansinya ada.",
			EN: "Of those never accepted, documents and what was written of people go. Of those accepted, only documents of versions that were replaced; the newest stays as long as the agency does.",
		}, 365, 10 * 365, "UU 43/2009; jadwal retensi arsip instansi"},
	}
}

// RecordKind names the records of exchanges of a class.
func RecordKind(c simpul.LIDClass) string { return "record-" + string(c) }

// recordsGo is the same for every class.
var recordsGo = simpul.Text{
	ID: "Kunci bagian pribadinya dimusnahkan, sebulan demi sebulan: siapa orangnya tidak terbaca lagi, buktinya tetap sah. Berkas jurnal dihapus setelah semua catatan di dalamnya lewat.",
	EN: "The key of their personal part is destroyed, month by month: who the person was cannot be read any more, and the proof still holds. Files of the journal go once every record in them is over.",
}

// TrailFloor is the fewest days for which the audit trail is kept, whatever
// anybody decides.
const TrailFloor = 365

func kindOf(name string) (Kind, error) {
	all := Kinds()
	if i := slices.IndexFunc(all, func(k Kind) bool { return k.Name == name }); i >= 0 {
		return all[i], nil
	}
	return Kind{}, simpul.NotFound(simpul.Text{ID: "Jenis data", EN: "Kind of data"}, name)
}

// TitleOf names a kind for people; one that is not known by its name.
func TitleOf(name string) simpul.Text {
	if k, err := kindOf(name); err == nil {
		return k.Title
	}
	return simpul.Text{ID: name, EN: name}
}

// Rule is how long a kind is kept.
type Rule struct {
	Kind
	Days      int
	Basis     string    // legal
	UpdatedAt time.Time // zero for the default
	Kept      bool      // something drops what is over
	RanAt     time.Time // when that was last done; zero for never
	Dropped   int64     // how much it was then
}

// Wish is a rule as somebody wants it: what a proposal holds.
type Wish struct {
	Kind  string `json:"kind"`
	Days  int    `json:"days"`
	Basis string `json:"basis"`
}

// check refuses a wish that no two people may make true.
func (w Wish) check() (Wish, error) {
	k, err := kindOf(w.Kind)
	if err != nil {
		return w, err
	}
	w.Basis = strings.TrimSpace(w.Basis)
	switch {
	case w.Days < k.Minimum:
		return w, tooShort(k)
	case w.Days > longest:
		return w, simpul.Invalid("days",
			simpul.Text{ID: "Masa simpan lebih dari seratus tahun.", EN: "That is kept for more than a hundred years."},
			simpul.Text{ID: "Tulis jumlah hari yang lebih kecil.", EN: "Write fewer days."})
	case w.Basis == "" || !utf8.ValidString(w.Basis) || utf8.RuneCountInString(w.Basis) > 500 || strings.ContainsFunc(w.Basis, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return w, simpul.Invalid("basis",
			simpul.Text{ID: "Dasar hukum belum ditulis, atau lebih dari 500 karakter.", EN: "The legal basis is missing, or longer than 500 characters."},
			simpul.Text{ID: "Sebutkan peraturan dan pasalnya dalam satu baris.", EN: "Name the regulation and its article in one line."})
	}
	return w, nil
}
