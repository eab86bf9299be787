package conform

import (
	"unicode/utf8"

	"simpul"
)

// members holds an object to what a form says of objects.
func (c *checker) members(f *objectRules, at int32, seen []bool) bool {
	size, ok := int(c.nodes[at].size), true
	if size < f.minMembers {
		ok = c.fail("minProperties", counted("paling sedikit %d anggota", "at least %d members", f.minMembers))
	}
	if f.maxMembers >= 0 && size > f.maxMembers {
		ok = c.fail("maxProperties", counted("paling banyak %d anggota", "at most %d members", f.maxMembers))
	}
	there := uint64(0) // of the required, by number
	for nth, child := 0, at+1; child < c.nodes[at].end; nth, child = nth+1, c.nodes[child].end {
		if c.over(ok) {
			return false
		}
		spoken, good := c.member(f, child, &there)
		ok = good && ok
		if spoken && seen != nil {
			seen[nth] = true
		}
	}
	if len(f.required) > 0 && !c.complete(f, at, there) {
		ok = c.fail("required", func() simpul.Text { return listed("ada anggota ", "the members ", f.required) })
	}
	return ok
}

// member holds one member to what stands under its name, and reports whether
// something does.
func (c *checker) member(f *objectRules, child int32, there *uint64) (spoken, ok bool) {
	name := c.name(child)
	ok = true
	if f.names != nil {
		ok = c.nameIs(f.names, name)
	}
	p := f.properties[string(name)]
	if p.must > 0 && p.must <= 64 {
		*there |= 1 << (p.must - 1)
	}
	if p.form != nil {
		spoken = true
		where := step{index: -1, known: true}
		if c.telling {
			where.name = string(name)
		}
		ok = c.within(p.form, child, where) && ok
	}
	for _, one := range f.patterned {
		if c.matches(one.name, name) {
			spoken = true
			ok = c.within(one.form, child, step{index: -1}) && ok
		}
	}
	if !spoken && f.further != nil {
		return true, c.extra(f, child) && ok
	}
	return spoken, ok
}

// extra holds a member to what a form says of those that it does not name.
func (c *checker) extra(f *objectRules, child int32) bool {
	if !f.further.never {
		return c.within(f.further, child, step{index: -1})
	}
	return c.fail("additionalProperties", func() simpul.Text {
		names := make([]string, 0, len(f.properties))
		for name, p := range f.properties {
			if p.form != nil {
				names = append(names, name)
			}
		}
		return listed("tidak ada anggota selain ", "no members but ", sorted(names))
	})
}

// nameIs holds the name of a member to a form.
func (c *checker) nameIs(f *form, name []byte) bool {
	var d document
	d.scalar(name, false)
	other := checker{document: &d, steps: c.steps}
	ok := other.check(f, 0, nil)
	c.steps = other.steps
	if ok {
		return true
	}
	return c.fail("propertyNames", func() simpul.Text {
		return simpul.Text{ID: "nama anggota yang sesuai propertyNames", EN: "names of members that meet propertyNames"}
	})
}

// complete reports whether every required member is there. The first 64 were
// noted on the way.
func (c *checker) complete(f *objectRules, at int32, there uint64) bool {
	for i, name := range f.required {
		if i < 64 && there&(1<<i) == 0 || i >= 64 && c.memberNamed(at, name) == 0 {
			return false
		}
	}
	return true
}

func (c *checker) memberNamed(at int32, name string) int32 {
	c.spend(int(c.nodes[at].size))
	return c.document.member(at, []byte(name))
}

func (c *checker) dependents(f *combination, at int32, seen []bool) bool {
	ok := true
	for _, d := range f.dependent {
		if c.memberNamed(at, d.name) == 0 {
			continue
		}
		for _, needed := range d.names {
			if c.memberNamed(at, needed) == 0 {
				ok = c.fail("dependentRequired", func() simpul.Text { return listed("bersama "+d.name+": ", "beside "+d.name+": ", d.names) })
			}
		}
		ok = c.check(d.form, at, seen) && ok
	}
	return ok
}

// elements holds an array to what a form says of arrays.
func (c *checker) elements(f *arrayRules, at int32, seen []bool) bool {
	size, ok := int(c.nodes[at].size), true
	if size < f.minItems {
		ok = c.fail("minItems", counted("paling sedikit %d unsur", "at least %d items", f.minItems))
	}
	if f.maxItems >= 0 && size > f.maxItems {
		ok = c.fail("maxItems", counted("paling banyak %d unsur", "at most %d items", f.maxItems))
	}
	if f.unique && c.repeated(at) {
		ok = c.fail("uniqueItems", func() simpul.Text {
			return simpul.Text{ID: "unsur yang tidak berulang", EN: "items that do not repeat"}
		})
	}
	for nth, child := 0, at+1; child < c.nodes[at].end; nth, child = nth+1, c.nodes[child].end {
		if c.over(ok) {
			return false
		}
		item := f.items
		if nth < len(f.prefix) {
			item = f.prefix[nth]
		}
		if item == nil {
			continue
		}
		ok = c.within(item, child, step{index: int32(nth)}) && ok
		if seen != nil {
			seen[nth] = true
		}
	}
	return (f.contains == nil || c.holds(f, at, seen)) && ok
}

// holds counts the elements that are what a form asks to be among them.
func (c *checker) holds(f *arrayRules, at int32, seen []bool) bool {
	found := 0
	c.silent++
	c.each(at, func(nth int, child int32) bool {
		if c.check(f.contains, child, nil) {
			found++
			if seen != nil {
				seen[nth] = true
			}
		}
		return !c.spent()
	})
	c.silent--
	if found < f.minHeld {
		return c.fail("contains", counted("paling sedikit %d unsur yang sesuai contains", "at least %d items that meet contains", f.minHeld))
	}
	if f.maxHeld >= 0 && found > f.maxHeld {
		return c.fail("maxContains", counted("paling banyak %d unsur yang sesuai contains", "at most %d items that meet contains", f.maxHeld))
	}
	return true
}

// text holds a string to what a form says of strings.
func (c *checker) text(f *stringRules, at int32) bool {
	ok := true
	if f.minLength > 0 || f.maxLength >= 0 {
		length := utf8.RuneCount(c.value(at))
		if length < f.minLength {
			ok = c.fail("minLength", counted("paling sedikit %d karakter", "at least %d characters", f.minLength))
		}
		if f.maxLength >= 0 && length > f.maxLength {
			ok = c.fail("maxLength", counted("paling banyak %d karakter", "at most %d characters", f.maxLength))
		}
	}
	if f.pattern != nil && !c.matches(f.pattern, c.value(at)) {
		ok = c.fail("pattern", func() simpul.Text { return quotedWords("pola ", "the pattern ", f.pattern.re.String()) })
	}
	if f.format != nil && !f.format.ok(c.value(at)) {
		ok = c.fail("format", func() simpul.Text { return quotedWords("format ", "the format ", f.format.name) })
	}
	return ok
}

// number holds a number to what a form says of numbers.
func (c *checker) number(f *numberRules, at int32) bool {
	ok := true
	if f.minimum != nil && c.compare(at, f.minimum) < 0 {
		ok = c.fail("minimum", limit("≥ ", f.minimum))
	}
	if f.maximum != nil && c.compare(at, f.maximum) > 0 {
		ok = c.fail("maximum", limit("≤ ", f.maximum))
	}
	if f.above != nil && c.compare(at, f.above) <= 0 {
		ok = c.fail("exclusiveMinimum", limit("> ", f.above))
	}
	if f.below != nil && c.compare(at, f.below) >= 0 {
		ok = c.fail("exclusiveMaximum", limit("< ", f.below))
	}
	if f.multiple != nil && !c.isMultiple(at, f.multiple) {
		ok = c.fail("multipleOf", func() simpul.Text {
			n := written(f.multiple)
			return simpul.Text{ID: "kelipatan " + n, EN: "a multiple of " + n}
		})
	}
	return ok
}
