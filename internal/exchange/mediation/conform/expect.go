package conform

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"simpul"
)

// What a form expects, as the rest of a sentence. Every name and value is the
// contract's own.

func nothingAllowed() simpul.Text {
	return simpul.Text{ID: "tidak ada nilai di sini", EN: "no value here"}
}

func counted(id, en string, n int) func() simpul.Text {
	return func() simpul.Text { return simpul.Text{ID: fmt.Sprintf(id, n), EN: fmt.Sprintf(en, n)} }
}

func limit(sign string, b *bound) func() simpul.Text {
	return func() simpul.Text {
		n := sign + written(b)
		return simpul.Text{ID: n, EN: n}
	}
}

func written(b *bound) string {
	if b.exact {
		return strconv.FormatInt(b.short, 10)
	}
	s := b.rat.FloatString(20)
	return clip(strings.TrimSuffix(strings.TrimRight(s, "0"), "."))
}

func quotedWords(id, en, what string) simpul.Text {
	what = clip(what)
	return simpul.Text{ID: id + what, EN: en + what}
}

// listed names a few of a list.
func listed(id, en string, all []string) simpul.Text {
	if len(all) == 0 {
		return simpul.Text{ID: id + "apa pun", EN: en + "any"}
	}
	more := ""
	if len(all) > mostListed {
		all, more = all[:mostListed], ", …"
	}
	shown := make([]string, len(all))
	for i, one := range all {
		shown[i] = clip(one)
	}
	list := strings.Join(shown, ", ") + more
	return simpul.Text{ID: id + list, EN: en + list}
}

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}

// clip shortens a text at a character.
func clip(s string) string {
	if len(s) <= longestShown {
		return s
	}
	cut := longestShown
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

var kindNames = []struct {
	kind kind
	text simpul.Text
}{
	{null, simpul.Text{ID: "null", EN: "null"}},
	{boolean, simpul.Text{ID: "true atau false", EN: "true or false"}},
	{integer, simpul.Text{ID: "bilangan bulat", EN: "an integer"}},
	{number, simpul.Text{ID: "angka", EN: "a number"}},
	{text, simpul.Text{ID: "teks", EN: "a string"}},
	{array, simpul.Text{ID: "daftar (array)", EN: "an array"}},
	{object, simpul.Text{ID: "objek", EN: "an object"}},
}

func nameOf(kinds kind) simpul.Text {
	var id, en []string
	for _, k := range kindNames {
		if kinds&k.kind != 0 {
			id, en = append(id, k.text.ID), append(en, k.text.EN)
		}
	}
	return simpul.Text{ID: strings.Join(id, " / "), EN: strings.Join(en, " / ")}
}
