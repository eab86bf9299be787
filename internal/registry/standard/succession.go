package standard

import (
	"fmt"
	"slices"
	"strings"

	"simpul"
)

// Change says how codes followed each other.
type Change string

const (
	Split   Change = "split"   // pemekaran: one became several
	Merge   Change = "merge"   // penggabungan: several became one
	Replace Change = "replace" // penggantian: the same thing under another code
)

// Succession is one event in the history of a list: on that day, codes that
// were valid the day before were followed by codes that are valid from then on.
// What was split may go on under its own code and is then on both sides.
type Succession struct {
	Day    Day      `json:"date" pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" doc:"First day of the successors"`
	Kind   Change   `json:"kind" enum:"split,merge,replace"`
	From   []string `json:"from" minItems:"1" maxItems:"50" doc:"Codes valid the day before"`
	To     []string `json:"to" minItems:"1" maxItems:"50" doc:"Codes valid from that day on"`
	Source string   `json:"source,omitempty" maxLength:"300" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters" doc:"Legal source"`
}

func (s Succession) check(place string) error {
	if _, err := ParseDay(string(s.Day)); err != nil || s.Day == "" {
		return simpul.At(place+".date", simpul.Invalid("",
			simpul.Text{ID: "Peristiwa ini tidak bertanggal.", EN: "This event has no date."},
			simpul.Text{ID: "Tulis hari pertama kode penerusnya berlaku, misalnya 2022-07-25.", EN: "Write the first day on which the successors are valid, such as 2022-07-25."}))
	}
	one, several, where := len(s.From), len(s.To), "from"
	if s.Kind == Merge {
		one, several, where = len(s.To), len(s.From), "to"
	}
	if fits := one == 1 && (several > 1 || s.Kind == Replace && several == 1); !fits {
		return simpul.Invalid(place+"."+where,
			simpul.Text{ID: "Jumlah kode tidak cocok dengan jenis peristiwa " + string(s.Kind) + ".", EN: "The number of codes does not fit an event of kind " + string(s.Kind) + "."},
			simpul.Text{ID: "split: satu menjadi beberapa; merge: beberapa menjadi satu; replace: satu menjadi satu.", EN: "split: one becomes several; merge: several become one; replace: one becomes one."})
	}
	for _, code := range slices.Concat(s.From, s.To) {
		if err := checkCode(place, code); err != nil {
			return err
		}
	}
	if err := plainText(place+".source", s.Source); err != nil {
		return err
	}
	for _, codes := range [][]string{s.From, s.To} {
		if twice := repeated(codes); twice != "" {
			return simpul.Invalid(place, simpul.Text{ID: "Kode " + twice + " disebut dua kali di sisi yang sama.", EN: "Code " + twice + " is named twice on one side."},
				simpul.Text{ID: "Hapus yang berulang.", EN: "Remove the repetition."})
		}
	}
	return nil
}

func repeated(codes []string) string {
	seen := map[string]bool{}
	for _, c := range codes {
		if seen[c] {
			return c
		}
		seen[c] = true
	}
	return ""
}

// checkHistory refuses events about codes that were not valid when they say.
func checkHistory(events []Succession, periods periodsOf) error {
	for i, s := range events {
		place := fmt.Sprintf("spec.successions[%d]", i)
		for _, code := range s.From {
			if err := validOn(periods, code, s.Day.before(), place+".from"); err != nil {
				return err
			}
		}
		for _, code := range s.To {
			if err := validOn(periods, code, s.Day, place+".to"); err != nil {
				return err
			}
		}
	}
	return nil
}

// periodsOf answers when a code of the list is valid.
type periodsOf func(code string) ([]Validity, error)

func validOn(periods periodsOf, code string, day Day, place string) error {
	found, err := periods(code)
	if err != nil {
		return err
	}
	var all []string
	for _, v := range found {
		if v.Holds(day) {
			return nil
		}
		all = append(all, v.String())
	}
	if len(all) == 0 {
		return simpul.Invalid(place,
			simpul.Text{ID: "Kode \"" + code + "\" tidak ada dalam daftar.", EN: "Code \"" + code + "\" is not in the list."},
			simpul.Text{ID: "Tambahkan kodenya, atau perbaiki rujukannya.", EN: "Add the code, or mend the reference."})
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "Kode " + code + " tidak berlaku pada " + string(day) + "; masa berlakunya " + strings.Join(all, ", ") + ".", EN: "Code " + code + " is not valid on " + string(day) + "; it is valid " + strings.Join(all, ", ") + "."},
		simpul.Text{ID: "Samakan tanggal peristiwa dengan masa berlaku kodenya.", EN: "Make the date of the event and the period of the code agree."})
}
