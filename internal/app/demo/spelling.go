package demo

import (
	"strings"
	"unicode"
)

// readable spells a name for people. The source writes provinces and regencies
// in capitals, which titleCase undoes. Districts and villages it writes in mixed
// case, where capitals may be meant ("SP III", "WKO"): they keep their spelling,
// save that a few begin with a small letter.
func readable(name string, tier Tier) string {
	if tier <= Regency {
		return titleCase(name)
	}
	return capitalise(name)
}

// titleCase writes each word with a capital first letter, but for Roman
// numerals, abbreviations, and the conjunction "dan".
func titleCase(name string) string {
	words := strings.Split(name, " ")
	for i, word := range words {
		switch {
		case isAbbreviation(word) || isRoman(word):
		case word == "DAN" && i > 0:
			words[i] = "dan"
		default:
			words[i] = titleWord(word)
		}
	}
	return strings.Join(words, " ")
}

// isAbbreviation knows Daerah Khusus Ibukota and Daerah Istimewa.
func isAbbreviation(word string) bool { return word == "DKI" || word == "DI" }

// isRoman takes any word of the letters I, V and X for a numeral: no Indonesian
// place is called otherwise.
func isRoman(word string) bool { return word != "" && strings.Trim(word, "IVX") == "" }

// titleWord capitalises the first letter of each part: UNA-UNA becomes Una-Una,
// and SOA'AN Soa'an.
func titleWord(word string) string {
	first := true
	return strings.Map(func(r rune) rune {
		letter := unicode.ToLower(r)
		if first {
			letter = unicode.ToUpper(r)
		}
		first = strings.ContainsRune("-/(", r)
		return letter
	}, word)
}

// capitalise makes an initial ASCII letter a capital.
func capitalise(name string) string {
	if name != "" && 'a' <= name[0] && name[0] <= 'z' {
		return string(name[0]-'a'+'A') + name[1:]
	}
	return name
}
