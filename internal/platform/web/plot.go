package web

import (
	"context"
	"math"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// box is a rectangle of a drawing.
type box struct{ x, y, width, height float64 }

// plotWidth and plotHeight are the units of a chart over time.
const (
	plotWidth  = 600
	plotHeight = 160
)

// boxes are the parts of one column, from the foot up.
func (c Columns) boxes(moment int, scale float64) []box {
	slot := float64(plotWidth) / float64(len(c.Moments))
	gap := min(slot*.2, 4)
	all, foot := make([]box, len(c.Series)), float64(plotHeight)
	for j, s := range c.Series {
		value := 0.0
		if moment < len(s.Values) {
			value = tame(s.Values[moment])
		}
		height := plotHeight * (value / scale)
		if value > 0 {
			height = max(height, 1.5) // what is not nothing stays visible
		}
		foot = max(foot-height, 0)
		all[j] = box{float64(moment)*slot + gap/2, foot, slot - gap, height}
	}
	return all
}

// highest is the sum of the highest column.
func (c Columns) highest() float64 {
	top := 0.0
	for i := range c.Moments {
		sum := 0.0
		for _, s := range c.Series {
			if i < len(s.Values) {
				sum += tame(s.Values[i])
			}
		}
		top = max(top, sum)
	}
	return top
}

func (l Lines) highest() float64 {
	top := 0.0
	for _, s := range l.Series {
		top = max(top, tame(peak(s.Values)))
	}
	return top
}

// tame bounds what a chart draws, so that sums of it stay numbers.
func tame(v float64) float64 { return min(finite(v), 1e15) }

// ceiling is the value at the head of a chart.
func ceiling(highest float64) float64 {
	if highest = tame(highest); highest == 0 {
		return 1
	}
	return highest
}

// top writes the value at the head of a chart.
func top(ctx context.Context, series []Series, highest float64) string {
	if len(series) == 0 {
		return ""
	}
	return T(ctx, "Tertinggi ", "Highest ") + series[0].show(ctx, highest)
}

// broken draws values as a line with gaps where there is none. A lone value is a
// short dash, since a point could not be seen.
func broken(values []float64, scale, width, height float64) string {
	const head, dash = 3, 5 // room for the thickness of the line; half of a lone value's dash
	var line strings.Builder
	missing := func(i int) bool { return i < 0 || i >= len(values) || math.IsNaN(values[i]) }
	slot := width / float64(max(len(values), 1))
	for i, v := range values {
		if missing(i) {
			continue
		}
		x, y := (float64(i)+.5)*slot, coordinate(height-head/2-(height-head)*(tame(v)/scale))
		switch {
		case missing(i-1) && missing(i+1):
			line.WriteString("M" + coordinate(x-dash) + " " + y + "H" + coordinate(x+dash))
		case missing(i - 1):
			line.WriteString("M" + coordinate(x) + " " + y)
		default:
			line.WriteString("L" + coordinate(x) + " " + y)
		}
	}
	return line.String()
}

// tableOf is the table that a chart over time repeats.
func tableOf(ctx context.Context, title, when string, moments []string, series []Series) Table {
	t := Table{Caption: title, Hidden: true, Columns: []Column{{Label: when}}}
	for _, s := range series {
		t.Columns = append(t.Columns, Column{Label: s.Label, Numeric: true})
	}
	for i, moment := range moments {
		cells := []templ.Component{Text(moment)}
		for _, s := range series {
			cells = append(cells, Text(s.shown(ctx, i)))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// spans are the parts of a bar of 1000, in order.
func (w Whole) spans() []box {
	total := 0.0
	for _, v := range w.Values {
		total += tame(v)
	}
	all, x := make([]box, len(w.Values)), 0.0
	for i, v := range w.Values {
		if total > 0 {
			all[i] = box{x: x, width: 1000 * tame(v) / total}
			x += all[i].width
		}
	}
	return all
}

func (s Shares) inWords(ctx context.Context, w Whole) string {
	var all []string
	for i, span := range w.spans() {
		if span.width > 0 && i < len(s.Parts) {
			all = append(all, s.Parts[i]+" "+Percent(ctx, span.width/1000, 0))
		}
	}
	return strings.Join(all, ", ")
}

// largest names the largest part under its bar.
func (s Shares) largest(ctx context.Context, w Whole) string {
	at, width := -1, 0.0
	for i, span := range w.spans() {
		if span.width > width && i < len(s.Parts) {
			at, width = i, span.width
		}
	}
	if at < 0 {
		return "–"
	}
	return T(ctx, "Terbesar: ", "Largest: ") + strconv.Itoa(at+1) + ". " + s.Parts[at] + ", " + Percent(ctx, width/1000, 0)
}

func (s Shares) table(ctx context.Context) Table {
	t := Table{Caption: s.Title, Hidden: true, Columns: []Column{{Label: s.What}}}
	for _, w := range s.Wholes {
		t.Columns = append(t.Columns, Column{Label: w.Label, Numeric: true})
	}
	for i, part := range s.Parts {
		cells := []templ.Component{Text(part)}
		for _, w := range s.Wholes {
			share := 0.0
			if spans := w.spans(); i < len(spans) {
				share = spans[i].width / 1000
			}
			cells = append(cells, Text(Percent(ctx, share, 1)))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// tone is the name of a day's colour.
func (d StripDay) tone() string {
	if d.Tone == Neutral {
		return "unknown"
	}
	return string(d.Tone)
}

// height tells the tones apart without their colours, of 40.
func (d StripDay) height() int {
	switch d.Tone {
	case Good:
		return 40
	case Caution:
		return 28
	case Bad:
		return 18
	}
	return 6
}

// kinds are the first day of each tone, for the legend.
func (s Strip) kinds() (all []StripDay) {
	for _, tone := range []Tone{Good, Caution, Bad, Neutral} {
		for _, day := range s.Days {
			if day.Tone == tone {
				all = append(all, day)
				break
			}
		}
	}
	return all
}

func (s Strip) table(ctx context.Context) Table {
	t := Table{Caption: s.Title, Hidden: true, Columns: []Column{{Label: T(ctx, "Hari", "Day")}, {Label: T(ctx, "Keadaan", "State")}}}
	for i := len(s.Days) - 1; i >= 0; i-- {
		t.Rows = append(t.Rows, []templ.Component{Text(s.Days[i].Label), Text(s.Days[i].Word)})
	}
	return t
}
