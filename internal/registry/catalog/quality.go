package catalog

import (
	"slices"
	"strconv"
	"strings"

	"simpul"
	"simpul/internal/registry/catalog/contract"
)

// Report says how well a LID is described, from 0 to 100, and why.
//
// The score is the share of the points that its checks give out. Each check is
// worth the points that checks lists, and a check of which a LID can meet parts
// (such as descriptions of fields) gives that share of its points. What a LID
// has no use for, such as descriptions of parameters that it does not take, is
// left out of the sum: nobody loses points for it.
type Report struct {
	Score  int
	Checks []Check // in the order in which readers meet what they check
}

// Check is one thing that was looked at.
type Check struct {
	Key    string      // names the check for programs
	Title  simpul.Text // what is looked for
	Points int         // what it is worth
	Earned int         // at most Points
	Remedy simpul.Text // what to do; empty where nothing is left to do
	Place  string      // where to write it, in the resource file
}

// Mend lists the checks that leave something to do, those that are worth most
// first.
func (r Report) Mend() []Check {
	var left []Check
	for _, c := range r.Checks {
		if c.Earned < c.Points {
			left = append(left, c)
		}
	}
	slices.SortStableFunc(left, func(a, b Check) int { return (b.Points - b.Earned) - (a.Points - a.Earned) })
	return left
}

// Bindings tell what the fields of LIDs mean.
type Bindings interface {
	// Bound returns the fields of a LID's answers that are bound to a data
	// standard or a list of codes. It is asked for every LID at once, so it
	// answers from memory.
	Bound(simpul.Address) []string
}

// Quality looks at what a LID says of itself, and at which fields of its answers
// are bound to a standard or a list. A LID without a contract is measured by its
// metadata alone.
func Quality(s Spec, c *contract.Contract, bound ...string) Report {
	var r Report
	earned, points := 0, 0
	for _, check := range checks(bound) {
		met, all, missing := check.measure(s, c)
		if all == 0 {
			continue
		}
		done := Check{Key: check.key, Title: check.title, Points: check.points, Earned: check.points * met / all, Place: check.place}
		if met < all {
			done.Remedy = withPlaces(check.remedy, missing)
		}
		r.Checks = append(r.Checks, done)
		earned, points = earned+done.Earned, points+done.Points
	}
	if points > 0 {
		r.Score = 100 * earned / points
	}
	return r
}

// mostNamed is how many places a remedy names.
const mostNamed = 5

// withPlaces adds to a remedy the places that it is about.
func withPlaces(remedy simpul.Text, missing []string) simpul.Text {
	if len(missing) == 0 {
		return remedy
	}
	list := strings.Join(missing[:min(len(missing), mostNamed)], ", ")
	more := simpul.Text{}
	if n := len(missing) - mostNamed; n > 0 {
		count := strconv.Itoa(n)
		more = simpul.Text{ID: ", dan " + count + " lagi", EN: ", and " + count + " more"}
	}
	return simpul.Text{ID: remedy.ID + " Belum ada pada: " + list + more.ID + ".", EN: remedy.EN + " Missing at: " + list + more.EN + "."}
}
