package conform

import (
	"math"
	"math/big"
	"strconv"
)

// bound is a number of a schema.
type bound struct {
	rat    *big.Rat
	approx float64
	short  int64 // where exact is set
	exact  bool
}

func newBound(r *big.Rat) *bound {
	if r == nil {
		return nil
	}
	b := &bound{rat: r}
	b.approx, _ = r.Float64()
	if r.IsInt() && r.Num().IsInt64() {
		b.short, b.exact = r.Num().Int64(), true
	}
	return b
}

// wholeOf is a short number without a fraction.
func wholeOf(digits []byte) (n int64, ok bool) {
	const most = 18 // digits that always fit
	negative := digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	if len(digits) > most {
		return 0, false
	}
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// compare holds a number against a bound: negative, zero or positive as it is
// less, equal or greater. Nothing is rounded: where a floating-point number does
// not tell for certain, the exact one does.
func (c *checker) compare(at int32, b *bound) int {
	n, raw := &c.nodes[at], c.value(at)
	if n.whole && b.exact {
		if v, ok := wholeOf(raw); ok {
			switch {
			case v < b.short:
				return -1
			case v > b.short:
				return 1
			}
			return 0
		}
	}
	const doubt = 1e-9 // of either; rounding to float64 errs by 1e-15
	if v, err := strconv.ParseFloat(string(raw), 64); err == nil && !math.IsInf(b.approx, 0) {
		if gap := v - b.approx; math.Abs(gap) > doubt*max(math.Abs(v), math.Abs(b.approx), math.SmallestNonzeroFloat64/doubt) {
			if gap < 0 {
				return -1
			}
			return 1
		}
	}
	return c.rat(at).Cmp(b.rat)
}

// dearNumber is how many steps an exact number takes.
const dearNumber = 50

// rat is a number as it is, whatever its length.
func (c *checker) rat(at int32) *big.Rat {
	c.spend(dearNumber)
	r, ok := new(big.Rat).SetString(string(c.value(at)))
	if !ok {
		return new(big.Rat) // cannot be: the reader has checked it
	}
	return r
}

// isInteger reports a number without a fraction, however it is written: 1.0 is one.
func (c *checker) isInteger(at int32) bool {
	return c.nodes[at].whole || c.rat(at).IsInt()
}

func (c *checker) isMultiple(at int32, of *bound) bool {
	if c.nodes[at].whole && of.exact && of.short != 0 {
		if v, ok := wholeOf(c.value(at)); ok {
			return v%of.short == 0
		}
	}
	if of.rat.Sign() == 0 {
		return false
	}
	return new(big.Rat).Quo(c.rat(at), of.rat).IsInt()
}
