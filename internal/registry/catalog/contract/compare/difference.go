package compare

import (
	"strconv"
	"strings"

	"simpul"
)

// Most is how many differences of one effect are kept.
const Most = 500

// Effect is what a difference means for a consumer's program that nobody
// touches.
type Effect string

const (
	Breaking Effect = "breaking" // may fail
	Warning  Effect = "warning"  // may be surprised
	Harmless Effect = "harmless" // notices nothing
)

// Kind says what happened to a part of the contract.
type Kind string

const (
	Removed   Kind = "removed"
	Added     Kind = "added"
	Renamed   Kind = "renamed"   // a parameter of the path
	Retyped   Kind = "retyped"   // another type or format
	Required  Kind = "required"  // was optional
	Optional  Kind = "optional"  // was required
	Nullable  Kind = "nullable"  // null became a value
	NotNull   Kind = "not-null"  // null is no value any more
	Values    Kind = "values"    // the list of values changed
	Limited   Kind = "limited"   // a limit changed
	Described Kind = "described" // words
)

// Difference is one change.
type Difference struct {
	Operation string // "GET /{kode}", of the former contract where both have it
	Place     string // with the operation: "GET /{kode} → 200 → items.nama"
	Kind      Kind
	Effect    Effect
	Sentence  simpul.Text // what changed
	Why       simpul.Text // what that means for consumers
	Before    string      // "" where there was nothing
	After     string
}

// Breaks reports whether a consumer's program may fail.
func (d Difference) Breaks() bool { return d.Effect == Breaking }

// Result is what one contract changes against another.
type Result struct {
	Differences []Difference // by operation; within it what breaks first

	Breaking  int // how many break, also of those that were not kept
	Warnings  int
	Additions int // harmless ones
	Others    int // harmless as well
}

// Breaks reports whether a consumer's program may fail.
func (r Result) Breaks() bool { return r.Breaking > 0 }

// Total is how many differences there are.
func (r Result) Total() int { return r.Breaking + r.Warnings + r.Additions + r.Others }

// Left is how many differences were counted and not kept.
func (r Result) Left() int { return r.Total() - len(r.Differences) }

// First returns the first differences that break.
func (r Result) First(most int) (some []Difference) {
	for _, d := range r.Differences {
		if d.Breaks() && len(some) < most {
			some = append(some, d)
		}
	}
	return some
}

// Summary counts the differences in words: "2 tambahan, 1 perubahan yang memutus".
func (r Result) Summary() simpul.Text {
	var id, en []string
	say := func(n int, words, one, many string) {
		switch {
		case n == 0:
			return
		case n == 1:
			en = append(en, "1 "+one)
		default:
			en = append(en, strconv.Itoa(n)+" "+many)
		}
		id = append(id, strconv.Itoa(n)+" "+words)
	}
	say(r.Breaking, "perubahan yang memutus", "breaking change", "breaking changes")
	say(r.Warnings, "perubahan yang perlu diperhatikan", "change to watch", "changes to watch")
	say(r.Additions, "tambahan", "addition", "additions")
	say(r.Others, "perubahan lain", "other change", "other changes")
	if len(id) == 0 {
		return simpul.Text{ID: "kontrak tidak berubah", EN: "the contract did not change"}
	}
	return simpul.Text{ID: strings.Join(id, ", "), EN: strings.Join(en, ", ")}
}
