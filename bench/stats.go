//go:build linux

package main

import (
	"math"
	"slices"
	"strconv"
)

// median of the values, the mean of the middle two for an even number; NaN for none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(values))
	half := len(s) / 2
	if len(s)%2 == 1 {
		return s[half]
	}
	return (s[half-1] + s[half]) / 2
}

// percentile is the nearest-rank percentile (NIST handbook 7.2.6.2, without
// interpolation): the smallest value that at least p percent of the values do
// not exceed. sorted must be ascending; 0 for none.
func percentile[T any](sorted []T, p float64) T {
	if len(sorted) == 0 {
		var none T
		return none
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// pairedRatio is the median over the rounds of a's value divided by b's value of
// the same round. Neighbours in time share the machine's mood, so this moves
// less than the ratio of the two medians. NaN when the rounds do not pair up.
func pairedRatio(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.NaN()
	}
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return median(ratios)
}

// significant writes three significant digits without an exponent: the rounds
// rarely agree on more.
func significant(v float64) string {
	decimals := 2
	if v != 0 {
		decimals = max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	}
	return strconv.FormatFloat(v, 'f', min(decimals, 4), 64)
}
