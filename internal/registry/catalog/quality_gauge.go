package catalog

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"simpul"
)

// gauge measures all published LIDs. It remembers what it measured: a LID in the
// directory never changes, it is replaced; a change of its bindings has it
// measured again.
type gauge struct {
	bindings Bindings // nil: nothing is bound
	mu       sync.Mutex
	marks    map[*LID]mark
}

// mark is the measure of one LID.
type mark struct {
	lid   *LID
	bound []string
	score int
	gaps  []lack
}

// lack is a check that leaves something to do.
type lack struct {
	key  string
	gain int // points that are left
}

// Connect has bindings counted in the score. It is called before anything is
// measured.
func (f *Finder) Connect(b Bindings) { f.gauge.bindings = b }

func (g *gauge) bound(address simpul.Address) []string {
	if g.bindings == nil {
		return nil
	}
	return g.bindings.Bound(address)
}

// report measures one LID as it is now.
func (g *gauge) report(l *LID) Report { return Quality(l.Spec, l.Contract, g.bound(l.Address)...) }

func (g *gauge) measure(lids []*LID) []mark {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := make(map[*LID]mark, len(lids))
	all := make([]mark, len(lids))
	for i, l := range lids {
		m, ok := g.marks[l]
		if bound := g.bound(l.Address); !ok || !slices.Equal(m.bound, bound) {
			m = measured(l, bound)
		}
		all[i], known[l] = m, m
	}
	g.marks = known
	return all
}

func measured(l *LID, bound []string) mark {
	r := Quality(l.Spec, l.Contract, bound...)
	m := mark{lid: l, bound: bound, score: r.Score}
	for _, c := range r.Mend() {
		m.gaps = append(m.gaps, lack{c.Key, c.Points - c.Earned})
	}
	return m
}

// marksOf measures the published LIDs of an agency, or of all where it is empty.
func (f *Finder) marksOf(agency simpul.AgencyID) []mark {
	marks := f.gauge.measure(f.directory.All())
	if agency == "" {
		return marks
	}
	return slices.DeleteFunc(marks, func(m mark) bool { return m.lid.Spec.Agency != agency })
}

// Scores returns the scores of the published LIDs of an agency.
func (f *Finder) Scores(agency simpul.AgencyID) map[simpul.Address]int {
	scores := map[simpul.Address]int{}
	for _, m := range f.marksOf(agency) {
		scores[m.lid.Address] = m.score
	}
	return scores
}

// Standing is how well the LIDs of one agency are described.
type Standing struct {
	Agency simpul.AgencyID
	Score  int // the mean of its LIDs
	LIDs   int
	Gaps   []Gap // what to mend, in the most LIDs first
}

// Gap is one thing to mend and in how many LIDs.
type Gap struct {
	Key   string
	Title simpul.Text
	LIDs  int
}

// Standings lists the agencies that publish, the worst described first.
func (f *Finder) Standings(context.Context) []Standing {
	type sum struct {
		score, lids int
		gaps        map[string]int
	}
	sums := map[simpul.AgencyID]*sum{}
	for _, m := range f.marksOf("") {
		s := sums[m.lid.Spec.Agency]
		if s == nil {
			s = &sum{gaps: map[string]int{}}
			sums[m.lid.Spec.Agency] = s
		}
		s.score, s.lids = s.score+m.score, s.lids+1
		for _, gap := range m.gaps {
			s.gaps[gap.key]++
		}
	}
	all := make([]Standing, 0, len(sums))
	for agency, s := range sums {
		all = append(all, Standing{Agency: agency, Score: s.score / s.lids, LIDs: s.lids, Gaps: gapsOf(s.gaps)})
	}
	slices.SortFunc(all, func(a, b Standing) int { return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Agency, b.Agency)) })
	return all
}

func gapsOf(counts map[string]int) (gaps []Gap) {
	for _, c := range checks(nil) {
		if n := counts[c.key]; n > 0 {
			gaps = append(gaps, Gap{c.key, c.title, n})
		}
	}
	slices.SortStableFunc(gaps, func(a, b Gap) int { return b.LIDs - a.LIDs })
	return gaps
}

// measuredLID is a LID with its report.
type measuredLID struct {
	*LID
	Report Report
}

// worstMarks are those of an agency, the worst described first.
func (f *Finder) worstMarks(agency simpul.AgencyID) []mark {
	marks := f.marksOf(agency)
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.score, b.score) })
	return marks
}

// worst lists the published LIDs of an agency, the worst described first, and
// how many there are.
func (f *Finder) worst(agency simpul.AgencyID, from, most int) (some []measuredLID, total int) {
	marks := f.worstMarks(agency)
	from = min(from, len(marks))
	for _, m := range marks[from:min(from+most, len(marks))] {
		some = append(some, measuredLID{m.lid, f.gauge.report(m.lid)})
	}
	return some, len(marks)
}
