package grant

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"simpul"
)

// Sentences say an ask to whoever reads it: the provider, the consumer, or a
// citizen whose data it is about.
func (a Ask) Sentences() []simpul.Text {
	return slices.Concat([]simpul.Text{
		{ID: fmt.Sprintf("Aplikasi %s meminta data %s.", a.Application, a.LID), EN: fmt.Sprintf("Application %s asks for the data of %s.", a.Application, a.LID)},
	}, reasons(a.Purpose, a.LegalBasis), a.Terms.Sentences())
}

// Sentences say a grant in the same words as the request that led to it.
func (s Spec) Sentences() []simpul.Text {
	terms := Terms{Fields: s.Fields, Rows: s.Rows, RatePerMinute: s.RatePerMinute, From: s.From, Until: s.Until}
	all := slices.Concat([]simpul.Text{
		{ID: fmt.Sprintf("Aplikasi %s boleh memanggil %s.", s.Application, s.LID), EN: fmt.Sprintf("Application %s may call %s.", s.Application, s.LID)},
	}, reasons(s.Purpose, s.LegalBasis), terms.Sentences())
	if s.Version != "" {
		all = append(all, simpul.Text{ID: "Dijawab dengan versi " + s.Version + " dari kontraknya.", EN: "It is answered with version " + s.Version + " of the contract."})
	}
	if s.Agreement != nil {
		all = append(all, s.Agreement.sentence())
	}
	if s.Seldom != "" {
		all = append(all, simpul.Text{ID: "Jarang dipakai, dan tetap berlaku: " + stop(s.Seldom), EN: "It is used rarely, and stays valid: " + stop(s.Seldom)})
	}
	if s.Suspended {
		all = append(all, simpul.Text{ID: "Saat ini dibekukan: setiap panggilan ditolak.", EN: "It is suspended now: every call is refused."})
	}
	return all
}

func reasons(purpose, basis string) []simpul.Text {
	return []simpul.Text{
		{ID: "Tujuannya: " + stop(purpose), EN: "The purpose: " + stop(purpose)},
		{ID: "Dasar hukumnya: " + stop(basis), EN: "The legal basis: " + stop(basis)},
	}
}

// stop ends what people wrote with one full stop.
func stop(text string) string { return strings.TrimRight(strings.TrimSpace(text), ".") + "." }

// Sentences say what is given: which fields and rows, how fast, for how long.
func (t Terms) Sentences() []simpul.Text {
	all := []simpul.Text{t.fieldsSentence()}
	for _, r := range t.Rows {
		all = append(all, simpul.Text{
			ID: "Hanya untuk " + r.Parameter + " = " + strings.Join(r.Values, " atau ") + ".",
			EN: "Only for " + r.Parameter + " = " + strings.Join(r.Values, " or ") + "."})
	}
	return append(all, t.rateSentence(), t.periodSentence())
}

func (t Terms) fieldsSentence() simpul.Text {
	switch n := len(t.Fields); n {
	case 0:
		return simpul.Text{ID: "Semua kolom jawaban disampaikan.", EN: "All fields of the answer are delivered."}
	case 1:
		return simpul.Text{ID: "Hanya kolom " + t.Fields[0] + " yang disampaikan.", EN: "Only the field " + t.Fields[0] + " is delivered."}
	default:
		list := strings.Join(t.Fields, ", ")
		return simpul.Text{ID: fmt.Sprintf("Hanya %d kolom yang disampaikan: %s.", n, list), EN: fmt.Sprintf("Only %d fields are delivered: %s.", n, list)}
	}
}

func (t Terms) rateSentence() simpul.Text {
	if t.RatePerMinute == 0 {
		return simpul.Text{ID: "Tanpa batas kecepatan tersendiri.", EN: "Without a rate limit of its own."}
	}
	return simpul.Text{ID: fmt.Sprintf("Paling banyak %d panggilan per menit.", t.RatePerMinute), EN: fmt.Sprintf("At most %d calls a minute.", t.RatePerMinute)}
}

func (t Terms) periodSentence() simpul.Text {
	from, until := simpul.Text{ID: "Berlaku", EN: "Valid"}, simpul.Text{ID: " tanpa akhir.", EN: " without end."}
	if t.From != nil {
		day := dayOf(*t.From)
		from = simpul.Text{ID: "Berlaku mulai " + day.ID, EN: "Valid from " + day.EN}
	}
	if t.Until != nil {
		day := dayOf(t.Until.Add(-time.Millisecond)) // until is the first moment after
		until = simpul.Text{ID: " sampai dengan " + day.ID + ".", EN: " through " + day.EN + "."}
	}
	return simpul.Text{ID: from.ID + until.ID, EN: from.EN + until.EN}
}

func (g Agreement) sentence() simpul.Text {
	date := simpul.Text{ID: g.Date, EN: g.Date}
	if t, err := time.ParseInLocation(time.DateOnly, g.Date, wib); err == nil {
		date = dayOf(t)
	}
	return simpul.Text{ID: "Menurut perjanjian " + g.Number + " tanggal " + date.ID + ".", EN: "Under agreement " + g.Number + " of " + date.EN + "."}
}

// dayOf writes a date in both languages, in western Indonesian time.
func dayOf(t time.Time) simpul.Text {
	months := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	local := t.In(wib)
	return simpul.Text{ID: fmt.Sprintf("%d %s %d", local.Day(), months[local.Month()-1], local.Year()), EN: local.Format("2 January 2006")}
}

// Sentences say what a request asks for, or what it was given.
func (c Case) Sentences() []simpul.Text {
	v := c.Latest()
	if c.State != Approved {
		return v.Ask.Sentences()
	}
	return v.Ask.spec(v.Given, v.Agreement).Sentences()
}
