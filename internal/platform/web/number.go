package web

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	"simpul"
)

// Number writes a whole number with its thousands apart: 1.234 (English 1,234).
func Number[N ~int | ~int32 | ~int64 | ~uint32](ctx context.Context, n N) string {
	return grouped(ctx, strconv.FormatInt(int64(n), 10))
}

// Decimal writes a number with so many decimals: 1.234,5 (English 1,234.5).
// What is not a number is written as a dash.
func Decimal(ctx context.Context, v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	whole, fraction, found := strings.Cut(strconv.FormatFloat(v, 'f', max(decimals, 0), 64), ".")
	if !found {
		return grouped(ctx, whole)
	}
	return grouped(ctx, whole) + T(ctx, ",", ".") + fraction
}

// Percent writes a ratio, 0.125, as a percentage: 12,5% (English 12.5%).
func Percent(ctx context.Context, ratio float64, decimals int) string {
	return Decimal(ctx, 100*ratio, decimals) + "%"
}

// Bytes writes a size in decimal units (IEC 80000-13): 1,2 MB.
func Bytes(ctx context.Context, n int64) string {
	units := [...]string{"B", "kB", "MB", "GB", "TB", "PB", "EB"}
	size, unit := float64(n), 0
	for math.Abs(size) >= 999.95 && unit < len(units)-1 {
		size, unit = size/1000, unit+1
	}
	if unit == 0 {
		return Number(ctx, n) + " B"
	}
	return Decimal(ctx, size, 1) + " " + units[unit]
}

// Duration writes how long something took, in the unit that fits: 0,4 ms, 12 ms,
// 1,5 dtk (English s), 3 mnt (English min).
func Duration(ctx context.Context, d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case d == 0:
		return "0 ms"
	case d < 10*time.Millisecond:
		return Decimal(ctx, ms, 1) + " ms"
	case d < time.Second:
		return Decimal(ctx, ms, 0) + " ms"
	case d < time.Minute:
		return Decimal(ctx, d.Seconds(), 1) + " " + T(ctx, "dtk", "s")
	}
	return Decimal(ctx, d.Minutes(), 0) + " " + T(ctx, "mnt", "min")
}

// grouped puts the language's mark between groups of three digits.
func grouped(ctx context.Context, digits string) string {
	mark := "."
	if Language(ctx) == simpul.English {
		mark = ","
	}
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "−", rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return sign + digits
}
