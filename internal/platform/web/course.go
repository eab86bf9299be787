package web

import (
	"math"
	"strconv"
	"strings"
)

// drawn is a course of values as SVG paths.
type drawn struct{ line, area string }

// course draws values, oldest first, into a box, zero at its foot and the
// greatest near its head. Values that are not finite, or negative, are drawn as
// zero: counts and times are neither.
func course(values []float64, width, height float64) drawn {
	if len(values) < 2 {
		return drawn{}
	}
	top := peak(values)
	if top == 0 {
		top = 1
	}
	const head = 2 // room for the thickness of the line
	var line strings.Builder
	for i, v := range values {
		x := width * float64(i) / float64(len(values)-1)
		y := height - head/2 - (height-head)*(finite(v)/top)
		line.WriteString(map[bool]string{true: "M", false: "L"}[i == 0])
		line.WriteString(coordinate(x) + " " + coordinate(y))
	}
	foot := coordinate(height)
	area := line.String() + "L" + coordinate(width) + " " + foot + "L0 " + foot + "Z"
	return drawn{line: line.String(), area: area}
}

// peak is the greatest of the values, at least 0.
func peak(values []float64) float64 {
	top := 0.0
	for _, v := range values {
		top = max(top, finite(v))
	}
	return top
}

func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0
	}
	return v
}

// coordinate writes a coordinate to a tenth of a unit.
func coordinate(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}
