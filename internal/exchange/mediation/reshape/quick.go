package reshape

import (
	"math/bits"
	"strconv"
)

// small is an exact number of few digits: unscaled / 10^scale. It is what nearly
// every number of an answer is, and takes no memory.
type small struct {
	unscaled int64
	scale    int
}

// mostPower is the largest power of ten that an int64 holds.
const mostPower = 18

// power is 10^n, for n up to mostPower.
func power(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// readSmall reads a JSON number that is small; ok is false for any other.
func readSmall(text []byte) (n small, ok bool) {
	digits, negative := text, len(text) > 0 && text[0] == '-'
	if negative {
		digits = text[1:]
	}
	if len(digits) == 0 || len(digits) > mostPower {
		return n, false
	}
	point := -1
	for i, c := range digits {
		switch {
		case c == '.' && point < 0:
			point = i
		case '0' <= c && c <= '9':
			n.unscaled = n.unscaled*10 + int64(c-'0')
		default:
			return n, false
		}
	}
	if point >= 0 {
		n.scale = len(digits) - point - 1
	}
	if negative {
		n.unscaled = -n.unscaled
	}
	return n, true
}

// times multiplies two numbers; ok is false where the product is not small.
func (n small) times(by small) (small, bool) {
	unscaled, ok := product(n.unscaled, by.unscaled)
	return small{unscaled, n.scale + by.scale}, ok
}

func product(a, b int64) (int64, bool) {
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	if high != 0 || low > 1<<62 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(low), true
	}
	return int64(low), true
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return uint64(-a)
	}
	return uint64(a)
}

// plus adds two numbers; ok is false where the sum is not small.
func (n small) plus(other small) (sum small, ok bool) {
	if n.scale < other.scale {
		n, other = other, n
	}
	if n.scale-other.scale > mostPower {
		return sum, false
	}
	aligned, ok := product(other.unscaled, power(n.scale-other.scale))
	return small{n.unscaled + aligned, n.scale}, ok // neither is above 1<<62
}

// round keeps so many places after the point, half to even.
func (n small) round(places int) (small, bool) {
	if n.scale <= places {
		return n, true
	}
	if n.scale-places > mostPower {
		return n, false
	}
	divisor := power(n.scale - places)
	quotient, rest := n.unscaled/divisor, magnitude(n.unscaled%divisor)
	if half := rest * 2; half > uint64(divisor) || half == uint64(divisor) && quotient&1 == 1 {
		if n.unscaled < 0 {
			quotient--
		} else {
			quotient++
		}
	}
	return small{quotient, places}, true
}

// append writes the number as decimal.append does.
func (n small) append(dst []byte) []byte {
	for n.scale > 0 && n.unscaled%10 == 0 {
		n.unscaled, n.scale = n.unscaled/10, n.scale-1
	}
	var room [32]byte
	digits := strconv.AppendUint(room[:0], magnitude(n.unscaled), 10)
	if n.unscaled < 0 {
		dst = append(dst, '-')
	}
	point := len(digits) - n.scale
	if point > 0 {
		dst = append(dst, digits[:point]...)
	} else {
		dst = append(dst, '0')
	}
	if n.scale == 0 {
		return dst
	}
	dst = append(dst, '.')
	for ; point < 0; point++ {
		dst = append(dst, '0')
	}
	return append(dst, digits[max(point, 0):]...)
}
