package conform

import "simpul"

// checker holds a document to forms. It first only asks whether all is well,
// which is cheap, and looks for what is wrong and where if not.
type checker struct {
	*document
	steps   int
	telling bool   // faults are noted, with the way to them
	silent  int    // within alternatives, of which none is a fault by itself
	root    string // of places
	way     []step
	found   []Fault
}

// spend takes steps from those that a check has.
func (c *checker) spend(n int) { c.steps += n }

// spent reports that a check goes on too long.
func (c *checker) spent() bool { return c.steps > maxSteps }

// hold holds the document to a form and appends what is wrong.
func (c *checker) hold(f *form, root string, found []Fault) []Fault {
	c.steps, c.telling, c.silent = 0, false, 0
	if c.check(f, 0, nil) && !c.spent() {
		return found
	}
	if c.spent() {
		return append(found, costly(root))
	}
	c.steps, c.telling, c.root, c.way, c.found = 0, true, root, c.way[:0], found
	before := len(found)
	c.check(f, 0, nil)
	found, c.found = c.found, nil
	if len(found) == before { // to look everywhere took too long
		return append(found, costly(root))
	}
	return found
}

func costly(root string) Fault {
	return Fault{Place: root, Spot: root, Keyword: "cost", Expected: simpul.Text{
		ID: "isi yang dapat diperiksa terhadap skemanya dalam waktu wajar", EN: "content that can be checked against its schema in reasonable time"}}
}

// fail notes a fault at the place where the check is.
func (c *checker) fail(keyword string, expected func() simpul.Text) bool {
	if c.telling && c.silent == 0 && len(c.found) < mostFaults {
		place, spot := placed(c.root, c.way)
		c.found = append(c.found, Fault{place, spot, keyword, expected()})
	}
	return false
}

// over reports that nothing more needs to be looked at, once something is wrong.
func (c *checker) over(ok bool) bool {
	return !ok && (!c.telling || c.silent > 0 || len(c.found) >= mostFaults) || c.spent()
}

// check holds one value to a form. seen, where it is not nil, has a place for
// each element or member of the value: what the form speaks of is marked there,
// and counts only if the answer is yes.
func (c *checker) check(f *form, at int32, seen []bool) bool {
	if f == nil {
		return true
	}
	if c.spend(1); c.spent() {
		return false
	}
	if f.never {
		return c.fail("false", nothingAllowed)
	}
	if f.looksBack {
		return c.lookBack(f, at, seen)
	}
	return c.apply(f, at, seen)
}

// lookBack is for forms that ask what others spoke of.
func (c *checker) lookBack(f *form, at int32, seen []bool) bool {
	own := make([]bool, c.nodes[at].size)
	c.spend(len(own))
	ok := c.apply(f, at, own)
	if c.over(ok) {
		return ok
	}
	switch c.nodes[at].kind {
	case object:
		ok = c.unseen(f.parts.unseenMembers, at, own) && ok
	case array:
		ok = c.unseen(f.parts.unseenItems, at, own) && ok
	}
	merge(seen, own, ok)
	return ok
}

// unseen holds to a form what nothing spoke of.
func (c *checker) unseen(f *form, at int32, own []bool) bool {
	if f == nil {
		return true
	}
	ok := true
	c.each(at, func(nth int, child int32) bool {
		if !own[nth] {
			own[nth] = true
			ok = c.unnamed(f, at, nth, child) && ok
		}
		return !c.over(ok)
	})
	return ok
}

// each visits the elements or members until visit returns false.
func (c *checker) each(at int32, visit func(nth int, child int32) bool) {
	for nth, child := 0, at+1; child < c.nodes[at].end; nth, child = nth+1, c.nodes[child].end {
		if !visit(nth, child) {
			return
		}
	}
}

func merge(seen, own []bool, ok bool) {
	if seen == nil || !ok {
		return
	}
	for i, marked := range own {
		seen[i] = seen[i] || marked
	}
}

// apply holds a value to all that a form says, save what it says of the unseen.
func (c *checker) apply(f *form, at int32, seen []bool) bool {
	n := &c.nodes[at]
	if f.kinds != 0 && f.kinds&n.kind == 0 && !(n.kind == number && f.kinds&integer != 0 && c.isInteger(at)) {
		return c.fail("type", func() simpul.Text { return nameOf(f.kinds) })
	}
	ok := true
	if f.constant != nil && !c.chosen(f.constant, at) {
		ok = c.fail("const", f.constant.expected)
	}
	if f.values != nil && !c.chosen(f.values, at) {
		ok = c.fail("enum", f.values.expected)
	}
	if c.over(ok) {
		return false
	}
	if f.ref != nil {
		ok = c.check(f.ref, at, seen) && ok
	}
	switch n.kind {
	case object:
		ok = (f.objects == nil || c.members(f.objects, at, seen)) && ok
	case array:
		ok = (f.arrays == nil || c.elements(f.arrays, at, seen)) && ok
	case text:
		ok = (f.strings == nil || c.text(f.strings, at)) && ok
	case number:
		ok = (f.numbers == nil || c.number(f.numbers, at)) && ok
	}
	if c.over(ok) {
		return false
	}
	return (f.parts == nil || c.combined(f.parts, at, seen)) && ok
}

func (c *checker) chosen(v *choice, at int32) bool {
	if v.plain {
		if c.nodes[at].kind != text {
			return false
		}
		_, is := v.strings[string(c.value(at))]
		return is
	}
	for i := int32(1); i < v.nodes[0].end; i = v.nodes[i].end {
		if c.equal(at, &v.document, i) {
			return true
		}
	}
	return false
}

// within goes to a member or an element and holds it to a form.
func (c *checker) within(f *form, child int32, where step) bool {
	if !c.telling {
		return c.check(f, child, nil)
	}
	c.way = append(c.way, where)
	ok := c.check(f, child, nil)
	c.way = c.way[:len(c.way)-1]
	return ok
}

// unnamed holds to a form a child of which the contract does not have the name.
func (c *checker) unnamed(f *form, at int32, nth int, child int32) bool {
	if c.nodes[at].kind == array {
		return c.within(f, child, step{index: int32(nth)})
	}
	return c.within(f, child, step{index: -1})
}
