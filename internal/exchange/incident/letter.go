package incident

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/paper"
)

// mostPrinted bounds the rows of a printed table; the CSV and the page have all.
const mostPrinted = 40

// blank marks what only people know. Whoever sends the letter fills it.
func blank(what string) string { return "[ISI: " + what + "]" }

// Letter drafts the written notice of UU 27/2022 article 46: which personal data
// were disclosed, when and how, and what is done about it. It is Indonesian, as
// those who get it read it, and says of each part whether the hub knows it.
func Letter(c Case) ([]byte, error) {
	doc, err := paper.New(paper.About{
		Title: "Draf pemberitahuan kegagalan pelindungan data pribadi " + c.ID, Author: "Simpul", Language: simpul.Indonesian, Made: c.Answer.At,
		Foot: "DRAF – insiden " + c.ID + " – tenggat " + moment(c.DueAt(), c.Question.Zone),
	})
	if err != nil {
		return nil, err
	}
	l := letter{doc, c}
	l.front()
	l.data()
	l.when()
	l.handling()
	l.reach()
	l.gaps()
	l.contact()
	return doc.Bytes()
}

type letter struct {
	*paper.Document
	Case
}

func (l letter) front() {
	l.Head("PEMBERITAHUAN TERTULIS MENURUT PASAL 46 UU 27/2022", "Kegagalan pelindungan data pribadi", "Draf untuk Subjek Data Pribadi dan lembaga – insiden "+l.ID)
	l.Text("Lengkapi setiap bagian bertanda [ISI: …], lalu hapus tanda itu. Bagian lain diambil penghubung layanan dari catatan pertukaran dan dapat diperiksa. Surat ini belum sah sebelum ditandatangani.")
	l.Facts([]paper.Fact{
		{Term: "Nomor surat", Value: blank("nomor dan tanggal surat")},
		{Term: "Dari", Value: blank("nama instansi pengendali data pribadi")},
		{Term: "Kepada", Value: blank("Subjek Data Pribadi; dan lembaga menurut Pasal 58")},
		{Term: "Insiden diketahui", Value: moment(l.NotedAt, l.Question.Zone)},
		{Term: "Paling lambat diberitahukan", Value: moment(l.DueAt(), l.Question.Zone) + " (3 × 24 jam)"},
	})
}

func (l letter) data() {
	l.Section("1. Data pribadi yang terungkap")
	if len(l.Answer.Disclosed) == 0 {
		l.Text("Catatan pertukaran tidak menyebut orang yang datanya terungkap. Lihat bagian 5 tentang apa yang tidak diketahui.")
	} else {
		var rows [][]string
		for _, d := range l.Answer.Disclosed[:min(len(l.Answer.Disclosed), mostPrinted)] {
			rows = append(rows, []string{cmp.Or(string(d.LID), "LID lain"), fieldWords(d), grouped(int64(d.Persons)), grouped(d.Exchanges)})
		}
		l.Table([]paper.Column{{Label: "Layanan data (LID)", Share: 28}, {Label: "Isian yang diteruskan", Share: 44}, {Label: "Nama samaran", Share: 14, Numeric: true}, {Label: "Pertukaran", Share: 14, Numeric: true}}, rows)
	}
	l.Facts([]paper.Fact{{Term: "Arti tiap isian", Value: blank("sebutkan dalam bahasa sehari-hari, misalnya nama, alamat, riwayat imunisasi")}})
}

func (l letter) when() {
	q, a := l.Question, l.Answer
	l.Section("2. Kapan dan bagaimana data itu terungkap")
	facts := []paper.Fact{
		{Term: "Aplikasi penerima", Value: string(q.Application)},
		{Term: "Rentang yang diperiksa", Value: moment(q.From, q.Zone) + " sampai sebelum " + moment(q.Until, q.Zone)},
	}
	if !a.First.IsZero() {
		facts = append(facts, paper.Fact{Term: "Pertama dan terakhir", Value: moment(a.First, q.Zone) + " dan " + moment(a.Last, q.Zone)})
	}
	l.Facts(append(facts, paper.Fact{Term: "Bagaimana terjadi", Value: blank("kronologi: apa yang gagal, siapa yang mendapat data, sejak kapan diketahui")}))
}

func (l letter) handling() {
	l.Section("3. Upaya penanganan dan pemulihan")
	l.Facts([]paper.Fact{
		{Term: "Penghentian", Value: blank("misalnya izin dicabut, kunci aplikasi dibatalkan, beserta waktunya")},
		{Term: "Pemulihan", Value: blank("apa yang dilakukan agar data aman kembali dan tidak terulang")},
		{Term: "Yang dapat dilakukan Anda", Value: blank("saran bagi Subjek Data Pribadi")},
	})
}

func (l letter) reach() {
	a := l.Answer
	l.Section("4. Berapa orang")
	l.Facts([]paper.Fact{
		{Term: "Orang terdampak", Value: personsWords(a)},
		{Term: "Pertukaran", Value: grouped(a.Exchanges)},
	})
	if a.Several() {
		l.Note("Seseorang memakai nama samaran lain tiap bulan, sehingga yang terdampak dalam dua bulan terhitung dua kali. Instansi yang memegang daftar NIK mendapat jumlah pastinya dengan mencocokkan daftar itu.")
	}
	if len(a.Days) > 0 {
		var rows [][]string
		for _, d := range a.Days[:min(len(a.Days), mostPrinted)] {
			rows = append(rows, []string{dayWords(d.Day), grouped(int64(d.Persons)), grouped(d.Exchanges)})
		}
		l.Table([]paper.Column{{Label: "Hari (" + string(l.Question.Zone) + ")", Share: 40}, {Label: "Orang", Share: 30, Numeric: true}, {Label: "Pertukaran", Share: 30, Numeric: true}}, rows)
		if more := len(a.Days) - mostPrinted; more > 0 {
			l.Text(strconv.Itoa(more) + " hari lagi ada pada halaman insiden.")
		}
	}
}

func (l letter) gaps() {
	a := l.Answer
	l.Section("5. Yang tidak diketahui penghubung layanan")
	if !a.Gaps() {
		l.Text("Tidak ada: setiap pertukaran dalam rentang itu menyebut orangnya.")
	}
	if a.Unnamed > 0 {
		l.Text(grouped(a.Unnamed) + " orang lagi tercatat tanpa nama samaran pada " + grouped(a.Unnaming) + " pertukaran, karena jawabannya memuat lebih banyak orang daripada yang muat dalam satu catatan. Mereka hanya dapat dicari pada sistem penyedia.")
	}
	if len(a.Undeclared) > 0 {
		var rows [][]string
		for _, u := range a.Undeclared[:min(len(a.Undeclared), mostPrinted)] {
			rows = append(rows, []string{string(u.LID), string(u.Class), grouped(u.Exchanges)})
		}
		l.Text("Pertukaran berikut tidak menyebut data siapa yang diteruskan. Periksa pada sistem penyedia apakah ada data pribadi di dalamnya.")
		l.Table([]paper.Column{{Label: "LID", Share: 50}, {Label: "Kelas", Share: 25}, {Label: "Pertukaran", Share: 25, Numeric: true}}, rows)
	}
	for _, b := range a.Behind {
		l.Text("Saat dihitung, " + b.What.ID + " tertinggal " + grouped(int64(b.Records)) + " catatan. Hitung ulang sebelum surat dikirim.")
	}
	l.Note("Dihitung " + moment(a.At, l.Question.Zone) + ".")
}

func (l letter) contact() {
	l.Section("6. Narahubung dan tanda tangan")
	l.Facts([]paper.Fact{
		{Term: "Narahubung", Value: blank("nama pejabat pelindungan data pribadi, telepon, surel")},
		{Term: "Tempat, tanggal", Value: blank("tempat dan tanggal")},
		{Term: "Jabatan", Value: blank("jabatan penanda tangan")},
		{Term: "Nama, NIP, tanda tangan", Value: blank("nama, NIP, tanda tangan")},
	})
}

func fieldWords(d Disclosure) string {
	switch {
	case d.LID == "":
		return "beragam"
	case d.Fields == "":
		return "semua isian menurut kontrak"
	}
	return strings.ReplaceAll(d.Fields, " ", ", ")
}

// personsWords says how many persons were affected, as exactly as the hub knows.
func personsWords(a Answer) string {
	if a.Least == a.Persons {
		return grouped(int64(a.Persons))
	}
	return "antara " + grouped(int64(a.Least)) + " dan " + grouped(int64(a.Persons)) + " (nama samaran dari " + strconv.Itoa(len(a.Months)) + " bulan)"
}

// grouped writes a number with points between the thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "." + text[i:]
	}
	return text
}

var monthNames = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// dayWords is a day, such as 2026-10-24, in words.
func dayWords(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return fmt.Sprintf("%d %s %d", at.Day(), monthNames[at.Month()-1], at.Year())
}

func moment(t time.Time, z Zone) string {
	t = t.In(z.Location())
	return fmt.Sprintf("%d %s %d pukul %02d.%02d %s", t.Day(), monthNames[t.Month()-1], t.Year(), t.Hour(), t.Minute(), z)
}
