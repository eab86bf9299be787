package maturity

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/paper"
)

// mostPrinted bounds the rows of a printed table; the CSV has all.
const mostPrinted = 300

// PDF prints a document. It is Indonesian, as those who assess read it.
func (d Document) PDF() ([]byte, error) {
	r := d.Data
	doc, err := paper.New(paper.About{
		Title: "Laporan bukti interoperabilitas – " + r.Agency.Name, Author: r.Hub, Language: simpul.Indonesian, Made: d.GeneratedAt,
		Foot: r.Agency.Name + " · " + r.Period.words() + " · SHA-256 " + d.SHA256[:16] + "…",
	})
	if err != nil {
		return nil, err
	}
	p := printer{doc}
	p.front(d)
	p.findings(r)
	p.lids(r)
	p.exchanges(r)
	p.grants(r)
	p.norms(r)
	p.proof(d)
	return doc.Bytes()
}

// printer writes the parts of a report.
type printer struct{ *paper.Document }

func (p printer) front(d Document) {
	r := d.Data
	p.Head("BUKTI UNTUK AUDIT SPBE DAN EVALUASI STATISTIK SEKTORAL", "Laporan bukti interoperabilitas", r.Agency.Name)
	p.Facts([]paper.Fact{
		{Term: "Instansi", Value: r.Agency.Name + " (" + string(r.Agency.ID) + ")"},
		{Term: "Periode", Value: r.Period.words()},
		{Term: "Penghubung layanan", Value: r.Hub},
		{Term: "Dibuat", Value: moment(d.GeneratedAt)},
		{Term: "Izin operasional", Value: r.Approval.words()},
		{Term: "Formulir penunjukan PIC", Value: r.Approval.form()},
	})
	p.Note(r.how("approval").ID)
	p.Facts([]paper.Fact{
		{Term: "LID dalam katalog", Value: fmt.Sprintf("%d dari %d LID milik instansi", len(r.live()), len(r.LIDs))},
		{Term: "Pertukaran sebagai penyedia", Value: r.Exchanges.Provided.words()},
		{Term: "Pertukaran sebagai pemanfaat", Value: r.Exchanges.Called.words()},
		{Term: "Izin berlaku", Value: fmt.Sprintf("%d diberikan, %d dipegang", r.Grants.Given.InEffect, r.Grants.Held.InEffect)},
	})
	p.Note("Angka-angka ini diterangkan pada bagian masing-masing, dengan cara menghitungnya.")
}

func (p printer) findings(r Report) {
	p.Section("1. Temuan menurut permintaan penilaian")
	p.Text("Bagian ini menyandingkan apa yang diketahui penghubung layanan dengan apa yang diminta penilaian. Tidak ada tingkat atau nilai yang ditetapkan di sini: penilaian adalah wewenang asesor.")
	var rows [][]string
	for _, f := range r.Findings {
		what := f.Why.ID
		if f.Status != Met {
			what += " " + f.Remedy.ID
		}
		rows = append(rows, []string{f.Assessment + f.level(), f.Asks.ID, f.Status.words(), what})
	}
	p.Table([]paper.Column{{Label: "Penilaian", Share: 20}, {Label: "Yang diminta", Share: 32}, {Label: "Keadaan", Share: 13}, {Label: "Dasar, dan langkah berikutnya", Share: 35}}, rows)
	p.Note("Daftar permintaan berlaku sejak " + r.Model + ". " + r.how("findings").ID)
}

func (p printer) lids(r Report) {
	p.Section("2. Layanan interoperabilitas data (LID)")
	if len(r.LIDs) == 0 {
		p.Text("Instansi belum memiliki LID.")
	} else {
		var rows [][]string
		for _, l := range r.LIDs {
			rows = append(rows, []string{string(l.Address) + " – " + l.Title, string(l.Class), l.Version, stateWords(l.State), l.registration(), l.evaluation(), l.score()})
		}
		p.long([]paper.Column{{Label: "Alamat dan judul", Share: 31}, {Label: "Kelas", Share: 10}, {Label: "Versi", Share: 8, Numeric: true}, {Label: "Keadaan", Share: 11},
			{Label: "Registrasi", Share: 17}, {Label: "Evaluasi", Share: 14}, {Label: "Mutu", Share: 9, Numeric: true}}, rows)
	}
	p.Note(r.how("lids").ID)
}

func (p printer) exchanges(r Report) {
	p.Section("3. Pertukaran dalam periode")
	if len(r.Exchanges.Counts) == 0 {
		p.Text("Tidak ada pertukaran dalam periode ini.")
	} else {
		var rows [][]string
		for _, c := range r.Exchanges.Counts {
			rows = append(rows, []string{string(c.LID), c.Side.words(), monthWords(c.Month), grouped(c.Ended), grouped(c.Delivered)})
		}
		p.long([]paper.Column{{Label: "LID", Share: 36}, {Label: "Sebagai", Share: 16}, {Label: "Bulan", Share: 20}, {Label: "Berakhir", Share: 14, Numeric: true}, {Label: "Terkirim", Share: 14, Numeric: true}}, rows)
	}
	note := r.how("exchanges").ID
	if r.Exchanges.Kept != nil {
		note += " Catatan sebelum " + moment(*r.Exchanges.Kept) + " sudah dihapus menurut masa simpan dan tidak terhitung."
	}
	p.Note(note)
}

func (p printer) grants(r Report) {
	p.Section("4. Izin")
	line := func(name string, t Tally) []string {
		return []string{name, strconv.Itoa(t.InEffect), strconv.Itoa(t.Parties), strconv.Itoa(t.Suspended), strconv.Itoa(t.Over)}
	}
	p.Table([]paper.Column{{Label: "Izin", Share: 40}, {Label: "Berlaku", Share: 15, Numeric: true}, {Label: "Pihak", Share: 15, Numeric: true}, {Label: "Dibekukan", Share: 15, Numeric: true}, {Label: "Di luar masa", Share: 15, Numeric: true}},
		[][]string{line("Diberikan kepada pemanfaat", r.Grants.Given), line("Dipegang aplikasi instansi", r.Grants.Held)})
	p.Note(r.how("grants").ID)
}

func (p printer) norms(r Report) {
	p.Section("5. Standar data, kode referensi, dan metadata")
	var rows [][]string
	for _, a := range r.Norms.Authored {
		rows = append(rows, []string{"Diasuh", kindWords(a.Kind), a.ID, a.Title})
	}
	for _, f := range r.Norms.Followed {
		rows = append(rows, []string{"Diikuti", kindWords(f.Kind), f.ID, fmt.Sprintf("%d kolom pada %d LID", f.Fields, f.LIDs)})
	}
	for _, f := range r.Norms.Forms {
		rows = append(rows, []string{"Metadata", "formulir", strings.ToUpper(f.Form), fmt.Sprintf("%d disetujui, %d diajukan, %d rancangan", f.Approved, f.Submitted, f.Draft)})
	}
	if len(rows) == 0 {
		p.Text("Instansi belum mengasuh atau mengikuti standar dan kode referensi, dan belum mengajukan metadata statistik.")
	} else {
		p.long([]paper.Column{{Label: "Hubungan", Share: 14}, {Label: "Jenis", Share: 16}, {Label: "Nama", Share: 28}, {Label: "Keterangan", Share: 42}}, rows)
	}
	p.Note(r.how("norms").ID)
}

func (p printer) proof(d Document) {
	p.Section("6. Bukti yang dapat diperiksa")
	var rows [][]string
	for _, s := range d.Data.Exchanges.Samples {
		rows = append(rows, []string{string(s.ID), moment(s.At), string(s.LID), s.Side.words()})
	}
	if len(rows) > 0 {
		p.Table([]paper.Column{{Label: "Nomor pertukaran (Exchange-Id)", Share: 38}, {Label: "Waktu", Share: 23}, {Label: "LID", Share: 24}, {Label: "Sebagai", Share: 15}}, rows)
	} else {
		p.Text("Tidak ada pertukaran terkirim dalam periode ini yang dapat disebut sebagai contoh.")
	}
	p.Note(d.Data.how("samples").ID)
	p.Facts([]paper.Fact{{Term: "SHA-256 data laporan", Value: d.SHA256[:32] + " " + d.SHA256[32:]}})
	p.Note("Sidik ini sama pada PDF, CSV, dan jawaban API untuk data yang sama; sidik dihitung atas data laporan, tidak termasuk waktu pembuatannya. Pembuatan laporan dicatat dalam jejak audit beserta sidiknya.")
}

// long writes a table of which the CSV has the rest.
func (p printer) long(columns []paper.Column, rows [][]string) {
	p.Table(columns, rows[:min(len(rows), mostPrinted)])
	if more := len(rows) - mostPrinted; more > 0 {
		p.Text(fmt.Sprintf("%d baris lagi ada pada CSV laporan ini.", more))
	}
}

func (a Approval) words() string {
	if a.Suspended {
		return "dibekukan"
	}
	switch a.Standing {
	case "operational":
		if a.Letter == "" {
			return "berlaku; nomor surat tidak tercatat di hub"
		}
		return "berlaku, surat nomor " + a.Letter + " tanggal " + dayWords(a.LetterDate)
	case "trial":
		return "belum; uji coba"
	}
	return "belum"
}

func (a Approval) form() string {
	if a.FormVersion == 0 {
		return "tidak tercatat di hub"
	}
	text := "versi " + strconv.Itoa(a.FormVersion)
	if a.FormAt != nil {
		text += ", diterima " + moment(*a.FormAt)
	}
	return text
}

func (f Finding) level() string {
	if f.Level == 0 {
		return ""
	}
	return ", tingkat " + strconv.Itoa(f.Level)
}

func (s Status) words() string {
	switch s {
	case Met:
		return "Ada"
	case Missing:
		return "Belum ada"
	}
	return "Di luar hub"
}

func (s Side) words() string {
	if s == Provided {
		return "penyedia"
	}
	return "pemanfaat"
}

func kindWords(kind string) string {
	if kind == "list" {
		return "kode referensi"
	}
	return "standar data"
}

func stateWords(state string) string {
	return cmp.Or(map[string]string{"draft": "rancangan", "published": "terbit", "deprecated": "akan ditarik", "retired": "ditarik"}[state], state)
}

func (l LID) registration() string {
	text := cmp.Or(l.Number, "belum bernomor")
	if l.Registered != nil {
		return text + ", " + dateWords(*l.Registered)
	}
	return text + "; tercatat " + dateWords(l.Since)
}

func (l LID) evaluation() string {
	if l.Evaluated == nil {
		return "tidak tercatat"
	}
	return dateWords(*l.Evaluated)
}

func (l LID) score() string {
	if l.Score == nil {
		return "–"
	}
	return strconv.Itoa(*l.Score) + "/100"
}

func (s Sum) words() string {
	return grouped(s.Ended) + " berakhir, " + grouped(s.Delivered) + " terkirim"
}

func (p Period) words() string { return dayWords(p.From) + " – " + dayWords(p.Until) }

var months = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

func dateWords(t time.Time) string {
	at := t.In(wib)
	return fmt.Sprintf("%d %s %d", at.Day(), months[at.Month()-1], at.Year())
}

func dayWords(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, wib)
	if err != nil {
		return day
	}
	return dateWords(t)
}

func monthWords(month string) string {
	t, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return fmt.Sprintf("%s %d", months[t.Month()-1], t.Year())
}

func moment(t time.Time) string { return dateWords(t) + " " + t.In(wib).Format("15.04") + " WIB" }

// grouped writes a number with dots between thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "." + text[i:]
	}
	return text
}
