package conform

import "simpul"

// combined holds a value to the forms that a form is made of.
func (c *checker) combined(f *combination, at int32, seen []bool) bool {
	ok := true
	for _, one := range f.all {
		if ok = c.check(one, at, seen) && ok; c.over(ok) {
			return false
		}
	}
	if f.any != nil && !c.some(f.any, at, seen) {
		ok = c.fail("anyOf", counted("salah satu dari %d bentuk (anyOf)", "one of %d forms (anyOf)", len(f.any)))
	}
	if f.one != nil && !c.exactlyOne(f.one, at, seen) {
		ok = c.fail("oneOf", counted("tepat satu dari %d bentuk (oneOf)", "exactly one of %d forms (oneOf)", len(f.one)))
	}
	if f.not != nil && c.quietly(f.not, at, nil) {
		ok = c.fail("not", func() simpul.Text {
			return simpul.Text{ID: "bukan bentuk yang dikecualikan (not)", EN: "not the form that is excluded (not)"}
		})
	}
	if len(f.dependent) > 0 && c.nodes[at].kind == object {
		ok = c.dependents(f, at, seen) && ok
	}
	if f.when == nil || c.over(ok) {
		return ok
	}
	if c.tried(f.when, at, seen) {
		return c.check(f.then, at, seen) && ok
	}
	return c.check(f.otherwise, at, seen) && ok
}

// quietly asks whether a value is of a form, which is no fault if not.
func (c *checker) quietly(f *form, at int32, seen []bool) bool {
	c.silent++
	ok := c.check(f, at, seen)
	c.silent--
	return ok
}

// tried is quietly, with marks that count only if the answer is yes.
func (c *checker) tried(f *form, at int32, seen []bool) bool {
	if seen == nil {
		return c.quietly(f, at, nil)
	}
	own := make([]bool, len(seen))
	c.spend(len(own))
	ok := c.quietly(f, at, own)
	merge(seen, own, ok)
	return ok
}

func (c *checker) some(forms []*form, at int32, seen []bool) bool {
	found := false
	for _, f := range forms {
		if c.tried(f, at, seen) {
			found = true
			if seen == nil {
				return true // else every form that fits has something to mark
			}
		}
	}
	return found
}

func (c *checker) exactlyOne(forms []*form, at int32, seen []bool) bool {
	found := 0
	for _, f := range forms {
		if c.tried(f, at, seen) {
			if found++; found > 1 {
				return false
			}
		}
	}
	return found == 1
}
