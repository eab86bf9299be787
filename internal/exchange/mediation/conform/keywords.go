package conform

// keyword does to a form what a keyword of JSON Schema 2020-12 says. What is not
// here is an annotation, discriminator and example among it. It returns false
// where the value is not of the form that the keyword asks for.
func (s *smith) keyword(f *form, name string, at int32) bool {
	switch name {
	case "type":
		return s.types(f, at)
	case "const":
		return s.constant(f, at)
	case "enum":
		return s.enum(f, at)
	case "properties":
		return s.properties(f, at)
	case "patternProperties":
		return s.patternProperties(f, at)
	case "additionalProperties":
		return s.one(at, &f.object().further)
	case "propertyNames":
		return s.one(at, &f.object().names)
	case "minProperties":
		return s.count(at, &f.object().minMembers)
	case "maxProperties":
		return s.count(at, &f.object().maxMembers)
	case "dependentRequired":
		return s.dependentRequired(f, at)
	case "dependentSchemas":
		return s.dependentSchemas(f, at)
	case "prefixItems":
		return s.list(at, &f.array().prefix)
	case "items":
		return s.one(at, &f.array().items)
	case "contains":
		return s.one(at, &f.array().contains)
	case "minContains":
		return s.count(at, &f.array().minHeld)
	case "maxContains":
		return s.count(at, &f.array().maxHeld)
	case "minItems":
		return s.count(at, &f.array().minItems)
	case "maxItems":
		return s.count(at, &f.array().maxItems)
	case "uniqueItems":
		return s.uniqueItems(f, at)
	case "minLength":
		return s.count(at, &f.string().minLength)
	case "maxLength":
		return s.count(at, &f.string().maxLength)
	case "pattern":
		return s.patternOf(f, at)
	case "format":
		return s.formatOf(f, at)
	case "minimum":
		return s.bound(at, &f.number().minimum)
	case "maximum":
		return s.bound(at, &f.number().maximum)
	case "exclusiveMinimum":
		return s.bound(at, &f.number().above)
	case "exclusiveMaximum":
		return s.bound(at, &f.number().below)
	case "multipleOf":
		return s.multipleOf(f, at)
	case "allOf":
		return s.list(at, &f.part().all)
	case "anyOf":
		return s.list(at, &f.part().any)
	case "oneOf":
		return s.list(at, &f.part().one)
	case "not":
		return s.one(at, &f.part().not)
	case "if":
		return s.one(at, &f.part().when)
	case "then":
		return s.one(at, &f.part().then)
	case "else":
		return s.one(at, &f.part().otherwise)
	case "unevaluatedProperties":
		return s.one(at, &f.part().unseenMembers)
	case "unevaluatedItems":
		return s.one(at, &f.part().unseenItems)
	}
	return true
}

func kindNamed(name string) kind {
	switch name {
	case "null":
		return null
	case "boolean":
		return boolean
	case "integer":
		return integer
	case "number":
		return number
	case "string":
		return text
	case "array":
		return array
	case "object":
		return object
	}
	return 0
}

func (s *smith) types(f *form, at int32) bool {
	if name, ok := s.str(at); ok {
		f.kinds = kindNamed(name)
		return f.kinds != 0
	}
	if s.nodes[at].kind != array {
		return false
	}
	for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
		name, _ := s.str(i)
		k := kindNamed(name)
		if k == 0 {
			return false
		}
		f.kinds |= k
	}
	return f.kinds != 0
}

// raw is a value as it is written.
func (s *smith) raw(at int32) []byte {
	span := s.nodes[at].at
	if s.nodes[at].kind == text {
		span = s.nodes[at].written
	}
	return s.document.text[span.from:span.to]
}

func (s *smith) constant(f *form, at int32) bool {
	values, err := newChoice(append(append([]byte{'['}, s.raw(at)...), ']'))
	f.constant = values
	return err == nil
}

func (s *smith) enum(f *form, at int32) bool {
	if s.nodes[at].kind != array {
		return false
	}
	values, err := newChoice(append([]byte(nil), s.raw(at)...))
	f.values = values
	return err == nil
}

func (s *smith) properties(f *form, at int32) bool {
	if s.nodes[at].kind != object {
		return false
	}
	o := f.object()
	o.properties = make(map[string]property, s.nodes[at].size)
	for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
		o.name(string(s.name(i)), property{form: s.make(i)})
	}
	return true
}

func (s *smith) patternProperties(f *form, at int32) bool {
	if s.nodes[at].kind != object {
		return false
	}
	for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
		p, err := s.patterns.of(string(s.name(i)))
		if err != nil {
			s.fail("patternProperties", err)
			return true
		}
		f.object().patterned = append(f.objects.patterned, patterned{p, s.make(i)})
	}
	return true
}

func (s *smith) dependentRequired(f *form, at int32) bool {
	if s.nodes[at].kind != object {
		return false
	}
	for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
		if s.nodes[i].kind != array {
			return false
		}
		d := dependency{name: string(s.name(i))}
		for j := i + 1; j < s.nodes[i].end; j = s.nodes[j].end {
			d.names = append(d.names, string(s.value(j)))
		}
		f.part().dependent = append(f.parts.dependent, d)
	}
	return true
}

func (s *smith) dependentSchemas(f *form, at int32) bool {
	if s.nodes[at].kind != object {
		return false
	}
	for i := at + 1; i < s.nodes[at].end; i = s.nodes[i].end {
		f.part().dependent = append(f.parts.dependent, dependency{name: string(s.name(i)), form: s.make(i)})
	}
	return true
}

func (s *smith) uniqueItems(f *form, at int32) bool {
	f.array().unique = s.nodes[at].truth
	return s.nodes[at].kind == boolean
}

func (s *smith) patternOf(f *form, at int32) bool {
	written, ok := s.str(at)
	if !ok {
		return false
	}
	p, err := s.patterns.of(written)
	if err != nil {
		s.fail("pattern", err)
		return true
	}
	f.string().pattern = p
	return true
}

func (s *smith) formatOf(f *form, at int32) bool {
	name, ok := s.str(at)
	if !ok {
		return false
	}
	if known := s.formats.of(name); known != nil {
		f.string().format = known
	}
	return true
}

func (s *smith) multipleOf(f *form, at int32) bool {
	return s.nodes[at].kind == number && s.bound(at, &f.number().multiple) && f.numbers.multiple.rat.Sign() > 0
}
