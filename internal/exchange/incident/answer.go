package incident

import (
	"cmp"
	"slices"
	"time"

	"simpul"
)

// Answer is the figures that answer a question. No person is in it.
type Answer struct {
	At         time.Time    `json:"at"`
	Persons    int          `json:"persons"` // distinct pseudonyms: at most so many persons
	Least      int          `json:"least"`   // at least so many: those of the month with the most
	Months     []Month      `json:"months"`
	Exchanges  int64        `json:"exchanges"` // in which persons are named
	First      time.Time    `json:"first,omitzero"`
	Last       time.Time    `json:"last,omitzero"`
	Disclosed  []Disclosure `json:"disclosed"`
	Days       []Day        `json:"days"`
	Unnamed    int64        `json:"unnamed"`    // persons beyond those that the records name
	Unnaming   int64        `json:"unnaming"`   // exchanges that had such
	Undeclared []Undeclared `json:"undeclared"` // exchanges that name nobody
	Behind     []Lag        `json:"behind"`
}

// Month is how many pseudonyms are of one month's key.
type Month struct {
	Month   string `json:"month"` // as in 2026-11
	Persons int    `json:"persons"`
}

// Disclosure is which fields of which LID were delivered. Those beyond the room
// for them have no LID and stand together.
type Disclosure struct {
	LID       simpul.Address `json:"lid"`
	Fields    string         `json:"fields"` // empty for every field of the contract
	Persons   int            `json:"persons"`
	Exchanges int64          `json:"exchanges"`
	First     time.Time      `json:"first"`
	Last      time.Time      `json:"last"`
}

// Day is one day of the question's time zone.
type Day struct {
	Day       string `json:"day"` // as in 2026-11-25
	Persons   int    `json:"persons"`
	Exchanges int64  `json:"exchanges"`
}

// Undeclared is a LID with exchanges of which the hub does not know whose data
// they delivered.
type Undeclared struct {
	LID       simpul.Address  `json:"lid"`
	Class     simpul.LIDClass `json:"class"`
	Exchanges int64           `json:"exchanges"`
}

// Gaps reports whether there is something that the hub does not know.
func (a Answer) Gaps() bool { return a.Unnamed > 0 || len(a.Undeclared) > 0 || len(a.Behind) > 0 }

// Several reports whether a person may be counted more than once.
func (a Answer) Several() bool { return len(a.Months) > 1 }

// affected is what is known of one pseudonym.
type affected struct {
	who         person
	first, last int64 // ms
	exchanges   uint32
	in          uint64 // disclosures, one bit each
}

// What one answer holds in memory, about 100 bytes a person.
const (
	mostPersons     = 2_000_000
	mostDisclosures = 64 // the last one stands for those that have no room
)

// gathering collects an answer.
type gathering struct {
	question  Question
	zone      *time.Location
	index     map[person]int32
	persons   []affected
	disclosed []Disclosure
	place     map[[2]string]int // in disclosed
	days      map[int64]*Day    // by the number of the day
	seen      map[uint64]bool   // person and day
	perLID    map[simpul.Address]int64
	before    simpul.ExchangeID // the access before was of this exchange
	answer    Answer
}

func newGathering(q Question) *gathering {
	return &gathering{question: q, zone: q.Zone.Location(), index: map[person]int32{}, place: map[[2]string]int{},
		days: map[int64]*Day{}, seen: map[uint64]bool{}, perLID: map[simpul.Address]int64{}}
}

// add counts an access.
func (g *gathering) add(a Access) error {
	if g.question.LID != "" && a.LID != g.question.LID {
		return nil
	}
	fresh := a.Exchange != g.before
	g.before = a.Exchange
	unread := 0
	at, day := a.At.UnixMilli(), g.day(a.At)
	in := g.disclosure(a)
	for _, p := range a.Persons {
		who, ok := personOf(p)
		if !ok {
			unread++
			continue
		}
		if err := g.person(who, at, day.number, in); err != nil {
			return err
		}
	}
	g.answer.Unnamed += int64(unread)
	if fresh {
		g.exchange(a, day.Day, in)
	}
	return nil
}

// exchange counts what an exchange counts once.
func (g *gathering) exchange(a Access, day *Day, in int) {
	g.answer.Exchanges++
	g.answer.Unnamed += int64(a.Unnamed)
	if a.Unnamed > 0 {
		g.answer.Unnaming++
	}
	day.Exchanges++
	g.disclosed[in].Exchanges++
	g.perLID[a.LID]++
	g.answer.First, g.answer.Last = stretched(g.answer.First, g.answer.Last, a.At)
}

type numbered struct {
	number int64
	*Day
}

func (g *gathering) day(at time.Time) numbered {
	_, offset := at.In(g.zone).Zone()
	n := (at.Unix() + int64(offset)) / 86400
	d := g.days[n]
	if d == nil {
		d = &Day{Day: at.In(g.zone).Format(time.DateOnly)}
		g.days[n] = d
	}
	return numbered{n, d}
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

func (g *gathering) person(who person, at, day int64, in int) error {
	i, known := g.index[who]
	if !known {
		if len(g.persons) == mostPersons {
			return tooMany()
		}
		i = int32(len(g.persons))
		g.index[who] = i
		g.persons = append(g.persons, affected{who: who, first: at, last: at})
	}
	p := &g.persons[i]
	p.first, p.last = min(p.first, at), max(p.last, at)
	p.exchanges++
	p.in |= 1 << in
	g.seen[uint64(i)<<32|uint64(uint32(day))] = true
	return nil
}

func tooMany() error {
	return &simpul.Error{
		Code: simpul.CodeTooLarge, Place: "until",
		Message: simpul.Text{ID: "Lebih dari 2.000.000 orang terdampak dalam pertanyaan ini.", EN: "More than 2,000,000 persons are affected within this question."},
		Remedy:  simpul.Text{ID: "Persempit waktunya, atau catat satu insiden untuk tiap LID.", EN: "Narrow the time, or note one incident for each LID."},
	}
}

// done returns the answer, given what the application was delivered in all.
func (g *gathering) done(all []Delivered, behind []Lag, now time.Time) Answer {
	a := g.answer
	a.At, a.Persons, a.Behind = now, len(g.persons), behind
	a.Months, a.Least = g.months()
	for i := range g.persons {
		for d := range g.disclosed {
			if g.persons[i].in>>d&1 == 1 {
				g.disclosed[d].Persons++
			}
		}
	}
	a.Disclosed = slices.SortedFunc(slices.Values(g.disclosed), func(x, y Disclosure) int {
		return cmp.Or(cmp.Compare(y.Persons, x.Persons), cmp.Compare(x.LID, y.LID), cmp.Compare(x.Fields, y.Fields))
	})
	a.Days = g.inDays()
	a.Undeclared = g.undeclared(all)
	return a
}

func (g *gathering) months() (months []Month, most int) {
	count := map[uint16]int{}
	for i := range g.persons {
		count[g.persons[i].who.month]++
	}
	for m, n := range count {
		months, most = append(months, Month{monthText(m), n}), max(most, n)
	}
	slices.SortFunc(months, func(x, y Month) int { return cmp.Compare(x.Month, y.Month) })
	return months, most
}

func (g *gathering) inDays() (days []Day) {
	for pair := range g.seen {
		g.days[int64(int32(uint32(pair)))].Persons++
	}
	for _, d := range g.days {
		days = append(days, *d)
	}
	slices.SortFunc(days, func(x, y Day) int { return cmp.Compare(x.Day, y.Day) })
	return days
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
