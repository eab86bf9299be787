package incident

import (
	"cmp"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/platform/paper"
)

// mostPrinted bounds the rows of a printed table; the CSV and the page have all.
const mostPrinted = 40

// Letter is the draft of a written notice of UU 27/2022 article 46: which personal
// data were disclosed, when and how, and what is done about it (paragraph 2). It
// says of each part whether the hub knows it. There is one to those affected, which
// says what concerns them, and one to the institution of article 58, which says how
// many there are and what is not known besides.
type Letter struct {
	Authority bool // to the institution
	Language  simpul.Language
	Now       time.Time
}

// letter is the draft that a file is; none for a list.
func (f File) letter(now time.Time) (Letter, bool) {
	return Letter{f.Format == PDFAuthority, cmp.Or(f.Language, simpul.Indonesian), now}, f.Format == PDF || f.Format == PDFAuthority
}

// Write returns the draft as PDF.
func (l Letter) Write(c Case) ([]byte, error) {
	d := draft{Case: c, Letter: l}
	due := d.at(c.DueAt())
	var err error
	d.Document, err = paper.New(paper.About{
		Title:  d.say("Draf pemberitahuan kegagalan pelindungan data pribadi ", "Draft notice of a failure to protect personal data ") + c.ID,
		Author: "Simpul", Language: l.Language, Made: c.Answer.At,
		Foot: d.say("DRAF – insiden ", "DRAFT – incident ") + c.ID + d.say(" – tenggat ", " – due ") + due,
	})
	if err != nil {
		return nil, err
	}
	d.front(due)
	d.data()
	d.when()
	d.handling()
	if l.Authority {
		d.reach()
		d.gaps()
	} else {
		d.advice()
	}
	d.contact()
	return d.Bytes()
}

type draft struct {
	*paper.Document
	Case
	Letter
	sections int
}

func (d *draft) say(id, en string) string { return simpul.Text{ID: id, EN: en}.In(d.Language) }

func (d *draft) at(t time.Time) string { return moment(t, d.Question.Zone).In(d.Language) }

func (d *draft) number(n int64) string { return grouped(n, d.Language) }

// blank marks what only people know. Whoever sends the letter fills it.
func (d *draft) blank(id, en string) string {
	return d.say("[ISI: ", "[FILL IN: ") + d.say(id, en) + "]"
}

func (d *draft) fact(id, en, value string) paper.Fact {
	return paper.Fact{Term: d.say(id, en), Value: value}
}

func (d *draft) section(id, en string) {
	d.sections++
	d.Section(strconv.Itoa(d.sections) + ". " + d.say(id, en))
}

func (d *draft) front(due string) {
	to := d.say("Draf untuk Subjek Data Pribadi – insiden ", "Draft to the persons whose data they are – incident ")
	if d.Authority {
		to = d.say("Draf untuk lembaga pelindungan data pribadi – insiden ", "Draft to the data-protection institution – incident ")
	}
	d.Head(d.say("PEMBERITAHUAN TERTULIS MENURUT PASAL 46 UU 27/2022", "WRITTEN NOTICE UNDER ARTICLE 46 OF LAW 27/2022"),
		d.say("Kegagalan pelindungan data pribadi", "Failure to protect personal data"), to+d.ID)
	d.Text(d.say("Lengkapi setiap bagian bertanda [ISI: …], lalu hapus tanda itu dan alinea ini. Bagian lain diambil penghubung layanan dari catatan pertukaran dan dapat diperiksa. Surat ini belum sah sebelum ditandatangani.",
		"Fill in each part marked [FILL IN: …], and then remove the mark and this paragraph. The service hub took the other parts from records of exchanges, and they can be checked. The letter is not valid before it is signed."))
	facts := []paper.Fact{
		d.fact("Nomor surat", "Number", d.blank("nomor dan tanggal surat", "number and date of the letter")),
		d.fact("Dari", "From", d.blank("nama instansi pengendali data pribadi", "name of the agency that controls the data")),
	}
	if d.Authority {
		facts = append(facts, d.fact("Kepada", "To", d.blank("lembaga menurut Pasal 58", "the institution of article 58")))
	} else {
		facts = append(facts, d.fact("Kepada", "To", d.blank("nama dan alamat Subjek Data Pribadi", "name and address of the person")))
	}
	facts = append(facts, d.fact("Insiden diketahui", "Incident became known", d.at(d.NotedAt)))
	if d.Authority {
		facts = append(facts, d.fact("Paling lambat diberitahukan", "Notice due by", due+d.say(" (3 × 24 jam)", " (3 × 24 hours)")), d.fact("Pemberitahuan kepada yang terdampak", "Notice to those affected", d.toldPersons()))
		if d.Now.After(d.DueAt()) {
			facts = append(facts, d.fact("Sebab terlambat", "Why it is late", d.blank("mengapa pemberitahuan ini lewat dari 3 × 24 jam", "why this notice comes after the 3 × 24 hours")))
		}
	}
	d.Facts(facts)
}

func (d *draft) toldPersons() string {
	if d.PersonsAt.IsZero() {
		return d.blank("kapan dan dengan cara apa, atau kapan akan dikirim", "when and how, or when it will be sent")
	}
	return d.at(d.PersonsAt)
}

func (d *draft) data() {
	d.section("Data pribadi yang terungkap", "Personal data that were disclosed")
	d.Facts([]paper.Fact{d.fact("Dalam bahasa sehari-hari", "In plain words", d.blank("misalnya nama, alamat, riwayat imunisasi; sebut bila ada data yang bersifat spesifik (Pasal 4)", "such as name, address, history of immunization; say so if data of a specific kind are among them (article 4)"))})
	if len(d.Answer.Disclosed) == 0 {
		d.Text(d.say("Catatan pertukaran tidak menyebut orang yang datanya terungkap.", "The records of exchanges name nobody whose data were disclosed."))
		return
	}
	columns := []paper.Column{{Label: d.say("Layanan data (LID)", "Data service (LID)"), Share: 32}, {Label: d.say("Isian yang diteruskan", "Fields that were delivered"), Share: 68}}
	if d.Authority {
		columns = []paper.Column{{Label: columns[0].Label, Share: 28}, {Label: columns[1].Label, Share: 40}, {Label: d.say("Nama samaran", "Pseudonyms"), Share: 16, Numeric: true}, {Label: d.say("Pertukaran", "Exchanges"), Share: 16, Numeric: true}}
	}
	var rows [][]string
	for _, one := range d.Answer.Disclosed[:min(len(d.Answer.Disclosed), mostPrinted)] {
		row := []string{cmp.Or(string(one.LID), d.say("LID lain", "other LIDs")), fieldWords(one).In(d.Language)}
		if d.Authority {
			row = append(row, d.number(int64(one.Persons)), d.number(one.Exchanges))
		}
		rows = append(rows, row)
	}
	d.Table(columns, rows)
	if !d.Authority {
		d.Note(d.say("Hapus baris yang tidak menyangkut penerima surat ini; daftar terdampak (CSV) menyebut layanan dan isian bagi tiap orang.", "Remove the rows that do not concern whoever gets this letter; the list of the affected (CSV) has services and fields for each person."))
	}
}

func (d *draft) when() {
	q, a := d.Question, d.Answer
	d.section("Kapan dan bagaimana data itu terungkap", "When and how the data were disclosed")
	facts := []paper.Fact{d.fact("Penerima data", "Who got the data", string(q.Application))}
	if !a.First.IsZero() {
		facts = append(facts, d.fact("Pertama dan terakhir", "First and last", d.at(a.First)+d.say(" dan ", " and ")+d.at(a.Last)))
	}
	if d.Authority {
		facts = append(facts, d.fact("Rentang yang diperiksa", "Time that was examined", d.at(q.From)+d.say(" sampai sebelum ", " up to ")+d.at(q.Until)))
	}
	d.Facts(append(facts, d.fact("Bagaimana terjadi", "How it happened", d.blank("kronologi: apa yang gagal, siapa yang mendapat data, bagaimana diketahui", "course of events: what failed, who got the data, how it became known"))))
}

func (d *draft) handling() {
	d.section("Upaya penanganan dan pemulihan", "What is done about it")
	d.Facts([]paper.Fact{
		d.fact("Penghentian", "To stop it", d.blank("misalnya izin dicabut, kunci aplikasi dibatalkan, beserta waktunya", "such as the grant or the application's key revoked, with the time")),
		d.fact("Pemulihan", "To recover", d.blank("apa yang dilakukan agar data aman kembali dan tidak terulang", "what makes the data safe again and keeps it from happening again")),
		d.fact("Akibat yang mungkin", "What may come of it", d.blank("misalnya penipuan yang mengatasnamakan layanan", "such as fraud in the name of a service")),
	})
}

func (d *draft) advice() {
	d.section("Yang dapat Anda lakukan", "What you can do")
	d.Text(d.blank("saran bagi penerima surat, misalnya waspada terhadap penipuan dan mengganti kata sandi", "advice to whoever gets the letter, such as to beware of fraud and to change passwords"))
	d.Text(d.say("Anda berhak meminta penjelasan, salinan dan koreksi data Anda, serta menggugat dan menerima ganti rugi (UU 27/2022 Pasal 5 sampai 13). Siapa yang melihat data Anda dapat Anda baca pada halaman \"Siapa yang melihat data saya\" di portal penghubung layanan.",
		"You have the right to explanations, to a copy and to the correction of your data, and to sue for compensation (law 27/2022, articles 5 to 13). Who looked at your data you can read on the page \"Who looked at my data\" of the service hub's portal."))
}

func (d *draft) reach() {
	a := d.Answer
	d.section("Berapa orang", "How many persons")
	d.Facts([]paper.Fact{
		d.fact("Orang terdampak", "Persons affected", d.persons()),
		d.fact("Pertukaran", "Exchanges", d.number(a.Exchanges)),
	})
	if a.Several() {
		d.Note(d.say("Seseorang memakai nama samaran lain tiap bulan, sehingga yang terdampak dalam dua bulan terhitung dua kali. Instansi yang memegang daftar NIK mendapat jumlah pastinya dengan mencocokkan daftar itu.",
			"A person has another pseudonym each month, so that whoever was affected in two months counts twice. An agency that holds the NIKs gets the exact number by matching its list."))
	}
	if len(a.Days) == 0 {
		return
	}
	var rows [][]string
	for _, one := range a.Days[:min(len(a.Days), mostPrinted)] {
		rows = append(rows, []string{dayWords(one.Day).In(d.Language), d.number(int64(one.Persons)), d.number(one.Exchanges)})
	}
	d.Table([]paper.Column{{Label: d.say("Hari (", "Day (") + string(d.Question.Zone) + ")", Share: 40}, {Label: d.say("Orang", "Persons"), Share: 30, Numeric: true}, {Label: d.say("Pertukaran", "Exchanges"), Share: 30, Numeric: true}}, rows)
	if more := len(a.Days) - mostPrinted; more > 0 {
		d.Text(strconv.Itoa(more) + d.say(" hari lagi ada pada halaman insiden.", " more days are on the incident's page."))
	}
}

// persons says how many persons were affected, as exactly as the hub knows.
func (d *draft) persons() string {
	a := d.Answer
	if a.Least == a.Persons {
		return d.number(int64(a.Persons))
	}
	return d.say("antara ", "between ") + d.number(int64(a.Least)) + d.say(" dan ", " and ") + d.number(int64(a.Persons)) +
		d.say(" (nama samaran dari ", " (pseudonyms of ") + strconv.Itoa(len(a.Months)) + d.say(" bulan)", " months)")
}

func (d *draft) gaps() {
	a := d.Answer
	d.section("Yang tidak diketahui penghubung layanan", "What the service hub does not know")
	if !a.Gaps() {
		d.Text(d.say("Tidak ada: setiap pertukaran dalam rentang itu menyebut orangnya.", "Nothing: every exchange within that time names its persons."))
	}
	for _, sentence := range a.unknownWords(d.Question.Zone, d.Language) {
		d.Text(sentence)
	}
	if len(a.Undeclared) > 0 {
		var rows [][]string
		for _, u := range a.Undeclared[:min(len(a.Undeclared), mostPrinted)] {
			rows = append(rows, []string{string(u.LID), string(u.Class), d.number(u.Exchanges)})
		}
		d.Text(d.say("Pertukaran berikut tidak menyebut data siapa yang diteruskan, atau tidak lagi karena bagian pribadinya sudah dimusnahkan. Periksa pada sistem penyedia apakah ada data pribadi di dalamnya.",
			"The following exchanges do not say whose data were delivered, or do not any more since their personal part was destroyed. See in the provider's system whether there are personal data in them."))
		d.Table([]paper.Column{{Label: "LID", Share: 50}, {Label: d.say("Kelas", "Class"), Share: 25}, {Label: d.say("Pertukaran", "Exchanges"), Share: 25, Numeric: true}}, rows)
	}
	d.Note(d.say("Dihitung ", "Counted ") + d.at(a.At) + ".")
}

func (d *draft) contact() {
	d.section("Narahubung dan tanda tangan", "Contact and signature")
	d.Facts([]paper.Fact{
		d.fact("Narahubung", "Contact", d.blank("nama pejabat pelindungan data pribadi, telepon, surel", "name of the data-protection officer, telephone, e-mail")),
		d.fact("Tempat, tanggal", "Place, date", d.blank("tempat dan tanggal", "place and date")),
		d.fact("Jabatan", "Office", d.blank("jabatan penanda tangan", "office of who signs")),
		d.fact("Nama, NIP, tanda tangan", "Name, NIP, signature", d.blank("nama, NIP, tanda tangan", "name, NIP, signature")),
	})
}
