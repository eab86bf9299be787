package incident

import (
	"cmp"
	"slices"
	"time"

	"simpul"
)

// mostDisclosures bounds the disclosures of an answer. The last one stands for
// those that have no room.
const mostDisclosures = 64

// gathering answers a question from a reading of the accesses. Its memory does not
// grow with them: what is counted once for an exchange is counted in one reading,
// and whom they affected in further ones, part by part. See [part].
type gathering struct {
	question  Question
	zone      *time.Location
	read      Reading
	atOnce    int // persons in memory
	disclosed []Disclosure
	place     map[[2]string]int // in disclosed
	days      map[int64]*Day    // by the number of the day
	perLID    map[simpul.Address]int64
	before    simpul.ExchangeID // the access before was of this exchange
	sample    map[person]bool   // one in sampled, by which their number is estimated
	months    map[uint16]int
	answer    Answer
}

// newGathering reads the accesses once. Whom they affected is not known yet.
func newGathering(q Question, read Reading) (*gathering, error) {
	g := &gathering{question: q, zone: q.Zone.Location(), read: read, atOnce: mostAtOnce, place: map[[2]string]int{},
		days: map[int64]*Day{}, perLID: map[simpul.Address]int64{}, sample: map[person]bool{}, months: map[uint16]int{}}
	return g, read("", g.add)
}

// asked reports whether the question is about the access.
func (g *gathering) asked(a Access) bool { return g.question.LID == "" || a.LID == g.question.LID }

// add counts what an exchange counts once.
func (g *gathering) add(a Access) error {
	if !g.asked(a) {
		return nil
	}
	for _, p := range a.Persons {
		who, ok := personOf(p)
		if !ok {
			g.answer.Unnamed++
		} else if who.sampled() {
			g.sample[who] = true
		}
	}
	in := g.disclosure(a)
	if a.Exchange == g.before {
		return nil
	}
	g.before = a.Exchange
	g.answer.Exchanges++
	g.answer.Unnamed += int64(a.Unnamed)
	if a.Unnamed > 0 {
		g.answer.Unnaming++
	}
	g.day(a.At).Exchanges++
	g.disclosed[in].Exchanges++
	if a.Broken {
		g.answer.Broken++
	} else {
		g.perLID[a.LID]++
	}
	g.answer.First, g.answer.Last = stretched(g.answer.First, g.answer.Last, a.At)
	return nil
}

// dayNumber is the number of the day, on the clock of the office.
func (g *gathering) dayNumber(at time.Time) int64 {
	_, offset := at.In(g.zone).Zone()
	return (at.Unix() + int64(offset)) / 86400
}

func (g *gathering) day(at time.Time) *Day {
	n := g.dayNumber(at)
	d := g.days[n]
	if d == nil {
		d = &Day{Day: at.In(g.zone).Format(time.DateOnly)}
		g.days[n] = d
	}
	return d
}

// disclosure is where the access stands among the disclosures.
func (g *gathering) disclosure(a Access) int {
	name := [2]string{string(a.LID), a.Fields}
	i, known := g.place[name]
	if !known && len(g.disclosed) >= mostDisclosures-1 {
		name = [2]string{}
		i, known = g.place[name]
	}
	if !known {
		i = len(g.disclosed)
		g.place[name] = i
		g.disclosed = append(g.disclosed, Disclosure{LID: simpul.Address(name[0]), Fields: name[1]})
	}
	d := &g.disclosed[i]
	d.First, d.Last = stretched(d.First, d.Last, a.At)
	return i
}

func stretched(first, last, at time.Time) (time.Time, time.Time) {
	if first.IsZero() || at.Before(first) {
		first = at
	}
	if at.After(last) {
		last = at
	}
	return first, last
}

// tally counts whom the accesses affected.
func (g *gathering) tally() error {
	return g.parts(func(p *part) error {
		g.answer.Persons += len(p.persons)
		for i := range p.persons {
			a := &p.persons[i]
			g.months[a.who.month]++
			for d := range g.disclosed {
				g.disclosed[d].Persons += int(a.in >> d & 1)
			}
		}
		for n, persons := range p.perDay {
			g.days[n].Persons += persons
		}
		return nil
	})
}

// done returns the answer, once it is tallied, given what the application was
// delivered in all.
func (g *gathering) done(all []Delivered, now time.Time) Answer {
	a := g.answer
	a.At = now
	a.Months, a.Least = g.inMonths()
	a.Disclosed = slices.SortedFunc(slices.Values(g.disclosed), func(x, y Disclosure) int {
		return cmp.Or(cmp.Compare(y.Persons, x.Persons), cmp.Compare(x.LID, y.LID), cmp.Compare(x.Fields, y.Fields))
	})
	for _, d := range g.days {
		a.Days = append(a.Days, *d)
	}
	slices.SortFunc(a.Days, func(x, y Day) int { return cmp.Compare(x.Day, y.Day) })
	a.Undeclared = g.undeclared(all)
	return a
}

func (g *gathering) inMonths() (months []Month, most int) {
	for m, n := range g.months {
		months, most = append(months, Month{monthText(m), n}), max(most, n)
	}
	slices.SortFunc(months, func(x, y Month) int { return cmp.Compare(x.Month, y.Month) })
	return months, most
}

// undeclared are the exchanges that were delivered and name nobody.
func (g *gathering) undeclared(all []Delivered) (rest []Undeclared) {
	for _, d := range all {
		if g.question.LID != "" && d.LID != g.question.LID {
			continue
		}
		if n := d.Exchanges - g.perLID[d.LID]; n > 0 {
			rest = append(rest, Undeclared{d.LID, d.Class, n})
		}
	}
	slices.SortFunc(rest, func(x, y Undeclared) int {
		return cmp.Or(cmp.Compare(y.Exchanges, x.Exchanges), cmp.Compare(x.LID, y.LID))
	})
	return rest
}

// monthsOf are the months, as keys have them, that lie in a question.
func (q Question) months() (all []string) {
	first, last := q.From.UTC(), q.Until.UTC().Add(-1)
	for m := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC); !m.After(last); m = m.AddDate(0, 1, 0) {
		all = append(all, m.Format("2006-01"))
	}
	return all
}
