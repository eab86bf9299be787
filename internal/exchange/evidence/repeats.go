package evidence

import (
	"bytes"

	"simpul"
)

// The members that records of one application, grant and operation have in common
// stand together, from the first of these up to the second.
var (
	repeatFrom  = []byte(`"application":`)
	repeatUntil = []byte(`"status":`)
)

// repeats remembers what some texts of that kind said, so that one that returns byte
// for byte need not be read again.
type repeats struct {
	all   [16]repeated
	next  int    // to be forgotten
	begin []byte // the record from its own such text on, which is new; or nil
}

type repeated struct {
	text   []byte
	common common
}

// pass is called before each member. It fills in what a known text says and returns
// what follows it, and remembers a new one at its end.
func (r *repeats) pass(b []byte, x *simpul.Exchange) (rest []byte) {
	switch {
	case bytes.HasPrefix(b, repeatFrom):
		if k := r.find(b); k != nil {
			k.common.fill(x)
			return b[len(k.text):]
		}
		r.begin = b
	case r.begin != nil && bytes.HasPrefix(b, repeatUntil):
		r.keep(r.begin[:len(r.begin)-len(b)], x)
		r.begin = nil
	}
	return b
}

func (r *repeats) find(b []byte) *repeated {
	for i := range r.all {
		if k := &r.all[i]; len(k.text) > 0 && bytes.HasPrefix(b, k.text) {
			return k
		}
	}
	return nil
}

func (r *repeats) keep(text []byte, x *simpul.Exchange) {
	k := &r.all[r.next]
	k.text, k.common = append(k.text[:0], text...), commonOf(x)
	r.next = (r.next + 1) % len(r.all)
}
