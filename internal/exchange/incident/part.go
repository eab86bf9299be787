package incident

import (
	"encoding/binary"
	"errors"
	"math/bits"
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

// part is a share of the persons: those whose pseudonym has certain bits. Since
// pseudonyms are evenly spread, shares are equally large, and a question about ten
// million persons needs more readings than one about a thousand but no more memory.
type part struct {
	value   uint32
	width   int // how many bits of a pseudonym count
	index   map[person]int32
	persons []affected
	perDay  map[int64]int // persons on each day
}

func (p *part) has(who person) bool { return who.bits()&(1<<p.width-1) == p.value }

func (w person) bits() uint32 { return binary.LittleEndian.Uint32(w.sum[:4]) }

func (w person) sampled() bool { return w.sum[15] == 0 }

// errCrowded tells that a part has more persons than was estimated.
var errCrowded = errors.New("more persons than there is room for")

// parts calls each with every part, one after the other, so that every person is
// in one of them. A part that turns out too large is read again as two.
func (g *gathering) parts(each func(*part) error) error {
	width := bits.Len(uint(len(g.sample) * sampled / g.atOnce))
	var left []*part
	for value := range uint32(1) << width {
		left = append(left, &part{value: value, width: width})
	}
	for len(left) > 0 {
		p := left[0]
		left = left[1:]
		err := g.fill(p)
		if errors.Is(err, errCrowded) {
			left = append(left, &part{value: p.value, width: p.width + 1}, &part{value: p.value | 1<<p.width, width: p.width + 1})
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
	p.index, p.perDay = map[person]int32{}, map[int64]int{}
	return g.read(func(a Access) error {
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
