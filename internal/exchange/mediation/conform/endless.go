package conform

import "errors"

// mostInPlace is how many forms may be asked, one within the other, about the
// same value: it bounds the stack of a check together with maxDepth.
const mostInPlace = 100

var errStacked = errors.New("schemas refer to schemas about the same value more than 100 times")

// cutter takes out of forms what would never end: a schema that refers to itself
// about the same value. Nothing can meet it, so nothing does.
type cutter struct {
	heights map[*form]int // how many forms a form leads to, one within the other
	cut     int
}

// open is the height of a form while what it leads to is looked at.
const open = -1

func (c *cutter) height(f *form) int {
	if f == nil {
		return 0
	}
	if h, known := c.heights[f]; known {
		return h
	}
	c.heights[f] = open
	most := 0
	for _, edge := range f.inPlace() {
		h := c.height(*edge)
		if h == open {
			*edge = &form{never: true}
			c.cut++
		}
		most = max(most, h)
	}
	c.heights[f] = most + 1
	return most + 1
}

// inPlace is where a form leads to others about the same value.
func (f *form) inPlace() (edges []**form) {
	edges = append(edges, &f.ref)
	p := f.parts
	if p == nil {
		return edges
	}
	for _, list := range [][]*form{p.all, p.any, p.one} {
		for i := range list {
			edges = append(edges, &list[i])
		}
	}
	for i := range p.dependent {
		edges = append(edges, &p.dependent[i].form)
	}
	return append(edges, &p.not, &p.when, &p.then, &p.otherwise)
}

// settle makes sure that every check of what was made ends.
func (s *smith) settle() error {
	c := cutter{heights: make(map[*form]int, len(s.known))}
	for _, f := range s.known {
		if h := c.height(f); h > mostInPlace && s.err == nil {
			s.err = errStacked
		}
	}
	s.cut = c.cut
	return s.err
}
