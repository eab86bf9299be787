package reshape

import "simpul"

// unit converts a number exactly. Null is no number, and stays.
type unit struct {
	factor decimal
	offset *decimal // nil: none
	digits int      // 0: exact
}

func newUnit(u *simpul.Unit) (*unit, error) {
	factor, err := parseDecimal([]byte(u.Factor))
	if err != nil {
		return nil, err
	}
	c := &unit{factor: factor, digits: u.Digits}
	if u.Offset == "" {
		return c, nil
	}
	offset, err := parseDecimal([]byte(u.Offset))
	c.offset = &offset
	return c, err
}

func (u *unit) convert(dst, value []byte) ([]byte, error) {
	switch first := value[0]; {
	case first == 'n':
		return append(dst, value...), nil
	case first != '-' && (first < '0' || first > '9'):
		return dst, notNumber
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
