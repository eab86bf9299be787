package demo

import (
	"iter"
	"sort"
	"strings"
)

// Level holds the regions of one tier in order of code. Since all codes of a
// tier are equally long and begin with the codes of their ancestors, one string
// holds every code, a binary search finds one, and the regions below an area
// are neighbours. All 83,763 villages take 3 MB and no pointer each.
type Level struct {
	width  int
	codes  string   // every code, width bytes each
	names  string   // every name, end to end
	folded string   // names with ASCII capitals made small, for searching
	ends   []uint32 // ends[i] is where the name of region i ends in names
}

// newLevel packs regions that are sorted by code.
func newLevel(tier Tier, regions []Region) *Level {
	var codes, names strings.Builder
	ends := make([]uint32, len(regions))
	for i, r := range regions {
		codes.WriteString(r.Code)
		names.WriteString(r.Name)
		ends[i] = uint32(names.Len())
	}
	return &Level{width: tier.width(), codes: codes.String(), names: names.String(), folded: fold(names.String()), ends: ends}
}

// Len returns the number of regions.
func (l *Level) Len() int { return len(l.ends) }

// At returns region i in order of code.
func (l *Level) At(i int) Region {
	from, to := l.span(i)
	return Region{Code: l.code(i), Name: l.names[from:to]}
}

// All yields the regions in order of code.
func (l *Level) All() iter.Seq[Region] {
	return func(yield func(Region) bool) {
		for i := range l.Len() {
			if !yield(l.At(i)) {
				return
			}
		}
	}
}

// Index returns the position of a code.
func (l *Level) Index(code string) (int, bool) {
	i := l.search(code)
	return i, i < l.Len() && l.code(i) == code
}

// Within returns the range [from, to) of the regions below an ancestor's code.
func (l *Level) Within(ancestor string) (from, to int) {
	return l.search(ancestor + "."), l.search(ancestor + "/") // '/' follows '.' in ASCII
}

// Matches reports whether the name of region i contains q, which [fold] made small.
func (l *Level) Matches(i int, q string) bool {
	from, to := l.span(i)
	return strings.Contains(l.folded[from:to], q)
}

func (l *Level) code(i int) string { return l.codes[i*l.width : (i+1)*l.width] }

func (l *Level) span(i int) (from, to uint32) {
	if i > 0 {
		from = l.ends[i-1]
	}
	return from, l.ends[i]
}

// search returns the position of the first region whose code is not below code.
func (l *Level) search(code string) int {
	return sort.Search(l.Len(), func(i int) bool { return l.code(i) >= code })
}

// fold makes ASCII capitals small and keeps the length, so that a position in
// the folded text is one in the original.
func fold(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
