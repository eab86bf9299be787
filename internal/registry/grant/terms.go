package grant

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"simpul"
)

// openRate is how fast an open LID may be called without anybody's decision,
// calls a minute.
const openRate = 600

// Offer is what a published LID offers to whoever asks for access.
type Offer struct {
	LID        simpul.Address
	Title      string
	Provider   simpul.AgencyID
	Class      simpul.LIDClass
	LegalBasis string
	Fields     []OfferedField // that may be chosen one by one
	Parameters []OfferedField // of the path or the query
	Contract   Contract
	Version    string           // the newest, "2.0"
	Older      []OfferedVersion // earlier major versions, newest first
}

// OfferedField is a field or a parameter in words.
type OfferedField struct{ Name, Description string }

// check finds what keeps an ask from being submitted.
func (a Ask) check(o Offer, limit Limit, now time.Time) error {
	if err := checkWords("purpose", a.Purpose, 20, simpul.Text{ID: "Tulis tujuan dalam satu kalimat yang dimengerti warga, paling sedikit 20 huruf.", EN: "Write the purpose in a sentence that a citizen understands, of at least 20 letters."}); err != nil {
		return err
	}
	if err := checkWords("legalBasis", a.LegalBasis, 3, simpul.Text{ID: "Tulis peraturan dan pasalnya, atau perjanjiannya.", EN: "Write the regulation and its article, or the agreement."}); err != nil {
		return err
	}
	if utf8.RuneCountInString(a.Contact) > 200 || strings.ContainsFunc(a.Contact, control) {
		return wrong("contact", simpul.Text{ID: "Kontak terlalu panjang atau memuat karakter kendali.", EN: "The contact is too long or holds control characters."},
			simpul.Text{ID: "Tulis nama dan surel atau telepon, paling panjang 200 huruf.", EN: "Write a name and an e-mail address or telephone number, of at most 200 letters."})
	}
	return a.Terms.check(o, limit, now)
}

func checkWords(place, text string, least int, remedy simpul.Text) error {
	n := utf8.RuneCountInString(strings.TrimSpace(text))
	if utf8.ValidString(text) && n >= least && n <= 500 && !strings.ContainsFunc(text, control) {
		return nil
	}
	return wrong(place, simpul.Text{ID: "Isian ini terlalu pendek, terlalu panjang, atau tidak terbaca.", EN: "This is too short, too long, or cannot be read."}, remedy)
}

func control(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f }

func wrong(place string, message, remedy simpul.Text) error {
	return simpul.Invalid(place, message, remedy)
}

// check finds what the LID, or its class, does not allow.
func (t Terms) check(o Offer, limit Limit, now time.Time) error {
	if _, err := simpul.ParseFields(t.Fields); err != nil {
		return simpul.At("fields", err)
	}
	for _, path := range t.Fields {
		if o.Contract != nil && !o.Contract.HasField(path) {
			return wrong("fields", simpul.Text{ID: "Kontrak " + string(o.LID) + " tidak memiliki kolom " + path + ".", EN: "The contract of " + string(o.LID) + " has no field " + path + "."},
				simpul.Text{ID: "Pilih dari daftar kolom pada halaman LID.", EN: "Choose from the fields on the LID's page."})
		}
	}
	if limit.Fields && len(t.Fields) == 0 && len(o.Fields) > 0 {
		return unnamed()
	}
	if err := checkRows(t.Rows, o.Contract); err != nil {
		return err
	}
	if t.RatePerMinute < 1 || t.RatePerMinute > 10_000_000 {
		return wrong("ratePerMinute", simpul.Text{ID: "Batas panggilan per menit tidak sah.", EN: "The limit of calls a minute is not valid."},
			simpul.Text{ID: "Tulis bilangan dari 1, misalnya 60.", EN: "Write a number from 1, such as 60."})
	}
	return t.checkPeriod(limit, now)
}

func (t Terms) checkPeriod(limit Limit, now time.Time) error {
	from := now
	if t.From != nil && t.From.After(now) {
		from = *t.From
	}
	if t.Until != nil && !t.Until.After(from) {
		return wrong("until", simpul.Text{ID: "Akhir masa berlaku sudah lewat, atau tidak sesudah awalnya.", EN: "The end of the period is over, or not after its beginning."},
			simpul.Text{ID: "Tulis tanggal yang akan datang.", EN: "Write a day to come."})
	}
	return limit.checkEnd(t.Until, now)
}

func checkRows(rows []Row, contract Contract) error {
	seen := map[string]bool{}
	for _, r := range rows {
		switch {
		case seen[r.Parameter]:
			return wrong("rows", simpul.Text{ID: "Parameter " + r.Parameter + " disebut dua kali.", EN: "Parameter " + r.Parameter + " is named twice."},
				simpul.Text{ID: "Gabungkan nilainya dalam satu baris.", EN: "Join its values in one line."})
		case r.Parameter == "" || contract != nil && !contract.HasParameter(r.Parameter):
			return wrong("rows", simpul.Text{ID: "Kontrak LID tidak memiliki parameter \"" + r.Parameter + "\" pada alamat atau kueri.", EN: "The LID's contract has no parameter \"" + r.Parameter + "\" in its path or query."},
				simpul.Text{ID: "Pilih dari daftar parameter pada halaman LID.", EN: "Choose from the parameters on the LID's page."})
		case len(r.Values) == 0 || len(r.Values) > 100 || slices.ContainsFunc(r.Values, badValue):
			return wrong("rows", simpul.Text{ID: "Nilai untuk parameter " + r.Parameter + " tidak sah.", EN: "The values of parameter " + r.Parameter + " are not valid."},
				simpul.Text{ID: "Tulis satu sampai 100 nilai, masing-masing paling panjang 200 huruf.", EN: "Write one to 100 values, each of at most 200 letters."})
		}
		seen[r.Parameter] = true
	}
	return nil
}

func badValue(v string) bool {
	return v == "" || len(v) > 200 || !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// within refuses terms that give more than was asked, at the place where they
// do. The provider may narrow, and nobody may widen.
func (t Terms) within(asked Terms) error {
	switch {
	case len(asked.Fields) > 0 && len(t.Fields) == 0:
		return wider("fields", simpul.Text{ID: "semua kolom", EN: "all fields"})
	case t.RatePerMinute > asked.RatePerMinute:
		return wider("ratePerMinute", simpul.Text{ID: fmt.Sprintf("%d panggilan per menit", t.RatePerMinute), EN: fmt.Sprintf("%d calls a minute", t.RatePerMinute)})
	case asked.From != nil && (t.From == nil || t.From.Before(*asked.From)):
		return wider("from", simpul.Text{ID: "mulai lebih awal", EN: "an earlier beginning"})
	case asked.Until != nil && (t.Until == nil || t.Until.After(*asked.Until)):
		return wider("until", simpul.Text{ID: "berakhir lebih lambat", EN: "a later end"})
	}
	for _, path := range t.Fields {
		if len(asked.Fields) > 0 && !slices.ContainsFunc(asked.Fields, func(a string) bool { return path == a || strings.HasPrefix(path, a+".") }) {
			return wider("fields", simpul.Text{ID: "kolom " + path, EN: "field " + path})
		}
	}
	for _, limit := range asked.Rows {
		if err := limit.covers(t.Rows); err != nil {
			return err
		}
	}
	return nil
}

// covers refuses rows that leave what the limit asked for.
func (r Row) covers(given []Row) error {
	i := slices.IndexFunc(given, func(g Row) bool { return g.Parameter == r.Parameter })
	if i < 0 {
		return wider("rows", simpul.Text{ID: r.Parameter + " tanpa batas", EN: r.Parameter + " without a limit"})
	}
	for _, v := range given[i].Values {
		if !slices.Contains(r.Values, v) {
			return wider("rows", simpul.Text{ID: r.Parameter + " = " + v, EN: r.Parameter + " = " + v})
		}
	}
	return nil
}

func wider(place string, what simpul.Text) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Place: place,
		Message: simpul.Text{ID: "Keputusan ini memberi lebih dari yang diminta: " + what.ID + ".", EN: "This decision gives more than was asked: " + what.EN + "."},
		Remedy:  simpul.Text{ID: "Berikan paling banyak yang diminta. Bila pemohon memerlukan lebih, kembalikan permohonannya supaya ia meminta lebih.", EN: "Give at most what was asked. If the requester needs more, return the request so that they ask for more."},
	}
}

// spec is the grant that an approved ask becomes.
func (a Ask) spec(given Terms, on Agreement) Spec {
	s := Spec{
		LID: a.LID, Application: a.Application, Purpose: strings.TrimSpace(a.Purpose), LegalBasis: strings.TrimSpace(a.LegalBasis),
		Fields: given.Fields, Rows: given.Rows, RatePerMinute: given.RatePerMinute, From: instant(millis(given.From)), Until: instant(millis(given.Until)),
	}
	if on.Number != "" {
		s.Agreement = &on
	}
	return s
}

// terms are what a grant gives. One without a rate of its own is faster than any
// with one.
func (s Spec) terms() Terms {
	return Terms{Fields: s.Fields, Rows: s.Rows, RatePerMinute: cmp.Or(s.RatePerMinute, math.MaxInt), From: s.From, Until: s.Until}
}
