package demo

import "strings"

// Tier is one of the four tiers of Indonesia's administrative division.
type Tier int

const (
	Province Tier = iota // provinsi
	Regency              // kabupaten or kota
	District             // kecamatan
	Village              // desa, kelurahan or desa adat
)

// tiers counts them: `for tier := range tiers`.
const tiers Tier = 4

// String is the Indonesian word that addresses and parameters use.
func (t Tier) String() string {
	return [...]string{"provinsi", "kota", "kecamatan", "desa"}[t]
}

// shape is the form of a code of the tier, 0 standing for any digit.
func (t Tier) shape() string {
	return [...]string{"00", "00.00", "00.00.00", "00.00.00.0000"}[t]
}

// width is the length of a code of the tier; all codes of a tier have it.
func (t Tier) width() int { return len(t.shape()) }

// accepts reports whether s has the form of a code of the tier.
func (t Tier) accepts(s string) bool {
	shape := t.shape()
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		if digit := '0' <= s[i] && s[i] <= '9'; digit != (shape[i] == '0') || !digit && s[i] != '.' {
			return false
		}
	}
	return true
}

// Region is one area of the administrative division.
type Region struct {
	Code string // of the Ministry of Home Affairs, dotted: "32.73.01.1001"
	Name string // "Kota Bandung"
}

// Ancestor returns the code of the area of a higher tier that holds r.
func (r Region) Ancestor(t Tier) string { return r.Code[:t.width()] }

// Kind tells the two kinds of regency apart by name, and the three kinds of
// village by the first of their four digits, as the ministry numbers them. It
// is empty for provinces and districts, which have one kind.
func (r Region) Kind() string {
	switch len(r.Code) {
	case Regency.width():
		kind, _, _ := strings.Cut(r.Name, " ")
		return strings.ToLower(kind)
	case Village.width():
		return villageKind(r.Code[District.width()+1])
	}
	return ""
}

func villageKind(digit byte) string {
	switch digit {
	case '1':
		return "kelurahan"
	case '3':
		return "desa adat"
	}
	return "desa"
}
