package tracker

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// Names tells what things are called, for sentences that people read.
type Names interface {
	Agency(ctx context.Context, id simpul.AgencyID) string
	Application(ctx context.Context, id simpul.ApplicationID) string
	LID(ctx context.Context, address simpul.Address) string
	// Field is a field in the words of the contract, such as "tanggal lahir"; empty
	// where it has none.
	Field(ctx context.Context, address simpul.Address, path string) string
}

// Sentence says one access in one sentence that needs no further knowledge. when
// is the time as the reader writes it.
func Sentence(ctx context.Context, names Names, a Access, when simpul.Text) simpul.Text {
	who := names.Agency(ctx, a.Consumer())
	app := names.Application(ctx, a.Application)
	what, deed := seen(ctx, names, a), deedOf(ctx, names, a)
	id := who + ", lewat aplikasi " + app + ", " + deed.begin.ID + what.ID + " pada " + when.ID + deed.end.ID
	en := who + ", through its application " + app + ", " + deed.begin.EN + what.EN + " on " + when.EN + deed.end.EN
	ground := groundOf(a)
	return simpul.Text{ID: id + ground.ID + ".", EN: en + ground.EN + "."}
}

// deed is what was done with the data: the words before and after what and when.
type deed struct{ begin, end simpul.Text }

func deedOf(ctx context.Context, names Names, a Access) deed {
	tried := simpul.Text{ID: "mencoba melihat ", EN: "tried to see "}
	switch {
	case a.Delivered():
		return deed{begin: simpul.Text{ID: "melihat ", EN: "saw "}}
	case a.Broken():
		return deed{tried, simpul.Text{ID: ", dan jawabannya terputus: sebagian data mungkin sampai", EN: ", and the answer broke off: a part of the data may have arrived"}}
	case refused(a.Outcome):
		return deed{tried, simpul.Text{ID: "; hub menolaknya dan tidak ada data yang diberikan", EN: "; the hub refused and no data were given"}}
	}
	provider := names.Agency(ctx, a.Provider)
	return deed{tried, simpul.Text{ID: "; " + provider + " tidak memberikan data", EN: "; " + provider + " gave no data"}}
}

// refused reports whether the outcome is the hub's own no.
func refused(outcome simpul.Code) bool {
	switch outcome {
	case simpul.CodeInvalid, simpul.CodeUnauthenticated, simpul.CodeDenied, simpul.CodeNotFound,
		simpul.CodeMethodNotAllowed, simpul.CodeConflict, simpul.CodeGone, simpul.CodeTooLarge, simpul.CodeLimited:
		return true
	}
	return false
}

// mostFields is how many fields a sentence names before it counts the others.
const mostFields = 5

// seen says which data: the fields by name where the grant selects some.
func seen(ctx context.Context, names Names, a Access) simpul.Text {
	lid := names.LID(ctx, a.LID)
	fields := FieldWords(ctx, names, a)
	if len(fields) == 0 {
		return simpul.Text{ID: "semua data tentang Anda dalam layanan " + lid, EN: "all data about you in the service " + lid}
	}
	id, en := listed(fields, "dan", "lainnya"), listed(fields, "and", "more")
	return simpul.Text{ID: "data Anda (" + id + ") dalam layanan " + lid, EN: "your data (" + en + ") in the service " + lid}
}

// FieldWords are the fields that were selected, in words; none for every field.
func FieldWords(ctx context.Context, names Names, a Access) (words []string) {
	for path := range strings.FieldsSeq(a.Fields) {
		word := names.Field(ctx, a.LID, path)
		if word == "" {
			word = strings.ReplaceAll(path[strings.LastIndexByte(path, '.')+1:], "_", " ")
		}
		words = append(words, plain(word))
	}
	return words
}

func listed(words []string, and, more string) string {
	if n := len(words); n > mostFields {
		return strings.Join(words[:mostFields], ", ") + " " + and + " " + simpleNumber(n-mostFields) + " " + more
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " " + and + " " + words[n-1]
	}
	return words[0]
}

// groundOf says for what and on what ground.
func groundOf(a Access) simpul.Text {
	var id, en strings.Builder
	add := func(before simpul.Text, what string) {
		if what = plain(what); what != "" {
			id.WriteString(before.ID + what)
			en.WriteString(before.EN + what)
		}
	}
	add(simpul.Text{ID: ", untuk keperluan: ", EN: ", for this purpose: "}, strings.ReplaceAll(a.Purpose, " · ", " – "))
	add(simpul.Text{ID: ", berdasarkan ", EN: ", on the ground of "}, a.Basis)
	add(simpul.Text{ID: ", nomor berkas ", EN: ", case number "}, a.Case)
	return simpul.Text{ID: id.String(), EN: en.String()}
}

// Delayed says that an access is shown late, and why it may be; empty for one that
// was not.
func Delayed(a Access, day simpul.Text) simpul.Text {
	if a.ShownFrom.IsZero() {
		return simpul.Text{}
	}
	return simpul.Text{
		ID: "Akses ini baru ditampilkan kepada Anda sejak " + day.ID + ": instansinya meminta penundaan atas dasar hukum, dan orang kedua menyetujuinya.",
		EN: "This access has been shown to you since " + day.EN + " only: the agency asked for a delay on a legal ground, and a second person agreed.",
	}
}

// longestPlain is how many characters of a text that somebody else wrote a sentence
// takes in.
const longestPlain = 300

// plain makes of what an agency wrote a part of a sentence: one line, no marks that
// change the direction or hide, no point at its end, and not too long.
func plain(text string) string {
	clean := strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)), " ")
	clean = strings.TrimRight(clean, " .;,")
	if utf8.RuneCountInString(clean) <= longestPlain {
		return clean
	}
	return string([]rune(clean)[:longestPlain-1]) + "…"
}

func simpleNumber(n int) string { return thousands(n).ID }

// WhenText writes a time in Jakarta's in both languages, for readers whose clock is
// not known.
func WhenText(t time.Time) simpul.Text {
	local := t.In(time.FixedZone("WIB", int(jakartaAhead/time.Second)))
	months := [...]string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	return simpul.Text{
		ID: local.Format("2 ") + months[local.Month()-1] + local.Format(" 2006 pukul 15.04 WIB"),
		EN: local.Format("2 January 2006 at 15:04 WIB"),
	}
}
