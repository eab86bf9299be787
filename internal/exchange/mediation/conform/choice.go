package conform

import "simpul"

// choice is what an enum or a const admits.
type choice struct {
	document // of an array of the values
	strings  map[string]struct{}
	plain    bool // all are strings
}

// newChoice reads the values of an array.
func newChoice(values []byte) (*choice, error) {
	c := &choice{plain: true}
	if err := c.read(values); err != nil {
		return nil, err
	}
	for i := int32(1); i < c.nodes[0].end; i = c.nodes[i].end {
		c.plain = c.plain && c.nodes[i].kind == text
	}
	if !c.plain {
		return c, nil
	}
	c.strings = make(map[string]struct{}, c.nodes[0].size)
	for i := int32(1); i < c.nodes[0].end; i++ {
		c.strings[string(c.value(i))] = struct{}{}
	}
	return c, nil
}

// shown is the values as they are told.
func (c *choice) shown() (all []string) {
	for i := int32(1); i < c.nodes[0].end; i = c.nodes[i].end {
		switch c.nodes[i].kind {
		case text, number:
			all = append(all, string(c.value(i)))
		case null:
			all = append(all, "null")
		case boolean:
			all = append(all, string(c.document.text[c.nodes[i].at.from:c.nodes[i].at.to]))
		default:
			all = append(all, "…")
		}
	}
	return all
}

func (c *choice) expected() simpul.Text {
	if shown := c.shown(); len(shown) != 1 {
		return listed("salah satu dari ", "one of ", shown)
	}
	return listed("", "", c.shown())
}
