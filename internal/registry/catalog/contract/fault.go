package contract

import (
	"strconv"
	"strings"

	"simpul"
)

// place is a location in the document: the names of members, and "[0]" for an
// element, on the way to it.
type place []string

// in returns the location of a member.
func (p place) in(names ...string) place { return append(p[:len(p):len(p)], names...) }

// item returns the location of an array element.
func (p place) item(i int) place { return p.in(index(i)) }

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

func (p place) String() string {
	const most = 300 // bytes
	s := "spec.contract"
	for _, name := range p {
		if len(s) > most {
			break
		}
		if !strings.HasPrefix(name, "[") {
			s += "."
		}
		s += name
	}
	return clip(s, most)
}

// fault reports what is wrong at a place, and how to mend it.
func fault(at place, message, remedy simpul.Text) error {
	return simpul.Invalid(at.String(), message, remedy)
}

// expected reports a value of another kind than OpenAPI wants.
func expected(at place, id, en string) error {
	return fault(at,
		simpul.Text{ID: "Di sini kontrak harus berisi " + id + ".", EN: "Here the contract must hold " + en + "."},
		simpul.Text{ID: "Perbaiki bagian ini menurut spesifikasi OpenAPI.", EN: "Mend this part according to the OpenAPI specification."})
}

// excess reports that a document goes beyond a limit.
func excess(at place, id, en string) error {
	return fault(at,
		simpul.Text{ID: "Kontrak ini terlalu besar: " + id + ".", EN: "This contract is too large: " + en + "."},
		simpul.Text{ID: "Bagi menjadi beberapa LID, atau buang bagian yang tidak diperlukan.", EN: "Split it into several LIDs, or leave out what is not needed."})
}

// quote shows a part of the document in a message.
func quote(s string) string { return strconv.Quote(clip(s, 100)) }

// clip shortens a text to at most so many bytes, at a character.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	const ellipsis = "…"
	return strings.ToValidUTF8(s[:most-len(ellipsis)], "") + ellipsis
}
