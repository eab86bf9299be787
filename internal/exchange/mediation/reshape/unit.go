package reshape

import "simpul"

// unit converts a number exactly. Null is no number, and stays.
type unit struct {
	factor decimal
	offset *decimal // nil: none
	digits int      // 0: exact

	quick              bool // factor and offset are small
	byFactor, byOffset small
}

func newUnit(u *simpul.Unit) (*unit, error) {
	factor, err := parseDecimal([]byte(u.Factor))
	if err != nil {
		return nil, err
	}
	c := &unit{factor: factor, digits: u.Digits}
	c.byFactor, c.quick = readSmall([]byte(u.Factor))
	if u.Offset == "" {
		return c, nil
	}
	offset, err := parseDecimal([]byte(u.Offset))
	c.offset = &offset
	var fits bool
	c.byOffset, fits = readSmall([]byte(u.Offset))
	c.quick = c.quick && fits
	return c, err
}

// convertSmall converts what is small all the way.
func (u *unit) convertSmall(dst, value []byte) ([]byte, bool) {
	n, ok := readSmall(value)
	if !ok || !u.quick {
		return dst, false
	}
	if n, ok = n.times(u.byFactor); ok && u.offset != nil {
		n, ok = n.plus(u.byOffset)
	}
	if ok && u.digits > 0 {
		n, ok = n.round(u.digits)
	}
	if !ok {
		return dst, false
	}
	return n.append(dst), true
}

func (u *unit) convert(dst, value []byte) ([]byte, error) {
	switch first := value[0]; {
	case first == 'n':
		return append(dst, value...), nil
	case first != '-' && (first < '0' || first > '9'):
		return dst, notNumber
	}
	if out, ok := u.convertSmall(dst, value); ok {
		return out, nil
	}
	d, err := parseDecimal(value)
	if err != nil {
		return dst, err
	}
	d.times(&u.factor)
	if u.offset != nil {
		d.plus(u.offset)
	}
	if u.digits > 0 {
		d.round(u.digits)
	}
	return d.append(dst), nil
}

func (u *unit) compound() ([]byte, error) { return nil, notNumber }
