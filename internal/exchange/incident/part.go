package incident

import (
	"errors"

	"simpul"
)

// What is in memory while persons are read, about 100 bytes each.
const (
	mostAtOnce = 1 << 18
	sampled    = 256 // one pseudonym in so many tells how many there are
)

// affected is what is known of one pseudonym.
type affected struct {
	who         person
	first, last int64 // ms
	exchanges   uint32
	lastDay     int32
	in          uint64 // disclosures, one bit each
}

// initials are what a pseudonym can begin with after its month: six bits each.
const initials = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// part is a share of the persons: those whose pseudonym begins with certain
// letters. Since pseudonyms are evenly spread, shares are equally large, and a
// question about ten million persons needs more readings than one about a thousand
// but no more memory.
type part struct {
	from, until int // of initials
	index       map[person]int32
	persons     []affected
	perDay      map[int64]int // persons on each day
}

func (p *part) initials() string { return initials[p.from:p.until] }

func (p *part) has(who person) bool {
	initial := int(who.sum[0] >> 2)
	return p.from <= initial && initial < p.until
}

func (w person) sampled() bool { return w.sum[15] == 0 }

// errCrowded tells that a part has more persons than was estimated.
var errCrowded = errors.New("more persons than there is room for")

// letters are those of one part, by their places.
type letters struct{ from, until int }

// parts calls each with every part, one after the other, so that every person is
// in one of them. A part that turns out too large is read again as two. All of them
// use the same memory: each may keep nothing of it.
func (g *gathering) parts(each func(*part) error) error {
	n := min(len(initials), 1+len(g.sample)*sampled/g.atOnce)
	var left []letters
	for i := range n {
		left = append(left, letters{i * len(initials) / n, (i + 1) * len(initials) / n})
	}
	p := &part{index: map[person]int32{}, perDay: map[int64]int{}}
	for len(left) > 0 {
		p.from, p.until = left[0].from, left[0].until
		left = left[1:]
		err := g.fill(p)
		if errors.Is(err, errCrowded) {
			if p.until-p.from == 1 {
				return tooMany()
			}
			half := (p.from + p.until) / 2
			left = append(left, letters{p.from, half}, letters{half, p.until})
			continue
		}
		if err == nil {
			err = each(p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fill reads the persons of a part.
func (g *gathering) fill(p *part) error {
	clear(p.index)
	clear(p.perDay)
	p.persons = p.persons[:0]
	return g.read(p.initials(), func(a Access) error {
		if !g.asked(a) {
			return nil
		}
		for _, pseudonym := range a.Persons {
			if who, ok := personOf(pseudonym); ok && p.has(who) {
				if err := g.put(p, who, a); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// put counts an access of one person. Accesses come in the order of time.
func (g *gathering) put(p *part, who person, a Access) error {
	at, day := a.At.UnixMilli(), g.dayNumber(a.At)
	i, known := p.index[who]
	if !known {
		if len(p.persons) >= 2*g.atOnce {
			return errCrowded
		}
		i = int32(len(p.persons))
		p.index[who] = i
		p.persons = append(p.persons, affected{who: who, first: at, lastDay: -1})
	}
	one := &p.persons[i]
	one.last = at
	one.exchanges++
	one.in |= 1 << g.disclosure(a)
	if int64(one.lastDay) != day {
		one.lastDay = int32(day)
		p.perDay[day]++
	}
	return nil
}

func tooMany() error {
	return &simpul.Error{
		Code: simpul.CodeTooLarge, Place: "until",
		Message: simpul.Text{ID: "Terlalu banyak orang terdampak dalam pertanyaan ini.", EN: "Too many persons are affected within this question."},
		Remedy:  simpul.Text{ID: "Persempit waktunya, atau catat satu insiden untuk tiap LID.", EN: "Narrow the time, or note one incident for each LID."},
	}
}
