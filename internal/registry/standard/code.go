package standard

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"simpul"
)

// Names are a name in both languages; Indonesian stands in for a missing English one.
type Names struct {
	ID string `json:"id" minLength:"1" maxLength:"300" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters"`
	EN string `json:"en,omitempty" maxLength:"300" pattern:"^\\P{Cc}*$" patternDescription:"free of control characters"`
}

// Text is the name as screens show it.
func (n Names) Text() simpul.Text { return simpul.Text{ID: n.ID, EN: n.EN} }

// Code is what one code means in one period. A code whose name or parent
// changed has several, one after the other.
type Code struct {
	Code   string `json:"code" maxLength:"64" pattern:"^[0-9A-Za-z][0-9A-Za-z._-]*$" example:"32.73"`
	Parent string `json:"parent,omitempty" maxLength:"64" doc:"Code of the same list above this one" example:"32"`
	Name   Names  `json:"name"`
	Validity
	Notes string `json:"notes,omitempty" maxLength:"1000" pattern:"^[\\P{Cc}\\s]*$" patternDescription:"free of control characters" doc:"Such as the legal source"`
}

var codeShape = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$`)

// Placer says where field of entry i stands in the input, for an error.
type Placer func(i int, field string) string

// CheckCodes refuses a list in which a code could have two meanings on one day,
// hangs below something that does not exist, or hangs below itself. It names
// every code that is wrong in itself; when none is, every one that does not go
// with the others.
func CheckCodes(codes []Code, place Placer) error {
	var wrong simpul.Faults
	for i, c := range codes {
		if err := c.check(func(field string) string { return place(i, field) }); err != nil && !wrong.Add(err) {
			return firstOf(wrong.Err(), err)
		}
	}
	if wrong.Any() {
		return wrong.Err()
	}
	if checkOverlaps(codes, place, &wrong) {
		checkParents(codes, place, &wrong)
	}
	return wrong.Err()
}

func (c Code) check(place func(field string) string) error {
	if err := checkCode(place("code"), c.Code); err != nil {
		return err
	}
	if strings.TrimSpace(c.Name.ID) == "" {
		return simpul.Invalid(place("name"),
			simpul.Text{ID: "Kode " + c.Code + " tidak bernama.", EN: "Code " + c.Code + " has no name."},
			simpul.Text{ID: "Tulis namanya dalam bahasa Indonesia.", EN: "Write its name in Indonesian."})
	}
	for field, text := range map[string]string{"name": c.Name.ID + c.Name.EN, "notes": c.Notes} {
		if err := plainText(place(field), text); err != nil {
			return err
		}
	}
	return c.Validity.check(place)
}

// checkCode refuses what no code can be.
func checkCode(place, code string) error {
	if codeShape.MatchString(code) {
		return nil
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "Kode \"" + clip(code, 80) + "\" tidak sah.", EN: "Code \"" + clip(code, 80) + "\" is not valid."},
		simpul.Text{ID: "Gunakan huruf, angka, titik, garis bawah, dan tanda hubung, paling panjang 64, diawali huruf atau angka.", EN: "Use letters, digits, dots, underscores and hyphens, at most 64, beginning with a letter or digit."})
}

// plainText refuses what no database should see and no page could show.
func plainText(place, text string) error { return textOf(place, text, 1000) }

// textOf is plainText for texts of at most that many characters.
func textOf(place, text string, longest int) error {
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if utf8.ValidString(text) && !strings.ContainsFunc(text, odd) && utf8.RuneCountInString(text) <= longest {
		return nil
	}
	return simpul.Invalid(place,
		simpul.Text{ID: "Teks di sini terlalu panjang, bukan UTF-8, atau memuat karakter kendali.", EN: "The text here is too long, is not UTF-8, or holds control characters."},
		simpul.Text{ID: "Tulis teks biasa paling panjang " + strconv.Itoa(longest) + " huruf, dalam UTF-8.", EN: "Write plain text of at most " + strconv.Itoa(longest) + " characters, in UTF-8."})
}

// checkOverlaps reports whether there is room for further faults.
func checkOverlaps(codes []Code, place Placer, wrong *simpul.Faults) bool {
	order := make([]int, len(codes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(strings.Compare(codes[a].Code, codes[b].Code), strings.Compare(string(codes[a].From), string(codes[b].From)), cmp.Compare(a, b))
	})
	for n := 1; n < len(order); n++ {
		before, after := codes[order[n-1]], codes[order[n]]
		if before.Code == after.Code && before.Overlaps(after.Validity) && !wrong.Add(overlap(after, before, place(order[n], "from"))) {
			return false
		}
	}
	return true
}

func overlap(c, other Code, place string) error {
	return simpul.Invalid(place,
		simpul.Text{
			ID: "Kode " + c.Code + " bermakna ganda: \"" + c.Name.ID + "\" (" + c.Validity.String() + ") bertumpang tindih dengan \"" + other.Name.ID + "\" (" + other.Validity.String() + ").",
			EN: "Code " + c.Code + " has two meanings: \"" + c.Name.ID + "\" (" + c.Validity.String() + ") overlaps \"" + other.Name.ID + "\" (" + other.Validity.String() + ")."},
		simpul.Text{ID: "Akhiri masa berlaku yang lama pada hari yang baru mulai berlaku, atau hapus yang berulang.", EN: "End the older period on the day on which the newer one begins, or remove the repetition."})
}

func checkParents(codes []Code, place Placer, wrong *simpul.Faults) {
	parents := make(map[string][]string, len(codes))
	for _, c := range codes {
		parents[c.Code] = append(parents[c.Code], c.Parent)
	}
	depths := make(map[string]int, len(parents))
	for i, c := range codes {
		_, known := parents[c.Parent]
		switch {
		case !known && c.Parent != "":
			if !wrong.Add(orphan(c, place(i, "parent"))) {
				return
			}
		case depth(parents, depths, c.Code) > deepest:
			if !wrong.Add(tooDeep(c, place(i, "parent"))) {
				return
			}
		}
	}
}

func orphan(c Code, place string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: "Induk \"" + c.Parent + "\" dari kode " + c.Code + " tidak ada dalam daftar.", EN: "Parent \"" + c.Parent + "\" of code " + c.Code + " is not in the list."},
		simpul.Text{ID: "Tambahkan induknya, atau perbaiki kolom induk.", EN: "Add the parent, or mend the parent column."})
}

func tooDeep(c Code, place string) error {
	return simpul.Invalid(place,
		simpul.Text{ID: "Kode " + c.Code + " berada di bawah dirinya sendiri, atau lebih dari 12 tingkat ke bawah.", EN: "Code " + c.Code + " is below itself, or more than 12 levels down."},
		simpul.Text{ID: "Perbaiki kolom induk.", EN: "Mend the parent column."})
}

// deepest bounds the levels of a list.
const deepest = 12

// depth is on which level a code stands, over all periods; more than deepest
// for one below itself. Each code is looked at once.
func depth(parents map[string][]string, known map[string]int, code string) int {
	if d, ok := known[code]; ok {
		return d
	}
	known[code] = deepest + 1 // what a circle finds
	d := 1
	for _, parent := range parents[code] {
		if parent != "" {
			d = max(d, 1+depth(parents, known, parent))
		}
	}
	known[code] = d
	return d
}

// folded is the names as searches compare them.
func (n Names) folded() string { return strings.ToLower(n.ID + "\n" + n.EN) }
