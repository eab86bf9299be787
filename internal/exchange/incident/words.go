package incident

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"simpul"
)

var monthNames = [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}

// moment writes a time on the clock of an office, its zone beside it.
func moment(t time.Time, z Zone) simpul.Text {
	t = t.In(z.Location())
	return simpul.Text{
		ID: fmt.Sprintf("%d %s %d pukul %02d.%02d %s", t.Day(), monthNames[t.Month()-1], t.Year(), t.Hour(), t.Minute(), z),
		EN: fmt.Sprintf("%d %s %d, %02d:%02d %s", t.Day(), t.Month(), t.Year(), t.Hour(), t.Minute(), z)}
}

// dayWords is a day, such as 2026-10-24, in words.
func dayWords(day string) simpul.Text {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return simpul.Text{ID: day, EN: day}
	}
	return simpul.Text{
		ID: fmt.Sprintf("%d %s %d", at.Day(), monthNames[at.Month()-1], at.Year()),
		EN: fmt.Sprintf("%d %s %d", at.Day(), at.Month(), at.Year())}
}

// monthWords is a month, such as 2026-10, in words.
func monthWords(month string) simpul.Text {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return simpul.Text{ID: month, EN: month}
	}
	year := " " + strconv.Itoa(at.Year())
	return simpul.Text{ID: monthNames[at.Month()-1] + year, EN: at.Month().String() + year}
}

// grouped writes a number with points between the thousands, in English commas.
func grouped(n int64, l simpul.Language) string {
	text := strconv.FormatInt(n, 10)
	point := simpul.Text{ID: ".", EN: ","}.In(l)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + point + text[i:]
	}
	return text
}

// fieldWords names the fields of a disclosure.
func fieldWords(d Disclosure) simpul.Text {
	switch {
	case d.LID == "":
		return simpul.Text{ID: "beragam", EN: "various"}
	case d.Fields == "":
		return simpul.Text{ID: "semua isian menurut kontrak", EN: "every field of the contract"}
	}
	fields := strings.ReplaceAll(d.Fields, " ", ", ")
	return simpul.Text{ID: fields, EN: fields}
}

// unknownWords says, one sentence each, what the hub does not know. Exchanges that
// name nobody stand in a table of their own.
func (a Answer) unknownWords(z Zone, l simpul.Language) (all []string) {
	say := func(id, en string, values ...any) {
		all = append(all, fmt.Sprintf(simpul.Text{ID: id, EN: en}.In(l), values...))
	}
	if a.Unnamed > 0 {
		say("%s orang lagi tercatat tanpa nama samaran pada %s pertukaran, karena jawabannya memuat lebih banyak orang daripada yang muat dalam satu catatan. Mereka hanya dapat dicari pada sistem penyedia.",
			"%s more persons are recorded without a pseudonym in %s exchanges, since their answers held more persons than a record has room for. They can be found in the provider's system alone.",
			grouped(a.Unnamed, l), grouped(a.Unnaming, l))
	}
	if a.Broken > 0 {
		say("%s pertukaran terputus sebelum jawabannya selesai; orangnya ikut terhitung, walaupun datanya mungkin tidak sampai.",
			"%s exchanges broke off before their answers had ended; their persons are counted, though their data may not have arrived.", grouped(a.Broken, l))
	}
	if !a.Dropped.IsZero() {
		say("Catatan akses sebelum %s sudah dihapus menurut masa simpannya; siapa yang terdampak sebelum itu tidak diketahui lagi.",
			"Records of access from before %s have been dropped as retention says; who was affected before that is not known any more.", moment(a.Dropped, z).In(l))
	}
	if len(a.Gone) > 0 {
		var months []string
		for _, m := range a.Gone {
			months = append(months, monthWords(m).In(l))
		}
		say("Kunci nama samaran %s sudah dimusnahkan: orang yang terdampak dalam bulan itu terhitung, tetapi tidak dapat ditemukan lagi lewat NIK-nya.",
			"The key of the pseudonyms of %s has been destroyed: those affected then are counted, but cannot be found by their NIK any more.", strings.Join(months, ", "))
	}
	for _, b := range a.Behind {
		say("%s tertinggal %s catatan saat dihitung. Hitung ulang sebentar lagi.", "%s was behind by %s records when this was counted. Count anew in a moment.", b.What.In(l), grouped(int64(b.Records), l))
	}
	for _, e := range a.Elsewhere {
		if e.Known.IsZero() {
			say("Jurnal %s dipegang node lain dan belum terbaca.", "The journal %s is held by another node and has not been read.", short(e.Journal))
		} else {
			say("Jurnal %s dipegang node lain; yang ditulisnya sesudah %s belum tentu terhitung.", "The journal %s is held by another node; what it wrote after %s may not be counted.", short(e.Journal), moment(e.Known, z).In(l))
		}
	}
	return all
}

// short is the beginning of a journal's name, enough to tell it from others.
func short(journal string) string { return journal[:min(len(journal), 8)] }
