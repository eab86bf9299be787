package conform

import (
	"fmt"

	"simpul"
)

// flaw is why a text is no JSON that the hub can check, as what it should be.
type flaw struct {
	keyword  string
	expected simpul.Text
}

func (f *flaw) Error() string { return f.expected.EN }

var (
	notUTF8    = &flaw{"json", simpul.Text{ID: "teks dalam UTF-8", EN: "text in UTF-8"}}
	withMark   = &flaw{"json", simpul.Text{ID: "JSON tanpa tanda urutan bita (BOM) di awalnya", EN: "JSON without a byte order mark (BOM) in front"}}
	notJSON    = &flaw{"json", simpul.Text{ID: "JSON yang sah (RFC 8259)", EN: "valid JSON (RFC 8259)"}}
	trailing   = &flaw{"json", simpul.Text{ID: "satu nilai JSON, tanpa apa pun sesudahnya", EN: "one JSON value, with nothing after it"}}
	holdsNUL   = &flaw{"json", simpul.Text{ID: "teks tanpa karakter NUL", EN: "text without the character NUL"}}
	loneHalf   = &flaw{"json", simpul.Text{ID: "pasangan surrogate yang lengkap pada \\u", EN: "whole surrogate pairs in \\u"}}
	tooDeep    = &flaw{"depth", simpul.Text{ID: fmt.Sprintf("paling banyak %d lapis bersarang", maxDepth), EN: fmt.Sprintf("at most %d levels of nesting", maxDepth)}}
	tooMany    = &flaw{"size", simpul.Text{ID: fmt.Sprintf("paling banyak %d nilai", maxValues), EN: fmt.Sprintf("at most %d values", maxValues)}}
	hugeNumber = &flaw{"number", simpul.Text{
		ID: fmt.Sprintf("angka paling panjang %d bita dengan pangkat di antara -%d dan %d", maxNumber, maxExponent, maxExponent),
		EN: fmt.Sprintf("a number of at most %d bytes with an exponent between -%d and %d", maxNumber, maxExponent, maxExponent)}}
	duplicate = &flaw{"duplicate", simpul.Text{ID: "nama anggota yang tidak berulang dalam satu objek", EN: "names of members that do not repeat within one object"}}
)
