package catalog

import (
	"cmp"
	"iter"
	"slices"

	"simpul"
)

// Task is one thing to mend in one published LID.
type Task struct {
	LID    simpul.Address
	Agency simpul.AgencyID
	Score  int // of the LID, as it is
	Gain   int // points of the check that are left
	Check
}

// chore is a task before its words are looked up.
type chore struct {
	mark
	lack
}

// chores lists what is left to do in the published LIDs of an agency, or of all
// where it is empty: what earns most first, and in the worst LID.
func (f *Finder) chores(agency simpul.AgencyID) (all []chore) {
	for _, m := range f.marksOf(agency) {
		for _, gap := range m.gaps {
			all = append(all, chore{m, gap})
		}
	}
	slices.SortFunc(all, func(a, b chore) int {
		return cmp.Or(cmp.Compare(b.gain, a.gain), cmp.Compare(a.score, b.score), cmp.Compare(a.lid.Address, b.lid.Address), cmp.Compare(a.key, b.key))
	})
	return all
}

// tasks gives chores their words. It measures each LID once, in the order in
// which it meets them.
func (f *Finder) tasks(chores []chore) iter.Seq[Task] {
	return func(yield func(Task) bool) {
		reports := map[simpul.Address]Report{}
		for _, c := range chores {
			l := c.lid
			report, ok := reports[l.Address]
			if !ok {
				report = f.gauge.report(l)
				reports[l.Address] = report
			}
			i := slices.IndexFunc(report.Checks, func(done Check) bool { return done.Key == c.key })
			if i < 0 { // its bindings changed meanwhile
				continue
			}
			if !yield(Task{l.Address, l.Spec.Agency, report.Score, c.gain, report.Checks[i]}) {
				return
			}
		}
	}
}
