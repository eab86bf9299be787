package catalog

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"simpul"
)

// gauge measures all published LIDs. It remembers what it measured: a LID in the
// directory never changes, it is replaced.
type gauge struct {
	mu    sync.Mutex
	marks map[*LID]mark
}

// mark is the measure of one LID.
type mark struct {
	lid   *LID
	score int
	gaps  []string // keys of the checks that leave something to do
}

func (g *gauge) measure(lids []*LID) []mark {
	g.mu.Lock()
	defer g.mu.Unlock()
	known := make(map[*LID]mark, len(lids))
	all := make([]mark, len(lids))
	for i, l := range lids {
		m, ok := g.marks[l]
		if !ok {
			m = measured(l)
		}
		all[i], known[l] = m, m
	}
	g.marks = known
	return all
}

func measured(l *LID) mark {
	r := Quality(l.Spec, l.Contract)
	m := mark{lid: l, score: r.Score}
	for _, c := range r.Mend() {
		m.gaps = append(m.gaps, c.Key)
	}
	return m
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
	for _, m := range f.gauge.measure(f.directory.All()) {
		s := sums[m.lid.Spec.Agency]
		if s == nil {
			s = &sum{gaps: map[string]int{}}
			sums[m.lid.Spec.Agency] = s
		}
		s.score, s.lids = s.score+m.score, s.lids+1
		for _, key := range m.gaps {
			s.gaps[key]++
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
	for _, c := range checks() {
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

// worst lists the published LIDs of an agency, the worst described first, and
// how many there are.
func (f *Finder) worst(agency simpul.AgencyID, from, most int) (some []measuredLID, total int) {
	marks := slices.DeleteFunc(f.gauge.measure(f.directory.All()), func(m mark) bool { return m.lid.Spec.Agency != agency })
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.score, b.score) })
	from = min(from, len(marks))
	for _, m := range marks[from:min(from+most, len(marks))] {
		some = append(some, measuredLID{m.lid, Quality(m.lid.Spec, m.lid.Contract)})
	}
	return some, len(marks)
}
