package reshape

import (
	"bytes"
	"math/big"
	"strconv"
)

// decimal is an exact number: unscaled / 10^scale, where scale is never negative.
type decimal struct {
	unscaled big.Int
	scale    int
}

// parseDecimal reads a JSON number (RFC 8259 section 6).
func parseDecimal(text []byte) (d decimal, err error) {
	mantissa, exponent := text, 0
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		if exponent, err = strconv.Atoi(string(text[i+1:])); err != nil || exponent > maxDigits || exponent < -maxDigits {
			return d, tooLarge
		}
		mantissa = text[:i]
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	if len(whole)+len(fraction) > maxDigits {
		return d, tooLarge
	}
	var room [64]byte
	if _, ok := d.unscaled.SetString(string(append(append(room[:0], whole...), fraction...)), 10); !ok {
		return d, notNumber
	}
	if d.scale = len(fraction) - exponent; d.scale < 0 {
		d.unscaled.Mul(&d.unscaled, powerOfTen(-d.scale))
		d.scale = 0
	}
	return d, nil
}

func powerOfTen(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// times multiplies by another number.
func (d *decimal) times(by *decimal) {
	d.unscaled.Mul(&d.unscaled, &by.unscaled)
	d.scale += by.scale
}

// plus adds another number.
func (d *decimal) plus(other *decimal) {
	addend := &other.unscaled
	switch {
	case d.scale < other.scale:
		d.unscaled.Mul(&d.unscaled, powerOfTen(other.scale-d.scale))
		d.scale = other.scale
	case d.scale > other.scale:
		addend = new(big.Int).Mul(addend, powerOfTen(d.scale-other.scale))
	}
	d.unscaled.Add(&d.unscaled, addend)
}

// round keeps so many places after the point, half to even.
func (d *decimal) round(places int) {
	if d.scale <= places {
		return
	}
	divisor := powerOfTen(d.scale - places)
	quotient, rest := new(big.Int).QuoRem(&d.unscaled, divisor, new(big.Int))
	half := rest.Lsh(rest.Abs(rest), 1).Cmp(divisor)
	if half > 0 || half == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(int64(d.unscaled.Sign())))
	}
	d.unscaled.Set(quotient)
	d.scale = places
}

// append writes the number without an exponent and without zeros that say nothing.
func (d *decimal) append(dst []byte) []byte {
	digits := new(big.Int).Abs(&d.unscaled).Append(nil, 10)
	if missing := d.scale + 1 - len(digits); missing > 0 {
		digits = append(bytes.Repeat([]byte("0"), missing), digits...)
	}
	if d.unscaled.Sign() < 0 {
		dst = append(dst, '-')
	}
	point := len(digits) - d.scale
	dst = append(dst, digits[:point]...)
	if fraction := bytes.TrimRight(digits[point:], "0"); len(fraction) > 0 {
		dst = append(append(dst, '.'), fraction...)
	}
	return dst
}
